package cli

import (
	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// intsFlags are the flags of tool ints.
type intsFlags struct {
	write                          string
	check, lines, sum, stats, json bool
}

func newToolInts(env Env) command {
	c := newCommand(env, usage{
		Name: "tool ints",
		Synopsis: []string{
			"tool ints [flags] [FILE]",
			"tool ints --write FILE [--check] NUMBER...",
		},
		Summary: "read and write lists of whole numbers in text files",
		Detail: lines(
			"Reads numbers with commas, spaces or line ends between them, such as 1, 2, 3,",
			"and prints them as Python prints a list. No FILE, or -, is the standard input.",
			"Numbers may have any size. An item that is no number is told with its line and",
			"column.",
			"",
			"--write puts numbers into a file, with a comma and a space between them: the",
			"whole file or, if that fails, nothing of it. Before negative numbers goes --."),
		Examples: []example{
			{"write a list", "cantil tool ints --write list.txt 1 2 3 4 5"},
			{"read it", "cantil tool ints list.txt"},
			{"write it, read it back, compare", "cantil tool ints --write list.txt --check 1 2 3 4 5"},
			{"sum, mean and the like of very many", "zcat numbers.gz | cantil tool ints --stats"},
		},
		Exits: []exit{{"0", "all were numbers"}, {"1", "an item is no number, or the file cannot be read"}},
	})
	var flags intsFlags
	f := c.cobra.Flags()
	f.StringVarP(&flags.write, "write", "w", "", "write the numbers to `FILE`")
	f.BoolVar(&flags.check, "check", false, "with --write: read them back, print both and whether they are the same")
	f.BoolVar(&flags.lines, "lines", false, "print a number a line")
	f.BoolVar(&flags.sum, "sum", false, "print their sum")
	f.BoolVar(&flags.stats, "stats", false, "print their count, sum, extremes, mean and standard deviation")
	f.BoolVar(&flags.json, "json", false, "print as JSON")
	c.cobra.RunE = func(_ *cobra.Command, args []string) error { return runToolInts(env, flags, args) }
	return c
}

func runToolInts(env Env, flags intsFlags, args []string) error {
	form, err := flags.form()
	switch {
	case err != nil:
		return err
	case flags.write != "":
		return toolError(app.WriteInts(flags.write, args, flags.check, env.Stdout), "")
	case flags.check:
		return usageError("cantil tool ints --write FILE --check 1 2 3", "--check belongs to --write")
	case len(args) > 1:
		return usageError("cat several into a pipe; --write FILE writes numbers", "one file at a time, not also %q", args[1])
	}
	file := ""
	if len(args) == 1 {
		file = args[0]
	}
	return toolError(app.Ints(file, env.Stdin, form, env.Stdout), "")
}

// form is what the flags ask to be printed.
func (i intsFlags) form() (app.IntsForm, error) {
	asked := 0
	for _, b := range []bool{i.lines, i.sum, i.stats} {
		if b {
			asked++
		}
	}
	switch {
	case asked > 1 || i.lines && i.json:
		return 0, usageError("one at a time", "--lines, --sum, --stats exclude each other, and --lines --json")
	case i.lines:
		return app.IntsLines, nil
	case i.sum:
		return app.IntsSum, nil
	case i.stats && i.json:
		return app.IntsStatsJSON, nil
	case i.stats:
		return app.IntsStats, nil
	case i.json:
		return app.IntsJSON, nil
	}
	return app.IntsList, nil
}
