package cli

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

func newCall(env Env) command {
	c := newCommand(env, usage{
		Name: "call",
		Synopsis: []string{
			"call [flags] FILE.py:FUNC [ARGS...]",
			"call [flags] MODULE:FUNC [ARGS...]",
		},
		Summary: "call one function, with a timeout and a default",
		Detail: lines(
			"Calls a Python function in a process of its own and prints what it returns, as",
			"Python's print would, after all that it printed itself. FUNC may be dotted, as",
			"in Class.method; an async function is run to its end.",
			"",
			"ARGS are read as Python literals: 3 is an int, [1, 2] a list, None is None; any",
			"other text is a str. A str that looks like a literal needs quotes of its own:",
			"'\"3\"'. Keyword arguments are a JSON object, before the function or at the end.",
			"",
			"A function that takes longer than --timeout, counted from the start of its",
			"process, is ended with every process it has started, and the default is printed.",
			"An exception is shown as ever.",
			"",
			"FILE.py is imported, not run: its __name__ is that of the file."),
		Examples: []example{
			{"four seconds for f(6), then print None", "cantil call --timeout 4s --default None test.py:f 6"},
			{"keyword arguments", `cantil call test.py:f --kwargs '{"x": 6}'`},
			{"a function of the standard library", "cantil call math:factorial 30"},
			{"the value as JSON, for other programs", "cantil call --json 'sysconfig:get_paths' | tail -n 1"},
		},
		Exits: []exit{
			{"0", "the function returned, or the default was printed"},
			{"1", "it raised an exception, or ended without returning anything"},
			{"124", "it took longer than the timeout, and there is no default"},
			{"126", "the Python cannot be used"},
			{"127", "no such function, file or module, or no Python"},
			{"any", "that of its process, where it ended that; 128+n when signal n did"},
		},
	})
	opts := app.CallOptions{
		Env: env.Environ, Stdin: env.Stdin, Stdout: env.Stdout, Stderr: env.Stderr,
		Say: func(line string) { env.say("%s", line) },
	}
	var timeout durationFlag
	var byDefault string
	f := c.cobra.Flags()
	f.SetInterspersed(false) // all after the function is the function's
	f.VarP(&timeout, "timeout", "t", "end the function, and all its processes, after this `TIME`: 250ms, 4s, 1m30s; a bare number is seconds")
	f.StringVarP(&byDefault, "default", "d", "", "print this `VALUE` then, read as an argument is")
	f.StringVarP(&opts.Kwargs, "kwargs", "k", "", "keyword arguments: a `JSON` object")
	f.BoolVar(&opts.JSON, "json", false, "print the value as JSON, on one line")
	f.StringVar(&opts.Python, "python", "", "call it in this `PYTHON`: a path, a name (python3.8) or a version (3.12)")
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageError("cantil call FILE.py:FUNC, or cantil call MODULE:FUNC", "no function to call")
		}
		opts.Target, opts.Args = args[0], args[1:]
		if !strings.Contains(opts.Target, ":") {
			return usageError("cantil call "+opts.Target+":FUNC", "which function of %s?", opts.Target)
		}
		if f.Changed("default") {
			opts.Default = &byDefault
		}
		opts.Timeout = timeout.Duration
		var err error
		if opts.Args, opts.Kwargs, err = kwargsAtEnd(opts.Args, opts.Kwargs); err != nil {
			return err
		}
		return runCall(cmd.Context(), opts)
	}
	return c
}

// runCall calls the function. Signals to us are passed on, so that it ends first.
func runCall(ctx context.Context, opts app.CallOptions) error {
	signals := make(chan os.Signal, 4)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) { // nohup's choice is the function's too
			signal.Notify(signals, s)
		}
	}
	defer signal.Stop(signals)
	opts.Signals = signals
	code, err := app.Call(ctx, opts)
	if err == nil && code != codeOK {
		return exitStatus(code)
	}
	return err
}

// kwargsAtEnd takes --kwargs JSON off the end of the arguments, where people write it
// as in Python.
func kwargsAtEnd(args []string, given string) (rest []string, kwargs string, err error) {
	n := len(args)
	switch {
	case n >= 2 && args[n-2] == "--kwargs":
		rest, kwargs = args[:n-2], args[n-1]
	case n >= 1 && strings.HasPrefix(args[n-1], "--kwargs="):
		rest, kwargs = args[:n-1], strings.TrimPrefix(args[n-1], "--kwargs=")
	default:
		return args, given, nil
	}
	if given != "" {
		return nil, "", usageError("give all of them in one JSON object", "--kwargs is given twice")
	}
	return rest, kwargs, nil
}
