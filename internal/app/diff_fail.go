package app

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/cantil-py/cantil/bench"
)

// failPart of the whole time is what a function must take, before or after, for a limit in percent to concern it: what takes
// microseconds doubles by chance.
const failPart = 0.01

// diffLimit is one --fail-on: a metric may grow by so much.
type diffLimit struct {
	text   string
	metric string
	part   float64 // of what there was before; NaN if the limit is an amount
	amount float64 // seconds, bytes or calls
}

type diffLimits []diffLimit

// LimitMetrics are what a limit can be of.
func LimitMetrics() []string {
	return []string{"total", "own", "cum", "calls", string(bench.Wall), string(bench.CPU), string(bench.Memory)}
}

var limitForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*([a-z]+)\s*>\s*([0-9]*\.?[0-9]+)\s*([%a-zA-Zµ]*)\s*$`)
})

// parseLimits reads METRIC>AMOUNT: "cum>5%", "own>20ms", "calls>0", "memory>10MiB".
func parseLimits(texts []string) (list diffLimits, err error) {
	for _, text := range texts {
		l, err := parseLimit(text)
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, nil
}

// BadLimit is an error in a limit.
type BadLimit struct{ Err error }

func (e *BadLimit) Error() string { return e.Err.Error() }
func (e *BadLimit) Unwrap() error { return e.Err }

func parseLimit(text string) (diffLimit, error) {
	parts := limitForm().FindStringSubmatch(text)
	if parts == nil {
		return diffLimit{}, &BadLimit{fmt.Errorf("%q is no limit", text)}
	}
	l := diffLimit{text: text, metric: parts[1], part: math.NaN()}
	number, err := strconv.ParseFloat(parts[2], 64)
	if err != nil {
		return l, &BadLimit{fmt.Errorf("%q is no limit: %w", text, err)}
	}
	unit, ok := parts[3], true
	switch l.metric {
	case "total", "own", "cum", string(bench.Wall), string(bench.CPU):
		var d time.Duration
		if d, err = time.ParseDuration(parts[2] + unit); err == nil {
			l.amount = d.Seconds()
		}
		ok = unit == "%" || err == nil
	case "calls":
		l.amount, ok = number, unit == "" || unit == "%"
	case string(bench.Memory):
		scale, known := map[string]float64{"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}[unit]
		l.amount, ok = number*scale, known || unit == "%"
	default:
		return l, &BadLimit{fmt.Errorf("%q: there is no metric %q", text, l.metric)}
	}
	if !ok {
		return l, &BadLimit{fmt.Errorf("%q: %s is in percent, or in a unit of its own, not in %q", text, l.metric, unit)}
	}
	if unit == "%" {
		l.part = number / 100
	}
	return l, nil
}

// exceeded are the reasons for a bad verdict. A limit is exceeded by what grew by more, and beyond the noise where
// that can be told.
func (list diffLimits) exceeded(r *DiffReport) (reasons []string) {
	for _, l := range list {
		reasons = append(reasons, l.exceeded(r)...)
	}
	return reasons
}

func (l diffLimit) exceeded(r *DiffReport) (reasons []string) {
	switch l.metric {
	case "total", "own", "cum", "calls":
		if r.Profile == nil {
			return []string{fmt.Sprintf("%s: there is no profile to look at", l.text)}
		}
		if l.metric == "calls" && r.Sampled() {
			return []string{fmt.Sprintf("%s: samples are no calls", l.text)}
		}
		return l.inProfile(r.Profile)
	}
	known := false
	for _, f := range r.Figures {
		if f.Metric != l.metric {
			continue
		}
		known = true
		if l.grew(f.Before, f.After, f.Change) {
			reasons = append(reasons, l.reason(f.Metric, f.Name, BenchText(f.Metric, f.Before), BenchText(f.Metric, f.After), f.Factor))
		}
	}
	if !known {
		return []string{fmt.Sprintf("%s: it is not known of these", l.text)}
	}
	return reasons
}

func (l diffLimit) inProfile(d *Diff) (reasons []string) {
	if l.metric == "total" {
		if t := d.Whole; l.grew(t.Before, t.After, t.Change) {
			reasons = append(reasons, l.reason("the whole time", "", BenchText("wall", t.Before), BenchText("wall", t.After), t.Factor))
		}
		return reasons
	}
	least := failPart * max(d.Whole.Before, d.Whole.After)
	for i := range d.Rows {
		row := &d.Rows[i]
		if l.metric == "calls" {
			if c := row.Calls; c.Differ && l.beyond(float64(c.Before.Most), float64(c.After.Least)) {
				reasons = append(reasons, l.reason("calls", FuncText(row.Name()), RangeText(c.Before), RangeText(c.After), 0))
			}
			continue
		}
		t := row.Own
		if l.metric == "cum" {
			t = row.Cumulative
		}
		if max(t.Before, t.After) >= least && l.grew(t.Before, t.After, t.Change) {
			reasons = append(reasons, l.reason(l.metric, FuncText(row.Name()), BenchText("wall", t.Before), BenchText("wall", t.After), t.Factor))
		}
	}
	return reasons
}

// grew: what cannot be judged counts as it is.
func (l diffLimit) grew(before, after float64, c bench.Change) bool {
	return l.beyond(before, after) && (c.Kind == bench.More || c.Kind == bench.Unknown)
}

// beyond: what is new has no percentage, and is in that of its callers and of the whole.
func (l diffLimit) beyond(before, after float64) bool {
	if math.IsNaN(l.part) {
		return after-before > l.amount
	}
	return before > 0 && after/before-1 > l.part
}

// reason: "cum>5%: work.py:12(step) from 1.20 s to 1.41 s, +17.5 %".
func (l diffLimit) reason(metric, name, before, after string, factor float64) string {
	what := metric
	if name != "" {
		what += " of " + name
	}
	text := fmt.Sprintf("%s: %s went from %s to %s", l.text, what, before, after)
	if factor > 0 {
		text += ", " + GrowthText(factor)
	}
	return text
}
