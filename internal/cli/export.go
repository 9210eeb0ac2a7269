package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

func newExport(env Env) command {
	names, summaries := app.ExportFormats()
	detail := []string{
		"Reads a profile that cantil, cProfile or another tool has written (the files",
		"that cantil stats reads), and writes it for another tool. RUN is an ID, a name,",
		"or @last; of a run that was sampled the samples are taken, else its exact",
		"profile.",
		"",
		"Samples are whole stacks; an exact profile knows calls, and who called whom.",
		"Where paths are written of an exact profile, times that are shared out by",
		"callers are marked: [bounded] where the path was taken, [guessed] where it may",
		"not have been. Where a format needs what a profile has not, that is said. The",
		"formats:",
		"",
	}
	for i, name := range names {
		what, how, _ := strings.Cut(summaries[i], ": ")
		detail = append(detail, "  "+fillTo(name, 12, false)+what, "  "+fillTo("", 12, false)+how)
	}
	c := newCommand(env, usage{
		Name:     "export",
		Synopsis: []string{"export [flags] --to FORMAT FILE|RUN"},
		Summary:  "write a profile in another tool's format",
		Detail:   lines(detail...),
		Examples: []example{
			{"a page to look at and to send", "cantil export --to html -o train.html @last"},
			{"a flame graph of the last run", "cantil export --to flamegraph -o flame.svg @last"},
			{"for speedscope.app", "cantil export --to speedscope -o train.speedscope.json samples.pb.gz"},
			{"for KCachegrind, from cProfile's file", "cantil export --to callgrind -o train.callgrind train.prof"},
		},
		Exits: []exit{
			{"0", "it was written"},
			{"1", "the profile cannot be read, or the format cannot hold it"},
			{"127", "svg, png: Graphviz is not installed"},
		},
	})
	opts := app.ExportOptions{Getenv: env.Getenv, Stdout: env.Stdout}
	f := c.cobra.Flags()
	f.StringVar(&opts.To, "to", "", "the `FORMAT`: "+strings.Join(names, ", "))
	f.StringVarP(&opts.Out, "output", "o", "", "write to `FILE`, not to stdout")
	f.BoolVar(&opts.Sources, "sources", false, "with --to html: put the program's sources into the page, for all who get it to read")
	_ = c.cobra.RegisterFlagCompletionFunc("to", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var list []cobra.Completion
		for i, name := range names {
			list = append(list, cobra.CompletionWithDesc(name, summaries[i]))
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	})
	c.cobra.RunE = func(_ *cobra.Command, args []string) error {
		hint := "cantil export --to collapsed samples.pb.gz, or --to collapsed @last"
		switch {
		case len(args) == 0:
			return usageError(hint, "no profile to export")
		case len(args) > 1:
			return usageError("cantil stats -o FILE adds several up first", "one profile at a time, not %d", len(args))
		case opts.To == "":
			return usageError(hint, "--to is missing: the format")
		}
		opts.Source = args[0]
		return runExport(env, opts)
	}
	return c
}

func runExport(env Env, opts app.ExportOptions) error {
	names, _ := app.ExportFormats()
	if !slices.Contains(names, opts.To) {
		hint := "the formats are " + strings.Join(names, ", ")
		if near := nearest(opts.To, names); near != "" {
			hint = "did you mean --to " + near + "?"
		}
		return usageError(hint, "unknown format %q", opts.To)
	}
	err := app.Export(opts, term.IsTerminal(env.Stdout))
	switch {
	case errors.Is(err, app.ErrBinary):
		return usageError("-o FILE, or a pipe", "what %s writes is nothing for a terminal", opts.To)
	case errors.Is(err, app.ErrNoSources):
		return usageError("cantil export --to html --sources FILE", "--sources is for --to html: no other format holds sources")
	case errors.Is(err, app.ErrNoGraphviz):
		return &failure{err: err, hint: "install Graphviz (apt-get install graphviz, brew install graphviz), or use --to flamegraph, which needs nothing", code: codeNotFound}
	}
	return err
}
