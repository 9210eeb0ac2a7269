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
	first []int32 // the arcs of a function are arcs[first[f]:first[f+1]], heaviest first
}

// arc is a call of one function by another, never by itself.
type arc struct {
	to      int32
	guessed bool // its times are not in the profile: only calls, or a share of the function's
	calls   int64
	own     float64
	cum     float64 // at least own
}

// fn is what a function has of all arcs together.
type fn struct {
	ways      int32   // arcs that lead to it
	loop      int32   // the number of its circle of functions that call each other; -1 for none
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
	loops := g.findLoops()
	roots := g.roots(s.Rows, loops)
	g.first[len(g.first)-1] += int32(len(roots))
	g.arcs = append(g.arcs, roots...)
	for _, a := range roots {
		g.count(len(s.Rows), a)
	}
	for f := range g.fns {
		slices.SortStableFunc(g.of(int32(f)), func(a, b arc) int { return cmp.Compare(b.cum, a.cum) })
	}
	return g
}

func (g *graph) of(f int32) []arc { return g.arcs[g.first[f]:g.first[f+1]] }

func (g *graph) root() int32 { return int32(len(g.fns) - 1) }

// takeArcs turns lists of callers into lists of callees.
func (g *graph) takeArcs(rows []pstats.Row) {
	each := func(do func(caller int, a arc)) {
		for id := range rows {
			for i := range rows[id].Callers {
				if caller := int(rows[id].Callers[i].Caller); caller >= 0 && caller < len(rows) && caller != id {
					do(caller, newArc(rows, id, i))
				}
			}
		}
	}
	each(func(caller int, _ arc) { g.first[caller+1]++ })
	for f := range rows {
		g.first[f+1] += g.first[f]
	}
	g.first[len(rows)+1] = g.first[len(rows)]
	g.arcs = make([]arc, g.first[len(rows)])
	next := slices.Clone(g.first)
	each(func(caller int, a arc) {
		g.arcs[next[caller]] = a
		next[caller]++
		g.count(caller, a)
	})
	for id := range rows {
		for _, e := range rows[id].Callers {
			if int(e.Caller) == id {
				g.fns[id].selfOwn += seconds(e.Own)
				g.fns[id].selfCalls += max(0, e.Calls)
			}
		}
		g.fns[id].own += g.fns[id].selfOwn
	}
}

// count adds an arc to what its two functions have.
func (g *graph) count(from int, a arc) {
	g.fns[from].out += a.cum
	to := &g.fns[a.to]
	to.ways++
	to.in += a.cum
	to.own += a.own
}

// newArc is a caller of a function. Where only the calls are known, it has that share of
// the function's times.
func newArc(rows []pstats.Row, id, caller int) arc {
	row := &rows[id]
	e := row.Callers[caller]
	if e.CountOnly {
		share := 1.0
		if row.Calls > 0 {
			share = min(1, max(0, float64(e.Calls)/float64(row.Calls)))
		}
		e.Own, e.Cumulative = share*row.Own, share*row.Cumulative
	}
	a := arc{to: int32(id), guessed: e.CountOnly && len(row.Callers) > 1, calls: max(0, e.Calls), own: seconds(e.Own)}
	a.cum = max(a.own, seconds(e.Cumulative))
	return a
}

// roots are the arcs to the functions that were called from outside: more often than their
// callers tell, or by none; and one to each circle of functions that nothing else leads to.
func (g *graph) roots(rows []pstats.Row, loops [][]int32) []arc {
	var roots []arc
	rooted := make([]bool, len(rows))
	for id := range rows {
		calls, own := rows[id].Calls, seconds(rows[id].Own)
		for _, e := range rows[id].Callers {
			calls -= max(0, e.Calls)
		}
		f := &g.fns[id]
		if f.ways > 0 && calls <= 0 || !rows[id].Listed && len(g.of(int32(id))) == 0 {
			continue
		}
		a := arc{to: int32(id), calls: max(0, calls), own: max(0, own-f.own)}
		a.cum = max(a.own, seconds(rows[id].Cumulative)-f.in)
		if !rows[id].Listed {
			a.cum = f.out
		}
		roots = append(roots, a)
		rooted[id] = true
	}
	for _, loop := range loops {
		roots = g.rootLoop(rows, loop, roots, rooted)
	}
	return roots
}

// rootLoop gives the circle what it has in excess of the time of the arcs into it: the
// time on arcs within it counts many times over.
func (g *graph) rootLoop(rows []pstats.Row, loop []int32, roots []arc, rooted []bool) []arc {
	number := g.fns[loop[0]].loop
	weight, excess := 0.0, -g.into(rows, loop)
	var inside []int32 // those with an arc from the root
	for _, id := range loop {
		if rooted[id] {
			inside = append(inside, id)
			weight += seconds(rows[id].Cumulative)
		}
	}
	for _, id := range loop {
		excess += max(g.fns[id].own, seconds(rows[id].Own))
		for _, a := range g.of(id) {
			if g.fns[a.to].loop != number {
				excess += a.cum
			}
		}
	}
	excess = max(0, excess)
	if len(inside) == 0 && !g.led(rows, loop) {
		heaviest := slices.MaxFunc(loop, func(a, b int32) int {
			return cmp.Compare(seconds(rows[a].Cumulative), seconds(rows[b].Cumulative))
		})
		return append(roots, arc{to: heaviest, guessed: true, cum: excess})
	}
	for i := range roots {
		if a := &roots[i]; g.fns[a.to].loop == number {
			share := 1 / float64(len(inside))
			if weight > 0 {
				share = seconds(rows[a.to].Cumulative) / weight
			}
			a.cum, a.guessed = max(a.own, share*excess), len(inside) > 1
		}
	}
	return roots
}

// into is the time of the arcs into a circle from functions outside it.
func (g *graph) into(rows []pstats.Row, loop []int32) float64 {
	sum := 0.0
	for _, id := range loop {
		for i, e := range rows[id].Callers {
			if g.outside(e.Caller, id) {
				sum += newArc(rows, int(id), i).cum
			}
		}
	}
	return sum
}

// led says whether a function outside a circle calls one of it.
func (g *graph) led(rows []pstats.Row, loop []int32) bool {
	return slices.ContainsFunc(loop, func(id int32) bool {
		return slices.ContainsFunc(rows[id].Callers, func(e pstats.Edge) bool { return g.outside(e.Caller, id) })
	})
}

func (g *graph) outside(caller pstats.FuncID, id int32) bool {
	return caller >= 0 && int(caller) < len(g.fns)-1 && int32(caller) != id && g.fns[caller].loop != g.fns[id].loop
}
