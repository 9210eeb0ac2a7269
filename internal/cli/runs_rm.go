package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

func newRunsRm(env Env) command {
	c := newCommand(env, usage{
		Name: "runs rm",
		Synopsis: []string{
			"runs rm [--yes] RUN...",
			"runs rm [--yes] [flags]",
		},
		Summary: "remove runs for good",
		Detail: lines(
			"Deletes the folders of the runs that are named, or of all that the filters mean,",
			"after asking. Runs that go on are left alone. --keep spares the newest ones,",
			"whatever else is asked for."),
		Examples: []example{
			{"remove one run", "cantil runs rm 2026-11-22_14-03"},
			{"what is older than a month, but not the last twenty runs", "cantil runs rm --older-than 30d --keep 20"},
			{"all that was lost, without a question", "cantil runs rm --status lost --yes"},
		},
		Exits: []exit{{"0", "they are gone, or there were none"}, {"1", "no such run, it is running, or the answer was no"}},
	})
	var flags runsFilter
	var yes bool
	flags.add(c.cobra)
	c.cobra.Flags().IntVar(&flags.Keep, "keep", 0, "none of the newest `N` runs")
	c.cobra.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	c.cobra.ValidArgsFunction = completeRuns(env)
	c.cobra.RunE = func(_ *cobra.Command, args []string) error {
		filter, err := flags.filter()
		if err != nil {
			return err
		}
		if len(args) == 0 && filter.IsZero() {
			return usageError("name runs, or filter them: cantil runs rm --older-than 30d", "no run to remove")
		}
		runs, list, err := chosenRuns(env, args, filter)
		if err != nil {
			return err
		}
		return runRm(env, runs, list, len(args) > 0, yes)
	}
	return c
}

// mostListed bounds what is shown before the question.
const mostListed = 10

func runRm(env Env, runs app.Runs, list []app.RunEntry, named, yes bool) error {
	list, busy := app.Removable(list)
	if len(busy) > 0 && named {
		return &failure{fmt.Errorf("removing run %s: it is %s", busy[0].ID, busy[0].Status), "cantil runs stop ends it", codeBadInput}
	}
	if len(busy) > 0 {
		env.say("%d runs that go on are left alone", len(busy))
	}
	if len(list) == 0 {
		env.say("there is nothing to remove")
		return nil
	}
	if !yes {
		agreed, err := env.askToRemove(list)
		if err != nil {
			return err
		}
		if !agreed {
			env.say("nothing was removed")
			return exitStatus(codeBadInput)
		}
	}
	removed, err := runs.Remove(list)
	env.say("%d runs removed", removed)
	return err
}

// askToRemove lists what is to go and asks. Without a terminal there is nobody to ask.
func (env Env) askToRemove(list []app.RunEntry) (bool, error) {
	if !term.IsTerminal(env.Stdin) {
		return false, usageError("--yes removes them without asking", "removing %d runs needs an answer, and there is no terminal to ask", len(list))
	}
	for i, e := range list {
		if i == mostListed {
			env.say("... and %d more", len(list)-i)
			break
		}
		env.say("%s  %s", oneLine(e.ID), e.Status)
	}
	return term.Confirm(env.Stdin, env.Stderr, fmt.Sprintf("Remove %d runs for good?", len(list)))
}
