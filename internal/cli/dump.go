package cli

import (
	"encoding/json"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

func newDump(env Env) command {
	c := newCommand(env, usage{
		Name:     "dump",
		Synopsis: []string{"dump [flags] PID"},
		Summary:  "print what the threads of a running Python are doing now",
		Detail: lines(
			"Reads the stacks of all threads out of the memory of a running CPython 3.6 to",
			"3.14, most recent call first, each with its state and who holds the GIL. Nothing",
			"is put into the process and nothing must be installed there; Linux only.",
			"",
			"The process goes on while it is read, so each thread is seen at a moment of its",
			"own. --pause stops it for some milliseconds: then all are seen at one moment,",
			"and no variable changes between two of them.",
			"",
			"--locals shows values as Python would print them, bounded in length and number;",
			"an object whose printing would be code of its own is shown as its class. What is",
			"named or shaped like a secret reads ***. A line of source is shown where its",
			"file has not changed since the process began.",
			"",
			"docs/formats/dump.md tells what --json prints."),
		Examples: []example{
			{"why does it hang", "cantil dump 4242"},
			{"with all variables, and the processes that it has started", "cantil dump --locals --subprocesses 4242"},
			{"the innermost function of each thread", "cantil dump --json 4242 | jq -r '.processes[].threads[].frames[0].function'"},
		},
		Exits: []exit{
			{"0", "the stacks were printed"},
			{"1", "there is no such process, it is no Python that can be read, or it may not be read"},
		},
	})
	opts := app.DumpOptions{Argv: env.argv}
	asJSON := false
	f := c.cobra.Flags()
	f.BoolVarP(&opts.Locals, "locals", "l", false, "the variables of each frame as well")
	f.BoolVarP(&opts.Children, "subprocesses", "s", false, "the processes that it has started as well")
	f.BoolVar(&opts.Pause, "pause", false, "stop the process while it is read, so that all is of one moment")
	f.BoolVar(&opts.Native, "native", false, "the C function that is running as well, under the name by which it was called")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	c.cobra.RunE = func(_ *cobra.Command, args []string) error {
		var err error
		if opts.PID, err = pidArgument("dump", args); err != nil {
			return err
		}
		report, err := app.Dump(opts)
		if err != nil {
			return err
		}
		if asJSON {
			out := json.NewEncoder(env.Stdout)
			out.SetEscapeHTML(false)
			out.SetIndent("", "  ")
			return out.Encode(report)
		}
		return printDump(env, report, opts.Locals)
	}
	return c
}

// pidArgument is the one argument of commands that look at a process.
func pidArgument(command string, args []string) (int, error) {
	hint := "cantil " + command + " PID; pgrep -a python lists the Pythons that run"
	switch len(args) {
	case 0:
		return 0, usageError(hint, "no process to look at")
	case 1:
	default:
		return 0, usageError(hint, "one process at a time, not %d", len(args))
	}
	pid, err := strconv.Atoi(args[0])
	if err != nil || pid <= 0 {
		return 0, usageError(hint, "%q is no number of a process", args[0])
	}
	return pid, nil
}
