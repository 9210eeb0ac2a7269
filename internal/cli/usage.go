package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/term"
)

// usage is all that is told about a command. The help text, the manual's pages
// and the man pages are made from it and from the flags.
type usage struct {
	Name     string   // with that of its group in front, if it has one: "runs list"
	Synopsis []string // after "cantil", one per way of calling it
	Summary  string   // one line, no full stop
	Detail   string   // paragraphs, lines of at most 78 columns
	Examples []example
	Exits    []exit
}

// example is a command line worth copying, and what it does.
type example struct{ Does, Line string }

// exit is an exit code, or a word for several, and what it means.
type exit struct{ Code, Meaning string }

// ownExits end the list of exit codes of every command.
var ownExits = []exit{{"125", "cantil itself failed, or the command line is wrong"}}

// command is one command: what is told about it, and what runs it.
type command struct {
	usage
	cobra *cobra.Command
	subs  []command // of a group
}

// newCommand makes the cobra command for u, with cobra's own printing turned off:
// errors go through report, help through writeHelp.
func newCommand(env Env, u usage) command {
	c := command{usage: u, cobra: &cobra.Command{
		Use:                   strings.TrimPrefix(u.Synopsis[0], u.parent()),
		Short:                 u.Summary,
		DisableFlagsInUseLine: true,
		SilenceErrors:         true,
		SilenceUsage:          true,
	}}
	c.cobra.Flags().SortFlags = false
	c.cobra.SetFlagErrorFunc(flagError)
	c.cobra.SetHelpFunc(func(*cobra.Command, []string) { c.writeHelp(env.Stdout, env.styleOut()) })
	return c
}

// exits are the command's own exit codes and those all commands share.
func (c command) exits() []exit { return append(append([]exit{}, c.Exits...), ownExits...) }

// writeHelp prints the help of one command.
func (c command) writeHelp(w io.Writer, style term.Style) {
	fmt.Fprintf(w, "%s: %s\n\n%s\n", style.Bold("cantil "+c.Name), c.Summary, c.Detail)
	heading := func(title string) { fmt.Fprintf(w, "\n%s\n", style.Bold(title)) }

	heading("Usage")
	for _, line := range c.Synopsis {
		fmt.Fprintf(w, "  cantil %s\n", line)
	}
	heading("Examples")
	for _, e := range c.Examples {
		fmt.Fprintf(w, "  %s\n      %s\n", style.Dim(e.Does+":"), e.Line)
	}
	heading("Flags")
	fmt.Fprint(w, c.cobra.Flags().FlagUsagesWrapped(term.Width(w)))
	heading("Exit codes")
	for _, e := range c.exits() {
		fmt.Fprintf(w, "  %-5s %s\n", e.Code, e.Meaning)
	}
}

// writeRootHelp prints the list of commands.
func writeRootHelp(w io.Writer, style term.Style, commands []command) {
	fmt.Fprintf(w, "%s runs, times, profiles and compares Python programs.\n", style.Bold("cantil"))
	fmt.Fprintf(w, "\n%s\n  cantil COMMAND [flags] ...\n", style.Bold("Usage"))
	fmt.Fprintf(w, "\n%s\n", style.Bold("Commands"))
	for _, c := range commands {
		fmt.Fprintf(w, "  %s %s\n", style.Bold(fmt.Sprintf("%-11s", c.Name)), c.Summary)
	}
	fmt.Fprintf(w, "\n%s\n  %s\n      %s\n", style.Bold("Example"),
		style.Dim("where does the time of a script go?"), "cantil profile train.py --epochs 3")
	fmt.Fprintln(w, "\ncantil COMMAND --help tells more about one, cantil --version which cantil this is.")
}

// names are the names of the commands, for suggestions.
func names(commands []command) []string {
	list := make([]string, len(commands))
	for i, c := range commands {
		list[i] = c.Name
	}
	return list
}

// lines joins lines of prose; it keeps usage data readable in the source.
func lines(text ...string) string { return strings.Join(text, "\n") }
