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
	svgRow     = 180 // for each command
	svgTop     = 60
	svgPlot    = 400 // the width of a histogram, and of a course
	svgHeight  = 90
	svgGap     = 40
	svgLabel   = 15 // how far below an axis its figures stand
	svgTitle   = 28 // from the name to the top of a plot, with room for the median's label
	svgColumns = 60
	// svgDots bounds the dots of a course: more cover each other.
	svgDots = 2000
)

// svg is a picture that is drawn.
type svg struct {
	strings.Builder
	report *BenchReport
	h      histogram
	last   float64 // when the last run began
}

// WriteSVG draws, for each command, how often which figure came, all on one axis, and all figures in their order.
func (r *BenchReport) WriteSVG(w io.Writer) error {
	lists := r.figures()
	p := &svg{report: r, h: newHistogram(lists, svgColumns)}
	if p.h.high == 0 {
		p.h.low = 0 // there are no figures
	}
	for _, s := range r.Series {
		for _, run := range s.Runs {
			p.last = max(p.last, run.At)
		}
	}
	height := svgTop + svgRow*len(lists)
	fmt.Fprintf(p, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", svgWidth, height, svgWidth, height)
	fmt.Fprintf(p, `<rect width="100%%" height="100%%" fill="white"/>`+"\n")
	left, right := svgGap/2, svgGap/2+svgPlot+svgGap
	axis := ""
	if p.h.logarithmic {
		axis = ", logarithmic"
	}
	p.text(left, 22, "#555", "", fmt.Sprintf("%s%s: how often which came", r.Metric, axis))
	p.text(right, 22, "#555", "", fmt.Sprintf("in the order of the runs, %.1f s", p.last))
	for i, x := range lists {
		y := svgTop + svgRow*i
		base := y + svgTitle + svgHeight
		fmt.Fprintf(p, `<text x="%d" y="%d" font-weight="bold">%s</text>`+"\n", left, y, html.EscapeString(printable(r.Series[i].Name)))
		p.histogram(i, x, left, base)
		p.course(i, x, right, base)
	}
	p.WriteString("</svg>\n")
	_, err := io.WriteString(w, p.String())
	return err
}

// text writes a line; anchor is "" for its left end, or middle or end.
func (p *svg) text(x, y int, fill, anchor, text string) {
	if anchor != "" {
		anchor = fmt.Sprintf(` text-anchor="%s"`, anchor)
	}
	fmt.Fprintf(p, `<text x="%d" y="%d" fill="%s"%s>%s</text>`+"\n", x, y, fill, anchor, html.EscapeString(text))
}

// axis draws one with its two ends.
func (p *svg) axis(left, base int, from, to string) {
	fmt.Fprintf(p, `<line x1="%d" x2="%d" y1="%d" y2="%d" stroke="#999"/>`+"\n", left, left+svgPlot, base, base)
	p.text(left, base+svgLabel, "#777", "", from)
	p.text(left+svgPlot, base+svgLabel, "#777", "end", to)
}

func (p *svg) histogram(i int, x []float64, left, base int) {
	heights := p.h.heights(i)
	width := float64(svgPlot) / float64(len(heights))
	for j, part := range heights {
		if part > 0 {
			fmt.Fprintf(p, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#47a"/>`+"\n", float64(left)+float64(j)*width, float64(base)-part*svgHeight, width-0.5, part*svgHeight)
		}
	}
	metric := p.report.Metric
	to := metric.Text(p.h.high)
	if n := p.h.beyond[i]; n > 0 {
		to = fmt.Sprintf("%s, and %d more", to, n)
	}
	p.axis(left, base, metric.Text(p.h.low), to)
	if len(x) == 0 {
		return
	}
	median := slices.Sorted(slices.Values(x))[len(x)/2]
	at := left + int(math.Round(svgPlot*min(1, p.h.at(median))))
	fmt.Fprintf(p, `<line x1="%d" x2="%d" y1="%d" y2="%d" stroke="#c30" stroke-width="1.5"/>`+"\n", at, at, base-svgHeight, base)
	const near = svgPlot / 4 // of an end, where the label would hang over
	anchor, x0 := "middle", at
	switch {
	case at < left+near:
		anchor, x0 = "", at+4
	case at > left+svgPlot-near:
		anchor, x0 = "end", at-4
	}
	p.text(x0, base-svgHeight-2, "#c30", anchor, "median "+metric.Text(median))
}

// course draws a dot for each run; those above the top lie on it, hollow.
func (p *svg) course(i int, figures []float64, left, base int) {
	top, runs := topOf(figures), p.report.Series[i].Runs
	label := "from 0 to " + p.report.Metric.Text(top)
	if n := above(figures, top); n > 0 {
		label += fmt.Sprintf("; hollow: %d above", n)
	}
	p.axis(left, base, "", label)
	if len(figures) != len(runs) || top <= 0 {
		return // some have no figure, and which is not worth telling in a picture
	}
	every := max(1, (len(runs)+svgDots-1)/svgDots)
	for j := 0; j < len(runs); j += every {
		x, fill := float64(left), "#47a"
		if p.last > 0 {
			x += svgPlot * runs[j].At / p.last
		}
		y := float64(base) - svgHeight*math.Min(1, figures[j]/top)
		if figures[j] > top {
			fill = "none"
		}
		fmt.Fprintf(p, `<circle cx="%.1f" cy="%.1f" r="2" fill="%s" stroke="#47a"/>`+"\n", x, y, fill)
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
