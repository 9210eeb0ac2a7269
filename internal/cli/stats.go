package cli

import (
	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// statsFlags are the flags of stats, beside the options of the use case.
type statsFlags struct {
	app.StatsOptions
	formatFlags
	interactive bool
}

func newStats(env Env) command {
	c := newCommand(env, usage{
		Name: "stats",
		Synopsis: []string{
			"stats [flags] FILE...",
			"stats -i [FILE...]",
		},
		Summary: "print profile files exactly as pstats does",
		Detail: lines(
			"Reads profiles written by cProfile, profile or cantil under any Python from 3.6",
			"on and prints them, byte for byte as Python's pstats prints them.",
			"",
			"Several files are added up. Where pstats itself loses figures, --correct gives",
			"the right ones. --json and --csv tell functions of the same name apart by file",
			"and line.",
			"",
			"Samples, of cantil profile --sample or cantil attach, are printed as shares with",
			"their intervals, and the heaviest path. So are the files of other tools, known",
			"by what is in them: profile.proto (pprof), speedscope, collapsed stacks (py-spy",
			"--format raw). Those that count calls are printed as pstats' own: callgrind,",
			"speedscope's evented ones."),
		Examples: []example{
			{"the fifteen functions with the largest cumulative time", "cantil stats train.prof"},
			{"own time first, only functions of one folder, ten of them",
				"cantil stats --sort tottime --restrict mypackage/ --restrict 10 train.prof"},
			{"many profiles made into one", "cantil stats -o all.prof parts/*.prof"},
			{"every function, for a spreadsheet", "cantil stats --restrict all --csv train.prof > train.csv"},
			{"look around, with history and completion", "cantil stats -i train.prof"},
			{"what py-spy record --format raw has written", "cantil stats spy.txt"},
			{"by whom the built-in sum was called", "cantil stats --callers --restrict 'built-in method .*sum' train.prof"},
		},
		Exits: []exit{
			{"0", "the profile was printed"},
			{"1", "a file cannot be read, or is no profile"},
		},
	})
	var flags statsFlags
	flags.add(c.cobra)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		flags.Files = args
		if flags.interactive {
			return runBrowser(env, cmd, args)
		}
		if err := checkView(cmd, flags.View); err != nil {
			return err
		}
		return runStats(env, flags)
	}
	return c
}

func (s *statsFlags) add(c *cobra.Command) {
	addView(c, &s.View)
	f := c.Flags()
	f.StringVarP(&s.Out, "output", "o", "", "also write the sum of the profiles to `FILE`, for pstats of any Python")
	s.formatFlags.add(c)
	f.BoolVarP(&s.interactive, "interactive", "i", false, "browse, with the commands of python -m pstats; help lists them")
}

// runBrowser starts the browser, where sorting and the like are commands.
func runBrowser(env Env, cmd *cobra.Command, files []string) error {
	if cmd.Flags().NFlag() > 1 {
		return usageError("in the browser sort, strip, callers and the like are commands", "-i takes no other flags")
	}
	return app.Browse(files, env.Stdin, env.Stdout)
}

func runStats(env Env, flags statsFlags) error {
	if len(flags.Files) == 0 {
		return usageError("cantil stats FILE; cantil profile SCRIPT makes one", "no profile to read")
	}
	var err error
	if flags.Format, err = flags.format(); err != nil {
		return err
	}
	if err := app.Stats(flags.StatsOptions, env.Stdout); err != nil {
		return err
	}
	if flags.Out != "" {
		env.say("profile written to %s", flags.Out)
	}
	return nil
}
