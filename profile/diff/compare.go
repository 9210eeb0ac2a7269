package diff

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/cantil-py/cantil/bench"
)

const (
	// Level is that of all intervals together, and of all verdicts.
	Level = bench.Certainty
	// leastPart of the whole time makes a figure worth judging.
	leastPart = 0.001
	// exactGrain is what a time of an exact profile counts as that is shorter: below, it is the collector's own granularity.
	exactGrain = 1e-6
)

// Options are how to compare.
type Options struct {
	Rename    []Rename     // the first that concerns a file counts
	Paired    bool         // the profiles at one place of both sides are of one round
	AnyPython bool         // profiles of different Pythons may be compared
	AsTimed   bool         // do not take out what made a whole run faster or slower
	Also      []bench.Pair // to be judged in the same family: figures of the same runs
}

// Compare compares the profiles of two sides. Of many, the order within a side does not matter, unless they are paired.
func Compare(before, after []Profile, opts Options) (*Diff, error) {
	if len(before) == 0 || len(after) == 0 {
		return nil, errors.New("comparing profiles: there must be one on each side")
	}
	if opts.Paired && len(before) != len(after) {
		return nil, errors.New("comparing profiles in rounds: there must be as many after as before")
	}
	for _, p := range slices.Concat(before[1:], after) {
		if err := compatible(before[0], p, opts.AnyPython); err != nil {
			return nil, err
		}
	}
	c := newComparison(before, after, opts)
	if err := c.judge(); err != nil {
		return nil, err
	}
	c.explain()
	return c.diff, nil
}

// comparison is one that goes on.
type comparison struct {
	opts          Options
	before, after *side
	diff          *Diff
	grain         float64  // what a time counts as that is shorter
	whole         series   // all own times
	lines         []line   // of the rows, in their order
	speed         []speeds // of the two sides; nil at the speed as it was
	table         []figure // all that is judged
}

// series are the figures of something in the runs of both sides.
type series struct{ before, after []float64 }

// line is a row while it is worked on.
type line struct {
	old, now int // places in the sides, or -1
	own, cum series
	callers  []callerLine
}

type callerLine struct{ own, cum series }

func newComparison(before, after []Profile, opts Options) *comparison {
	c := &comparison{opts: opts, grain: exactGrain, before: newSide(before), after: newSide(after)}
	for _, p := range slices.Concat(before, after) {
		c.grain = max(c.grain, p.Grain)
	}
	c.diff = &Diff{
		Before: len(before), After: len(after), Paired: opts.Paired, BeforeKind: common(before), AfterKind: common(after),
		Judged: bench.Enough(len(before), len(after), opts.Paired, Level),
	}
	asked := make([]Func, len(c.before.funcs))
	for i, f := range c.before.funcs {
		asked[i] = renamed(f, opts.Rename)
	}
	partner := match(asked, c.after.funcs)
	c.diff.Moved, c.diff.Idle = moved(asked, c.after.funcs, partner), idle(opts.Rename, c.before.funcs, c.after.funcs)
	c.addLines(partner)
	return c
}

// addLines makes a row of each function that is matched, gone or new, unless it is known as a caller only.
func (c *comparison) addLines(partner []int) {
	back := make([]int, len(c.after.funcs))
	for i := range back {
		back[i] = -1
	}
	for old, now := range partner {
		if now >= 0 {
			back[now] = old
		}
	}
	for old, now := range partner {
		c.addLine(old, now, back, partner)
	}
	for now, old := range back {
		if old < 0 {
			c.addLine(-1, now, back, partner)
		}
	}
	c.whole = series{sums(c.before), sums(c.after)}
	c.diff.Calls = c.calls(totals(c.before), totals(c.after))
}

func (c *comparison) addLine(old, now int, back, partner []int) {
	was, is := c.before.at(old), c.after.at(now)
	if silent(was) && silent(is) {
		return
	}
	l := line{old: old, now: now, own: c.series(was, is, own), cum: c.series(was, is, cumulative)}
	row := Row{Before: c.before.name(old), After: c.after.name(now), Change: Change{Calls: c.calls(was, is)}}
	for _, pair := range callerPairs(c.before.callers(old), c.after.callers(now), back, partner) {
		was, is := c.before.callers(old)[pair[0]], c.after.callers(now)[pair[1]]
		l.callers = append(l.callers, callerLine{c.series(was, is, own), c.series(was, is, cumulative)})
		row.Callers = append(row.Callers, CallerRow{c.before.name(pair[0]), c.after.name(pair[1]), Change{Calls: c.calls(was, is)}})
	}
	c.lines, c.diff.Rows = append(c.lines, l), append(c.diff.Rows, row)
}

