package cli

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

func newRunsList(env Env) command {
	c := newCommand(env, usage{
		Name:     "runs list",
		Synopsis: []string{"runs list [flags]"},
		Summary:  "list runs, the newest last",
		Detail: lines(
			"Prints a line for each run: when it started, its name, what became of it, how",
			"long it took, its exit code or the signal that ended it, its tags. The first two",
			"columns, joined by _, are the run's ID; the first alone is mostly enough.",
			"",
			"A run is \"lost\" when the process that kept it is gone without telling the end,",
			"\"elsewhere\" when it was started on another machine and has not ended."),
		Examples: []example{
			{"all runs", "cantil runs list"},
			{"the last ten that failed", "cantil runs list --status failed --last 10"},
			{"those of one name with a tag, for a program", "cantil runs list --name train --tag good --json"},
		},
		Exits: []exit{{"0", "the runs were listed, be there any or none"}},
	})
	var flags runsFilter
	var asJSON bool
	flags.add(c.cobra)
	c.cobra.Flags().IntVarP(&flags.Last, "last", "n", 0, "only the newest `N` of those")
	c.cobra.Flags().BoolVar(&asJSON, "json", false, "print as a JSON array")
	c.cobra.Args = noArguments
	c.cobra.RunE = func(*cobra.Command, []string) error {
		filter, err := flags.filter()
		if err != nil {
			return err
		}
		return runRunsList(env, filter, asJSON)
	}
	return c
}

func runRunsList(env Env, filter app.RunsFilter, asJSON bool) error {
	runs, err := openRuns(env)
	if err != nil {
		return err
	}
	list, err := runs.List(filter)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(env.Stdout, 64<<10)
	switch {
	case asJSON:
		err = writeIndented(out, append([]app.RunEntry{}, list...)) // never null
	case len(list) == 0 && filter.IsZero():
		env.say("no runs are kept in %s yet; cantil run SCRIPT makes one", runs.Dir())
	case len(list) == 0:
		env.say("no run is like that; cantil runs list shows all")
	default:
		writeRuns(out, env.styleOut(), list)
	}
	if flushErr := out.Flush(); err == nil {
		err = flushErr
	}
	return err
}

func writeIndented(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

const (
	// mostName is the widest column of names; a longer name moves what follows it.
	mostName  = 40
	whenWidth = len("2026-11-22_14-03-07")
)

// writeRuns writes the table. It is called for 10,000 runs within some ms, so it does its own padding.
func writeRuns(w *bufio.Writer, style term.Style, list []app.RunEntry) {
	nameWidth, statusWidth := len("NAME"), len("STATUS")
	for i := range list {
		nameWidth = max(nameWidth, min(mostName, utf8.RuneCountInString(list[i].Name)))
		statusWidth = max(statusWidth, len(list[i].Status))
	}
	head := strings.TrimRight(fmt.Sprintf("%-*s  %-*s  %-*s  %7s  %-7s  %s", whenWidth, "WHEN", nameWidth, "NAME", statusWidth, "STATUS", "TIME", "EXIT", "TAGS"), " ")
	w.WriteString(style.Dim(head) + "\n")
	for i := range list {
		e := &list[i]
		pad(w, when(e), whenWidth+2)
		pad(w, oneLine(e.Name), nameWidth+2)
		writeStatus(w, style, e, statusWidth+2)
		took := runTime(e.Wall)
		if e.Wall == 0 && !e.HasEnded() {
			took = "-"
		}
		pad(w, "", 7-len(took))
		w.WriteString(took + "  ")
		exit := exitText(e)
		if len(e.Tags) > 0 {
			pad(w, exit, 9)
			exit = oneLine(strings.Join(e.Tags, " "))
		}
		w.WriteString(exit + "\n")
	}
}

// when is the time as the ID has it, so that it can be copied and names the run.
func when(e *app.RunEntry) string {
	if len(e.ID) > whenWidth && e.ID[whenWidth+1:] == e.Name {
		return e.ID[:whenWidth]
	}
	return e.Started.Local().Format("2006-01-02 15:04:05")
}

// writeStatus colours bad news on a terminal.
func writeStatus(w *bufio.Writer, style term.Style, e *app.RunEntry, width int) {
	text := e.Status
	if e.HasEnded() && e.Code != 0 || e.Status == "lost" || e.Status == "damaged" {
		text = style.Bad(text)
	}
	w.WriteString(text)
	pad(w, "", width-len(e.Status))
}

// exitText is the exit code, the signal that ended the run, or a dash.
func exitText(e *app.RunEntry) string {
	switch {
	case !e.HasEnded():
		return "-"
	case e.Signal != "" && e.Code > 128: // no code of its own, as that of a timeout
		return e.Signal
	}
	return strconv.Itoa(e.Code)
}

// pad writes text and spaces up to a width in characters.
func pad(w *bufio.Writer, text string, width int) {
	w.WriteString(text)
	for n := width - utf8.RuneCountInString(text); n > 0; n-- {
		w.WriteByte(' ')
	}
}
