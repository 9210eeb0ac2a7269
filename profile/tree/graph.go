package tree

import (
	"cmp"
	"slices"

	"github.com/cantil-py/cantil/profile/pstats"
)

// graph is who calls whom in an exact profile, from the caller's side. The last function
// is the root: it calls those that the profile saw called by none of its functions.
type graph struct {
	fns   []fn
	arcs  []arc
	first []int32   // the arcs of a function are arcs[first[f]:first[f+1]], heaviest first
	in    [][]inArc // the arcs to a function, while the graph is made
}

// arc is a call of one function by another, never by itself.
type arc struct {
	to      int32
	guessed bool // its time is not in the profile: only calls, or a share of the function's
	calls   int64
	own     float64
	cum     float64 // at least own
	least   float64 // that cum can be, where it is guessed
	most    float64 // and at most
}

// dropped is the callee of an arc that was taken out.
const dropped = -1

// inArc is an arc from the callee's side.
type inArc struct{ from, arc int32 }

// fn is what a function has of all arcs together.
type fn struct {
	ways      int32   // arcs that lead to it
	loop      int32   // the number of its circle of functions that call each other; -1 for none
	unsure    bool    // an arc to it or from it is guessed
	own       float64 // with that of its calls by itself
	selfOwn   float64
	selfCalls int64
	in        float64 // time of the arcs that lead to it
	out       float64 // time of its arcs
}

// below is the time that its callees have, by the arcs that lead to it.
func (f *fn) below() float64 { return max(0, f.in-f.own) }

// maxSeconds keeps sums of what a damaged profile says finite.
const maxSeconds = 1e15

// seconds is 0 for what is no time.
func seconds(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return min(x, maxSeconds)
}

func newGraph(s *pstats.Stats) *graph {
	g := &graph{fns: make([]fn, len(s.Rows)+1), first: make([]int32, len(s.Rows)+2)}
	g.takeArcs(s.Rows)
	outside := calledFromOutside(s.Rows)
	below, loops := g.unwind(s.Rows, outside)
	g.settle(s.Rows, below)
	for f := range g.fns {
		g.fns[f].loop = -1
	}
	for number, loop := range loops {
		for _, f := range loop {
			g.fns[f].loop = int32(number)
		}
	}
	g.finish(s.Rows, outside, loops)
	return g
}

// finish adds up what each function has, and puts the arcs in order.
func (g *graph) finish(rows []pstats.Row, outside []bool, loops [][]int32) {
	old, first := g.arcs, slices.Clone(g.first)
	g.arcs, g.in = old[:0], nil
	for f := range rows {
		g.first[f] = int32(len(g.arcs))
		for _, a := range old[first[f]:first[f+1]] {
			if a.to != dropped {
				g.arcs = append(g.arcs, a)
				g.count(f, a)
			}
		}
		g.fns[f].own += g.fns[f].selfOwn
	}
	g.first[len(rows)] = int32(len(g.arcs))
	roots := g.roots(rows, outside, loops)
	g.arcs = append(g.arcs, roots...)
	g.first[len(rows)+1] = int32(len(g.arcs))
	for _, a := range roots {
		g.count(len(rows), a)
	}
	for f := range g.fns {
		slices.SortStableFunc(g.of(int32(f)), func(a, b arc) int { return cmp.Compare(b.cum, a.cum) })
	}
}

func (g *graph) of(f int32) []arc { return g.arcs[g.first[f]:g.first[f+1]] }

func (g *graph) root() int32 { return int32(len(g.fns) - 1) }

// count adds an arc to what its two functions have.
func (g *graph) count(from int, a arc) {
	f, to := &g.fns[from], &g.fns[a.to]
	f.out += a.cum
	to.ways++
	to.in += a.cum
	to.own += a.own
	f.unsure, to.unsure = f.unsure || a.guessed, to.unsure || a.guessed
}

