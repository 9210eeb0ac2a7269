package cli

import (
	"bufio"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

func newRunsFind(env Env) command {
	c := newCommand(env, usage{
		Name:     "runs find",
		Synopsis: []string{"runs find [flags] TEXT [RUN...]"},
		Summary:  "find a text in what runs have printed",
		Detail: lines(
			"Prints each line of the runs' stdout and stderr that has TEXT in it, with the",
			"run, the stream and the number of the line. TEXT is taken as it is. Without RUN,",
			"all runs are searched, or those that the filters mean, the oldest first."),
		Examples: []example{
			{"which runs of the last week ran out of memory", "cantil runs find --since 7d MemoryError"},
			{"only the names of the runs", "cantil runs find -l 'loss: nan'"},
		},
		Exits: []exit{{"0", "it was found"}, {"1", "it was not, or there is no such run"}},
	})
	var flags runsFilter
	var how findFlags
	flags.add(c.cobra)
	f := c.cobra.Flags()
	f.BoolVarP(&how.anyCase, "ignore-case", "i", false, "small letters and large are the same")
	f.BoolVarP(&how.names, "list", "l", false, "only the IDs of the runs")
	f.BoolVar(&how.json, "json", false, "print a JSON object a line")
	c.cobra.ValidArgsFunction = completeAfterFirst(completeRuns(env))
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 || args[0] == "" {
			return usageError("cantil runs find TEXT", "no text to find")
		}
		filter, err := flags.filter()
		if err != nil {
			return err
		}
		return runFind(cmd, env, args[0], args[1:], filter, how)
	}
	return c
}

type findFlags struct{ anyCase, names, json bool }

func runFind(cmd *cobra.Command, env Env, text string, refs []string, filter app.RunsFilter, how findFlags) error {
	runs, list, err := chosenRuns(env, refs, filter)
	if err != nil {
		return err
	}
	p := hitPrinter{out: bufio.NewWriter(env.Stdout), style: env.styleOut(), findFlags: how}
	err = runs.Search(cmd.Context(), list, text, how.anyCase, p.print)
	if flushErr := p.out.Flush(); err == nil {
		err = flushErr
	}
	if err == nil && !p.found {
		return exitStatus(codeBadInput)
	}
	return err
}

// chosenRuns are the runs that are named, or else those that the filter means.
func chosenRuns(env Env, refs []string, filter app.RunsFilter) (app.Runs, []app.RunEntry, error) {
	runs, err := openRuns(env)
	if err != nil {
		return runs, nil, err
	}
	if len(refs) == 0 {
		list, err := runs.List(filter)
		return runs, list, err
	}
	if !filter.IsZero() {
		return runs, nil, usageError("either name runs, or filter all of them", "runs that are named are not filtered")
	}
	list, err := runs.FindAll(refs)
	return runs, list, runError(err)
}

// hitPrinter prints hits as they come.
type hitPrinter struct {
	findFlags
	out   *bufio.Writer
	style term.Style
	found bool
	last  string // the run of the last hit
}

func (p *hitPrinter) print(hit app.Hit) error {
	p.found = true
	switch {
	case p.names:
		if hit.Run != p.last {
			p.last = hit.Run
			fmt.Fprintln(p.out, hit.Run)
		}
	case p.json:
		return json.NewEncoder(p.out).Encode(hit)
	default:
		fmt.Fprintf(p.out, "%s %s\n", p.style.Dim(fmt.Sprintf("%s:%s:%d:", hit.Run, hit.Stream, hit.Line)), oneLine(hit.Text))
	}
	return nil
}

// completeAfterFirst leaves the first argument to the user.
func completeAfterFirst(complete cobra.CompletionFunc) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(cmd, args, word)
	}
}
