package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

func newToolName(env Env) command {
	c := newCommand(env, usage{
		Name: "tool name",
		Synopsis: []string{
			"tool name [flags] STRING...",
			"tool name --rename [--yes] [flags] FILE...",
		},
		Summary: "make file names out of any text",
		Detail: lines(
			"Prints each STRING as a file name: letters and digits of any script and - _ . ,",
			"stay, every other character becomes _.",
			"",
			"With --safe the name does on every system: it is none that Windows keeps for",
			"devices, has no dot at its end, no dash in front and no characters that cannot",
			"be seen, and at most 255 bytes; marks of letters stay.",
			"",
			"With --rename files get such names. Without --yes it is only shown what would be",
			"done. An existing file is never overwritten."),
		Examples: []example{
			{"a name that file systems and shells take", `cantil tool name 'hello/world:!\.txt'`},
			{"a new name for each output", `python3 train.py > "$(cantil tool name --timestamp Output.txt)"`},
			{"see what renaming photos would do", "cantil tool name --rename --safe photos/*"},
			{"and do it", "cantil tool name --rename --yes --safe photos/*"},
		},
		Exits: []exit{{"0", "the names were printed, the files renamed"}, {"1", "a file cannot be renamed; the others were"}},
	})
	var opts app.NameOptions
	var stamp string
	var rename, yes bool
	f := c.cobra.Flags()
	f.BoolVar(&opts.Safe, "safe", false, "names that are good on every system")
	f.StringVarP(&stamp, "timestamp", "t", "", "add the time: at the `WHERE` front, to the microsecond, or at the end, before the extension, to the second")
	f.Lookup("timestamp").NoOptDefVal = string(app.StampFront)
	f.BoolVar(&rename, "rename", false, "show how these files would be renamed")
	f.BoolVarP(&yes, "yes", "y", false, "rename them")
	// The only error is that there is no such flag; a transcript completes it.
	_ = c.cobra.RegisterFlagCompletionFunc("timestamp", cobra.FixedCompletions([]string{string(app.StampFront), string(app.StampEnd)}, cobra.ShellCompDirectiveNoFileComp))
	c.cobra.RunE = func(_ *cobra.Command, args []string) error {
		opts.Stamp, opts.Now = app.Stamp(stamp), time.Now()
		switch {
		case opts.Stamp != app.NoStamp && opts.Stamp != app.StampFront && opts.Stamp != app.StampEnd:
			return usageError("--timestamp, --timestamp=front or --timestamp=end", "unknown place for a time: %q", stamp)
		case yes && !rename:
			return usageError("cantil tool name --rename --yes FILE...", "--yes is for --rename")
		case len(args) == 0:
			return usageError(`cantil tool name 'hello/world:!\.txt'`, "no text to make a name of")
		case rename:
			return runRename(env, opts.PlanRenames(args), yes)
		}
		for _, text := range args {
			if _, err := fmt.Fprintln(env.Stdout, opts.Name(text)); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

// runRename shows what is done or would be done, and tells what cannot be.
func runRename(env Env, plan []app.Renaming, do bool) error {
	failed, good := 0, 0
	for _, r := range plan {
		err := r.Err
		if do && err == nil {
			err = r.Do()
		}
		if err != nil {
			failed++
			env.sayError(err.Error(), "")
			continue
		}
		good++
		fmt.Fprintf(env.Stdout, "%s -> %s\n", oneLine(r.From), oneLine(r.To))
	}
	switch {
	case len(plan) == 0:
		env.say("all names are good already")
	case !do && good > 0:
		env.say("nothing was renamed yet; --yes does it")
	}
	if failed > 0 {
		return exitStatus(codeBadInput)
	}
	return nil
}
