package cli

import (
	"bufio"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

func newRunsShow(env Env) command {
	c := newCommand(env, usage{
		Name:     "runs show",
		Synopsis: []string{"runs show [flags] [RUN]"},
		Summary:  "show what is kept of a run",
		Detail: lines(
			"Prints what was asked for, what became of it, its figures, where its output and",
			"its profile are, the variables that were kept, and the exception that ended it",
			"with the variables of each frame. Without RUN, the newest."),
		Examples: []example{
			{"the newest run", "cantil runs show"},
			{"the one before, with its environment", "cantil runs show --env @-2"},
			{"how much memory did it take, for a program", "cantil runs show --json train | jq .outcome.max_rss_bytes"},
		},
		Exits: []exit{{"0", "it was shown"}, noRunExit},
	})
	var asJSON, withEnv bool
	c.cobra.Flags().BoolVar(&withEnv, "env", false, "also the environment it was given, secrets masked")
	c.cobra.Flags().BoolVar(&asJSON, "json", false, "print everything as JSON")
	c.cobra.ValidArgsFunction = completeRuns(env)
	c.cobra.RunE = func(_ *cobra.Command, args []string) error {
		runs, e, err := oneRun(env, args)
		if err != nil {
			return err
		}
		details := runs.Show(e)
		if asJSON {
			return writeIndented(env.Stdout, details)
		}
		for _, problem := range details.Problems {
			env.say("%s", problem)
		}
		s := runPrinter{bufio.NewWriter(env.Stdout), env.styleOut()}
		s.run(&details, withEnv)
		return s.out.Flush()
	}
	return c
}

// runPrinter prints a run, a line for each thing that is known of it.
type runPrinter struct {
	out   *bufio.Writer
	style term.Style
}

// line prints one thing, unless there is nothing to say of it.
func (s runPrinter) line(name, text string) {
	if text != "" {
		fmt.Fprintf(s.out, "%s %s\n", s.style.Dim(fmt.Sprintf("%-10s", name)), oneLine(text))
	}
}

func (s runPrinter) run(d *app.RunDetails, withEnv bool) {
	fmt.Fprintln(s.out, s.style.Bold(d.ID))
	s.line("status", app.StatusText(d))
	s.line("command", d.Command)
	s.line("started", d.Started.Local().Format(time.RFC3339))
	s.outcome(d)
	s.line("tags", strings.Join(d.Tags, " "))
	s.asked(d)
	s.line("folder", d.Dir)
	s.output(d)
	if d.Profile != "" {
		s.line("profile", d.Profile)
	}
	if d.Samples != "" {
		s.line("samples", d.Samples)
	}
	s.kept(d)
	s.timings(d)
	s.packages(d.Packages)
	if d.Traceback != nil {
		s.traceback(d.Traceback)
	}
	if withEnv && d.Asked != nil {
		s.env(d.Asked.Env)
	}
}

func (s runPrinter) outcome(d *app.RunDetails) {
	o := d.Outcome
	if o == nil {
		if d.Wall > 0 {
			s.line("so far", runTime(d.Wall))
		}
		return
	}
	s.line("took", fmt.Sprintf("%.3f s; processor %.3f s user, %.3f s system", o.Wall, o.User, o.System))
	memory := byteCount(o.MaxRSS)
	if o.TreePeak > 0 {
		memory += fmt.Sprintf(" of one process, %s of all together", byteCount(o.TreePeak))
	}
	if o.MaxRSS > 0 {
		s.line("memory", memory)
	}
	if o.MinorFaults+o.Waits+o.Preemptions > 0 {
		s.line("system", fmt.Sprintf("%d page faults, %d from the disk; %d waits, %d preemptions; %d blocks read, %d written",
			o.MinorFaults+o.MajorFaults, o.MajorFaults, o.Waits, o.Preemptions, o.BlocksIn, o.BlocksOut))
	}
}

func (s runPrinter) asked(d *app.RunDetails) {
	a := d.Asked
	if a == nil {
		return
	}
	python := a.Interpreter.Path
	if a.Interpreter.Version != "" {
		python = a.Interpreter.Version + ", " + python
	}
	s.line("python", python)
	s.line("in", a.Cwd)
	if a.Git != nil {
		s.line("git", strings.TrimSpace(a.Git.Branch+" "+a.Git.Commit))
	}
	s.line("machine", a.Host)
	s.line("cantil", a.Cantil)
}

func (s runPrinter) output(d *app.RunDetails) {
	if d.Outcome == nil || d.Outcome.StdoutBytes+d.Outcome.StderrBytes == 0 {
		return
	}
	s.line("output", fmt.Sprintf("%s of stdout, %s of stderr: cantil runs logs %s",
		byteCount(d.Outcome.StdoutBytes), byteCount(d.Outcome.StderrBytes), d.ID))
}

func (s runPrinter) kept(d *app.RunDetails) {
	if d.Kept == nil {
		return
	}
	for _, v := range d.Kept.Variables {
		if v.Error != "" {
			s.line("not kept", fmt.Sprintf("%s: %s", v.Name, v.Error))
			continue
		}
		s.line("kept", fmt.Sprintf("%s, %s, %s: %s", v.Name, v.Type, byteCount(v.Bytes), filepath.Join(d.Dir, "kept", filepath.FromSlash(v.File))))
	}
}

func (s runPrinter) timings(d *app.RunDetails) {
	for _, t := range d.Timings {
		if t.Missing != "" {
			s.line("timed", t.Missing+": there was no such function")
			continue
		}
		s.line("timed", fmt.Sprintf("%s: calls %d, %.3f s in all, from %.3g to %.3g s each", t.Function, t.Calls, t.Total, t.Least, t.Most))
	}
}

// packages prints what pip changed.
func (s runPrinter) packages(p *app.RunPackages) {
	if p == nil {
		return
	}
	changes := p.Changes()
	for _, c := range changes {
		s.line("packages", c.String())
	}
	if len(changes) == 0 && p.After != nil {
		s.line("packages", fmt.Sprintf("%d installed, as before", len(p.After)))
	}
}

// traceback prints an exception as Python does, with the variables below each line.
func (s runPrinter) traceback(t *app.RunTraceback) {
	for i := len(t.Chain) - 1; i >= 0; i-- { // Python begins with the first
		s.exception(&t.Chain[i])
		sentence := "While this was handled, another exception came:"
		if t.Chain[i].Link == "cause" {
			sentence = "It was the direct cause of this exception:"
		}
		fmt.Fprintf(s.out, "\n%s\n", sentence)
	}
	s.exception(t)
}

func (s runPrinter) exception(t *app.RunTraceback) {
	fmt.Fprintln(s.out)
	for _, f := range t.Frames {
		if f.LeftOut > 0 {
			fmt.Fprintf(s.out, "  ... %d frames left out\n", f.LeftOut)
			continue
		}
		fmt.Fprintf(s.out, "  %s:%d in %s\n", oneLine(f.File), f.Line, s.style.Bold(oneLine(f.Name)))
		if f.Source != "" {
			fmt.Fprintf(s.out, "      %s\n", oneLine(f.Source))
		}
		for _, name := range slices.Sorted(maps.Keys(f.Locals)) {
			fmt.Fprintf(s.out, "        %s = %s\n", s.style.Dim(oneLine(name)), oneLine(f.Locals[name]))
		}
		if f.LocalsLeftOut > 0 {
			fmt.Fprintf(s.out, "        ... %d variables left out\n", f.LocalsLeftOut)
		}
	}
	name := oneLine(t.Type)
	if t.Value != "" {
		name += ": " + oneLine(t.Value)
	}
	if t.Thread != "" {
		name += " (in thread " + oneLine(t.Thread) + ")"
	}
	fmt.Fprintln(s.out, s.style.Bad(name))
}

func (s runPrinter) env(env map[string]string) {
	fmt.Fprintln(s.out)
	for _, name := range slices.Sorted(maps.Keys(env)) {
		fmt.Fprintf(s.out, "%s=%s\n", oneLine(name), oneLine(env[name]))
	}
}
