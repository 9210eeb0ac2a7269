package cli

import (
	"errors"

	"github.com/spf13/cobra"
)

func newRunsStop(env Env) command {
	c := newCommand(env, usage{
		Name:     "runs stop",
		Synopsis: []string{"runs stop RUN..."},
		Summary:  "end a run that goes on, with all its processes",
		Detail: lines(
			"Asks every process of the run to end (SIGTERM), kills those that are left after",
			"the run's --grace, and waits until it has ended. Its output and its figures up",
			"to then are kept. A process that only has the number of an old run is never",
			"touched."),
		Examples: []example{{"end the run that was started last", "cantil runs stop @last"}},
		Exits:    []exit{{"0", "they have ended"}, {"1", "no such run, or it is not running"}},
	})
	c.cobra.ValidArgsFunction = completeRuns(env)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageError("cantil runs stop RUN; cantil runs list --status running shows them", "no run to stop")
		}
		runs, err := openRuns(env)
		if err != nil {
			return err
		}
		list, err := runs.FindAll(args)
		if err != nil {
			return runError(err)
		}
		var failed []error
		for _, e := range list {
			ended, err := runs.Stop(cmd.Context(), e)
			if err != nil {
				failed = append(failed, err)
				continue
			}
			env.say("%s: %s after %s", ended.ID, ended.Status, runTime(ended.Wall))
		}
		return runError(errors.Join(failed...))
	}
	return c
}
