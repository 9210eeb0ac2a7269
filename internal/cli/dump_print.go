package cli

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

// repeats is how many equal frames in a row are shown, as in a traceback.
const repeats = 3

// dumpPrinter prints stacks as text.
type dumpPrinter struct {
	*bufio.Writer
	style  term.Style
	locals bool
}

func printDump(env Env, report *app.DumpReport, locals bool) error {
	p := &dumpPrinter{bufio.NewWriter(env.Stdout), env.styleOut(), locals}
	for i, process := range report.Processes {
		if i > 0 {
			fmt.Fprintln(p)
		}
		p.process(process)
	}
	for _, process := range report.Processes {
		for _, file := range process.Newer {
			env.say("%s has changed since process %d began; its lines are not shown", oneLine(file), process.PID)
		}
	}
	return p.Flush()
}

func (p *dumpPrinter) process(one app.DumpProcess) {
	fmt.Fprintf(p, "%s %s\n", p.style.Bold(fmt.Sprintf("Process %d:", one.PID)), oneLine(one.CommandLine()))
	if one.Error != "" {
		fmt.Fprintf(p, "  %s\n", oneLine(one.Error))
		return
	}
	fmt.Fprintln(p, p.style.Dim(fmt.Sprintf("Python %s (%s), %s, most recent call first",
		one.Python, oneLine(one.Runtime), count(len(one.Threads), "thread", "threads"))))
	for _, th := range one.Threads {
		fmt.Fprintln(p)
		p.thread(th)
	}
}

func (p *dumpPrinter) thread(th app.DumpThread) {
	title := "Thread"
	if th.TID != 0 {
		title = fmt.Sprintf("Thread %d", th.TID)
	}
	title = p.style.Bold(title)
	if th.Name != "" {
		title += " " + p.style.Bold(`"`+oneLine(th.Name)+`"`)
	}
	about := []string{th.State}
	if th.GIL {
		about = append(about, "holds the GIL")
	}
	if th.Interpreter != 0 {
		about = append(about, fmt.Sprintf("interpreter %d", th.Interpreter))
	}
	fmt.Fprintf(p, "%s: %s\n", title, strings.Join(about, ", "))
	switch {
	case th.Error != "":
		fmt.Fprintf(p, "  its stack cannot be told: %s\n", oneLine(th.Error))
	case len(th.Frames) == 0:
		fmt.Fprintln(p, "  runs no Python")
	}
	p.frames(th.Frames)
}

// frames prints a stack; of a recursion the first frames and a count.
func (p *dumpPrinter) frames(frames []app.DumpFrame) {
	same := 0
	for i, f := range frames {
		if i > 0 && f.Function == frames[i-1].Function && f.File == frames[i-1].File && f.Line == frames[i-1].Line {
			same++
		} else {
			p.repeated(same)
			same = 0
		}
		if same < repeats {
			p.frame(f)
		}
	}
	p.repeated(same)
}

func (p *dumpPrinter) repeated(same int) {
	if same >= repeats {
		fmt.Fprintf(p, "  %s\n", p.style.Dim(fmt.Sprintf("(the same frame %s more)", count(same-repeats+1, "time", "times"))))
	}
}

func (p *dumpPrinter) frame(f app.DumpFrame) {
	place := oneLine(f.File)
	if f.Native {
		place = "a C function"
	} else if f.Line > 0 {
		place += fmt.Sprintf(":%d", f.Line)
	}
	fmt.Fprintf(p, "  %s (%s)\n", p.style.Bold(oneLine(f.Function)), place)
	if f.Source != "" {
		fmt.Fprintf(p, "      %s\n", p.style.Dim(oneLine(f.Source)))
	}
	if !p.locals {
		return
	}
	for _, v := range f.Locals {
		fmt.Fprintf(p, "        %s = %s\n", oneLine(v.Name), oneLine(v.Value))
	}
	switch {
	case f.Unread && f.Changing:
		fmt.Fprintln(p, "        (its variables changed faster than they could be read; --pause stops the process)")
	case f.Unread:
		fmt.Fprintln(p, "        (in the middle of a deep stack: its variables were not read)")
	case f.Changing:
		fmt.Fprintln(p, "        (these changed while they were read; --pause stops the process)")
	}
	if f.LeftOut > 0 {
		fmt.Fprintf(p, "        (and %d more)\n", f.LeftOut)
	}
}
