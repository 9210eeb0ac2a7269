package app

import (
	"fmt"
	"slices"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/run"
)

// sideFigures are those of a metric on both sides.
type sideFigures struct {
	name, metric  string
	before, after []float64
}

func (f sideFigures) figure(c bench.Change) DiffFigure {
	return DiffFigure{
		Name: f.name, Metric: f.metric, Before: bench.Typical(f.before), After: bench.Typical(f.after),
		Runs: [2]int{len(f.before), len(f.after)}, Change: c,
	}
}

func pairsOf(list []sideFigures) (pairs []bench.Pair) {
	for _, f := range list {
		pairs = append(pairs, bench.Pair{Before: f.before, After: f.after})
	}
	return pairs
}

// runMetrics are what is compared of runs.
var runMetrics = []struct {
	name string
	of   func(*run.Outcome) float64
}{
	{string(bench.Wall), func(o *run.Outcome) float64 { return o.Wall }},
	{string(bench.CPU), func(o *run.Outcome) float64 { return o.User + o.System }},
	{string(bench.Memory), func(o *run.Outcome) float64 { return float64(max(o.MaxRSS, o.TreePeak)) }},
}

// runFigures are those that all runs of both sides tell.
func runFigures(before, after []diffInput) (list []sideFigures) {
	for _, m := range runMetrics {
		f := sideFigures{metric: m.name, before: figuresOfRuns(before, m.of), after: figuresOfRuns(after, m.of)}
		if f.before != nil && f.after != nil {
			list = append(list, f)
		}
	}
	return list
}

// figuresOfRuns is nil if one has none.
func figuresOfRuns(list []diffInput, of func(*run.Outcome) float64) (figures []float64) {
	for _, in := range list {
		if in.outcome == nil || !(of(in.outcome) > 0) {
			return nil
		}
		figures = append(figures, of(in.outcome))
	}
	return figures
}

// addEnds tells how the runs ended.
func (r *DiffReport) addEnds(list []diffInput, side string) {
	for _, in := range list {
		if in.outcome != nil {
			r.Ends = append(r.Ends, DiffEnd{in.name, side, howEnded(in.outcome)})
		}
	}
}

func howEnded(o *run.Outcome) string {
	if o.Signal != "" {
		return fmt.Sprintf("%s by %s", o.Status, o.Signal)
	}
	return fmt.Sprintf("%s, code %d", o.Status, o.Code)
}

// EndsOf counts the ends of a side, each as it is told, in the order in which they came.
func (r *DiffReport) EndsOf(side string) (ends []string, times map[string]int) {
	times = map[string]int{}
	for _, e := range r.Ends {
		if e.Side != side {
			continue
		}
		if times[e.Ended]++; !slices.Contains(ends, e.Ended) {
			ends = append(ends, e.Ended)
		}
	}
	return ends, times
}
