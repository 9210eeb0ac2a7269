package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// defaultVenv is where python/interp looks for a project's own Python.
const defaultVenv = ".venv"

func newPip(env Env) command {
	c := newCommand(env, usage{
		Name: "pip",
		Synopsis: []string{
			"pip [flags] ARGS...",
			"pip --upgrade-pip [flags] [ARGS...]",
			"pip --venv[=DIR] [flags] [ARGS...]",
		},
		Summary: "run pip of the right Python, and keep what it changed",
		Detail: lines(
			"Runs python -m pip with the Python that cantil run would use, so that what is",
			"installed is there when the program runs. What is no flag of the list below is",
			"pip's own, and so is all behind it: cantil pip --version, cantil pip install -h.",
			"",
			"It is a run like others: its output is kept, and what was installed before and",
			"after, so that cantil runs show tells what it changed, later too.",
			"",
			"Where the system's package manager looks after the Python (Debian, Ubuntu, brew)",
			"pip refuses to install. --venv works in a virtual environment of the project",
			"instead and makes it, with the standard library's venv, where there is none.",
			"Later runs in this folder, and below, find .venv by themselves."),
		Examples: []example{
			{"install a package", "cantil pip install numpy"},
			{"upgrade one", "cantil pip install -U numpy"},
			{"upgrade pip itself", "cantil pip --upgrade-pip"},
			{"in a virtual environment of this project", "cantil pip --venv install -r requirements.txt"},
			{"what did it change", "cantil runs show @last"},
		},
		Exits: []exit{
			{"any", "pip's own; 128+n when signal n ended it"},
			{"1", "DIR is no virtual environment, and has other files in it"},
			{"126", "the Python cannot be used, or has no venv"},
			{"127", "no Python, or no pip: the hint tells how to get it"},
		},
	})
	opts := app.PipOptions{Launch: newLaunch(env)}
	var asJSON bool
	f := c.cobra.Flags()
	f.SetInterspersed(false) // all from pip's command on is pip's
	f.BoolVar(&opts.Upgrade, "upgrade-pip", false, "upgrade pip itself: install --upgrade pip ARGS")
	f.StringVar(&opts.Venv, "venv", "", "work in the virtual environment `DIR`, .venv if not named, made if need be")
	f.Lookup("venv").NoOptDefVal = defaultVenv
	f.StringVar(&opts.Python, "python", "", "pip of this `PYTHON`, a path, a name (python3.8) or a version (3.12); for a new --venv, what it is made of")
	f.BoolVar(&asJSON, "json", false, "print what became of it as JSON on stdout; pip's own output goes to stderr")
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		opts.Args = args
		if len(args) == 0 && !opts.Upgrade && opts.Venv == "" {
			return usageError("cantil pip install PACKAGE, cantil pip list, or cantil pip help", "nothing for pip to do")
		}
		return runPip(cmd.Context(), env, opts, asJSON)
	}
	return c
}

// pipArgs are args with "--" before the first flag that is not the command's own, if it is
// pip: that flag and all behind it are pip's.
func pipArgs(root *cobra.Command, args []string) []string {
	if len(args) == 0 || args[0] != "pip" {
		return args
	}
	pip, _, err := root.Find(args[:1])
	if err != nil {
		return args // which says what is wrong
	}
	for i := 1; i < len(args) && strings.HasPrefix(args[i], "-") && args[i] != "--"; i++ {
		name, _, hasValue := strings.Cut(args[i], "=")
		flag := pip.Flags().Lookup(strings.TrimPrefix(name, "--"))
		if !strings.HasPrefix(name, "--") {
			flag = nil
			if len(name) == len("-h") {
				flag = pip.Flags().ShorthandLookup(name[1:])
			}
		}
		if flag == nil {
			return slices.Insert(slices.Clone(args), i, "--")
		}
		if !hasValue && flag.NoOptDefVal == "" {
			i++ // its value
		}
	}
	return args
}

func runPip(ctx context.Context, env Env, opts app.PipOptions, asJSON bool) error {
	if asJSON {
		opts.Stdout = env.Stderr
	}
	result, err := app.Pip(ctx, opts)
	if err != nil {
		return toolError(err, "cantil pip --venv=DIR takes any other folder")
	}
	if result.ID == "" {
		env.say("the virtual environment %s is ready", opts.Short(result.Venv))
	} else {
		env.tellPip(result, opts.Short)
	}
	if asJSON {
		if err := printJSON(env.Stdout, result); err != nil {
			return err
		}
	}
	return statusOf(result.Code)
}

// tellPip says what changed, and what to do where pip may not.
func (env Env) tellPip(r app.PipResult, short func(string) string) {
	for _, change := range r.Changes {
		env.say("%s", change)
	}
	if r.Managed && r.Code != codeOK {
		env.say("this Python belongs to the system's package manager; cantil pip --venv works in a virtual environment")
	}
	env.tellRun(r.RunResult, short)
}
