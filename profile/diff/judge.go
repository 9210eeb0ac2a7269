package diff

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/cantil-py/cantil/bench"
)

const (
	// mostRounds bounds how often the speed is taken anew from what has not changed; mostly twice is enough.
	mostRounds = 5
	// leastBasis is of how many functions the speed is taken: the median of so many is hardly moved by one that changed.
	leastBasis = 10
)

// figure is one of those that are judged, and where its verdict goes.
type figure struct {
	series
	timed bool // as the clock had it, at whatever speed
	to    *Time
	size  float64
	line  int // whose own time it is, or -1
}

// speeds are those of each run: 1.1 is a tenth more time than usual.
type speeds []float64

// judge fills in all times and, if there are profiles enough, all verdicts.
func (c *comparison) judge() error {
	d := c.diff
	if !d.Judged {
		c.speed = nil
		c.fill()
		d.Also = make([]bench.Change, len(c.opts.Also))
		for i, p := range c.opts.Also {
			d.Also[i] = bench.Change{Factor: bench.Typical(p.After) / bench.Typical(p.Before), Kind: bench.Unknown}
		}
		return nil
	}
	changed := map[int]bool{}
	for range mostRounds {
		c.speed = c.speedWithout(changed)
		c.fill()
		if err := c.verdicts(); err != nil {
			return err
		}
		more := false
		for _, f := range c.table {
			if f.line >= 0 && f.to.Differs() && !changed[f.line] {
				changed[f.line], more = true, true
			}
		}
		if !more || c.speed == nil {
			break
		}
	}
	return nil
}

// fill computes the typical times at the speed of now, and lists what is to be judged.
func (c *comparison) fill() {
	d := c.diff
	c.table = nil
	c.add(c.whole, &d.Whole, -1, true)
	d.Speed, d.Equal = nil, nil
	if c.speed != nil {
		d.Speed, d.Equal = &Time{}, &Time{}
		c.add(series{c.speed[0], c.speed[1]}, d.Speed, -1, true)
		c.add(c.whole, d.Equal, -1, false)
	}
	most := leastPart * bench.Typical(slices.Concat(c.whole.before, c.whole.after))
	for i := range c.lines {
		l, row := &c.lines[i], &d.Rows[i]
		row.Tiny = l.own.mean() < most && l.cum.mean() < most
		c.times(&row.Change, l.own, l.cum, i, most)
		for j, caller := range l.callers {
			c.times(&row.Callers[j].Change, caller.own, caller.cum, -1, most)
		}
	}
	slices.SortStableFunc(c.table[1:], func(a, b figure) int { return -cmp.Compare(a.size, b.size) })
	c.table = c.table[:min(len(c.table), bench.MostCompared-len(c.opts.Also))]
}

// times fills in the two times of a row; those that are not tiny are judged.
func (c *comparison) times(to *Change, own, cum series, line int, least float64) {
	c.typical(own, &to.Own, false)
	c.typical(cum, &to.Cumulative, false)
	if own.mean() >= least && !c.certain(own, &to.Own) {
		c.add(own, &to.Own, line, false)
	}
	if cum.mean() >= least && !c.certain(cum, &to.Cumulative) {
		c.add(cum, &to.Cumulative, -1, false)
	}
}

// certain: what is counted, and is there in all profiles of one side and in none of the other, needs no judge.
func (c *comparison) certain(s series, to *Time) bool {
	switch {
	case c.diff.BeforeKind.Mode != Exact:
		return false
	case slices.Max(s.before) == 0 && slices.Min(s.after) > 0:
		to.Kind = bench.More
	case slices.Max(s.after) == 0 && slices.Min(s.before) > 0:
		to.Kind = bench.Less
	default:
		return false
	}
	return true
}

func (c *comparison) add(s series, to *Time, line int, timed bool) {
	c.typical(s, to, timed)
	size := s.mean()
	if timed {
		size = math.Inf(1)
	}
	c.table = append(c.table, figure{series: s, timed: timed, to: to, size: size, line: line})
}

