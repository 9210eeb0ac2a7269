package cli

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

const (
	// liveEvery is how often the live table is drawn: reading and drawing take time from what is measured.
	liveEvery = 250 * time.Millisecond
	// liveName is the width of names in it.
	liveName = 30
	// mostLive bounds its lines; more would scroll.
	mostLive = 20
)

// benchLive is a table on the terminal that is drawn over and over.
type benchLive struct {
	env   Env
	on    bool
	lines int // on the terminal
	drawn time.Time
}

// newBenchLive draws nothing where stderr is no terminal, or the commands write to it.
func newBenchLive(env Env, outputShown bool) *benchLive {
	return &benchLive{env: env, on: term.IsTerminal(env.Stderr) && !outputShown}
}

// show draws how far the measurement has come. It is called between two runs.
func (l *benchLive) show(r *app.BenchReport, p app.BenchProgress) {
	if !l.on || time.Since(l.drawn) < liveEvery {
		return
	}
	var b strings.Builder
	b.WriteString(l.erase())
	width := term.Width(l.env.Stderr) - 1
	draw := func(line string) {
		b.WriteString(cut(line, width) + "\n")
		l.lines++
	}
	draw(liveHead(p))
	for i, s := range r.Series {
		if i == mostLive {
			draw(fmt.Sprintf("  and %d more", len(r.Series)-mostLive))
			break
		}
		line := "  " + fillTo(cut(oneLine(s.Name), liveName), liveName, false)
		if n := len(s.Runs); n > 0 {
			x := s.Figures(r.Metric)
			if len(x) > 0 {
				line += fmt.Sprintf("  last %8s  least %8s", r.Metric.Text(x[len(x)-1]), r.Metric.Text(least(x)))
			}
			line += fmt.Sprintf("  %d runs", n)
		}
		draw(line)
	}
	fmt.Fprint(l.env.Stderr, b.String())
	l.drawn = time.Now()
}

// liveHead is the line above: "round 12, ±2.3 %, about 8 s left".
func liveHead(p app.BenchProgress) string {
	if p.WarmUp {
		return "warming up"
	}
	head := fmt.Sprintf("round %d", p.Rounds+1)
	if !math.IsInf(p.Reached, 1) {
		head += fmt.Sprintf(", good to %.1f %%", 100*p.Reached)
	}
	if p.Left >= 0 {
		head += fmt.Sprintf(", at most %s left", p.Left.Round(time.Second))
	}
	return head
}

// erase goes back to where the table begins, and removes it.
func (l *benchLive) erase() string {
	text := ""
	if l.lines > 0 {
		text = fmt.Sprintf("\x1b[%dA\r\x1b[J", l.lines)
	}
	l.lines = 0
	return text
}

func (l *benchLive) clear() {
	if l.on {
		fmt.Fprint(l.env.Stderr, l.erase())
	}
}

// cut shortens a line to a width.
func cut(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	return string([]rune(text)[:max(0, width-1)]) + "…"
}

func least(x []float64) float64 {
	low := math.Inf(1)
	for _, v := range x {
		low = min(low, v)
	}
	return low
}
