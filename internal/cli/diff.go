package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cantil-py/cantil/internal/app"
)

// diffRows is how many functions are shown unless --rows says otherwise.
const diffRows = 20

func newDiff(env Env) command {
	c := newCommand(env, usage{
		Name: "diff",
		Synopsis: []string{
			"diff [flags] BEFORE AFTER",
			"diff [flags] BEFORE... -- AFTER...",
		},
		Summary: "compare profiles or runs: what changed, and whether it is noise",
		Detail: lines(
			"Tells which functions changed: calls, own time and cumulative time, before and",
			"after; first the whole, and what of its change each function explains. BEFORE",
			"and AFTER are profile files, of any kind that cantil stats reads, or runs as",
			"cantil runs names them (@last, @-2, a name), whose outcome is compared too.",
			"Functions are the same where their lines moved; --rename follows files.",
			"Measurements of cantil bench --export x.json, or of hyperfine --export-json, are",
			"compared likewise.",
			"",
			"With several profiles on each side every row has an interval and a verdict. The",
			"chance that even one of all the verdicts is wrong is about 1 %. What lies inside",
			"the noise is folded away and counted. With one on each side noise cannot be",
			"told; numbers of calls are compared exactly in either case. Functions are",
			"compared at equal speed: what made a whole run faster or slower is told by",
			"itself, as \"everything alike\"."),
		Examples: []example{
			{"the two last runs of cantil profile", "cantil diff @-2 @last"},
			{"two files", "cantil diff old.prof new.prof"},
			{"many of each, which tells change from noise", "cantil diff old-*.prof -- new-*.prof"},
			{"the same, and the profiles are collected first", "cantil bench --profile old.py new.py"},
			{"fail if a function and what it calls takes 5 % longer", "cantil diff --fail-on 'cum>5%' old-*.prof -- new-*.prof"},
			{"a table for a pull request", "cantil diff --markdown old-*.prof -- new-*.prof"},
			{"a file that was renamed", "cantil diff --rename lib/old.py=lib/new.py old.prof new.prof"},
		},
		Exits: []exit{
			{"0", "they were compared"},
			{"1", "a limit of --fail-on is exceeded; or a file cannot be read, or not be compared"},
		},
	})
	flags := diffFlags{opts: app.DiffOptions{Getenv: env.Getenv}, rows: diffRows}
	flags.add(c.cobra.Flags())
	c.cobra.ValidArgsFunction = completeRunsAndFiles(env)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if err := flags.sides(args, cmd.ArgsLenAtDash()); err != nil {
			return err
		}
		return runDiff(env, flags)
	}
	return c
}

// completeRunsAndFiles has the runs; where none begins so, the shell has files.
func completeRunsAndFiles(env Env) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, current string) ([]cobra.Completion, cobra.ShellCompDirective) {
		list, _ := completeRuns(env)(cmd, args, current)
		return list, cobra.ShellCompDirectiveKeepOrder
	}
}

// diffFlags are the flags of diff, beside the options of the use case. bench --profile has those of the display too.
type diffFlags struct {
	opts                    app.DiffOptions
	rows                    int
	callers, json, markdown bool
}

func (d *diffFlags) add(f *pflag.FlagSet) {
	o := &d.opts
	f.StringArrayVar(&o.Rename, "rename", nil, "a file or folder has another name after the change: `OLD=NEW`; may be repeated")
	f.BoolVar(&o.Paired, "paired", false, "the first of both sides were collected together, the second, and so on")
	f.BoolVar(&o.AnyPython, "any-python", false, "compare although the Pythons differ")
	d.addDisplay(f)
	f.BoolVar(&d.markdown, "markdown", false, "print a table in Markdown, for a pull request")
	f.BoolVar(&d.json, "json", false, "print everything as JSON")
}

// addDisplay adds the flags that say what is shown.
func (d *diffFlags) addDisplay(f *pflag.FlagSet) {
	o := &d.opts
	f.BoolVar(&o.AsTimed, "as-timed", false, "compare functions as the clock had them, not at equal speed")
	f.StringArrayVar(&o.FailOn, "fail-on", nil, "exit with 1 if it grew by more, as 'cum>5%' or 'own>20ms' (`LIMIT`): of "+strings.Join(app.LimitMetrics(), ", ")+"; may be repeated")
	f.IntVar(&d.rows, "rows", diffRows, "show at most `N` functions; 0 for all that changed")
	f.BoolVar(&d.callers, "callers", false, "show who called each function, too")
}

// sides parts the arguments where -- stands, or in the middle of two.
func (d *diffFlags) sides(args []string, dash int) error {
	switch {
	case dash < 0 && len(args) == 2:
		dash = 1
	case dash < 0 && len(args) > 2:
		return usageError("cantil diff old-*.prof -- new-*.prof", "which are before, and which after? -- stands between them")
	case dash < 0 || dash == 0 || dash == len(args):
		return usageError("cantil diff BEFORE AFTER", "there must be something before and after")
	}
	if d.json && d.markdown {
		return usageError("", "--json and --markdown are two forms of the same: choose one")
	}
	if d.rows < 0 {
		return usageError("--rows 0 shows all", "a number of rows cannot be negative")
	}
	for _, arg := range args[dash:] {
		if strings.HasPrefix(arg, "--") {
			return usageError("cantil diff --json old-*.prof -- new-*.prof", "flags stand before the profiles: %s would be one of them", arg)
		}
	}
	d.opts.Before, d.opts.After = args[:dash], args[dash:]
	return nil
}

func runDiff(env Env, d diffFlags) error {
	report, err := app.CompareProfiles(d.opts)
	if err != nil {
		return diffError(err)
	}
	return d.tell(env, report)
}

// tell prints the answer, and the bad verdict if it is one.
func (d *diffFlags) tell(env Env, report *app.DiffReport) error {
	var err error
	switch {
	case d.json:
		err = report.WriteJSON(env.Stdout)
	case d.markdown:
		err = report.WriteMarkdown(env.Stdout, d.rows, d.callers)
	default:
		p := diffPrinter{env, report, d.rows, d.callers}
		err = p.print()
	}
	if err != nil {
		return err
	}
	if !d.markdown && !d.json {
		for _, note := range report.Notes {
			env.say("%s", oneLine(note))
		}
	}
	if n := len(report.Failed); n > 0 {
		why := report.Failed[0]
		if n > 1 {
			why += fmt.Sprintf(", and %d more", n-1)
		}
		return &failure{err: errors.New(why), code: codeBadInput}
	}
	return nil
}

// diffError adds the hint.
func diffError(err error) error {
	var limit *app.BadLimit
	var none *app.NoRun
	var python *app.IncompatiblePython
	switch {
	case errors.As(err, &limit):
		return usageError("--fail-on 'cum>5%', --fail-on 'own>20ms', --fail-on 'calls>0', --fail-on 'memory>10MiB'", "--fail-on: %v", err)
	case errors.As(err, &none):
		return &failure{err, "cantil runs lists the runs; cantil profile -o FILE SCRIPT makes a profile", codeBadInput}
	case errors.As(err, &python):
		return &failure{err, "--any-python compares them all the same", codeBadInput}
	}
	return err
}
