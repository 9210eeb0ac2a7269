package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newRunsReindex(env Env) command {
	c := newCommand(env, usage{
		Name:     "runs reindex",
		Synopsis: []string{"runs reindex"},
		Summary:  "make the index of runs anew from their folders",
		Detail: lines(
			"The index (.cantil/index.sqlite) makes listings quick. Each listing mends it, so",
			"this is needed only after files inside of a run's folder were changed by hand."),
		Examples: []example{{"after editing a tags.json", "cantil runs reindex"}},
		Exits:    []exit{{"0", "it was made anew"}},
	})
	c.cobra.Args = noArguments
	c.cobra.RunE = func(*cobra.Command, []string) error {
		runs, err := openRuns(env)
		if err != nil {
			return err
		}
		n, err := runs.Reindex()
		if err != nil {
			return err
		}
		env.say("%d runs indexed in %s", n, runs.Dir())
		return nil
	}
	return c
}

func newRunsPath(env Env) command {
	c := newCommand(env, usage{
		Name:     "runs path",
		Synopsis: []string{"runs path [RUN]"},
		Summary:  "print the path of a run's folder",
		Detail: lines(
			"Prints the absolute path of the folder in which the run is kept, for other",
			"programs. Without RUN, the newest."),
		Examples: []example{
			{"look at the files of the newest run", "ls -l $(cantil runs path)"},
			{"send a run to another machine", "rsync -a $(cantil runs path train) host:runs/"},
		},
		Exits: []exit{{"0", "it was printed"}, noRunExit},
	})
	c.cobra.ValidArgsFunction = completeRuns(env)
	c.cobra.RunE = func(_ *cobra.Command, args []string) error {
		_, e, err := oneRun(env, args)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(env.Stdout, e.Dir)
		return err
	}
	return c
}
