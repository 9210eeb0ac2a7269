package bench

import (
	"fmt"
	"math"
	"strconv"
)

// Verdict compares a candidate with the baseline.
type Verdict struct {
	Baseline  string `json:"baseline"`
	Candidate string `json:"candidate"`
	Ratio
	Kind VerdictKind `json:"verdict"`
	Text string      `json:"text"` // in words
}

// VerdictKind is a verdict in a word.
type VerdictKind string

// The verdicts. Less and More are of what the metric counts: less time is faster. They are made at the level
// [Certainty]; the interval that is told with them is narrower.
const (
	Less    VerdictKind = "less"
	More    VerdictKind = "more"
	Same    VerdictKind = "no difference found"
	Unknown VerdictKind = "unknown"
)

// Verdicts compare each candidate but the first with the first.
func (r *Result) Verdicts() []Verdict {
	var list []Verdict
	for i := 1; i < len(r.Series); i++ {
		list = append(list, judge(r.Series[0], r.Series[i], r.Metric, len(r.Series)-1))
	}
	return list
}

// Among is the level of each of n comparisons that hold together at the level of all (Bonferroni).
func Among(n int, level float64) float64 { return 1 - (1-level)/float64(max(1, n)) }

// precision is the width of the widest interval; with one candidate that of its own figures.
func (r *Result) precision() float64 {
	if len(r.Series) == 1 {
		s := Summarize(r.Series[0].Figures(r.Metric))
		return Ratio{Ratio: 1, Low: s.Low, High: s.High}.Width()
	}
	widest := 0.0
	for i := 1; i < len(r.Series); i++ {
		a, b := paired(r.Series[0], r.Series[i], r.Metric)
		widest = max(widest, Compare(a, b, Among(len(r.Series)-1, Confidence)).Width())
	}
	return widest
}

// paired are the figures of the rounds in which both have one.
func paired(a, b Series, m Metric) (as, bs []float64) {
	for i := range min(len(a.Runs), len(b.Runs)) {
		x, okA := m.figure(a.Runs[i])
		y, okB := m.figure(b.Runs[i])
		if okA && okB {
			as, bs = append(as, x), append(bs, y)
		}
	}
	return as, bs
}

// judge makes one of n comparisons.
func judge(a, b Series, m Metric, n int) Verdict {
	x, y := paired(a, b, m)
	v := Verdict{Baseline: a.Name, Candidate: b.Name, Ratio: Compare(x, y, Among(n, Confidence))}
	v.Kind = Compare(x, y, Among(n, Certainty)).kind()
	v.Text = v.words(m)
	if !v.Known() {
		v.Ratio = Ratio{Level: v.Level, Rounds: len(x)} // JSON has no infinity
	}
	return v
}

func (r Ratio) kind() VerdictKind {
	switch {
	case !r.Known():
		return Unknown
	case r.Low > 1:
		return Less
	case r.High < 1:
		return More
	}
	return Same
}

// words: "B is 1.31x faster (95 %: 1.28 to 1.34)".
func (v *Verdict) words(m Metric) string {
	verb, less, more := m.words()
	digits := v.digits()
	switch v.Kind {
	case Unknown:
		if v.Rounds == 0 {
			return fmt.Sprintf("%s cannot be compared with %s: there is no round of which both have a figure", v.Candidate, v.Baseline)
		}
		return fmt.Sprintf("%s: too few rounds to compare it with %s (%d)", v.Candidate, v.Baseline, v.Rounds)
	case Less:
		return fmt.Sprintf("%s %s %.*fx %s (%s: %.*f to %.*f)", v.Candidate, verb, digits, v.Ratio.Ratio, less, percent(v.Level), digits, v.Low, digits, v.High)
	case More:
		return fmt.Sprintf("%s %s %.*fx %s (%s: %.*f to %.*f)", v.Candidate, verb, digits, 1/v.Ratio.Ratio, more, percent(v.Level), digits, 1/v.High, digits, 1/v.Low)
	}
	return fmt.Sprintf("%s: %s (%s)", v.Candidate, SameText(v.Low, v.High), percent(v.Level))
}

// leastBound: no smaller difference is worth a word.
const leastBound = 1e-4

// SameText tells what it means that no difference was found, by the interval of the factor: how large one would have been seen. Where even
// twice as much would not, nothing can be told.
func SameText(low, high float64) string {
	switch factor := max(high, 1/low); {
	case factor < 2:
		return "no difference found above " + percent(max(factor-1, leastBound))
	case factor < 10:
		return fmt.Sprintf("cannot tell: even %.1fx is lost in the noise; more runs would help", factor)
	case factor < 1000:
		return fmt.Sprintf("cannot tell: even %.0fx is lost in the noise; more runs would help", factor)
	}
	return "cannot tell: the noise is larger than anything that could be found"
}

// digits after the point are as many as the interval is worth, and enough to tell its ends from 1.
func (v *Verdict) digits() int {
	switch r := max(v.Ratio.Ratio, 1/v.Ratio.Ratio); {
	case r >= 100:
		return 0
	case r >= 10:
		return 1
	}
	const fewest, most = 2, 4
	near := min(math.Abs(v.Low-1), math.Abs(v.High-1))
	for digits := fewest; digits < most; digits++ {
		unit := math.Pow10(-digits)
		if near > unit && (v.Width() > unit || v.Width() == 0) {
			return digits
		}
	}
	return most
}

// percent has two digits that count, from 10 % on three: "1.2 %", "98.3 %", "95 %".
func percent(part float64) string {
	digits := 2
	if part >= 0.1 {
		digits = 3
	}
	return strconv.FormatFloat(part*100, 'g', digits, 64) + " %"
}
