package app

import (
	"math"
	"slices"
	"strings"
)

const (
	// shownPart of the figures is in a histogram: a single one far out would press all others into one column.
	shownPart = 0.98
	// mostLinear is how many times the least figure the largest may be before the axis of a histogram is a logarithmic one.
	mostLinear = 5
	// courseTop is at most so many times the median: what lies above is cut off.
	courseTop = 2
)

// histogram counts the figures of each list in columns from the least figure of all to the largest shown.
type histogram struct {
	low, high   float64 // high: of the last column's end
	logarithmic bool
	counts      [][]int
	beyond      []int // figures above high
}

func newHistogram(lists [][]float64, columns int) histogram {
	h := histogram{low: math.Inf(1), counts: make([][]int, len(lists)), beyond: make([]int, len(lists))}
	for _, x := range lists {
		if s := slices.Sorted(slices.Values(x)); len(s) > 0 {
			h.low, h.high = min(h.low, s[0]), max(h.high, largestShown(s))
		}
	}
	h.logarithmic = h.low > 0 && h.high > mostLinear*h.low
	for i, x := range lists {
		h.counts[i] = make([]int, columns)
		for _, v := range x {
			if v > h.high {
				h.beyond[i]++
			} else {
				h.counts[i][min(columns-1, int(float64(columns)*h.at(v)))]++
			}
		}
	}
	return h
}

// largestShown is the largest of sorted figures that is shown.
func largestShown(sorted []float64) float64 {
	return sorted[int(math.Ceil(shownPart*float64(len(sorted))))-1]
}

// at is where on the axis a figure stands, from 0 to 1.
func (h histogram) at(v float64) float64 {
	switch {
	case h.high <= h.low:
		return 0
	case h.logarithmic:
		return math.Log(v/h.low) / math.Log(h.high/h.low)
	}
	return (v - h.low) / (h.high - h.low)
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

// topOf is what the height of a course stands for: its largest figure, without those far out.
func topOf(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(x))
	return min(largestShown(s), courseTop*s[len(s)/2])
}

// above counts the figures above a top.
func above(x []float64, top float64) (n int) {
	for _, v := range x {
		if v > top {
			n++
		}
	}
	return n
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
	Above     int      // figures that are cut off there
}

// BenchAxis is that of all histograms.
type BenchAxis struct {
	Low, High   string
	Logarithmic bool
}

// Plots draws each command's figures, in so many columns and rows. All histograms have one axis and one height; each course
// has its own, for what is looked for in it is a trend.
func (r *BenchReport) Plots(columns, rows int) (plots []BenchPlots, axis BenchAxis) {
	lists := r.figures()
	h := newHistogram(lists, columns)
	for i, x := range lists {
		top := topOf(x)
		p := BenchPlots{Name: r.Series[i].Name, Beyond: h.beyond[i], Top: r.Metric.Text(top), Above: above(x, top)}
		if len(x) > 0 {
			p.Histogram = bars(h.heights(i), rows)
			along := course(x, columns)
			for j := range along {
				along[j] /= top
			}
			p.Course = bars(along, rows)
		}
		plots = append(plots, p)
	}
	return plots, BenchAxis{r.Metric.Text(h.low), r.Metric.Text(h.high), h.logarithmic}
}

// figures are those of each command that are compared.
func (r *BenchReport) figures() (lists [][]float64) {
	for _, s := range r.Series {
		lists = append(lists, s.Figures(r.Metric))
	}
	return lists
}
