package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// sweepFlags are the flags of sweep.
type sweepFlags struct {
	opts      app.SweepOptions
	timeout   durationFlag
	grace     durationFlag
	order     string
	memory    string
	keepGoing bool
	failFast  bool
	dryRun    bool
	resume    string
	json      bool
}

func newSweep(env Env) command {
	c := newCommand(env, usage{
		Name: "sweep",
		Synopsis: []string{
			"sweep [flags] SCRIPT [-- ARGS...]",
			"sweep [flags] -m MODULE [-- ARGS...]",
			"sweep --resume ID [flags]",
		},
		Summary: "run a program over a grid of its own arguments",
		Detail: lines(
			"Runs a program once for every combination of values, each as an ordinary run",
			"that is kept: cantil runs list --tag sweep:ID lists them. NAME is an argument",
			"that the program declares with argparse, click or typer, with or without its",
			"dashes in front and _ for -. ARGS after -- are given each time; where they hold",
			"{NAME}, the value is put there, and {repeat} is which repeat it is. What takes",
			"several values gets those between the commas: --grid 'layers=20,20|10,10,10'.",
			"",
			"--grid lists VALUES as 3,10,30, as 20,20|10,10,10 where they hold commas, or as",
			"a range: 1:10, 0:1:0.25 in steps, 0:1:lin:5 and 1e-4:1:log:5 for so many. --link",
			"has lists whose values go together. --random draws from LO:HI, LO:HI:log or a",
			"list. A file for --points has a [[points]] for each (TOML), or an array of",
			"objects (JSON). All these are combined with each other.",
			"",
			"Every value is checked before the first run, by what the program's own parser",
			"would say. Then so many run at a time. After a failure no more are started. What",
			"is kept is enough to go on after anything, a kill -9 or a power cut too: with",
			"--resume, points that are done are not run again, points that still run are",
			"waited for, and points that failed or were stopped are tried again. Values that",
			"are given to --resume add points; its other flags are as before if not given.",
			"",
			"--metric finds a figure in what a point left: regex:PATTERN takes the last match",
			"in its stdout (of its first group), json:KEY the last line of stdout that is a",
			"JSON object with that key, var:NAME a variable of the program. At the end, and",
			"with cantil sweep show, the points are sorted by the first one."),
		Examples: []example{
			{"every combination, after a look at the command lines", "cantil sweep train.py --grid epochs=3,10 --grid 'layers=20,20|10,10,10' --flag batch_norm --dry-run"},
			{"seven learning rates, each with three seeds, two at a time", "cantil sweep train.py --grid lr=1e-4:1e-1:log:7 --repeat 3 --jobs 2 -- --seed {repeat}"},
			{"forty samples, sorted by what the script prints", `cantil sweep train.py --random lr=1e-4:1e-1:log --random units=8:256 --samples 40 --metric 'regex:loss=(\d+\.\d+)'`},
			{"lists whose values go together", "cantil sweep train.py --link 'batch=32,256 lr=0.01,0.1' --flag batch_norm"},
			{"what is missing, after Ctrl-C or a crash", "cantil sweep --resume @last"},
			{"what came of it", "cantil sweep show @last"},
		},
		Exits: []exit{
			{"0", "every point is done"},
			{"1", "some failed; or the program would refuse a value, and nothing was run"},
			{"126", "the Python cannot be used"},
			{"127", "no Python, or no such script"},
			{"130", "Ctrl-C; --resume goes on"},
		},
	})
	flags := sweepFlags{}
	flags.opts.Launch = newLaunch(env)
	flags.add(c.cobra)
	c.subs = []command{newSweepShow(env), newSweepList(env)}
	for _, sub := range c.subs {
		sub.cobra.Flags().BoolP("help", "h", false, "show this help") // last in the list of flags
		c.cobra.AddCommand(sub.cobra)
	}
	c.cobra.ValidArgsFunction = onlyPrograms
	// The only error is that there is no such flag; a transcript completes it.
	_ = c.cobra.RegisterFlagCompletionFunc("resume", completeSweeps)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		own := args
		if n := cmd.ArgsLenAtDash(); n >= 0 {
			own, flags.opts.Args = args[:n], args[n:]
		}
		return runSweep(cmd.Context(), env, flags, own)
	}
	return c
}

