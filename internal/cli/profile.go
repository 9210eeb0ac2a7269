package cli

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

func newProfile(env Env) command {
	c := newCommand(env, usage{
		Name: "profile",
		Synopsis: []string{
			"profile [flags] SCRIPT [ARGS...]",
			"profile [flags] -m MODULE [ARGS...]",
		},
		Summary: "run a program, and print where its time went",
		Detail: lines(
			"Runs a Python program under cProfile's exact collector. Its output comes as it",
			"is printed; then follows the table that pstats prints, the running time, and",
			"where the profile is kept. SCRIPT may be a file, a folder or a zip file with a",
			"__main__.py; all that stands after it is the program's own.",
			"",
			"The program is the true __main__, and its exit code is cantil's. Its threads",
			"and its child Pythons are recorded apart and added up; --per-thread and",
			"--per-process show them apart. The profile is there however the program ends.",
			"With --json or --csv the table's place, after the output, is taken by data.",
			"",
			"The collector makes programs of many small calls 2 to 5 times slower. --sample",
			"runs the program plainly, and looks at its stacks from outside instead: true",
			"times, as shares with a 95 % interval, and the heaviest path, but no counts.",
			"--both does the one and the other, in two runs or with --same-run in one: exact",
			"counts, true times, and what the collector made slower. Linux only.",
			"",
			"The first Python of these is used: an active virtual environment, the project's",
			".venv or .python-version, the PATH, those of pyenv and uv, the system's."),
		Examples: []example{
			{"where does the time of a script go", "cantil profile train.py --epochs 3"},
			{"own time first, only the functions of one folder, ten of them",
				"cantil profile --sort tottime --restrict mypackage/ --restrict 10 train.py"},
			{"true times, undistorted", "cantil profile --sample train.py"},
			{"exact counts beside true times", "cantil profile --both train.py"},
			{"some unit tests", "cantil profile -m pytest -k name"},
			{"keep the profile for other tools, with another Python", "cantil profile -o train.prof --python 3.12 train.py"},
		},
		Exits: []exit{
			{"any", "the program's own; 128+n when signal n ended it"},
			{"126", "the Python cannot be used"},
			{"127", "no Python, or no such program"},
		},
	})
	opts := app.ProfileOptions{Launch: newLaunch(env)}
	addProfileFlags(c.cobra, &opts)
	var form formatFlags
	form.add(c.cobra)
	var how samplingFlags
	f := c.cobra.Flags()
	f.BoolVar(&opts.Sample, "sample", false, "look at its stacks from outside, and run it plainly: no distortion")
	how.add(f, &opts.How)
	f.BoolVar(&opts.Both, "both", false, "sampled, then once more with exact counts, in one table")
	f.BoolVar(&opts.SameRun, "same-run", false, "with --both: both in one run, which the collector slows down")
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return noProgram(opts.Module)
		}
		if err := checkView(cmd, opts.View); err != nil {
			return err
		}
		var err error
		if opts.Format, err = form.format(); err != nil {
			return err
		}
		if err := checkSampling(cmd, &opts); err != nil {
			return err
		}
		if err := how.complete(&opts.How); err != nil {
			return err
		}
		opts.Program, opts.Args = args[0], args[1:]
		return runProfile(cmd.Context(), env, opts)
	}
	return c
}

func addProfileFlags(c *cobra.Command, opts *app.ProfileOptions) {
	addView(c, &opts.View)
	f := c.Flags()
	f.SetInterspersed(false) // all after the program is the program's
	// A switch, not a flag with a value: what follows the module is the program's too.
	f.BoolVarP(&opts.Module, moduleFlag, "m", false, "the program is a module or package: -m MODULE")
	f.StringVarP(&opts.Out, "output", "o", "", "also write the profile to `FILE`, for pstats and other tools")
	f.StringVar(&opts.Python, "python", "", "run it with this `PYTHON`: a path, a name (python3.8) or a version (3.12)")
	f.BoolVar(&opts.PerThread, "per-thread", false, "a table for each thread")
	f.BoolVar(&opts.PerProcess, "per-process", false, "a table for each process")
}

// checkSampling refuses flags that contradict each other.
func checkSampling(c *cobra.Command, opts *app.ProfileOptions) error {
	switch {
	case opts.SameRun && !opts.Both:
		return usageError("--both --same-run", "--same-run says how --both is done")
	case opts.Both && opts.Sample:
		return usageError("--both samples, too", "--both and --sample exclude each other")
	case opts.Both && (opts.PerThread || opts.PerProcess || opts.View.Callers || opts.View.Callees):
		return usageError("leave out --both for that", "--both prints one table")
	}
	for _, name := range []string{"rate", "mode", "pause", "native"} {
		if c.Flags().Changed(name) && !opts.Sample && !opts.Both {
			return usageError("cantil profile --sample --"+name+" ...", "--%s says how a program is sampled", name)
		}
	}
	return nil
}

// noProgram is the error about a command line that ends too soon.
func noProgram(module bool) error {
	if module {
		return usageError("cantil profile -m MODULE", "-m needs the name of a module")
	}
	return usageError("cantil profile SCRIPT, or cantil profile -m MODULE", "no program to profile")
}

func runProfile(ctx context.Context, env Env, opts app.ProfileOptions) error {
	result, err := app.Profile(ctx, opts)
	if err != nil {
		return forgottenM(err, "profile", opts.Launch)
	}
	env.say("Script ran in %s", minutes(result.Wall))
	if result.ProfilePath != "" {
		env.say("profile kept in %s", result.ProfilePath)
	}
	if result.SamplesPath != "" {
		env.say("samples kept in %s", result.SamplesPath)
	}
	if opts.Out != "" && result.ProfilePath != "" {
		env.say("profile written to %s", opts.Out)
	} else if opts.Out != "" && result.SamplesPath != "" {
		env.say("samples written to %s", opts.Out)
	}
	return statusOf(result.Code)
}

// forgottenM hints at -m where a script that is not there has the name of a module.
func forgottenM(err error, command string, opts app.Launch) error {
	var missing *app.NotFound
	isPython := errors.Is(err, exec.ErrNotFound) // it is the Python that is not there
	if !errors.As(err, &missing) || isPython || opts.Module || opts.Command || strings.ContainsAny(opts.Program, `./\`) {
		return err
	}
	return &failure{err: err, hint: "a module needs -m: cantil " + command + " -m " + opts.Program, code: codeNotFound}
}

// minutes is a running time as people note it: "0 mins, 0.2 secs". It is rounded
// before it is split, so that there are never 60.0 seconds.
func minutes(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second)).Round(100 * time.Millisecond)
	return fmt.Sprintf("%d mins, %.1f secs", d/time.Minute, (d % time.Minute).Seconds())
}
