package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newRunsTag(env Env) command {
	c := newCommand(env, usage{
		Name:     "runs tag",
		Synopsis: []string{"runs tag [flags] RUN [TAG...]"},
		Summary:  "add tags to a run, or take them away",
		Detail: lines(
			"A tag is a word of your own, to find the run by. Prints the tags that the run",
			"has then. They are kept in its folder, in tags.json."),
		Examples: []example{
			{"mark the newest run", "cantil runs tag @last baseline good"},
			{"and take it back", "cantil runs tag --remove good @last"},
			{"find it again", "cantil runs list --tag baseline"},
		},
		Exits: []exit{{"0", "the run has these tags now"}, noRunExit},
	})
	var remove []string
	c.cobra.Flags().StringArrayVar(&remove, "remove", nil, "take this `TAG` away; again for another")
	c.cobra.ValidArgsFunction = completeOnlyFirst(completeRuns(env))
	c.cobra.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usageError("cantil runs tag RUN TAG", "no run to tag")
		}
		runs, e, err := oneRun(env, args[:1])
		if err != nil {
			return err
		}
		tags, err := runs.Tag(e, args[1:], remove)
		if err != nil {
			return err
		}
		for _, tag := range tags {
			fmt.Fprintln(env.Stdout, tag)
		}
		return nil
	}
	return c
}

// completeOnlyFirst leaves what follows the first argument to the user.
func completeOnlyFirst(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(cmd, args, word)
	}
}
