package app

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// logFrom is how many times the least the largest value of a parameter is, above 0, for its axis to be logarithmic.
const logFrom = 100

// SweepPlot is the first metric over a parameter, in rows of text.
type SweepPlot struct {
	Rows      []string
	Top, Base string // the figures at the top and at the bottom
	From, To  string // the values at the left and at the right
	Log       bool   // the axis of the parameter is logarithmic
	Points    int    // in it
}

// Plot draws the points that are done. The error says why there is nothing to draw.
func (r *SweepReport) Plot(name string, columns, rows int) (SweepPlot, error) {
	if len(r.Metrics) == 0 {
		return SweepPlot{}, fmt.Errorf("plotting over %s: there is no metric", name)
	}
	if !slices.Contains(r.Names, name) {
		return SweepPlot{}, fmt.Errorf("plotting over %s: the parameters are %s", name, strings.Join(r.Names, ", "))
	}
	x, y := r.numbersOf(name)
	if len(x) == 0 {
		return SweepPlot{}, fmt.Errorf("plotting over %s: no point that is done has a number there and a %s", name, r.Metrics[0])
	}
	p := SweepPlot{Points: len(x), Log: slices.Min(x) > 0 && slices.Max(x) >= logFrom*slices.Min(x)}
	p.From, p.To, p.Top, p.Base = short(slices.Min(x)), short(slices.Max(x)), short(slices.Max(y)), short(slices.Min(y))
	if p.Log {
		for i := range x {
			x[i] = math.Log(x[i])
		}
	}
	p.Rows = scatter(x, y, columns, rows)
	return p, nil
}

// short is a number as a plot has room for.
func short(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }

// numbersOf are the values of a parameter, and the figures they came to.
func (r *SweepReport) numbersOf(name string) (x, y []float64) {
	for i := range r.Rows {
		row := &r.Rows[i]
		v, err := strconv.ParseFloat(row.Settings[name].String(), 64)
		if figure := row.Best(); err == nil && !math.IsNaN(figure) && !math.IsNaN(v) && !math.IsInf(v, 0) {
			x, y = append(x, v), append(y, figure)
		}
	}
	return x, y
}

// scatter draws points: one, a few, many in one place.
func scatter(x, y []float64, columns, rows int) []string {
	const signs = " .oO@"
	counts := make([][]int, rows)
	for i := range counts {
		counts[i] = make([]int, columns)
	}
	for i := range x {
		counts[rows-1-cell(y[i], slices.Min(y), slices.Max(y), rows)][cell(x[i], slices.Min(x), slices.Max(x), columns)]++
	}
	lines := make([]string, rows)
	for i, row := range counts {
		var b strings.Builder
		for _, n := range row {
			b.WriteByte(signs[min(n, len(signs)-1)])
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// cell is which of n places, from low to high, a value has.
func cell(v, low, high float64, n int) int {
	if high <= low {
		return 0
	}
	return max(0, min(n-1, int(math.Round((v-low)/(high-low)*float64(n-1)))))
}

// Span draws the extent of some figures on a line that goes from low to high, and their mean on it.
func Span(least, mean, most, low, high float64, columns int) string {
	line := []rune(strings.Repeat(" ", columns))
	for i := cell(least, low, high, columns); i <= cell(most, low, high, columns); i++ {
		line[i] = '─'
	}
	line[cell(mean, low, high, columns)] = '●'
	return strings.TrimRight(string(line), " ")
}
