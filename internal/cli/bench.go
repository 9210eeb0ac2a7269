package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cantil-py/cantil/internal/app"
)

// benchTime is the longest measurement unless --max-time says otherwise.
const benchTime = 30 * time.Second

func newBench(env Env) command {
	c := newCommand(env, usage{
		Name: "bench",
		Synopsis: []string{
			"bench [flags] COMMAND [COMMAND...]",
			"bench [flags] --baseline COMMAND --candidate COMMAND...",
			"bench [flags] --py STATEMENT [--py STATEMENT...]",
			"bench --profile [flags] SCRIPT SCRIPT",
		},
		Summary: "commands against each other, fairly",
		Detail: lines(
			"Runs the commands in turns and says whether they differ. Each COMMAND is one",
			"argument, in quotes; the first is the baseline of the others. A file that ends",
			"in .py is run by Python.",
			"",
			"In each round every command runs once, in a changing order, and only runs of one",
			"round are compared: a load that comes and goes slows both. It goes on until the",
			"interval of each ratio is narrow enough (--precision), or for --max-time. Every",
			"command's outputs are thrown away, and it reads nothing.",
			"",
			"A difference is told if the 99 % interval of the ratio leaves no doubt; printed",
			"is the 95 % interval. TYPICAL is the mean without the fastest and the slowest",
			"fifth, and beside it its interval. Times are without that of starting a program,",
			"or a shell. MEMORY is the most that the command held at a time, with all that it",
			"started: exact for one process; for several, marked with ~, the most that was",
			"seen by looking up to 50 times a second, what they share counted once. Except on",
			"Linux it is that of the largest process.",
			"",
			"With --py it measures statements as python -m timeit does: in a loop whose",
			"length is found first, without the garbage collector; but each run in a process",
			"of its own. All figures are then of one execution.",
			"",
			"With --profile two Python programs are run under the exact collector, in turns,",
			"and their profiles compared as cantil diff does: which function is it?"),
		Examples: []example{
			{"which is faster?", "cantil bench 'python a.py' 'python b.py'"},
			{"at least five seconds, and a warm cache", "cantil bench --min-time 5s --warmup 3 'grep -r x .' 'rg x .'"},
			{"over a parameter", "cantil bench --parameter n=1:4 'python -c \"sum(range({n}00000))\"'"},
			{"a statement, in three Pythons", "cantil bench --py 'sorted(x)' --setup 'x = [3, 1, 2]' --python 3.8,3.11,3.13"},
			{"which function makes the difference?", "cantil bench --profile old.py new.py"},
			{"all figures, a table and a picture", "cantil bench --export all.json --export table.md --export picture.svg a.py b.py"},
		},
		Exits: []exit{
			{"0", "it was measured, whatever came of it"},
			{"1", "a command failed, or a statement did; a limit of --fail-on is exceeded"},
			{"126", "a program or Python cannot be run"},
			{"127", "it cannot be found"},
			{"130", "Ctrl-C: what was measured is printed"},
		},
	})
	b := benchFlags{diff: diffFlags{opts: app.DiffOptions{Getenv: env.Getenv}}, opts: app.BenchOptions{Env: env.Environ, MaxTime: benchTime, Precision: 0.01}}
	b.add(c.cobra.Flags())
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if err := b.settle(args, cmd.Flags()); err != nil {
			return err
		}
		if b.profile {
			return runBenchProfile(cmd.Context(), env, &b)
		}
		return runBench(cmd.Context(), env, &b)
	}
	return c
}

// benchFlags are the flags of bench, beside the options of the use case.
type benchFlags struct {
	opts             app.BenchOptions
	baseline         string
	candidates       []string
	setup, pythons   []string
	params, exports  []string
	precision, shell string
	noShell          bool
	minTime, maxTime durationFlag
	timeout          durationFlag
	json, plot       bool
	profile          bool
	profiles         string
	diff             diffFlags
	writes           []app.BenchExport
}

