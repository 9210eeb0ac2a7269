package cli

import (
	"bufio"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/internal/app"
)

// diffPrinter prints what changed.
type diffPrinter struct {
	env     Env
	report  *app.DiffReport
	rows    int
	callers bool
}

func (p *diffPrinter) print() error {
	w := bufio.NewWriter(p.env.Stdout)
	r := p.report
	p.ends(w)
	if len(r.Figures) > 0 {
		p.figures(w)
	}
	if r.Profile != nil {
		if len(r.Figures) > 0 {
			fmt.Fprintln(w)
		}
		p.totals(w)
		p.table(w)
	}
	return w.Flush()
}

// ends tells how the runs ended, where there are runs on both sides.
func (p *diffPrinter) ends(w *bufio.Writer) {
	before, _ := p.report.EndsOf("before")
	after, _ := p.report.EndsOf("after")
	if len(before) == 0 || len(after) == 0 {
		return
	}
	for _, side := range []string{"before", "after"} {
		ends, times := p.report.EndsOf(side)
		var list []string
		for _, e := range ends {
			if times[e] > 1 {
				e = fmt.Sprintf("%s (%d times)", e, times[e])
			}
			list = append(list, e)
		}
		fmt.Fprintf(w, "%-7s %s\n", side, strings.Join(list, "; "))
	}
}

// figures is the table of what runs or commands took.
func (p *diffPrinter) figures(w *bufio.Writer) {
	rows := [][]string{{"", "BEFORE", "AFTER", ""}}
	for _, f := range p.report.Figures {
		more, less := app.MetricWords(f.Metric)
		rows = append(rows, []string{strings.TrimSpace(oneLine(f.Name) + " " + f.Metric), app.BenchText(f.Metric, f.Before), app.BenchText(f.Metric, f.After), app.WholeText(f.Change, more, less)})
	}
	p.columns(w, rows, 0, 3)
}

func (p *diffPrinter) totals(w *bufio.Writer) {
	rows := [][]string{{"", "BEFORE", "AFTER", ""}}
	for _, t := range p.report.Totals() {
		rows = append(rows, []string{t.Name, t.Before, t.After, t.Text})
	}
	p.columns(w, rows, 0, 3)
}

// table has a line for each function that changed, and below it its callers if they are asked for.
func (p *diffPrinter) table(w *bufio.Writer) {
	shown, folded := p.report.Shown(p.rows)
	if len(shown) > 0 {
		fmt.Fprintln(w)
		counts := "CALLS"
		if p.report.Sampled() {
			counts = "SAMPLES"
		}
		rows := [][]string{{"OWN", "AFTER", "CHANGE", "CUM", "AFTER", "CHANGE", counts, "EXPLAINS", "VERDICT", "FUNCTION"}}
		for i := range shown {
			row := &shown[i]
			rows = append(rows, append(p.cells(&row.Change, app.ExplainsText(row.Explains)), oneLine(app.FuncText(row.Name()))))
			for j := range row.Callers {
				if caller := &row.Callers[j]; p.callers {
					rows = append(rows, append(p.cells(&caller.Change, ""), "  <- "+oneLine(app.FuncText(caller.Name()))))
				}
			}
		}
		p.columns(w, rows, 8, 9)
	}
	if lines := folded.Lines(p.report.Profile.Judged); len(lines) > 0 {
		fmt.Fprintf(w, "\n%s\n", strings.Join(lines, "\n"))
	}
}

func (p *diffPrinter) cells(c *app.DiffChange, explains string) []string {
	return []string{
		app.SecondsText(c.Own.Before), app.SecondsText(c.Own.After), app.ChangeText(c.Own),
		app.SecondsText(c.Cumulative.Before), app.SecondsText(c.Cumulative.After), app.ChangeText(c.Cumulative),
		app.CallsText(c.Calls), explains, app.VerdictOf(c),
	}
}

// columns writes a table; the given columns, and all after them, are aligned on the left. Columns that are empty are left out.
func (p *diffPrinter) columns(w *bufio.Writer, rows [][]string, left ...int) {
	widths := make([]int, len(rows[0]))
	for n, row := range rows {
		for i, cell := range row {
			if n > 0 && cell != "" || n == 0 && i == len(row)-1 {
				widths[i] = max(widths[i], utf8.RuneCountInString(cell), utf8.RuneCountInString(rows[0][i]))
			}
		}
	}
	leftOf := func(i int) bool {
		for _, l := range left {
			if l == i {
				return true
			}
		}
		return false
	}
	style := p.env.styleOut()
	for n, row := range rows {
		var cells []string
		for i, cell := range row {
			if widths[i] > 0 || i == len(row)-1 {
				cells = append(cells, fillTo(cell, widths[i], !leftOf(i)))
			}
		}
		line := strings.TrimRight(strings.Join(cells, "  "), " ")
		if n == 0 {
			line = style.Dim(line)
		}
		fmt.Fprintln(w, line)
	}
}
