package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// runFlags are the flags of cantil run.
type runFlags struct {
	opts     app.RunOptions
	timeout  durationFlag
	grace    durationFlag
	onFull   string
	tty      string
	env      []string
	keep     []string
	json     bool
	parse    string
	parallel int
	halt     bool
	console  bool
}

func newRun(env Env) command {
	c := newCommand(env, usage{
		Name: "run",
		Synopsis: []string{
			"run [flags] SCRIPT [ARGS...]",
			"run [flags] -m MODULE [ARGS...]",
			"run [flags] -- COMMAND [ARGS...]",
			"run [flags] --parallel N [COMMAND...] [::: ITEM... [::: ITEM...]]",
		},
		Summary: "run a program: time it, bound it, keep all it leaves",
		Detail: lines(
			"Runs a program as if it had been started plainly, and keeps the run: its output",
			"byte for byte, how it ended, its time and memory, and what was asked for. All",
			"that stands after the program is its own. Where we have a terminal, so has it.",
			"",
			"The run outlives cantil: if this terminal goes away, the program goes on, and",
			"cantil runs attach shows it again. At the timeout every process it started is",
			"asked to end, and killed after the grace: also those that became daemons.",
			"",
			"--keep pickles variables of the program, and --traceback keeps an uncaught",
			"exception with the local variables of each frame, however the program ends but",
			"by SIGKILL, and with no change to it. Names in --name and -o may hold {script},",
			"{timestamp}, {micros}, {date} and {args}.",
			"",
			"With --parallel there are several programs: a list after each ::: gives one for",
			"every combination of their items, in the places {1}, {2} or at the end. Without",
			"::: each line of stdin gives one: the arguments, or where no COMMAND is given",
			"a whole SCRIPT, -m MODULE or -- COMMAND with its own. Outputs come one by one."),
		Examples: []example{
			{"how long does it take, and what did it print", "cantil run train.py --epochs 3"},
			{"four seconds at the most, for it and all its children", "cantil run --timeout 4s train.py"},
			{"the data, even if it fails", "cantil run --keep results,history --traceback train.py"},
			{"how long one function takes", "cantil run --time-func main train.py"},
			{"three learning rates, two at a time", "cantil run --parallel 2 train.py --lr {} ::: 0.1 0.01 0.001"},
			{"what a command prints, as JSON", "cantil run --parse table -- df"},
			{"in a window of its own", "cantil run --console train.py"},
		},
		Exits: []exit{
			{"any", "the program's own; 128+n when signal n ended it"},
			{"1", "with --parallel: some failed; with --parse: the output is not of that form"},
			{"124", "it had not ended at the timeout"},
			{"126", "the program or the Python cannot be run"},
			{"127", "no Python, or no such program"},
			{"137", "it was killed, at the timeout after the grace for example"},
		},
	})
	flags := runFlags{}
	flags.opts.Launch = newLaunch(env)
	flags.add(c.cobra)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		flags.opts.Command = cmd.ArgsLenAtDash() == 0
		return runRun(cmd.Context(), env, flags, args)
	}
	return c
}

// newLaunch is what every command that starts a program takes from our surroundings.
func newLaunch(env Env) app.Launch {
	return app.Launch{
		Version: Version(), Argv: env.argv, Env: env.Environ,
		Stdin: env.Stdin, Stdout: env.Stdout, Stderr: env.Stderr,
		Say: func(line string) { env.say("%s", line) },
	}
}

func (r *runFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.SetInterspersed(false) // all after the program is the program's
	f.BoolVarP(&r.opts.Module, moduleFlag, "m", false, "the program is a module or package: -m MODULE")
	f.Var(&r.timeout, "timeout", "end it and all its processes after this `TIME` (250ms, 4s, 1m30s; a bare number is seconds)")
	f.Var(&r.grace, "grace", "from asking it to end to killing it, `TIME` (default 5s)")
	f.StringSliceVar(&r.keep, "keep", nil, "pickle these variables of the program at its end: `NAME[,NAME]`")
	f.BoolVar(&r.opts.Traceback, "traceback", false, "keep an uncaught exception with the local variables of each frame")
	f.StringArrayVar(&r.opts.Timed, "time-func", nil, "time the calls of a function: `FUNC` of the program, or MODULE:FUNC; again for another")
	f.StringVar(&r.opts.Name, "name", "", "call the run by this `TEMPLATE`, in place of the program's name")
	f.StringVarP(&r.opts.Out, "output", "o", "", "also copy its stdout to `FILE`, which may be a template")
	f.StringVar(&r.opts.Python, "python", "", "run it with this `PYTHON`: a path, a name (python3.8) or a version (3.12)")
	f.StringArrayVar(&r.env, "env", nil, "a variable of its environment: `NAME=VALUE`; NAME= takes it away")
	f.BoolVar(&r.opts.InScriptDir, "in-script-dir", false, "its working folder is that of the script")
	f.StringVar(&r.tty, "tty", "auto", "whether its streams are terminals: auto (where ours are), always or never")
	f.Lookup("tty").NoOptDefVal = "always"
	f.StringVar(&r.onFull, "on-full", "stop", "when the disk is full and its output cannot be kept: `WHAT` is stop or continue")
	f.IntVarP(&r.parallel, "parallel", "j", 0, "several programs, `N` at a time")
	f.BoolVar(&r.halt, "halt", false, "with --parallel: start no more after the first failure")
	f.BoolVar(&r.console, "console", false, "in a new window: of tmux inside tmux, else of the desktop")
	f.StringVar(&r.parse, "parse", "", "print its stdout as JSON: `FORM` is lines, json, table or regex:PATTERN")
	f.BoolVar(&r.json, "json", false, "print what became of it as JSON on stdout; its own output goes to stderr")
	f.Lookup("on-full").DefValue = ""
}

