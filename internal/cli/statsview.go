package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

// addView adds the flags that say what of a profile is shown; profile and stats
// share them.
func addView(c *cobra.Command, view *app.StatsView) {
	defaults := app.DefaultView()
	f := c.Flags()
	f.StringArrayVarP(&view.Sort, "sort", "s", defaults.Sort,
		"order by `KEY`: cumtime, tottime, ncalls, pcalls, filename, line, name, nfl, stdname, or none for the file's order; again for a second key")
	f.StringArrayVarP(&view.Restrict, "restrict", "r", defaults.Restrict,
		"show only some: `R` is a count (15), a fraction with a point (0.1), else a Python regular expression, or all; each narrows what the last left")
	f.BoolVar(&view.StripDirs, "strip-dirs", false, "file names without their folders")
	f.BoolVar(&view.Callers, "callers", false, "instead of the table: by whom each function was called")
	f.BoolVar(&view.Callees, "callees", false, "instead of the table: what each function called")
	f.BoolVar(&view.Reverse, "reverse", false, "the list the other way round")
	f.BoolVar(&view.Correct, "correct", false, "right figures where pstats itself loses some: callers that --strip-dirs makes alike are added up")
	f.Lookup("sort").DefValue, f.Lookup("restrict").DefValue = app.DefaultSort, app.DefaultRestrict
	// The only error is that there is no such flag; a transcript completes it.
	_ = c.RegisterFlagCompletionFunc("sort", completeSort)
}

// formatFlags choose the form in which a profile is printed.
type formatFlags struct{ json, csv bool }

func (f *formatFlags) add(c *cobra.Command) {
	c.Flags().BoolVar(&f.json, "json", false, "print as JSON, every function with its callers")
	c.Flags().BoolVar(&f.csv, "csv", false, "print as CSV, a line per function and per caller")
}

func (f *formatFlags) format() (app.Format, error) {
	switch {
	case f.json && f.csv:
		return app.Text, usageError("choose one of them", "--json and --csv exclude each other")
	case f.json:
		return app.JSON, nil
	case f.csv:
		return app.CSV, nil
	}
	return app.Text, nil
}

func completeSort(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var list []cobra.Completion
	words, meanings := app.SortKeys()
	for i, word := range words {
		list = append(list, cobra.CompletionWithDesc(word, meanings[i]))
	}
	return list, cobra.ShellCompDirectiveNoFileComp
}

// checkView refuses a view that makes no sense, before a program is run for it.
func checkView(c *cobra.Command, view app.StatsView) error {
	err := view.Check()
	if err == nil {
		return nil
	}
	hint := c.CommandPath() + " --help explains --sort and --restrict"
	words, _ := app.SortKeys()
	for _, key := range view.Sort {
		near := nearest(key, words)
		if near != "" && near != key && strings.Contains(err.Error(), strconv.Quote(key)) {
			hint = fmt.Sprintf("did you mean --sort %s?", near)
		}
	}
	return usageError(hint, "%w", err)
}
