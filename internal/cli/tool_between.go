package cli

import (
	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

func newToolBetween(env Env) command {
	c := newCommand(env, usage{
		Name:     "tool between",
		Synopsis: []string{"tool between [flags] [FILE]"},
		Summary:  "print the text between two markers",
		Detail: lines(
			"Prints what stands behind the first prefix and before the first suffix that",
			"follows it, byte for byte. Without --prefix that begins at the start, without",
			"--suffix it goes to the end. No FILE, or -, is the standard input. Any size",
			"passes through in little memory.",
			"",
			"A marker that is missing is told, and exit code 1. Of a file nothing is then",
			"printed; what comes through a pipe is printed as it comes, up to its end.",
			"",
			"With --regex the markers are regular expressions in Go's syntax (RE2), looked",
			"for in one line at a time; ^ and $ are the ends of a line."),
		Examples: []example{
			{"between two markers", "cantil tool between --prefix '<title>' --suffix '</title>' page.html"},
			{"all behind a line of a log, from a pipe", "zcat log.gz | cantil tool between --regex --prefix '^epoch 7.*\\n'"},
			{"all certificates, with their markers",
				"cantil tool between --all --include-markers --prefix '-----BEGIN' --suffix 'END CERTIFICATE-----' bundle.pem"},
			{"where they stand, as offsets", "cantil tool between --all --json --prefix '(' --suffix ')' notes.txt"},
		},
		Exits: []exit{{"0", "the text was printed"}, {"1", "a marker is missing, or the file cannot be read"}},
	})
	opts := app.BetweenOptions{Stdin: env.Stdin}
	var prefix, suffix string
	f := c.cobra.Flags()
	f.StringVarP(&prefix, "prefix", "p", "", "begin behind `TEXT`")
	f.StringVarP(&suffix, "suffix", "s", "", "end before `TEXT`")
	f.BoolVar(&opts.Regex, "regex", false, "the markers are regular expressions")
	f.BoolVar(&opts.All, "all", false, "every such text, with a line feed behind each")
	f.IntVar(&opts.Nth, "nth", 1, "the `N`th such text")
	f.BoolVar(&opts.Include, "include-markers", false, "print the markers as well")
	f.BoolVar(&opts.JSON, "json", false, "print as JSON, with offsets in bytes")
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if cmd.Flags().Changed("prefix") {
			opts.Prefix = &prefix
		}
		if cmd.Flags().Changed("suffix") {
			opts.Suffix = &suffix
		}
		if opts.All && cmd.Flags().Changed("nth") {
			return usageError("--nth is one of them, --all is all", "--all and --nth exclude each other")
		}
		return runToolBetween(env, opts, args)
	}
	return c
}

func runToolBetween(env Env, opts app.BetweenOptions, args []string) error {
	switch {
	case len(args) > 1:
		return usageError("cantil tool between --prefix P --suffix S FILE", "one file at a time, not also %q", args[1])
	case opts.Nth < 1:
		return usageError("the first is --nth 1", "there is no --nth %d", opts.Nth)
	case len(args) == 1:
		opts.File = args[0]
	}
	return toolError(app.Between(opts, env.Stdout), "")
}
