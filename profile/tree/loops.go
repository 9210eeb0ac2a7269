package tree

import (
	"math"
	"slices"

	"github.com/cantil-py/cantil/profile/pstats"
)

// finder finds circles of functions that call each other, by R. Tarjan's algorithm
// ("Depth-first search and linear graph algorithms", 1972) without recursion: profiles are
// deep. part numbers the functions; arcs between different parts do not count.
type finder struct {
	g                *graph
	part             []int32
	index, low, next []int32
	looks            int // at arcs
}

func newFinder(g *graph) *finder {
	n := len(g.fns)
	return &finder{g: g, part: make([]int32, n), index: make([]int32, n), low: make([]int32, n), next: make([]int32, n)}
}

// done is the index of a function whose circle was found.
const done = math.MaxInt32

// each calls do with every circle among functions of one part, and with every function that
// is in none as a circle of one; callees come before their callers.
func (x *finder) each(fns []int32, do func(circle []int32)) {
	for _, f := range fns {
		x.index[f], x.next[f] = 0, x.g.first[f]
	}
	var path, open []int32
	seen := int32(0)
	enter := func(f int32) {
		seen++
		x.index[f], x.low[f] = seen, seen
		path, open = append(path, f), append(open, f)
	}
	for _, start := range fns {
		if x.index[start] == 0 {
			enter(start)
		}
		for len(path) > 0 {
			f := path[len(path)-1]
			if to, ok := x.step(f); ok {
				if x.index[to] == 0 {
					enter(to)
				} else {
					x.low[f] = min(x.low[f], x.index[to])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				caller := path[len(path)-1]
				x.low[caller] = min(x.low[caller], x.low[f])
			}
			if x.low[f] == x.index[f] {
				at := len(open) - 1
				for ; open[at] != f; at-- {
					x.index[open[at]] = done
				}
				x.index[f] = done
				do(open[at:])
				open = open[:at]
			}
		}
	}
}

// step is the next callee of a function in its part.
func (x *finder) step(f int32) (to int32, ok bool) {
	for x.next[f] < x.g.first[f+1] {
		to := x.g.arcs[x.next[f]].to
		x.next[f]++
		x.looks++
		if to != dropped && x.part[to] == x.part[f] {
			return to, true
		}
	}
	return 0, false
}

// unwind takes the arcs out that lead from within a circle back to where it is entered, if
// that is one function only: what is called again from below stands where it was first, so
// that those calls are the function's own, like its calls by itself. What is left of the
// circle is unwound in turn. It marks the functions below such an entry, whose arcs have
// time twice, and returns the circles with several entries.
func (g *graph) unwind(rows []pstats.Row, rooted []bool) (below []bool, loops [][]int32) {
	x := newFinder(g)
	below = make([]bool, len(rows))
	all := make([]int32, len(rows))
	for f := range all {
		all[f] = int32(f)
	}
	parts := int32(0)
	for todo := [][]int32{all}; len(todo) > 0; {
		fns := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		x.each(fns, func(circle []int32) {
			if len(circle) == 1 {
				return
			}
			parts++
			circle = slices.Clone(circle)
			for _, f := range circle {
				x.part[f] = parts
			}
			entry, ok := g.entry(rows, circle, x.part, rooted)
			if !ok || x.looks > maxLooks {
				loops = append(loops, circle)
				return
			}
			for _, f := range circle {
				below[f] = below[f] || f != entry
			}
			g.drop(entry, x.part)
			todo = append(todo, circle)
		})
	}
	return below, loops
}

// entry is the only function of a circle that is called from outside it, or where none is,
// the one with the most time.
func (g *graph) entry(rows []pstats.Row, circle, part []int32, rooted []bool) (entry int32, ok bool) {
	entries := 0
	heaviest := circle[0]
	for _, f := range circle {
		if seconds(rows[f].Cumulative) > seconds(rows[heaviest].Cumulative) {
			heaviest = f
		}
		if rooted[f] || slices.ContainsFunc(g.in[f], func(at inArc) bool { return part[at.from] != part[f] }) {
			entry = f
			entries++
		}
	}
	if entries == 0 {
		return heaviest, true
	}
	return entry, entries == 1
}

// drop takes out the arcs to a function from its part.
func (g *graph) drop(entry int32, part []int32) {
	f := &g.fns[entry]
	for _, at := range g.in[entry] {
		if a := &g.arcs[at.arc]; a.to != dropped && part[at.from] == part[entry] {
			f.selfOwn += a.own
			f.selfCalls += a.calls
			a.to = dropped
		}
	}
}

// settle gives the arcs below entries the time that they have without what was called
// again: what their function has of its own and what it calls, shared out among the arcs
// to it. Callees come first.
func (g *graph) settle(rows []pstats.Row, below []bool) {
	if !slices.Contains(below, true) {
		return
	}
	all := make([]int32, len(rows))
	for f := range all {
		all[f] = int32(f)
	}
	x := newFinder(g)
	inCircle := make([]int32, len(rows)) // 1 + the number of the circle
	number := int32(0)
	x.each(all, func(circle []int32) {
		number++
		for _, f := range circle {
			inCircle[f] = number
		}
		if !below[circle[0]] {
			return
		}
		total, guessed := 0.0, len(circle) > 1
		var in []*arc
		for _, f := range circle {
			total += max(seconds(rows[f].Own), g.fns[f].selfOwn)
			for i := range g.of(f) {
				if a := &g.of(f)[i]; a.to != dropped && inCircle[a.to] != number {
					total += a.cum
					guessed = guessed || a.guessed
				}
			}
			for _, at := range g.in[f] {
				if a := &g.arcs[at.arc]; a.to != dropped && inCircle[at.from] != number {
					in = append(in, a)
				}
			}
		}
		share(in, total, guessed)
	})
}

// share gives arcs a time together, in proportion to what they had below them.
func share(in []*arc, total float64, guessed bool) {
	own, weight := 0.0, 0.0
	for _, a := range in {
		own += a.own
		weight += a.cum - a.own
	}
	for _, a := range in {
		part := 1 / float64(len(in))
		if weight > 0 {
			part = (a.cum - a.own) / weight
		}
		a.cum = a.own + max(0, total-own)*part
		a.least, a.most = a.own, max(a.most, a.cum)
		a.guessed = a.guessed || guessed || len(in) > 1
	}
}