func (s *sweepFlags) add(c *cobra.Command) {
	f, o, v := c.Flags(), &s.opts, &s.opts.Values
	f.BoolVarP(&o.Module, moduleFlag, "m", false, "the program is a module or package: -m MODULE")
	f.StringArrayVarP(&v.Grid, "grid", "g", nil, "a parameter's values: `NAME=VALUES`; again for another")
	f.StringArrayVar(&v.Link, "link", nil, "parameters whose values go together: `'A=1,2 B=3,4'`; again for others")
	f.StringArrayVar(&v.Flags, "flag", nil, "a flag of the program: without it, and with it, `NAME`; again for another")
	f.StringArrayVar(&v.Random, "random", nil, "a parameter that is drawn: `NAME=LO:HI`[:log], or of a list; again for another")
	f.IntVar(&v.Samples, "samples", 0, "draw all of them `N` times")
	f.Uint64Var(&v.Seed, "seed", 0, "of draws and of --order permuted: the same `N` gives the same points")
	f.StringVar(&v.File, "points", "", "points from a .toml or .json `FILE`")
	f.IntVar(&v.Repeat, "repeat", 0, "each point `N` times")
	f.StringVar(&s.order, "order", "", "which point comes first: `ORDER` is grid, the last parameter changing fastest, or permuted")
	f.BoolVarP(&s.dryRun, "dry-run", "n", false, "print the command lines, and run nothing")
	f.IntVarP(&o.How.Jobs, "jobs", "j", 0, "`N` at a time (default 1)")
	f.IntVar(&o.How.CPUs, "per-job-cpus", 0, "set `N` processors apart for each (Linux)")
	f.StringVar(&s.memory, "per-job-memory", "", "each process may hold `SIZE` of memory, as 512MiB or 4GiB; a Python gets a MemoryError (Linux)")
	f.IntVar(&o.How.Retry, "retry", 0, "try a point that failed up to `N` times more")
	f.BoolVarP(&s.keepGoing, "keep-going", "k", false, "after a failure, run the others all the same")
	f.BoolVar(&s.failFast, "fail-fast", false, "after a failure, also end those that run")
	f.StringArrayVar(&o.Metrics, "metric", nil, "a figure of each point: [NAME=]regex:PATTERN, json:KEY or var:NAME as `METRIC`; again for another")
	f.BoolVar(&o.Max, "max", false, "the largest figure is the best")
	f.StringVar(&s.resume, "resume", "", "go on with the sweep `ID`, a part of it, or @last")
	f.Var(&s.timeout, "timeout", "end a point and all its processes after this `TIME` (250ms, 4s, 1m30s; a bare number is seconds)")
	f.Var(&s.grace, "grace", "from asking it to end to killing it, `TIME` (default 5s)")
	f.StringVar(&o.Python, "python", "", "run it with this `PYTHON`: a path, a name (python3.8) or a version (3.12)")
	f.StringArrayVar(&o.Variables, "env", nil, "a variable of its environment: `NAME=VALUE`; NAME= takes it away")
	f.BoolVar(&o.TwoStage, "two-stage", false, "of a program that parses twice, take the second parser")
	f.BoolVar(&o.NoCheck, "no-check", false, "do not read the program's interface: each NAME is given as --NAME")
	f.BoolVar(&s.json, "json", false, "print what became of all points as JSON; docs/formats/sweep.md has the fields")
}

// complete turns the words of flags into options, and finds those that contradict each other.
func (s *sweepFlags) complete(own []string) error {
	o := &s.opts
	o.Timeout, o.Grace = s.timeout.Duration, s.grace.Duration
	switch {
	case s.resume == "" && len(own) != 1:
		return usageError("cantil sweep SCRIPT --grid NAME=VALUES", "one program is wanted, not %d; its own arguments stand after --", len(own))
	case s.resume != "" && len(own)+len(o.Args) > 0:
		return usageError("cantil sweep --resume "+s.resume, "a sweep that is resumed has its program, and its arguments")
	case s.resume == "" && !o.Values.Given():
		return usageError("--grid NAME=VALUES, --link, --random, --flag, --points or --repeat", "there are no values to sweep over")
	case s.resume != "" && s.dryRun:
		return usageError("cantil sweep show "+s.resume+" tells what is missing", "--dry-run and --resume exclude each other")
	case s.keepGoing && s.failFast:
		return usageError("choose one of them", "--keep-going and --fail-fast exclude each other")
	case o.Values.Repeat < 0 || o.How.Jobs < 0 || o.How.CPUs < 0 || o.How.Retry < 0 || o.Values.Samples < 0:
		return usageError("numbers from 1 on", "a number of repeats, samples, jobs, processors or tries cannot be negative")
	}
	switch {
	case s.keepGoing:
		o.How.OnFailure = app.KeepGoing
	case s.failFast:
		o.How.OnFailure = app.FailFast
	}
	switch s.order {
	case "", "grid":
	case "permuted":
		o.Values.Permuted = true
	default:
		return usageError("--order grid, or --order permuted", "--order %q is none", s.order)
	}
	for _, pair := range o.Variables {
		if name, _, ok := strings.Cut(pair, "="); !ok || name == "" {
			return usageError("--env NAME=VALUE", "--env %q has no name and value", pair)
		}
	}
	for _, metric := range o.Metrics {
		if err := app.CheckMetric(metric); err != nil {
			return usageError(`--metric 'regex:loss=(\d+\.\d+)', --metric json:loss or --metric var:loss`, "%v", err)
		}
	}
	if s.memory == "" {
		return nil
	}
	var err error
	if o.How.Memory, err = parseMemory(s.memory); err != nil {
		return usageError("--per-job-memory 4GiB", "%v", err)
	}
	return nil
}