func (b *benchFlags) add(f *pflag.FlagSet) {
	o := &b.opts
	f.SetInterspersed(true)
	f.StringVar(&b.baseline, "baseline", "", "compare with this `COMMAND`: the same as giving it first")
	f.StringArrayVar(&b.candidates, "candidate", nil, "compare this `COMMAND`; may be repeated")
	f.StringArrayVarP(&o.Names, "name", "n", nil, "`NAME` of the next command in what is printed; may be repeated")
	f.StringArrayVar(&o.Snippets, "py", nil, "measure this Python `STATEMENT`; may be repeated")
	f.StringArrayVar(&b.setup, "setup", nil, "execute this `STATEMENT` before, for --py; repeated: one after another")
	f.StringSliceVar(&b.pythons, "python", nil, "run --py and scripts in these `PYTHONS`: paths, names or versions, as 3.8,3.13")
	f.StringArrayVarP(&b.params, "parameter", "P", nil, "put values in the place of {NAME}: `NAME=LO:HI:STEP`, or NAME=a,b,c; may be repeated")
	f.StringVarP(&o.Metric, "metric", "m", "wall", "compare this `METRIC`: "+strings.Join(app.BenchMetrics(), ", "))
	f.IntVarP(&o.Runs, "runs", "r", 0, "run each command `N` times, instead of until the precision is reached")
	f.IntVarP(&o.WarmUp, "warmup", "w", 0, "`N` rounds that do not count, before")
	f.StringVar(&b.precision, "precision", "1%", "go on until the interval is at most so much (`PART`) above and below the ratio")
	f.Var(&b.minTime, "min-time", "go on for at least this `TIME`")
	f.Var(&b.maxTime, "max-time", "begin no round after this `TIME`; 30s unless --runs is given")
	f.StringVarP(&b.shell, "shell", "S", "none", "`SHELL` to run the commands in: none, or sh")
	f.BoolVarP(&b.noShell, "no-shell", "N", false, "the same as --shell none")
	f.StringVarP(&o.Prepare, "prepare", "p", "", "run this `LINE` of sh before each run; its time does not count")
	f.StringVarP(&o.Cleanup, "cleanup", "c", "", "run this `LINE` of sh for each command at the end")
	f.VarP(&b.timeout, "timeout", "t", "end a run after this `TIME`; it does not count")
	f.BoolVarP(&o.IgnoreFailure, "ignore-failure", "i", false, "go on when a command fails, and count its runs")
	f.StringVar(&o.Input, "input", "", "let the commands read this `FILE`")
	f.BoolVar(&o.Show, "show-output", false, "show what the commands print")
	f.BoolVar(&b.plot, "plot", false, "draw the figures: how often which came, and in their order")
	f.StringArrayVar(&b.exports, "export", nil, "write to `FILE`: .json, .csv, .md or .svg; hyperfine:FILE is its JSON; may be repeated")
	f.BoolVar(&b.json, "json", false, "print everything as JSON")
	b.addProfile(f)
}

// settle turns the flags into options, and finds all that is wrong before anything runs.
func (b *benchFlags) settle(args []string, f *pflag.FlagSet) error {
	o := &b.opts
	if err := b.takeCommands(args); err != nil {
		return err
	}
	if !slices.Contains(app.BenchMetrics(), o.Metric) {
		return usageError("the metrics are "+strings.Join(app.BenchMetrics(), ", "), "there is no metric %q", o.Metric)
	}
	if o.Runs < 0 || o.WarmUp < 0 {
		return usageError("--runs 20", "a number of runs cannot be negative")
	}
	if b.shell != "none" && b.shell != "sh" {
		return usageError("--shell sh", "the shell is none or sh, not %q", b.shell)
	}
	if b.noShell && b.shell == "sh" {
		return usageError("", "--no-shell and --shell sh contradict each other")
	}
	o.Shell = b.shell == "sh"
	var err error
	if o.Precision, err = parsePart(b.precision); err != nil {
		return usageError("--precision 1%", "--precision: %v", err)
	}
	o.MinTime, o.Timeout = b.minTime.Duration, b.timeout.Duration
	switch {
	case f.Changed("max-time"):
		o.MaxTime = b.maxTime.Duration
	case o.Runs > 0:
		o.MaxTime = 0
	default:
		o.MaxTime = max(o.MaxTime, o.MinTime)
	}
	o.Setup, o.Pythons = strings.Join(b.setup, "\n"), b.pythons
	if err := b.settleProfile(f); err != nil {
		return err
	}
	return b.parseLists()
}

