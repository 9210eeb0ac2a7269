package app

import (
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strings"
)

// The picture's measures, in pixels.
const (
	svgWidth   = 900
	svgRow     = 130 // for each command
	svgTop     = 50
	svgPlot    = 400 // the width of a histogram, and of a course
	svgHeight  = 80
	svgGap     = 40
	svgColumns = 60
	// svgDots bounds the dots of a course: more cover each other.
	svgDots = 2000
)

// WriteSVG draws, for each command, how often which figure came and all figures in their order, on the same scales.
func (r *BenchReport) WriteSVG(w io.Writer) error {
	var lists [][]float64
	last := 0.0
	for _, s := range r.Series {
		lists = append(lists, s.Figures(r.Metric))
		for _, run := range s.Runs {
			last = max(last, run.At)
		}
	}
	h := newHistogram(lists, svgColumns)
	if h.high == 0 {
		h.low = 0 // there are no figures
	}
	height := svgTop + svgRow*len(lists) + 10
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", svgWidth, height, svgWidth, height)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="white"/>`+"\n")
	left, right := svgGap/2, svgGap/2+svgPlot+svgGap
	fmt.Fprintf(&b, `<text x="%d" y="20" fill="#555">%s, %s to %s: how often</text>`+"\n", left, r.Metric, r.Metric.Text(h.low), r.Metric.Text(h.high))
	fmt.Fprintf(&b, `<text x="%d" y="20" fill="#555">in the order of the runs, %.1f s; from 0 to %s</text>`+"\n", right, last, r.Metric.Text(h.high))
	for i, x := range lists {
		y := svgTop + svgRow*i
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-weight="bold">%s</text>`+"\n", left, y, html.EscapeString(printable(r.Series[i].Name)))
		base := y + 10 + svgHeight
		svgBars(&b, h.heights(i), left, base)
		r.svgDots(&b, i, right, base, h.high, last)
		if len(x) > 0 && h.high > h.low {
			s := slices.Sorted(slices.Values(x))
			at := float64(left) + svgPlot*(s[len(s)/2]-h.low)/(h.high-h.low)
			fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#c30" stroke-width="1.5"><title>median %s</title></line>`+"\n", at, at, base-svgHeight, base, r.Metric.Text(s[len(s)/2]))
		}
		for _, x := range []int{left, right} {
			fmt.Fprintf(&b, `<line x1="%d" x2="%d" y1="%d" y2="%d" stroke="#999"/>`+"\n", x, x+svgPlot, base, base)
		}
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func svgBars(b *strings.Builder, heights []float64, left, base int) {
	width := float64(svgPlot) / float64(len(heights))
	for j, part := range heights {
		if part > 0 {
			fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#47a"/>`+"\n", float64(left)+float64(j)*width, float64(base)-part*svgHeight, width-0.5, part*svgHeight)
		}
	}
}

// svgDots draws a dot for each run; those beyond the scale lie at its top, hollow.
func (r *BenchReport) svgDots(b *strings.Builder, i, left, base int, high, last float64) {
	runs := r.Series[i].Runs
	every := max(1, (len(runs)+svgDots-1)/svgDots)
	figures := r.Series[i].Figures(r.Metric)
	if len(figures) != len(runs) || high <= 0 {
		return // some have no figure, and which is not worth telling in a picture
	}
	for j := 0; j < len(runs); j += every {
		x, fill := float64(left), "#47a"
		if last > 0 {
			x += svgPlot * runs[j].At / last
		}
		y := float64(base) - svgHeight*math.Min(1, figures[j]/high)
		if figures[j] > high {
			fill = "none"
		}
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="2" fill="%s" stroke="#47a"/>`+"\n", x, y, fill)
	}
}

// printable leaves out what XML does not allow, and what a name of one line does not have.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0xFFFE || c == 0xFFFF || c >= 0xD800 && c <= 0xDFFF {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, "?"))
}
