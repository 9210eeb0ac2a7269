package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// The exit codes of scan, as scanners have them.
const (
	codeFound  = 1
	codeNotAll = 2
)

func newScan(env Env) command {
	c := newCommand(env, usage{
		Name:     "scan",
		Synopsis: []string{"scan [flags] FILE|FOLDER..."},
		Summary:  "say whether it is safe to let Python load a pickle",
		Detail: lines(
			"Simulates what Python's unpickler would do, without doing any of it, and judges",
			"every class and function that would be imported, called or changed. It looks",
			"into .npy, .npz and other zip files, torch's among them, gzip, zlib and bzip2;",
			"what a file is, its content says. In folders it looks at every file, and leaves",
			"out those that are no pickles.",
			"",
			"The verdicts, of which the worst counts:",
			"  data       nothing is imported",
			"  known      only calls that are known to be harmless, as picklers write them",
			"  unknown    other classes or functions: trust who wrote it, or do not load it",
			"  dangerous  runs commands or code, or uses a known name in another way",
			"  malformed  cannot be read to its end, or readers would differ about it"),
		Examples: []example{
			{"one file", "cantil scan model.pkl"},
			{"all files of a folder", "cantil scan downloads/"},
			{"trust two classes of your own", "cantil scan --allow train.Model --allow train.Layer model.pkl"},
			{"for another program", "cantil scan --json model.pt"},
		},
		Exits: []exit{
			{"0", "every file is data or known"},
			{"1", "a file is unknown, dangerous or malformed"},
			{"2", "a file cannot be read; no other is bad"},
		},
	})
	var opts app.ScanOptions
	var asJSON bool
	f := c.cobra.Flags()
	f.StringArrayVar(&opts.Allow, "allow", nil, "trust `MODULE.NAME`, however it is used; may be repeated")
	f.BoolVar(&asJSON, "json", false, "print as JSON")
	c.cobra.RunE = func(_ *cobra.Command, args []string) error {
		opts.Paths = args
		return runScan(env, opts, asJSON)
	}
	return c
}

func runScan(env Env, opts app.ScanOptions, asJSON bool) error {
	if len(opts.Paths) == 0 {
		return usageError("cantil scan FILE", "no file to scan")
	}
	var each func(app.Scanned)
	if !asJSON {
		each = func(s app.Scanned) { printScanned(env, s) }
	}
	result, err := app.Scan(opts, each)
	if err != nil {
		return err
	}
	if asJSON {
		if err := writeIndented(env.Stdout, result); err != nil {
			return err
		}
	} else if result.Skipped > 0 {
		env.say("%d other files are no pickles", result.Skipped)
	}
	switch {
	case !result.Clean:
		return exitStatus(codeFound)
	case result.Failed:
		return exitStatus(codeNotAll)
	}
	return nil
}

// printScanned prints a line for a file, and one for each bad finding below it.
func printScanned(env Env, s app.Scanned) {
	if s.Error != "" {
		env.sayError(s.Error, "")
		return
	}
	verdict := fmt.Sprintf("%-9s", s.Verdict)
	if !s.Clean {
		verdict = env.styleOut().Bad(verdict)
	}
	fmt.Fprintf(env.Stdout, "%s  %s\n", verdict, oneLine(s.File))
	for _, f := range s.Findings {
		if !f.Clean { // only --json tells all
			fmt.Fprintf(env.Stdout, "             %s\n", oneLine(f.Text))
		}
	}
	if s.Left > 0 {
		fmt.Fprintf(env.Stdout, "             and %d more\n", s.Left)
	}
}
