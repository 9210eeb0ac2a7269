package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// pythonScript completes what stands after a Python in one shell: a function, and a line for each name of Python.
type pythonScript struct{ function, use string }

// completePython is the hidden command that these functions ask: the words of the line up to the cursor, the last of which is to be completed.
const completePython = "complete-python"

var pythonScripts = map[string]pythonScript{
	"bash": {`
_cantil_python() {
    local IFS=$'\n'
    COMPREPLY=($(cantil ` + completePython + ` bash "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null))
}
`, "complete -o bashdefault -o default -F _cantil_python %s\n"},
	"zsh": {`
_cantil_python() {
    local line
    local -a found
    for line in "${(@f)$(cantil ` + completePython + ` zsh "${(@)words[1,CURRENT]}" 2>/dev/null)}"; do
        [[ -n $line ]] && found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    if (( ${#found} )); then _describe -t arguments argument found; else _files; fi
}
`, "compdef _cantil_python %s\n"},
	"fish": {"", "complete -c %s -a '(cantil " + completePython + " fish (commandline -opc) (commandline -ct) 2>/dev/null)'\n"},
}

// newCompletePython is asked by the shells' functions, and never typed.
func newCompletePython(env Env) *cobra.Command {
	return &cobra.Command{
		Use: completePython, Hidden: true, DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) < 3 {
				return nil
			}
			return runCompletePython(cmd.Context(), env, args[0], args[1:])
		},
	}
}

// runCompletePython prints a candidate a line. It prints nothing where the shell is to complete files.
func runCompletePython(ctx context.Context, env Env, shell string, words []string) error {
	cut := ""
	if shell == "bash" {
		words, cut = joinEquals(words)
	}
	last := len(words) - 1
	opts, first, ok := app.PythonLine(words[:last])
	if !ok {
		return nil
	}
	opts.Env = env.Environ
	list, _, err := app.CompleteArgs(ctx, opts, words[first:last], words[last])
	if err != nil {
		return err
	}
	for _, c := range list {
		line := oneLine(c.Text) + "\t" + oneLine(c.Meaning)
		if shell == "bash" {
			line = bashQuote(strings.TrimPrefix(oneLine(c.Text), cut))
		}
		if _, err := fmt.Fprintln(env.Stdout, line); err != nil {
			return err
		}
	}
	return nil
}

// joinEquals undoes that bash makes three words of --option=value. cut is what of the last word stands before the cursor's own.
func joinEquals(words []string) (joined []string, cut string) {
	for i := 0; i < len(words); i++ {
		n := len(joined)
		if words[i] != "=" || n == 0 || !strings.HasPrefix(joined[n-1], "-") {
			joined, cut = append(joined, words[i]), ""
			continue
		}
		joined[n-1] += "="
		cut = joined[n-1]
		if i+1 < len(words) {
			i++
			joined[n-1] += words[i]
		}
	}
	return joined, cut
}

// bashQuote puts a backslash before what bash would take for its own.
func bashQuote(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune(" \t'\"\\$`!&|;<>()[]{}*?#~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// completeProgramArgs lets run and profile complete the arguments of the program.
func completeProgramArgs(env Env, list []command) {
	for _, c := range list {
		if c.Name == "run" || c.Name == "profile" {
			c.cobra.ValidArgsFunction = func(cmd *cobra.Command, args []string, current string) ([]string, cobra.ShellCompDirective) {
				return programArgs(cmd, env, args, current)
			}
		}
	}
}

func programArgs(cmd *cobra.Command, env Env, args []string, current string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 || cmd.ArgsLenAtDash() == 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	opts := app.ArgsOptions{Program: args[0], Env: env.Environ}
	opts.Python, _ = cmd.Flags().GetString("python")
	opts.Module, _ = cmd.Flags().GetBool(moduleFlag)
	list, files, err := app.CompleteArgs(cmd.Context(), opts, args[1:], current)
	if err != nil {
		return nil, cobra.ShellCompDirectiveDefault
	}
	option := "" // cobra's scripts put it in front themselves
	if before, _, ok := strings.Cut(current, "="); ok && strings.HasPrefix(current, "-") {
		option = before + "="
	}
	var out []string
	for _, c := range list {
		out = append(out, strings.TrimPrefix(oneLine(c.Text), option)+"\t"+oneLine(c.Meaning))
	}
	if files {
		return out, cobra.ShellCompDirectiveDefault
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
