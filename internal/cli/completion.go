package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// shells are those that cobra can write a completion script for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion(env Env) command {
	c := newCommand(env, usage{
		Name:     "completion",
		Synopsis: []string{"completion " + strings.Join(shells, "|")},
		Summary:  "print a shell's completion script",
		Detail: lines(
			"Prints a script that teaches the shell to complete cantil's commands, flags and",
			"their values with the Tab key. Load it in the shell's start-up file."),
		Examples: []example{
			{"in ~/.bashrc", `eval "$(cantil completion bash)"`},
			{"in ~/.zshrc, after compinit", `eval "$(cantil completion zsh)"`},
			{"once, for fish", "cantil completion fish > ~/.config/fish/completions/cantil.fish"},
		},
		Exits: []exit{{"0", "the script was printed"}},
	})
	c.cobra.ValidArgs = shells
	c.cobra.Args = oneShell
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error { return runCompletion(env, cmd.Root(), args[0]) }
	return c
}

func oneShell(cmd *cobra.Command, args []string) error {
	hint := "one of " + strings.Join(shells, ", ")
	if len(args) != 1 {
		return usageError(hint, "%s takes the name of one shell", cmd.CommandPath())
	}
	for _, s := range shells {
		if s == args[0] {
			return nil
		}
	}
	return usageError(hint, "no completion for the shell %q", args[0])
}

func runCompletion(env Env, root *cobra.Command, shell string) error {
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(env.Stdout, true)
	case "zsh":
		return root.GenZshCompletion(env.Stdout)
	case "fish":
		return root.GenFishCompletion(env.Stdout, true)
	default:
		return root.GenPowerShellCompletionWithDesc(env.Stdout)
	}
}
