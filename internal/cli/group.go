package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/term"
)

// newGroup makes a command that only holds others; their names begin with its name: "runs list".
func newGroup(env Env, u usage, subs ...command) command {
	c := newCommand(env, u)
	c.subs = subs
	for _, sub := range subs {
		sub.cobra.Flags().BoolP("help", "h", false, "show this help") // last in the list of flags
		c.cobra.AddCommand(sub.cobra)
	}
	c.cobra.SetHelpFunc(func(*cobra.Command, []string) { c.writeGroupHelp(env.Stdout, env.styleOut()) })
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return c.unknownSub(args[0])
	}
	return c
}

func (c command) writeGroupHelp(w io.Writer, style term.Style) {
	fmt.Fprintf(w, "%s: %s\n\n%s\n", style.Bold("cantil "+c.Name), c.Summary, c.Detail)
	fmt.Fprintf(w, "\n%s\n", style.Bold("Commands"))
	for _, sub := range c.subs {
		fmt.Fprintf(w, "  %s %s\n", style.Bold(fmt.Sprintf("%-15s", sub.Name)), sub.Summary)
	}
	fmt.Fprintf(w, "\n%s\n", style.Bold("Examples"))
	for _, e := range c.Examples {
		fmt.Fprintf(w, "  %s\n      %s\n", style.Dim(e.Does+":"), e.Line)
	}
	fmt.Fprintf(w, "\ncantil %s COMMAND --help tells more about one.\n", c.Name)
}

// unknownSub is the error about a word that is none of the group's commands.
func (c command) unknownSub(word string) error {
	var list []string
	for _, sub := range c.subs {
		list = append(list, strings.TrimPrefix(sub.Name, c.Name+" "))
	}
	hint := fmt.Sprintf("cantil %s --help lists its commands", c.Name)
	if near := nearest(word, list); near != "" {
		hint = fmt.Sprintf("did you mean %q?", "cantil "+c.Name+" "+near)
	}
	return usageError(hint, "unknown command %q", c.Name+" "+word)
}

// flat is the list with the commands of groups after their group.
func flat(list []command) []command {
	var all []command
	for _, c := range list {
		all = append(append(all, c), c.subs...)
	}
	return all
}

// parent is the group's name with a space behind, or "".
func (u usage) parent() string { return u.Name[:strings.LastIndexByte(u.Name, ' ')+1] }

// file is the name of the command's page, without its ending.
func (u usage) file() string { return strings.ReplaceAll(u.Name, " ", "-") }
