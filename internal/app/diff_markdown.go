package app

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// WriteMarkdown writes a table for a pull request, with at most so many functions, 0 for all, and if asked their callers.
func (r *DiffReport) WriteMarkdown(w io.Writer, most int, callers bool) error {
	var b strings.Builder
	for _, reason := range r.Failed {
		fmt.Fprintf(&b, "**Failed:** %s\n\n", inline(reason))
	}
	if len(r.Figures) > 0 {
		r.markdownFigures(&b)
	}
	if r.Profile != nil {
		r.markdownProfile(&b, most, callers)
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "\n> %s\n", escaped(note))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *DiffReport) markdownFigures(b *strings.Builder) {
	fmt.Fprint(b, "| | before | after | change |\n|:--|--:|--:|:--|\n")
	for _, f := range r.Figures {
		more, less := MetricWords(f.Metric)
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", inline(strings.TrimSpace(f.Name+" "+f.Metric)), BenchText(f.Metric, f.Before), BenchText(f.Metric, f.After), WholeText(f.Change, more, less))
	}
	fmt.Fprintln(b)
}

func (r *DiffReport) markdownProfile(b *strings.Builder, most int, callers bool) {
	for _, line := range r.Totals() {
		fmt.Fprintf(b, "- %s: %s → %s, %s\n", line.Name, line.Before, line.After, line.Text)
	}
	shown, folded := r.Shown(most)
	counts := "calls"
	if r.Sampled() {
		counts = "samples"
	}
	if len(shown) > 0 {
		fmt.Fprint(b, "\n| function | own before | after | change | cumulative before | after | change | "+counts+" | explains | |\n|:--|--:|--:|--:|--:|--:|--:|--:|--:|:--|\n")
	}
	for i := range shown {
		row := &shown[i]
		markdownRow(b, inline(FuncText(row.Name())), &row.Change, ExplainsText(row.Explains))
		for j := range row.Callers {
			if caller := &row.Callers[j]; callers {
				markdownRow(b, "← "+inline(FuncText(caller.Name())), &caller.Change, "")
			}
		}
	}
	for _, line := range folded.Lines(r.Profile.Judged) {
		fmt.Fprintf(b, "\n%s\n", line)
	}
}

func markdownRow(b *strings.Builder, name string, c *DiffChange, explains string) {
	fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", name,
		SecondsText(c.Own.Before), SecondsText(c.Own.After), ChangeText(c.Own),
		SecondsText(c.Cumulative.Before), SecondsText(c.Cumulative.After), ChangeText(c.Cumulative), CallsText(c.Calls), explains, VerdictOf(c))
}

// inline is text in which nothing is Markdown, as code.
func inline(text string) string {
	text = strings.NewReplacer("|", "\\|", "\n", " ", "`", "'").Replace(text)
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return "`" + text + "`"
}

// escaped is text in which nothing is Markdown.
func escaped(text string) string {
	var b strings.Builder
	for _, c := range strings.ReplaceAll(text, "\n", " ") {
		if strings.ContainsRune("\\`*_[]<>#|", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// DiffTotal is a line about the whole.
type DiffTotal struct{ Name, Before, After, Text string }

// Totals are what is told before all functions.
func (r *DiffReport) Totals() (list []DiffTotal) {
	d := r.Profile
	line := func(name string, t DiffTime, text string) {
		list = append(list, DiffTotal{name, BenchText("wall", t.Before), BenchText("wall", t.After), text})
	}
	line("whole time", d.Whole, WholeText(d.Whole.Change, "slower", "faster"))
	if d.Speed != nil {
		list = append(list, DiffTotal{"everything alike", "1", fmt.Sprintf("%.3f", d.Speed.Factor), WholeText(d.Speed.Change, "slower", "faster")})
		line("at equal speed", *d.Equal, WholeText(d.Equal.Change, "slower", "faster"))
	}
	calls := "as many"
	switch {
	case r.Sampled():
		return list
	case d.Calls.Differ:
		calls = "differ"
	case d.Calls.Before != d.Calls.After:
		calls = "vary from run to run"
	}
	return append(list, DiffTotal{"calls", RangeText(d.Calls.Before), RangeText(d.Calls.After), calls})
}

// ExplainsText is a part of the whole change: "92 %".
func ExplainsText(part float64) string {
	if math.Abs(part) < 0.005 {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*part)
}

// Lines tell what is not told one by one.
func (f Folded) Lines(judged bool) (list []string) {
	count := func(n int, one, many string) string {
		if n == 1 {
			return "1 function " + one
		}
		return fmt.Sprintf("%d functions %s", n, many)
	}
	gained := func(s float64) string {
		sign := "+"
		if s < 0 {
			sign = "-"
		}
		return sign + BenchText("wall", max(s, -s))
	}
	if f.More > 0 {
		differ := count(f.More, "more differs", "more differ")
		if judged {
			differ = count(f.More, "more changed", "more changed")
		}
		list = append(list, fmt.Sprintf("%s, together %s; --rows 0 shows all", differ, gained(f.MoreGained)))
	}
	if f.Same > 0 && judged {
		list = append(list, fmt.Sprintf("%s inside the noise, together %s", count(f.Same, "is", "are"), gained(f.SameGained)))
	} else if f.Same > 0 {
		list = append(list, count(f.Same, "is exactly the same", "are exactly the same"))
	}
	if f.Tiny > 0 {
		list = append(list, fmt.Sprintf("%s too little time to be judged, together %s", count(f.Tiny, "takes", "take"), gained(f.TinyGained)))
	}
	return list
}

// MetricWords are how more and less of a metric are told.
func MetricWords(metric string) (more, less string) {
	if metric == "wall" {
		return "slower", "faster"
	}
	return "more", "less"
}
