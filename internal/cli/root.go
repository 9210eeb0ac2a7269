package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// maker makes the command of a name.
type maker struct {
	name string
	make func(Env) command
}

// makers are those of every command, in the order of the help.
func makers() []maker {
	return []maker{
		{"run", newRun},
		{"profile", newProfile},
		{"call", newCall},
		{"bench", newBench},
		{"sweep", newSweep},
		{"pip", newPip},
		{"top", newTop},
		{"dump", newDump},
		{"attach", newAttach},
		{"stats", newStats},
		{"diff", newDiff},
		{"export", newExport},
		{"runs", newRuns},
		{"args", newArgs},
		{"tool", newTool},
		{"view", newView},
		{"show", newShow},
		{"scan", newScan},
		{"send", newSend},
		{"recv", newRecv},
		{"echo", newEcho},
		{"completion", newCompletion},
		{"version", newVersion},
	}
}

// commands makes every command.
func commands(env Env) []command { return made(env, makers()) }

// commandsFor makes the command that args are of, or every one where they name none. To make the flags
// of all takes a tenth of the time that cantil may add to a short run.
func commandsFor(env Env, args []string) []command {
	all := makers()
	for i, m := range all {
		if len(args) > 0 && args[0] == m.name {
			return made(env, all[i:i+1])
		}
	}
	return made(env, all)
}

func made(env Env, makers []maker) []command {
	var list []command
	for _, m := range makers {
		c := m.make(env)
		c.cobra.Flags().BoolP("help", "h", false, "show this help") // last in the list of flags
		list = append(list, c)
	}
	return list
}

// newRoot is "cantil" itself, with the commands of list: it prints the help or the version, and refuses words
// that are no command.
func newRoot(env Env, list []command) *cobra.Command {
	help := func(*cobra.Command, []string) { writeRootHelp(env.Stdout, env.styleOut(), list) }
	root := &cobra.Command{
		Use:               "cantil",
		Short:             "Run, time, profile and compare Python programs",
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              func(_ *cobra.Command, args []string) error { return unknownCommand(args, list) },
	}
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	root.SetIn(env.Stdin)
	root.SetHelpFunc(help)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp(list))
	version := root.Flags().BoolP("version", "V", false, "show the version")
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if *version {
			return runVersion(env)
		}
		help(cmd, args)
		return nil
	}
	for _, c := range list {
		root.AddCommand(c.cobra)
	}
	root.AddCommand(newCompletePython(env))
	completeProgramArgs(env, list)
	return root
}

// newHelp is "cantil help COMMAND", the same as "cantil COMMAND --help".
func newHelp(list []command) *cobra.Command {
	return &cobra.Command{
		Use:    "help [COMMAND]",
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Root().Help()
			}
			for _, c := range flat(list) {
				if c.Name == strings.Join(args, " ") {
					return c.cobra.Help()
				}
			}
			return unknownCommand(args, list)
		},
	}
}

// unknownCommand is nil without arguments, else the error about the first.
func unknownCommand(args []string, list []command) error {
	if len(args) == 0 {
		return nil
	}
	hint := "cantil --help lists the commands"
	if near := nearest(args[0], names(list)); near != "" {
		hint = fmt.Sprintf("did you mean %q?", "cantil "+near)
	} else if strings.HasSuffix(args[0], ".py") {
		hint = "to profile it: cantil profile " + args[0]
	} else if strings.HasSuffix(args[0], ".prof") {
		hint = "to print it: cantil stats " + args[0]
	}
	return usageError(hint, "unknown command %q", args[0])
}
