package cli

import (
	"bufio"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

// showSweepFlags are the flags of sweep show.
type showSweepFlags struct {
	metrics   []string
	max       bool
	top       int
	plot      []string
	json, csv bool
}

func newSweepShow(env Env) command {
	c := newCommand(env, usage{
		Name:     "sweep show",
		Synopsis: []string{"sweep show [flags] [ID]"},
		Summary:  "what came of a sweep: its points by their figure, and means",
		Detail: lines(
			"Shows the points of a sweep, the best first, and for each value of each",
			"parameter the mean of the figure over all points that have it: whatever the",
			"others were. The line beside it goes from their least to their largest figure.",
			"Of more than twelve numbers four ranges are told.",
			"",
			"All is read from the runs at this moment: a sweep that still runs can be shown,",
			"and a figure that nobody thought of before can be asked for with --metric. ID is",
			"that of a sweep, a part of it that no other has, or @last; without one it is",
			"@last."),
		Examples: []example{
			{"the newest", "cantil sweep show"},
			{"the ten best of all, by another figure", "cantil sweep show --top 10 --metric json:accuracy --max @last"},
			{"a plot over the learning rate", "cantil sweep show --plot lr @last"},
			{"for a spreadsheet", "cantil sweep show --csv @last > sweep.csv"},
		},
		Exits: []exit{
			{"0", "it was shown"},
			{"1", "no such sweep, or several that it may be"},
		},
	})
	flags := showSweepFlags{}
	f := c.cobra.Flags()
	f.StringArrayVar(&flags.metrics, "metric", nil, "a figure of each point, as for cantil sweep: `METRIC`; the first one sorts")
	f.BoolVar(&flags.max, "max", false, "the largest figure is the best")
	f.IntVar(&flags.top, "top", 0, "only the first `N` points")
	f.StringArrayVar(&flags.plot, "plot", nil, "also plot the figure over the parameter `NAME`; again for another")
	f.BoolVar(&flags.json, "json", false, "print as JSON; docs/formats/sweep.md has the fields")
	f.BoolVar(&flags.csv, "csv", false, "print the points as CSV")
	c.cobra.ValidArgsFunction = completeSweeps
	c.cobra.RunE = func(_ *cobra.Command, args []string) error {
		ref := "@last"
		if len(args) > 1 {
			return usageError("one sweep at a time", "unexpected argument %q", args[1])
		}
		if len(args) == 1 {
			ref = args[0]
		}
		return runSweepShow(env, flags, ref)
	}
	return c
}

func runSweepShow(env Env, flags showSweepFlags, ref string) error {
	if flags.json && flags.csv {
		return usageError("choose one of them", "--json and --csv exclude each other")
	}
	for _, metric := range flags.metrics {
		if err := app.CheckMetric(metric); err != nil {
			return usageError("--metric regex:PATTERN, --metric json:KEY or --metric var:NAME", "%v", err)
		}
	}
	s, err := app.FindSweep(ref, "")
	if err != nil {
		return sweepError(err, app.SweepOptions{})
	}
	r, err := s.Report(flags.metrics, flags.max)
	if err != nil {
		return err
	}
	if flags.json {
		return printJSON(env.Stdout, r)
	}
	out := bufio.NewWriter(env.Stdout)
	if flags.csv {
		err = r.WriteCSV(out)
	} else {
		w := sweepWriter{Writer: out, style: env.styleOut(), width: term.Width(env.Stdout)}
		w.report(r, flags.top)
		for _, name := range flags.plot {
			if err := w.plot(r, name); err != nil {
				return usageError("cantil sweep show --help", "%v", err)
			}
		}
	}
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	return err
}

func newSweepList(env Env) command {
	c := newCommand(env, usage{
		Name:     "sweep list",
		Synopsis: []string{"sweep list [flags]"},
		Summary:  "list the sweeps of this project, the newest last",
		Detail:   "Prints a line for each sweep: its id, how many of its points are done and what\nbecame of the others, and its program.",
		Examples: []example{{"all sweeps", "cantil sweep list"}},
		Exits:    []exit{{"0", "the sweeps were listed, be there any or none"}},
	})
	var asJSON bool
	c.cobra.Flags().BoolVar(&asJSON, "json", false, "print as a JSON array")
	c.cobra.Args = noArguments
	c.cobra.RunE = func(*cobra.Command, []string) error { return runSweepList(env, asJSON) }
	return c
}

func runSweepList(env Env, asJSON bool) error {
	list, err := app.ListSweeps("")
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(env.Stdout, list)
	}
	if len(list) == 0 {
		env.say("no sweeps are kept here yet; cantil sweep SCRIPT --grid NAME=VALUES makes one")
		return nil
	}
	out := bufio.NewWriter(env.Stdout)
	w := sweepWriter{Writer: out, style: env.styleOut(), width: term.Width(env.Stdout)}
	w.list(list)
	return out.Flush()
}

// completeSweeps completes IDs of sweeps, the newest first.
func completeSweeps(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	ids, err := app.SweepIDs("")
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	completions := []cobra.Completion{cobra.CompletionWithDesc("@last", "the newest sweep")}
	for i := len(ids) - 1; i >= max(0, len(ids)-mostCompletions); i-- {
		completions = append(completions, ids[i])
	}
	return completions, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
}
