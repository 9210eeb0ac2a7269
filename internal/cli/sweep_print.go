package cli

import (
	"bufio"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

const (
	// mostValueWidth is the widest column of a parameter; a longer value is cut, --json and --csv have it whole.
	mostValueWidth = 30
	// bestShown is how many points are shown when a sweep ends.
	bestShown = 10
	// sweepPlotRows is the height of a plot, and plotMargin what stands left of it.
	sweepPlotRows = 15
	plotMargin    = 12
	// leastSpan is the least width of the lines beside means.
	leastSpan = 10
)

// sweepWriter writes tables about sweeps.
type sweepWriter struct {
	*bufio.Writer
	style term.Style
	width int
}

// sweepResult prints what came of a sweep that has just ended, if there is a figure to tell.
func (env Env) sweepResult(s *app.Sweep, asJSON bool) error {
	r, err := s.Report(nil, false)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(env.Stdout, r)
	}
	if len(r.Metrics) == 0 || r.Counts.Done == 0 {
		return nil
	}
	out := bufio.NewWriter(env.Stdout)
	w := sweepWriter{Writer: out, style: env.styleOut(), width: term.Width(env.Stdout)}
	w.report(r, bestShown)
	return out.Flush()
}

// report writes the points and the means.
func (w sweepWriter) report(r *app.SweepReport, top int) {
	fmt.Fprintf(w, "%s: %s; %s\n\n", w.style.Bold("sweep "+r.ID), oneLine(shown(r.Program)), countsText(r.Counts))
	rows := r.Rows
	if top > 0 {
		rows = rows[:min(top, len(rows))]
	}
	w.rows(r, rows)
	if left := len(r.Rows) - len(rows); left > 0 {
		fmt.Fprintf(w, "and %d more; cantil sweep show %s\n", left, r.ID)
	}
	if len(r.Means) > 0 {
		w.means(r)
	}
}

// countsText is "12 points: 10 done, 1 failed, 1 missing".
func countsText(c app.SweepCounts) string {
	if c.Done == c.All {
		return count(c.All, "point", "points") + ", all done"
	}
	parts := []string{fmt.Sprintf("%d done", c.Done)}
	for _, part := range []struct {
		n    int
		what string
	}{{c.Failed, "failed"}, {c.Running, "running"}, {c.Stopped, "stopped"}, {c.Lost, "lost"}, {c.Missing, "missing"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	return count(c.All, "point", "points") + ": " + strings.Join(parts, ", ")
}

// rows writes the table of points.
func (w sweepWriter) rows(r *app.SweepReport, rows []app.SweepRow) {
	var head []string
	for _, name := range r.Metrics {
		head = append(head, strings.ToUpper(name))
	}
	figures := len(head)
	head = append(head, r.Names...)
	if r.Repeats {
		head = append(head, "REPEAT")
	}
	table := [][]string{append(head, "STATE", "TIME", "RUN")}
	for i := range rows {
		table = append(table, sweepCells(r, &rows[i]))
	}
	w.table(table, func(column int) bool { return column < figures })
}

func sweepCells(r *app.SweepReport, row *app.SweepRow) []string {
	var cells []string
	for _, f := range row.Figures {
		cells = append(cells, figure(f))
	}
	for _, name := range r.Names {
		cells = append(cells, settingText(row, name))
	}
	if r.Repeats {
		cells = append(cells, strconv.Itoa(row.Repeat))
	}
	state, took, run := row.State, "-", "-"
	if state == "failed" {
		state = fmt.Sprintf("failed (%d)", row.Code)
	}
	if row.Run != "" {
		took, run = runTime(row.Seconds), row.Run
	}
	return append(cells, state, took, run)
}

// settingText is a value, or a dash where the point has none.
func settingText(row *app.SweepRow, name string) string {
	v, ok := row.Settings[name]
	switch text := v.String(); {
	case !ok:
		return "-"
	case text == "":
		return `""`
	default:
		return cut(oneLine(text), mostValueWidth)
	}
}

// figure is a figure as people compare it; NaN is one that is missing.
func figure(f *float64) string {
	if f == nil {
		return "-"
	}
	return strconv.FormatFloat(*f, 'g', 6, 64)
}

// table writes columns, the first row dimmed.
func (w sweepWriter) table(table [][]string, right func(column int) bool) {
	widths := make([]int, len(table[0]))
	for _, row := range table {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for n, row := range table {
		var b strings.Builder
		for i, cell := range row {
			b.WriteString(fillTo(cell, widths[i], right(i)))
			b.WriteString("  ")
		}
		line := strings.TrimRight(b.String(), " ")
		if n == 0 {
			line = w.style.Dim(line)
		}
		fmt.Fprintln(w, line)
	}
}

// means writes the marginal means, each with the extent of its figures on one scale.
func (w sweepWriter) means(r *app.SweepReport) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range r.Means {
		for _, m := range p.Means {
			low, high = min(low, m.Least), max(high, m.Most)
		}
	}
	from, to := shortFigure(low), shortFigure(high)
	table := [][]string{{"PARAMETER", "VALUE", "MEAN " + strings.ToUpper(r.Metrics[0]), "POINTS", ""}}
	for _, p := range r.Means {
		for i, m := range p.Means {
			name := p.Name
			if i > 0 {
				name = ""
			}
			table = append(table, []string{name, cut(oneLine(m.Value), mostValueWidth), shortFigure(m.Mean), strconv.Itoa(m.Count), ""})
		}
	}
	room := max(leastSpan, w.width-tableWidth(table)-1)
	table[0][4] = from + strings.Repeat(" ", max(1, room-len(from)-len(to))) + to
	at := 1
	for _, p := range r.Means {
		for _, m := range p.Means {
			table[at][4] = app.Span(m.Least, m.Mean, m.Most, low, high, room)
			at++
		}
	}
	fmt.Fprintln(w)
	w.table(table, func(column int) bool { return column == 2 || column == 3 })
}

func tableWidth(table [][]string) int {
	width := 0
	for i := range table[0] {
		widest := 0
		for _, row := range table {
			widest = max(widest, utf8.RuneCountInString(row[i]))
		}
		width += widest + 2
	}
	return width
}

func shortFigure(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// plot draws the figure over a parameter.
func (w sweepWriter) plot(r *app.SweepReport, name string) error {
	columns := max(leastSpan, w.width-plotMargin-2)
	p, err := r.Plot(name, columns, sweepPlotRows)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s over %s\n", w.style.Bold(r.Metrics[0]), w.style.Bold(name))
	for i, row := range p.Rows {
		label := map[int]string{0: p.Top, len(p.Rows) - 1: p.Base}[i]
		fmt.Fprintf(w, "%s |%s\n", fillTo(label, plotMargin-2, true), row)
	}
	fmt.Fprintf(w, "%s +%s\n", strings.Repeat(" ", plotMargin-2), strings.Repeat("-", columns))
	scale := ""
	if p.Log {
		scale = " (logarithmic)"
	}
	fmt.Fprintf(w, "%s%s%s%s%s\n", strings.Repeat(" ", plotMargin), p.From, strings.Repeat(" ", max(1, columns-len(p.From)-len(p.To))), p.To, scale)
	return nil
}

// list writes a line for each sweep.
func (w sweepWriter) list(list []app.SweepLine) {
	table := [][]string{{"ID", "POINTS", "PROGRAM"}}
	for _, s := range list {
		what, program := countsText(s.Counts), oneLine(shown(s.Program))
		if s.Problem != "" {
			what, program = "-", oneLine(s.Problem)
		}
		table = append(table, []string{s.ID, what, program})
	}
	w.table(table, func(int) bool { return false })
}
