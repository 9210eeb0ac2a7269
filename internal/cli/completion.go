package cli

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
)

// shells are those that cobra can write a completion script for.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func newCompletion(env Env) command {
	c := newCommand(env, usage{
		Name:     "completion",
		Synopsis: []string{"completion [flags] " + strings.Join(shells, "|")},
		Summary:  "print a shell's completion script",
		Detail: lines(
			"Prints a script that teaches the shell to complete cantil's commands, flags and",
			"their values with the Tab key. Load it in the shell's start-up file.",
			"",
			"After cantil run SCRIPT and cantil profile SCRIPT it completes the script's own",
			"arguments, as cantil args shows them: options, choices, commands, files. With",
			"--also python the same after python SCRIPT. A script is started once to be",
			"asked, and stopped where it would parse its arguments; then again when it has",
			"changed."),
		Examples: []example{
			{"in ~/.bashrc", `eval "$(cantil completion bash)"`},
			{"... and the arguments of scripts that python runs", `eval "$(cantil completion bash --also python --also python3)"`},
			{"in ~/.zshrc, after compinit", `eval "$(cantil completion zsh)"`},
			{"once, for fish", "cantil completion fish > ~/.config/fish/completions/cantil.fish"},
		},
		Exits: []exit{{"0", "the script was printed"}},
	})
	var also []string
	c.cobra.Flags().StringSliceVar(&also, "also", nil, "complete the arguments of scripts after this `COMMAND`, too: python; may be repeated")
	c.cobra.ValidArgs = shells
	c.cobra.Args = oneShell
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error { return runCompletion(env, cmd.Root(), args[0], also) }
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

func runCompletion(env Env, root *cobra.Command, shell string, also []string) error {
	script, ok := pythonScripts[shell]
	if !ok && len(also) > 0 {
		return usageError("bash, zsh or fish", "--also is not for %s", shell)
	}
	for _, command := range also {
		if !regexp.MustCompile(`^[A-Za-z0-9._+-]+$`).MatchString(command) {
			return usageError("--also python", "--also %q is no name of a command", command)
		}
	}
	if err := writeCompletion(env.Stdout, root, shell); err != nil {
		return err
	}
	for i, command := range also {
		if i == 0 {
			fmt.Fprint(env.Stdout, script.function)
		}
		fmt.Fprintf(env.Stdout, script.use, command)
	}
	return nil
}

// bashWords takes the place of what cobra's script has for a bash without the package bash-completion, where it would call
// a function of that package. It is to set cur, prev, words and cword: the line up to the cursor, in words that = and :
// do not end, though they do for bash.
const bashWords = `
__cantil_init_completion() {
    local rest=${COMP_LINE:0:COMP_POINT} word i n=0 blank
    COMPREPLY=() words=()
    for (( i = 0; i <= COMP_CWORD; i++ )); do
        blank=${rest%%[![:space:]]*}
        rest=${rest:${#blank}}
        word=${COMP_WORDS[i]}
        (( i == COMP_CWORD )) && word=$rest
        rest=${rest:${#word}}
        if [[ n -gt 0 && -z $blank && ( $word == [=:]* || ${words[n-1]} == *[=:] ) ]]; then
            words[n-1]+=$word
        else
            words[n++]=$word
        fi
    done
    cword=$(( n - 1 )) cur=${words[n-1]} prev=
    (( n > 1 )) && prev=${words[n-2]}
    return 0
}
`

func writeCompletion(w io.Writer, root *cobra.Command, shell string) error {
	switch shell {
	case "bash":
		if err := root.GenBashCompletionV2(w, true); err != nil {
			return err
		}
		_, err := io.WriteString(w, bashWords)
		return err
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	default:
		return root.GenPowerShellCompletionWithDesc(w)
	}
}
