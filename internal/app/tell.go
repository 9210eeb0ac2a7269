package app

import (
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/profile/parts"
	"github.com/cantil-py/cantil/run"
)

// mostTold bounds the lines about one kind of thing; the rest is counted.
const mostTold = 8

// tellProcesses says what the user should know beside the table: processes that were
// cut off, calls that were open then, and what the collector noticed.
func (o *ProfileOptions) tellProcesses(processes []parts.Process, ended run.Outcome) {
	told := map[string]bool{}
	for i := range processes {
		p := &processes[i]
		for _, warning := range p.Warnings {
			if !told[warning] {
				told[warning] = true
				o.Say(warning)
			}
		}
		if p.Cut() {
			o.tellCut(p, ended)
		}
	}
	if len(processes) > 1 {
		o.Say(fmt.Sprintf("the table adds up %d processes; --per-process and --per-thread split it", len(processes)))
	}
}

// noProfile says why there is nothing to show.
func noProfile(ended run.Outcome, python string) string {
	if ended.Signal != "" {
		return fmt.Sprintf("no profile was left behind: %s ended the program before its first snapshot", ended.Signal)
	}
	return fmt.Sprintf("no profile was left behind: %s could not save it, or ended before the program began", python)
}

func (o *ProfileOptions) tellCut(p *parts.Process, ended run.Outcome) {
	why := "ended without saving"
	switch {
	case int(p.PID) == ended.PID && ended.Signal != "":
		why = "was killed by " + ended.Signal
	case int(p.PID) != ended.PID && run.Alive(int(p.PID)):
		why = "is still running"
	}
	o.Say(fmt.Sprintf("process %s %s; its profile is that of its last snapshot", processTitle(p), why))
	lines := openCalls(p, o.typedNames())
	if len(lines) == 0 {
		return
	}
	o.Say("calls still open then are in the table, each with its time so far:")
	for i, line := range lines {
		if i == mostTold {
			o.Say(fmt.Sprintf("  and %d more", len(lines)-i))
			break
		}
		o.Say("  " + line)
	}
}

func openCalls(p *parts.Process, rename func(string) string) []string {
	var lines []string
	for i := range p.Threads {
		for _, call := range p.Threads[i].Open {
			call.Func.File = rename(call.Func.File)
			line := fmt.Sprintf("%8.3f s  %s", call.Seconds, call.Func)
			if !p.Threads[i].Main {
				line += ", in thread " + p.Threads[i].Name
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// processTitle names a process for people: its id and command line.
func processTitle(p *parts.Process) string {
	title := fmt.Sprintf("%d", p.PID)
	if len(p.Argv) > 0 {
		title += " (" + strings.Join(p.Argv, " ") + ")"
	}
	if len(title) > 100 {
		title = strings.ToValidUTF8(title[:97], "") + "..."
	}
	return title
}
