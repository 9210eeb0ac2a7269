package app

import (
	"math"
	"slices"
	"strings"
)

// shownPart of the figures is in a histogram: a single one far out would press all others into one column.
const shownPart = 0.98

// histogram counts the figures of each list in columns from the least figure of all to the largest shown.
type histogram struct {
	low, high float64 // high: of the last column's end
	counts    [][]int
	beyond    []int // figures above high
}

func newHistogram(lists [][]float64, columns int) histogram {
	h := histogram{low: math.Inf(1), counts: make([][]int, len(lists)), beyond: make([]int, len(lists))}
	for _, x := range lists {
		if s := slices.Sorted(slices.Values(x)); len(s) > 0 {
			h.low, h.high = min(h.low, s[0]), max(h.high, s[int(math.Ceil(shownPart*float64(len(s))))-1])
		}
	}
	for i, x := range lists {
		h.counts[i] = make([]int, columns)
		for _, v := range x {
			switch {
			case v > h.high:
				h.beyond[i]++
			case h.high == h.low:
				h.counts[i][0]++
			default:
				h.counts[i][min(columns-1, int(float64(columns)*(v-h.low)/(h.high-h.low)))]++
			}
		}
	}
	return h
}

// most is the highest column of all.
func (h histogram) most() int {
	most := 0
	for _, c := range h.counts {
		most = max(most, slices.Max(c))
	}
	return most
}

// heights are the columns of list i as parts of the highest of all.
func (h histogram) heights(i int) []float64 {
	list, most := make([]float64, len(h.counts[i])), float64(max(1, h.most()))
	for j, n := range h.counts[i] {
		list[j] = float64(n) / most
	}
	return list
}

// course is the median of the figures in each of some columns, in the order in which they came; fewer figures
// than columns have one each.
func course(x []float64, columns int) []float64 {
	columns = min(columns, len(x))
	list := make([]float64, columns)
	for i := range list {
		part := slices.Sorted(slices.Values(x[i*len(x)/columns : (i+1)*len(x)/columns]))
		list[i] = part[len(part)/2]
	}
	return list
}

// bars draws columns whose heights are from 0 to 1, in rows of text. A column above 0 is never empty.
func bars(heights []float64, rows int) []string {
	const eighths = " ▁▂▃▄▅▆▇█"
	signs := []rune(eighths)
	lines := make([]string, rows)
	for row := range rows {
		var b strings.Builder
		for _, h := range heights {
			units := int(math.Round(min(h, 1) * 8 * float64(rows)))
			if h > 0 {
				units = max(1, units)
			}
			b.WriteRune(signs[max(0, min(8, units-8*(rows-1-row)))])
		}
		lines[row] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// BenchPlots are the pictures of one command, in rows of text.
type BenchPlots struct {
	Name      string
	Histogram []string // how often which figure came
	Beyond    int      // figures to the right of it
	Course    []string // the figures in their order
	Top       string   // the figure at the top of the course; its bottom is 0
}

// Plots draws each command's figures, in so many columns and rows. All histograms are from low to high, and share their
// scales, as all courses do.
func (r *BenchReport) Plots(columns, rows int) (plots []BenchPlots, low, high string) {
	var lists [][]float64
	for _, s := range r.Series {
		lists = append(lists, s.Figures(r.Metric))
	}
	h := newHistogram(lists, columns)
	for i, x := range lists {
		p := BenchPlots{Name: r.Series[i].Name, Beyond: h.beyond[i], Top: r.Metric.Text(h.high)}
		if len(x) > 0 {
			p.Histogram = bars(h.heights(i), rows)
			along := course(x, columns)
			for j := range along {
				along[j] /= h.high
			}
			p.Course = bars(along, rows)
		}
		plots = append(plots, p)
	}
	return plots, r.Metric.Text(h.low), r.Metric.Text(h.high)
}
