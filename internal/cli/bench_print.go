package cli

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

const (
	// mostBenchName is the widest column of names; a longer name has a line of its own.
	mostBenchName = 40
	// plotRows are the rows of a picture.
	plotRows = 4
	// plotIndent is left of one.
	plotIndent = 2
	// severalMark stands before the memory of several processes: they are looked at from time to time.
	severalMark = "~"
)

// benchPrinter prints what was measured.
type benchPrinter struct {
	env    Env
	report *app.BenchReport
}

// print writes the table and the verdicts to stdout.
func (p *benchPrinter) print(plot bool) error {
	w := bufio.NewWriter(p.env.Stdout)
	style := p.env.styleOut()
	for i, line := range benchTable(p.report, term.Columns(p.env.Stdout)) {
		if i == 0 {
			line = style.Dim(line)
		}
		fmt.Fprintln(w, line)
	}
	if plot {
		p.plots(w, term.Width(p.env.Stdout)-plotIndent)
	}
	if len(p.report.Verdicts) > 0 {
		fmt.Fprintln(w)
	}
	for _, v := range p.report.Verdicts {
		fmt.Fprintln(w, style.Bold(oneLine(v.Text)))
	}
	return w.Flush()
}

// benchTable is the header and a line for each command, or two for one with a long name. On a terminal of so many
// columns that is too narrow it leaves out what matters least; 0 is wide enough.
func benchTable(r *app.BenchReport, columns int) []string {
	rows := [][]string{{"COMMAND", "TYPICAL", "95 %", "MIN", "MAX", "USER", "SYSTEM", "MEMORY", "RUNS"}}
	if r.Metric != "wall" && r.Metric != "memory" { // that has a column already
		rows[0][1] = strings.ToUpper(string(r.Metric))
	}
	for _, c := range r.Commands {
		rows = append(rows, benchRow(r, c))
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			if n := utf8.RuneCountInString(cell); i > 0 || n <= mostBenchName {
				widths[i] = max(widths[i], n)
			}
		}
	}
	fitBench(widths, columns)
	var list []string
	for _, row := range rows {
		line := fillTo(row[0], widths[0], false)
		if utf8.RuneCountInString(row[0]) > widths[0] {
			list = append(list, row[0])
			line = fillTo("", widths[0], false)
		}
		for i, cell := range row[1:] {
			if widths[i+1] > 0 {
				line += "  " + fillTo(cell, widths[i+1], true)
			}
		}
		list = append(list, strings.TrimRight(line, " "))
	}
	return list
}

// fitBench makes the columns fit into a line: first longer names get a line of their own, then columns go.
func fitBench(widths []int, columns int) {
	over := func() int {
		all := widths[0]
		for _, w := range widths[1:] {
			if w > 0 {
				all += 2 + w
			}
		}
		return all - columns
	}
	if columns <= 0 || over() <= 0 {
		return
	}
	widths[0] = max(len("COMMAND"), widths[0]-over())
	for _, pair := range [][2]int{{5, 6}, {3, 4}} { // processor time, then the least and the largest
		if over() > 0 {
			widths[pair[0]], widths[pair[1]] = 0, 0
		}
	}
}

func benchRow(r *app.BenchReport, c app.BenchCommand) []string {
	s, text := c.Summary[string(r.Metric)], r.Metric.Text
	row := []string{oneLine(c.Name), "-", "", "", "", "", "", "", fmt.Sprint(s.N)}
	if s.N > 0 {
		row[1], row[3], row[4] = text(s.Typical), text(s.Min), text(s.Max)
	}
	if s.High > 0 {
		row[2] = text(s.Low) + " to " + text(s.High)
	}
	if _, known := c.Summary["user"]; known {
		row[5], row[6] = app.BenchText("user", c.Told("user")), app.BenchText("system", c.Told("system"))
	}
	if m, known := c.Summary["memory"]; known {
		row[7] = app.BenchText("memory", m.Max)
		if c.Several {
			row[7] = severalMark + row[7]
		}
	} else if r.Floor > 0 {
		row[7] = "< " + app.BenchText("memory", float64(r.Floor))
	}
	return row
}

// fillTo fills a cell up to a width, on the left or on the right.
func fillTo(text string, width int, left bool) string {
	fill := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
	if left {
		return fill + text
	}
	return text + fill
}

// plots draws the figures of each command.
func (p *benchPrinter) plots(w *bufio.Writer, columns int) {
	plots, axis := p.report.Plots(max(20, columns), plotRows)
	indent := strings.Repeat(" ", plotIndent)
	for _, plot := range plots {
		fmt.Fprintf(w, "\n%s\n", oneLine(plot.Name))
		for _, line := range plot.Histogram {
			fmt.Fprintf(w, "%s%s\n", indent, line)
		}
		beyond := ""
		if plot.Beyond > 0 {
			beyond = fmt.Sprintf(", and %d more", plot.Beyond)
		}
		scale := ""
		if axis.Logarithmic {
			scale = ", logarithmic"
		}
		fmt.Fprintf(w, "%s%s to %s%s%s: how often\n", indent, axis.Low, axis.High, beyond, scale)
		for _, line := range plot.Course {
			fmt.Fprintf(w, "%s%s\n", indent, line)
		}
		cut := ""
		if plot.Above > 0 {
			cut = fmt.Sprintf(", %d above", plot.Above)
		}
		fmt.Fprintf(w, "%s0 to %s%s: in the order of the runs\n", indent, plot.Top, cut)
	}
}

// remarks tells on stderr what was subtracted, and what to mistrust.
func (p *benchPrinter) remarks() {
	r := p.report
	if r.Cost > 0 {
		p.env.say("starting a program takes %s here, which was subtracted", app.BenchText("wall", r.Cost))
	}
	if slices.ContainsFunc(r.Commands, func(c app.BenchCommand) bool { return c.Several }) {
		p.env.say("%s: there were several processes; it is the most that was seen of all together", severalMark)
	}
	for _, w := range r.Warnings {
		p.env.say("warning: %s", oneLine(w.Text))
	}
}