// takeArcs turns lists of callers into lists of callees.
func (g *graph) takeArcs(rows []pstats.Row) {
	total := int32(0)
	for id := range rows {
		for _, e := range rows[id].Callers {
			if calledBy(rows, id, e) {
				g.first[e.Caller+1]++
				total++
			}
		}
	}
	for f := range rows {
		g.first[f+1] += g.first[f]
	}
	g.first[len(rows)+1] = g.first[len(rows)]
	g.arcs, g.in = make([]arc, total), make([][]inArc, len(rows))
	room := make([]inArc, 0, total)
	next := slices.Clone(g.first)
	for id := range rows {
		begin := len(room)
		for i, e := range rows[id].Callers {
			switch {
			case calledBy(rows, id, e):
				at := next[e.Caller]
				next[e.Caller]++
				g.arcs[at] = newArc(rows, id, i)
				room = append(room, inArc{int32(e.Caller), at})
			case int(e.Caller) == id:
				g.fns[id].selfOwn += seconds(e.Own)
				g.fns[id].selfCalls += max(0, e.Calls)
			}
		}
		g.in[id] = room[begin:len(room):len(room)]
	}
}

// calledBy says whether an edge is a call by another function.
func calledBy(rows []pstats.Row, id int, e pstats.Edge) bool {
	return e.Caller >= 0 && int(e.Caller) < len(rows) && int(e.Caller) != id
}

// newArc is a caller of a function. Where only the calls are known, it has that share of
// the function's times.
func newArc(rows []pstats.Row, id, caller int) arc {
	row := &rows[id]
	e := row.Callers[caller]
	a := arc{to: int32(id), calls: max(0, e.Calls)}
	if e.CountOnly {
		part := 1.0
		if row.Calls > 0 {
			part = min(1, max(0, float64(e.Calls)/float64(row.Calls)))
		}
		e.Own, e.Cumulative = part*row.Own, part*row.Cumulative
		a.guessed, a.most = len(row.Callers) > 1, seconds(row.Cumulative)
	}
	a.own = seconds(e.Own)
	a.cum = max(a.own, seconds(e.Cumulative))
	a.most = max(a.most, a.cum)
	return a
}

// calledFromOutside are the functions that were called more often than their callers tell.
func calledFromOutside(rows []pstats.Row) []bool {
	outside := make([]bool, len(rows))
	for id := range rows {
		calls := rows[id].Calls
		for _, e := range rows[id].Callers {
			calls -= max(0, e.Calls)
		}
		outside[id] = rows[id].Listed && calls > 0
	}
	return outside
}

// roots are the arcs to the functions that were called from outside, and to those that no
// arc leads to.
func (g *graph) roots(rows []pstats.Row, outside []bool, loops [][]int32) []arc {
	var roots []arc
	for id := range rows {
		f := &g.fns[id]
		if !outside[id] && (f.ways > 0 || !rows[id].Listed && len(g.of(int32(id))) == 0) {
			continue
		}
		a := arc{to: int32(id), own: max(0, seconds(rows[id].Own)-f.own), calls: rows[id].Calls}
		for _, e := range rows[id].Callers {
			a.calls -= max(0, e.Calls)
		}
		a.calls = max(0, a.calls)
		switch {
		case !rows[id].Listed:
			a.cum = f.out
		case !outside[id] && len(rows[id].Callers) > 0: // the heaviest of a circle that nothing leads to
			a.cum, a.guessed = a.own+f.own+f.out, true
		default:
			a.cum = max(a.own, seconds(rows[id].Cumulative)-f.in)
		}
		a.most = a.cum
		roots = append(roots, a)
	}
	for number, loop := range loops {
		g.rootLoop(rows, loop, int32(number), roots)
	}
	return roots
}

// rootLoop gives the arcs from the root to a circle what it has in excess of the time of
// other arcs into it: the time on arcs within it counts many times over.
func (g *graph) rootLoop(rows []pstats.Row, loop []int32, number int32, roots []arc) {
	excess, weight := 0.0, 0.0
	for _, id := range loop {
		excess += max(g.fns[id].own, seconds(rows[id].Own)) - g.fns[id].in
		for _, a := range g.of(id) {
			excess += a.cum
		}
	}
	var inside []*arc
	for i := range roots {
		if a := &roots[i]; g.fns[a.to].loop == number {
			inside = append(inside, a)
			weight += seconds(rows[a.to].Cumulative)
		}
	}
	for _, a := range inside {
		part := 1 / float64(len(inside))
		if weight > 0 {
			part = seconds(rows[a.to].Cumulative) / weight
		}
		a.cum, a.guessed = max(a.own, part*max(0, excess)), len(inside) > 1
		a.most = max(a.cum, excess)
	}
}