// complete turns the words of flags into options.
func (r *runFlags) complete() error {
	r.opts.Timeout, r.opts.Grace = r.timeout.Duration, r.grace.Duration
	r.opts.Keep = r.keep
	if err := r.opts.SetOnFull(r.onFull); err != nil {
		return usageError("--on-full stop, or --on-full continue", "%v", err)
	}
	if err := r.opts.SetTTY(r.tty); err != nil {
		return usageError("--tty=auto, --tty=always or --tty=never", "%v", err)
	}
	for _, pair := range r.env {
		name, _, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return usageError("--env NAME=VALUE", "--env %q has no name and value", pair)
		}
		r.opts.Env = withVariable(r.opts.Env, name, pair)
	}
	return r.excluding()
}

// excluding refuses flags that contradict each other.
func (r *runFlags) excluding() error {
	switch {
	case r.json && r.parse != "":
		return usageError("choose one of them", "--json and --parse exclude each other")
	case r.console && (r.json || r.parse != ""):
		return usageError("cantil runs show tells about it afterwards", "with --console the output goes to the window")
	case r.parallel > 0 && (r.parse != "" || r.opts.Out != "" && !strings.Contains(r.opts.Out, "{")):
		return usageError("give each a name of its own: -o '{script} {args}.txt'", "with --parallel the outputs would get into each other")
	case r.parallel < 0:
		return usageError("--parallel 2 runs two at a time", "--parallel %d is no number of programs", r.parallel)
	case r.halt && r.parallel == 0:
		return usageError("--parallel N", "--halt needs several programs")
	}
	return nil
}

// withVariable sets a variable, or takes it away where the pair has no value.
func withVariable(env []string, name, pair string) []string {
	var out []string
	for _, v := range env {
		if !strings.HasPrefix(v, name+"=") {
			out = append(out, v)
		}
	}
	if pair != name+"=" {
		out = append(out, pair)
	}
	return out
}

func runRun(ctx context.Context, env Env, flags runFlags, args []string) error {
	if err := flags.complete(); err != nil {
		return err
	}
	if flags.parallel > 0 {
		return runParallel(ctx, env, flags, args)
	}
	if len(args) == 0 {
		return usageError("cantil run SCRIPT, cantil run -m MODULE, or cantil run -- COMMAND", "no program to run")
	}
	flags.opts.Program, flags.opts.Args = args[0], args[1:]
	switch {
	case flags.console:
		return runConsole(ctx, env, flags.opts)
	case flags.parse != "":
		return runParse(ctx, env, flags)
	case flags.json:
		flags.opts.Stdout = env.Stderr
	}
	result, err := app.Run(ctx, flags.opts)
	if err != nil {
		return forgottenM(err, "run", flags.opts.Launch)
	}
	env.tellRun(result, flags.opts.Short)
	if flags.json {
		return printJSON(env.Stdout, result)
	}
	return statusOf(result.Code)
}

// statusOf ends cantil with the program's code.
func statusOf(code int) error {
	if code == codeOK {
		return nil
	}
	return exitStatus(code)
}

// tellRun says how long it took, what went wrong, and what was kept.
func (env Env) tellRun(r app.RunResult, short func(string) string) {
	for _, line := range runLines(r, short) {
		env.say("%s", line)
	}
}

func runLines(r app.RunResult, short func(string) string) []string {
	lines := []string{fmt.Sprintf("Script ran in %s", minutes(r.Wall))}
	if how := r.How(); how != "" {
		lines = append(lines, how)
	}
	if r.FullDisk != "" {
		lines = append(lines, r.FullDisk)
	}
	if n := len(r.LeftRunning); n > 0 {
		lines = append(lines, fmt.Sprintf("%s it started still run (%s); what they print is no longer kept", count(n, "process", "processes"), joinInts(r.LeftRunning)))
	}
	for _, what := range r.NotKept {
		lines = append(lines, "not kept: "+what)
	}
	for _, path := range r.Kept {
		lines = append(lines, "kept "+short(path))
	}
	if r.Out != "" {
		lines = append(lines, "output copied to "+short(r.Out))
	}
	return append(lines, "run kept in "+short(r.Dir))
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func joinInts(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, ", ")
}

// runParse prints the output of a command that succeeded as JSON.
func runParse(ctx context.Context, env Env, flags runFlags) error {
	if err := app.CheckParse(flags.parse); err != nil {
		return usageError("--parse lines, --parse json, --parse table, or --parse regex:PATTERN", "%v", err)
	}
	flags.opts.Stdout = nil // it is shown as JSON; stderr as it comes
	if err := flags.opts.SetTTY("never"); err != nil {
		return err
	}
	result, err := app.Run(ctx, flags.opts)
	if err != nil {
		return err
	}
	if result.Code != codeOK {
		env.say("%s failed with exit code %d; its output is in %s", flags.opts.Program, result.Code, flags.opts.Short(result.Dir))
		return exitStatus(result.Code)
	}
	values, err := app.ParseOutput(flags.parse, result)
	if err != nil {
		return err
	}
	return printJSON(env.Stdout, values)
}

func runConsole(ctx context.Context, env Env, opts app.RunOptions) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	where, id, err := app.RunInWindow(ctx, opts, self, env.Getenv)
	if err != nil {
		return err
	}
	env.say("%s runs in %s; cantil runs attach %s shows it here", opts.Program, where, id)
	return nil
}

// printJSON prints indented JSON, with the characters of HTML as they are.
func printJSON(w interface{ Write([]byte) (int, error) }, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