// parseMemory reads a size as people write it: 512MiB, 4GiB; a bare number is bytes.
func parseMemory(text string) (int64, error) {
	number, scale := text, int64(1)
	for i, unit := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if cut, ok := strings.CutSuffix(text, unit); ok {
			number, scale = cut, 1<<(10*(i+1))
		}
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || !(n*float64(scale) >= 1 && n*float64(scale) < math.MaxInt64) {
		return 0, fmt.Errorf("%q is no size like 512MiB or 4GiB", text)
	}
	return int64(n * float64(scale)), nil
}

func runSweep(ctx context.Context, env Env, flags sweepFlags, own []string) error {
	if err := flags.complete(own); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends us at once
	if flags.resume == "" {
		flags.opts.Program = own[0]
	}
	if flags.dryRun {
		return runDrySweep(ctx, env, flags)
	}
	var s *app.Sweep
	var err error
	if flags.resume != "" {
		s, err = app.ResumeSweep(ctx, flags.resume, flags.opts)
	} else {
		s, err = app.NewSweep(ctx, flags.opts)
	}
	if err != nil {
		return sweepError(err, flags.opts)
	}
	return env.sweep(ctx, s, flags)
}

func runDrySweep(ctx context.Context, env Env, flags sweepFlags) error {
	s, err := app.PlanSweep(ctx, flags.opts)
	if err != nil {
		return sweepError(err, flags.opts)
	}
	out := bufio.NewWriter(env.Stdout)
	for _, line := range s.Lines() {
		fmt.Fprintln(out, line)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	env.say("%s would be run; the values are good%s", count(len(s.Points), "point", "points"), map[bool]string{true: ", as far as they were not checked"}[flags.opts.NoCheck])
	return nil
}

// sweep runs what is missing, and shows how far it is and what came of it.
func (env Env) sweep(ctx context.Context, s *app.Sweep, flags sweepFlags) error {
	live := newSweepLive(env, s)
	flags.opts.Changed = live.changed
	live.begin(flags.opts.How)
	env.say("sweep %s: %s%s", s.ID, count(len(s.Points), "point", "points"), live.Before())
	tally, err := s.Run(ctx, flags.opts)
	live.end()
	if err != nil {
		return sweepError(err, flags.opts)
	}
	env.say("%s", sweepEnd(s.ID, tally))
	if err := env.sweepResult(s, flags.json); err != nil {
		return err
	}
	switch {
	case tally.Complete():
		return nil
	case ctx.Err() != nil:
		return exitStatus(codeInterrupted)
	}
	return exitStatus(codeBadInput)
}

// sweepEnd is the last line: how many are done, what of the others, and what next.
func sweepEnd(id string, t app.SweepTally) string {
	text := fmt.Sprintf("%d of %s done", t.Before+t.Done, isAre(t.All(), "point"))
	if t.Before > 0 {
		text += fmt.Sprintf(", %d of them before", t.Before)
	}
	for _, part := range []struct {
		n    int
		what string
	}{{t.Failed, "failed"}, {t.Stopped, "stopped"}, {t.Left, "not started"}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %d %s", part.n, part.what)
		}
	}
	if t.Complete() {
		return text + "; cantil sweep show " + id
	}
	return text + "; to go on: cantil sweep --resume " + id
}

// isAre is "1 point is" or "3 points are".
func isAre(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return fmt.Sprintf("%d %ss are", n, what)
}

// sweepError adds what can be done.
func sweepError(err error, opts app.SweepOptions) error {
	var unknown *app.UnknownParameter
	var refused *app.SweepRefused
	var none *app.NoSweep
	var missing *app.NotFound
	switch {
	case errors.Is(err, context.Canceled):
		return exitStatus(codeInterrupted)
	case errors.As(err, &unknown):
		hint := fmt.Sprintf("cantil args %s shows its arguments", unknown.Program)
		if near := nearest(unknown.Name, unknown.Known); near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		return usageError(hint, "%v", err)
	case errors.As(err, &refused):
		hint := ""
		if len(refused.Messages) > 1 {
			hint = "also: " + strings.Join(refused.Messages[1:], "; ")
		}
		return &failure{err: err, hint: hint, code: codeBadInput}
	case errors.As(err, &none):
		return &failure{err: err, hint: "cantil sweep list shows the sweeps; @last is the newest", code: codeBadInput}
	case errors.As(err, &missing):
		return forgottenM(err, "sweep", opts.Launch)
	}
	var input *app.BadInput
	if errors.As(err, &input) && strings.Contains(err.Error(), "argparse, click or typer") {
		return &failure{err: err, hint: "{NAME} in arguments after -- is where a value goes; or --no-check", code: codeBadInput}
	}
	return err
}
