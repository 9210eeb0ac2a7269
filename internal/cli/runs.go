package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// newRuns is the group of what can be done with runs that are kept.
func newRuns(env Env) command {
	return newGroup(env, usage{
		Name:     "runs",
		Synopsis: []string{"runs COMMAND [flags] ..."},
		Summary:  "list, show, search, tag and remove the runs that are kept",
		Detail: lines(
			"cantil run and cantil profile keep each run in a folder below .cantil/runs.",
			"These commands find them again.",
			"",
			"A run is named by its ID (2026-11-22_14-03-07_train), by a beginning or another",
			"part of it that no other run has, by @last, @-2 for the one before and so on, or",
			"by the path of its folder."),
		Examples: []example{
			{"the runs of today that failed", "cantil runs list --since 1d --status failed"},
			{"all about the newest", "cantil runs show @last"},
		},
		Exits: []exit{{"0", "the commands were listed"}},
	},
		newRunsList(env),
		newRunsShow(env),
		newRunsLogs(env),
		newRunsFind(env),
		newRunsTag(env),
		newRunsAttach(env),
		newRunsStop(env),
		newRunsRm(env),
		newRunsReindex(env),
		newRunsPath(env),
	)
}

// noRunExit is shared by the commands that are given a run.
var noRunExit = exit{"1", "no such run, or several that it may be"}

func openRuns(env Env) (app.Runs, error) { return app.OpenRuns("", env.Getenv) }

// runError gives the errors about runs their exit code and their hint.
func runError(err error) error {
	var none *app.NoRun
	if errors.As(err, &none) {
		return &failure{err: err, hint: "cantil runs list shows the runs; @last is the newest", code: codeBadInput}
	}
	return err
}

// oneRun opens the store and finds the run that the only argument means; none means the newest.
func oneRun(env Env, args []string) (app.Runs, app.RunEntry, error) {
	runs, err := openRuns(env)
	if err != nil {
		return runs, app.RunEntry{}, err
	}
	ref := "@last"
	switch len(args) {
	case 0:
	case 1:
		ref = args[0]
	default:
		return runs, app.RunEntry{}, usageError("one run at a time", "unexpected argument %q", args[1])
	}
	e, err := runs.Find(ref)
	return runs, e, runError(err)
}

// runsFilter are the flags that say which runs are meant.
type runsFilter struct {
	app.RunsFilter
	since, olderThan string
}

func (f *runsFilter) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringArrayVar(&f.Status, "status", nil, "only runs of this `STATUS`: ok, failed, running, lost, ...; again for another")
	flags.StringVar(&f.Name, "name", "", "only runs with `NAME` in their name; with * ? [] it is a pattern for the whole of it")
	flags.StringArrayVar(&f.Tags, "tag", nil, "only runs with this `TAG`; again for another that they have too")
	flags.StringVar(&f.since, "since", "", "only runs that started since `WHEN`: a time ago (90s, 12h, 30d, 2w) or a date (2026-11-22, '2026-11-22 14:03')")
	flags.StringVar(&f.olderThan, "older-than", "", "only runs that started before `WHEN`, likewise")
	flags.StringVar(&f.Text, "text", "", "only runs with `TEXT` in their command line, name or tags, in small letters or large")
	// The only error is that there is no such flag; a transcript completes it.
	_ = c.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(app.RunStatuses(), cobra.ShellCompDirectiveNoFileComp))
}

// filter is what the flags say, checked.
func (f *runsFilter) filter() (app.RunsFilter, error) {
	for _, moment := range []struct {
		flag, text string
		to         *time.Time
	}{{"since", f.since, &f.Since}, {"older-than", f.olderThan, &f.Before}} {
		if moment.text == "" {
			continue
		}
		at, err := parseMoment(moment.text, time.Now())
		if err != nil {
			return f.RunsFilter, usageError("as in 90s, 12h, 30d, 2w, 2026-11-22 or '2026-11-22 14:03'", "--%s %s: %w", moment.flag, moment.text, err)
		}
		*moment.to = at
	}
	err := f.Check()
	if err == nil {
		return f.RunsFilter, nil
	}
	hint := "cantil runs list --help explains the filters"
	for _, status := range f.Status {
		if near := nearest(status, app.RunStatuses()); near != "" && near != status {
			hint = fmt.Sprintf("did you mean --status %s?", near)
		}
	}
	return f.RunsFilter, usageError(hint, "%w", err)
}

// maxDays bounds a time ago to some 270 years: more does not fit into a duration.
const maxDays = 100_000

// parseMoment reads a point in time: so long before now, or a date.
func parseMoment(text string, now time.Time) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly, "2006-01-02_15-04-05"} {
		if at, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return at, nil
		}
	}
	for unit, days := range map[string]int{"d": 1, "w": 7} {
		count, ok := strings.CutSuffix(text, unit)
		if n, err := strconv.Atoi(count); ok && err == nil && n >= 0 && n*days <= maxDays {
			return now.AddDate(0, 0, -n*days), nil
		}
	}
	if ago, err := parseDuration(text); err == nil {
		return now.Add(-ago), nil
	}
	return time.Time{}, errors.New("neither a time ago nor a date")
}

// completeRuns completes IDs of runs, the newest first.
func completeRuns(env Env) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		runs, err := openRuns(env)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		list, err := runs.List(app.RunsFilter{Last: mostCompletions})
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		completions := []cobra.Completion{cobra.CompletionWithDesc("@last", "the newest run")}
		for i := len(list) - 1; i >= 0; i-- {
			completions = append(completions, cobra.CompletionWithDesc(list[i].ID, list[i].Status+" "+oneLine(list[i].Command)))
		}
		return completions, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// mostCompletions is what a person looks through.
const mostCompletions = 50

// runTime and byteCount are how figures are told everywhere, on pages too.
func runTime(seconds float64) string { return app.TimeText(seconds) }
func byteCount(n int64) string       { return app.SizeText(n) }