// takeCommands puts the baseline first.
func (b *benchFlags) takeCommands(args []string) error {
	o := &b.opts
	if b.baseline != "" {
		o.Commands = append(o.Commands, b.baseline)
	}
	o.Commands = append(append(o.Commands, args...), b.candidates...)
	switch {
	case len(b.candidates) > 0 && b.baseline == "":
		return usageError("--baseline 'python old.py' --candidate 'python new.py'", "--candidate has no --baseline")
	case len(o.Commands) == 0 && len(o.Snippets) == 0:
		return usageError("cantil bench 'python a.py' 'python b.py'", "no command to measure")
	case len(o.Commands) > 0 && len(o.Snippets) > 0:
		return usageError("python -c STATEMENT is a command, too", "commands and --py are not measured together: the one has its start in it, the other has not")
	case len(b.setup) > 0 && len(o.Snippets) == 0:
		return usageError("--prepare runs a line of sh before each run of a command", "--setup is for --py")
	case len(o.Names) > len(o.Commands)+len(o.Snippets):
		return usageError("", "there are %d names for %d commands", len(o.Names), len(o.Commands)+len(o.Snippets))
	}
	return nil
}

func (b *benchFlags) parseLists() error {
	for _, text := range b.params {
		p, err := app.ParseBenchParam(text)
		if err != nil {
			return usageError("--parameter n=1:10, --parameter size=small,large", "%v", err)
		}
		if !b.mentions("{" + p.Name + "}") {
			return usageError(fmt.Sprintf("cantil bench --parameter %s 'sleep {%s}'", text, p.Name), "--parameter %s: {%s} stands in no command", p.Name, p.Name)
		}
		b.opts.Params = append(b.opts.Params, p)
	}
	for _, text := range b.exports {
		e, err := app.ParseBenchExport(text)
		if err != nil {
			return usageError("--export result.json", "%v", err)
		}
		b.writes = append(b.writes, e)
	}
	return nil
}

// mentions says whether anything that is run holds the text.
func (b *benchFlags) mentions(text string) bool {
	o := &b.opts
	all := slices.Concat(o.Commands, o.Snippets, []string{o.Prepare, o.Cleanup, o.Setup})
	return slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, text) })
}

// parsePart reads 1%, or 0.01.
func parsePart(text string) (float64, error) {
	number, isPercent := strings.CutSuffix(strings.TrimSpace(text), "%")
	part, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if isPercent {
		part /= 100
	}
	if err != nil || !(part > 0 && part < 1) {
		return 0, fmt.Errorf("%q is no part, as 1%% or 0.01 are", text)
	}
	return part, nil
}

// runBench measures, and tells what came of it, also if it was cut short.
func runBench(ctx context.Context, env Env, b *benchFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	b.opts.Stdout, b.opts.Stderr = fileOf(env.Stderr), fileOf(env.Stderr) // stdout is for the answer
	live := newBenchLive(env, b.opts.Show)
	b.opts.Watch = live.show
	report, err := app.Bench(ctx, b.opts)
	live.clear()
	if report != nil && report.HasRuns() {
		if told := b.tell(env, report); err == nil {
			err = told
		}
	}
	return benchError(ctx, env, err)
}

// tell prints and writes all that was asked for; what cannot be written hides nothing of the rest.
func (b *benchFlags) tell(env Env, report *app.BenchReport) error {
	err := b.print(env, report)
	for _, e := range b.writes {
		err = errors.Join(err, report.Export(e))
	}
	return err
}

func (b *benchFlags) print(env Env, report *app.BenchReport) error {
	if b.json {
		return report.WriteJSON(env.Stdout)
	}
	p := benchPrinter{env, report}
	if err := p.print(b.plot); err != nil {
		return err
	}
	p.remarks()
	return nil
}

// benchError says whose fault it is.
func benchError(ctx context.Context, env Env, err error) error {
	var failed *app.RunFailed
	var snippet *app.SnippetFailed
	var shell *app.BadCommand
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		env.say("interrupted; this is what was measured up to then")
		return exitStatus(128 + int(syscall.SIGINT))
	case errors.As(err, &failed) && failed.Aside:
		return &failure{err, "--show-output shows what it prints", codeBadInput}
	case errors.As(err, &failed):
		return &failure{err, "--show-output shows what it prints; --ignore-failure goes on", codeBadInput}
	case errors.As(err, &snippet):
		fmt.Fprint(env.Stderr, snippet.Traceback)
		return &failure{err, "", codeBadInput}
	case errors.As(err, &shell):
		return &failure{err, "--shell sh gives the commands to a shell", codeFailed}
	}
	return err
}

// fileOf is the file behind a stream, or nil.
func fileOf(stream any) *os.File {
	f, _ := stream.(*os.File)
	return f
}