// callerPairs are the callers of both sides, those without a partner with -1 in its place, in the order of the functions.
func callerPairs(olds, news map[int][]Figures, back, partner []int) (list [][2]int) {
	for old := range olds {
		now := partner[old]
		if _, calls := news[now]; !calls {
			now = -1
		}
		list = append(list, [2]int{old, now})
	}
	for now := range news {
		if _, called := olds[back[now]]; back[now] < 0 || !called {
			list = append(list, [2]int{-1, now})
		}
	}
	slices.SortFunc(list, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[1], b[1]), cmp.Compare(a[0], b[0])) })
	return list
}

// The functions of a side; a place of -1 is of none.

func (s *side) at(i int) []Figures {
	if i < 0 {
		return nil
	}
	return s.figures[i]
}

func (s *side) name(i int) *Func {
	if i < 0 {
		return nil
	}
	return &s.funcs[i]
}

func (s *side) callers(i int) map[int][]Figures {
	if i < 0 {
		return nil
	}
	return s.edges[i]
}

func own(f Figures) float64        { return f.Own }
func cumulative(f Figures) float64 { return f.Cumulative }

// series are the times of a function; where there is none, zeros.
func (c *comparison) series(was, is []Figures, of func(Figures) float64) series {
	s := series{make([]float64, c.before.runs), make([]float64, c.after.runs)}
	for i, f := range was {
		s.before[i] = of(f)
	}
	for i, f := range is {
		s.after[i] = of(f)
	}
	return s
}

// silent tells a function that is not called: it is known as a caller only.
func silent(f []Figures) bool {
	return !slices.ContainsFunc(f, func(f Figures) bool { return f != Figures{} })
}

func sums(s *side) []float64 {
	list := make([]float64, s.runs)
	for _, f := range s.figures {
		for run := range f {
			list[run] += f[run].Own
		}
	}
	return list
}

func totals(s *side) []Figures {
	list := make([]Figures, s.runs)
	for _, f := range s.figures {
		for run := range f {
			list[run].Calls += f[run].Calls
		}
	}
	return list
}

// calls compares numbers of calls; samples are none.
func (c *comparison) calls(was, is []Figures) Calls {
	k := Calls{Before: rangeOf(was), After: rangeOf(is)}
	k.Differ = c.diff.BeforeKind.Mode == Exact && (k.Before.Most < k.After.Least || k.After.Most < k.Before.Least)
	return k
}

func rangeOf(list []Figures) (r Range) {
	for i, f := range list {
		if i == 0 {
			r = Range{f.Calls, f.Calls}
		}
		r = Range{min(r.Least, f.Calls), max(r.Most, f.Calls)}
	}
	return r
}

// explain tells which part of the change of the whole is whose, and sorts the rows: those that changed beyond the noise
// first, and then by how much time that is.
func (c *comparison) explain() {
	d := c.diff
	whole := &d.Whole
	if d.Equal != nil {
		whole = d.Equal
	}
	gained := whole.Gained()
	for i := range d.Rows {
		if row := &d.Rows[i]; gained != 0 && (whole.Differs() || !d.Judged) {
			row.Explains = row.Own.Gained() / gained
		}
	}
	rank := func(r *Row) int {
		switch {
		case r.Own.Differs():
			return 0
		case r.Changed():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(d.Rows, func(a, b Row) int {
		return cmp.Or(
			cmp.Compare(rank(&a)*judged(d), rank(&b)*judged(d)),
			-cmp.Compare(math.Abs(a.Own.Gained()), math.Abs(b.Own.Gained())), -cmp.Compare(math.Abs(a.Cumulative.Gained()), math.Abs(b.Cumulative.Gained())),
			cmp.Compare(a.Name().File, b.Name().File), cmp.Compare(a.Name().Line, b.Name().Line), cmp.Compare(a.Name().Name, b.Name().Name),
		)
	})
}

func judged(d *Diff) int {
	if d.Judged {
		return 1
	}
	return 0
}