// typical fills in all but the verdict.
func (c *comparison) typical(s series, to *Time, timed bool) {
	if !timed {
		s = c.atSpeed(s)
	}
	*to = Time{Before: bench.Typical(s.before), After: bench.Typical(s.after), Change: bench.Change{Kind: bench.Unknown}}
	if to.Before > 0 && to.After > 0 {
		to.Factor = to.After / to.Before
	}
}

// verdicts judges all that is listed as one family. What is the same figure under two names, as the own and the cumulative time of a
// function that calls nothing, is judged once.
func (c *comparison) verdicts() error {
	var pairs []bench.Pair
	place, places := map[string]int{}, make([]int, len(c.table))
	for i, f := range c.table {
		s := f.series
		if !f.timed {
			s = c.atSpeed(s)
		}
		at, there := place[s.key()]
		if !there {
			at = len(pairs)
			place[s.key()] = at
			pairs = append(pairs, bench.Pair{Before: c.atLeast(s.before), After: c.atLeast(s.after)})
		}
		places[i] = at
	}
	changes, err := bench.CompareMany(append(pairs, c.opts.Also...), c.opts.Paired, Level)
	if err != nil {
		return err
	}
	for i, f := range c.table {
		known := f.to.Factor != 0
		if f.to.Change = changes[places[i]]; !known { // it is new or gone: there is no factor
			f.to.Factor, f.to.Low, f.to.High = 0, 0, 0
		}
	}
	c.diff.Also = changes[len(pairs):]
	return nil
}

// key is the same for the same figures.
func (s series) key() string {
	var b []byte
	for _, v := range slices.Concat(s.before, s.after) {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return string(b)
}

func (c *comparison) atLeast(x []float64) []float64 {
	list := make([]float64, len(x))
	for i, v := range x {
		list[i] = max(v, c.grain)
	}
	return list
}

// mean looks at both sides alike, so that what is judged does not hang on what it says.
func (s series) mean() float64 {
	sum := 0.0
	for _, v := range s.before {
		sum += v
	}
	for _, v := range s.after {
		sum += v
	}
	return sum / float64(len(s.before)+len(s.after))
}

// atSpeed are the figures as they were had all runs been equally fast.
func (c *comparison) atSpeed(s series) series {
	if c.speed == nil {
		return s
	}
	at := func(x []float64, speed speeds) []float64 {
		list := make([]float64, len(x))
		for i, v := range x {
			list[i] = v / speed[i]
		}
		return list
	}
	return series{at(s.before, c.speed[0]), at(s.after, c.speed[1])}
}

// speedWithout is how each run's functions lie to those of all runs, by the median of those that may count: they are worth judging, are
// called as often on both sides, and did not change. Nil where there are too few.
func (c *comparison) speedWithout(changed map[int]bool) []speeds {
	if c.opts.AsTimed {
		return nil
	}
	least := leastPart * bench.Typical(slices.Concat(c.whole.before, c.whole.after))
	var logs [][]float64 // by function, then by run, from that function's mean
	for i := range c.lines {
		s := c.lines[i].own
		all := slices.Concat(s.before, s.after)
		if s.mean() < least || slices.Min(all) < c.grain || changed[i] || c.diff.Rows[i].Calls.Differ {
			continue
		}
		mean := 0.0
		for j, v := range all {
			all[j] = math.Log(v)
			mean += all[j] / float64(len(all))
		}
		for j := range all {
			all[j] -= mean
		}
		logs = append(logs, all)
	}
	if len(logs) < leastBasis {
		return nil
	}
	return c.medians(logs)
}

// medians are the speeds by the logarithms of functions.
func (c *comparison) medians(logs [][]float64) []speeds {
	runs := c.before.runs + c.after.runs
	all, of, mean := make(speeds, runs), make([]float64, len(logs)), 0.0
	for run := range all {
		for i, f := range logs {
			of[i] = f[run]
		}
		slices.Sort(of)
		all[run] = (of[(len(of)-1)/2] + of[len(of)/2]) / 2
		mean += all[run] / float64(runs)
	}
	for run := range all {
		all[run] = math.Exp(all[run] - mean)
	}
	return []speeds{all[:c.before.runs], all[c.before.runs:]}
}
