package bench

import (
	"fmt"
	"math"
	"slices"
)

// Warning is a reason to mistrust a result, or a part of it.
type Warning struct {
	Kind   WarningKind `json:"kind"`
	Series string      `json:"series,omitempty"` // whose runs they are; "" for all
	Text   string      `json:"text"`             // in words
}

// WarningKind is what is wrong.
type WarningKind string

// The kinds of warnings.
const (
	WarnFew       WarningKind = "few"       // rounds
	WarnFailed    WarningKind = "failed"    // exit codes other than 0
	WarnTimeout   WarningKind = "timeout"   // runs that were ended, and do not count
	WarnShort     WarningKind = "short"     // runs that take hardly longer than starting them
	WarnFirst     WarningKind = "first-run" // the first run took longer than all others
	WarnOutliers  WarningKind = "outliers"  // runs far from all others
	WarnDrift     WarningKind = "drift"     // runs that take longer and longer, or less and less
	WarnLoad      WarningKind = "load"      // the machine had other things to do
	WarnPrecision WarningKind = "precision" // the time was up before it was reached
	WarnNothing   WarningKind = "not-told"  // the metric is not known of any run
)

const (
	// outlierZ is ten standard deviations: a normal distribution has none so far out.
	outlierZ = 10
	// shortPart: above it, an error of a tenth in the cost of a start is one of a hundredth in the figure.
	shortPart = 0.1
	// driftZ is the z of the Mann-Kendall test from which on a trend is told: 1 of 15,000 by chance.
	driftZ = 4
	// driftPart: a smaller change is told by nobody's eye.
	driftPart = 0.02
	// mostTrend bounds the pairs that are looked at for a trend.
	mostTrend = 1000
	// busyPart of the processors wanted by others makes times longer on average.
	busyPart = 0.5
)

// Warnings are the reasons to mistrust the result.
func (r *Result) Warnings() []Warning {
	var list []Warning
	if r.CPUs > 0 && r.Load > busyPart*float64(r.CPUs) {
		list = append(list, Warning{WarnLoad, "", fmt.Sprintf("the machine was busy: %.1f processes wanted to run on %d processors", r.Load, r.CPUs)})
	}
	if p := r.precision(); r.End == EndTime && r.Precision > 0 && p > r.Precision && !math.IsInf(p, 1) {
		list = append(list, Warning{WarnPrecision, "", fmt.Sprintf("the time was up: the figures are good to %s, not to %s", percent(p), percent(r.Precision))})
	}
	for _, s := range r.Series {
		list = append(list, s.warnings(r)...)
	}
	return list
}

func (s Series) warnings(r *Result) (list []Warning) {
	add := func(kind WarningKind, format string, args ...any) {
		list = append(list, Warning{kind, s.Name, s.Name + ": " + fmt.Sprintf(format, args...)})
	}
	if n := s.count(func(run Run) bool { return run.Code != 0 && !run.TimedOut }); n > 0 {
		add(WarnFailed, "%d of %d runs failed", n, len(s.Runs))
	}
	if n := s.count(func(run Run) bool { return run.TimedOut }); n > 0 {
		add(WarnTimeout, "%d of %d runs took too long, were ended, and do not count", n, len(s.Runs))
	}
	x := s.Figures(r.Metric)
	switch {
	case len(s.Runs) == 0:
		return list
	case len(x) == 0 && r.Metric == Memory && r.Floor > 0:
		add(WarnNothing, "it holds less than %s, as the process that starts it does: what is below cannot be told", Memory.Text(float64(r.Floor)))
		return list
	case len(x) == 0:
		add(WarnNothing, "its %s cannot be told here", r.Metric)
		return list
	case len(x) < fewestRounds:
		add(WarnFew, "only %d runs: intervals are wide, and outliers cannot be told", len(x))
	}
	if m := Summarize(s.Figures(Wall)).Median; m > 0 && r.Cost > shortPart*m {
		add(WarnShort, "a run takes %s, starting it %s, which was subtracted: small differences may be of the start", Wall.Text(m), Wall.Text(r.Cost))
	}
	list = append(list, s.outliers(r.Metric, x)...)
	if change, ok := trend(x); ok {
		add(WarnDrift, "the last third of the runs is %+.0f %% from the first; ratios are made within rounds and do not mind", 100*change)
	}
	return list
}

// count says how many runs are so.
func (s Series) count(so func(Run) bool) (n int) {
	for _, r := range s.Runs {
		if so(r) {
			n++
		}
	}
	return n
}

// outliers tells a first run that took longest apart from others that are far out: it has a reason of its own, and a cure.
func (s Series) outliers(m Metric, x []float64) (list []Warning) {
	if len(x) < fewestRounds {
		return nil
	}
	middle, spread := middleAndSpread(x)
	if robustZ(x[0], middle, spread) > outlierZ && x[0] == slices.Max(x) {
		list = append(list, Warning{WarnFirst, s.Name, fmt.Sprintf("%s: the first run took %s, the typical one %s: warm up (--warmup 1), or --prepare each run alike",
			s.Name, m.Text(x[0]), m.Text(middle))})
		x = x[1:]
	}
	n := 0
	for _, v := range x {
		if math.Abs(robustZ(v, middle, spread)) > outlierZ {
			n++
		}
	}
	if n > 0 {
		list = append(list, Warning{WarnOutliers, s.Name, fmt.Sprintf("%s: %d of %d runs are far from all others, up to %s: something else was going on",
			s.Name, n, len(x), m.Text(slices.Max(x)))})
	}
	return list
}

// trend is how far the last third lies from the first, as a part of it, if the Mann-Kendall test finds a trend at all.
func trend(x []float64) (change float64, ok bool) {
	n := len(x)
	if n < fewestRounds {
		return 0, false
	}
	thin := x
	if n > mostTrend {
		thin = make([]float64, mostTrend)
		for i := range thin {
			thin[i] = x[i*n/mostTrend]
		}
	}
	rises := 0
	for i, a := range thin {
		for _, b := range thin[i+1:] {
			switch {
			case b > a:
				rises++
			case b < a:
				rises--
			}
		}
	}
	k := float64(len(thin))
	z := math.Abs(float64(rises)) / math.Sqrt(k*(k-1)*(2*k+5)/18)
	first, last := slices.Sorted(slices.Values(x[:n/3])), slices.Sorted(slices.Values(x[n-n/3:]))
	change = median(last)/median(first) - 1
	return change, z > driftZ && math.Abs(change) > driftPart
}
