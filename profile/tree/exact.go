package tree

import (
	"math"

	"github.com/cantil-py/cantil/profile/pstats"
)

// FromExact returns the calls of an exact profile as a tree, as far as they can be told.
// A profile that contradicts itself, as of threads that shared one profiler, gives a tree
// all the same, whose parts are scaled to fit and are Guessed.
func FromExact(s *pstats.Stats, opts Options) *Tree {
	g := newGraph(s)
	t := &Tree{Funcs: make([]Func, len(s.Rows))}
	for id := range s.Rows {
		t.Funcs[id] = exactFunc(s.Rows[id].Func)
	}
	grow := grower{graph: g, most: opts.nodes(), deepest: opts.depth(), onPath: make([]int32, len(g.fns))}
	t.Nodes = layOut(grow.all())
	t.Cut = grow.cut
	return t
}

func exactFunc(f pstats.Func) Func {
	if f.File == "~" && f.Line == 0 || f.File == "" {
		return Func{Name: f.String(), Native: true}
	}
	return Func{Name: f.Name, File: f.File, Line: f.Line}
}

// grower makes nodes, the heaviest first.
type grower struct {
	graph   *graph
	most    int
	deepest int32
	nodes   []Node
	buds    []bud   // beside nodes
	onPath  []int32 // the last node that had the function of its circle on its path
	looks   int     // at arcs within circles
	cut     Cut
}

// bud is what is needed to grow a node's children. They come one after the other, so
// that the queue never holds more than one of every node.
type bud struct {
	next   int32   // arc to the next child
	level  int32   // nodes between it and the root, itself among them
	depth  int32   // functions of its circle on the path, itself among them; 0 where it is in none
	whole  bool    // the only path to its function: the times of arcs are those of the children
	scale  float64 // from an arc's time to the child's
	low    float64 // time below the node, at least
	high   float64 // and at most
	others float64 // time that the other paths to its function can have below it, at most
}

const (
	// maxCircle is how many functions of one circle stand below each other: a longer chain
	// of guesses says nothing.
	maxCircle = 200
	// maxLooks bounds the time for functions that have thousands of callees in one circle.
	maxLooks = 1 << 28
	// slack is what sums of times may differ by, relative to them, and still agree.
	slack = 1e-6
)

func (g *grower) all() []Node {
	root := g.graph.root()
	total := g.graph.fns[root].out
	g.nodes = []Node{{Func: -1, Parent: -1, Cumulative: total, Low: total, High: total}}
	g.buds = []bud{{next: g.graph.first[root], whole: true, scale: 1, low: total, high: total}}
	q := newQueue(total)
	g.offer(q, 0)
	for len(g.nodes) < g.most {
		at, ok := q.take()
		if !ok {
			break
		}
		child := g.child(at)
		g.offer(q, at)
		g.offer(q, child)
	}
	g.countCut()
	return g.nodes
}

// function is the number that the graph has for a node's.
func (g *grower) function(at int32) int32 {
	if at == 0 {
		return g.graph.root()
	}
	return g.nodes[at].Func
}

// offer puts a node into the queue, with the weight of its next child, if there is one.
func (g *grower) offer(q *queue, at int32) {
	if weight, ok := g.ahead(at); ok && g.buds[at].level < g.deepest {
		q.put(at, weight)
	}
}

// ahead finds the next child of a node and its time. Where nothing is known of a path,
// children without time say nothing.
func (g *grower) ahead(at int32) (weight float64, ok bool) {
	b, end := &g.buds[at], g.graph.first[g.function(at)+1]
	if b.depth > 0 {
		g.markPath(at, b.depth)
	}
	for ; b.next < end; b.next++ {
		a := &g.graph.arcs[b.next]
		if b.depth == 0 || g.onPath[a.to] != at {
			weight = a.cum * b.scale
			return weight, b.whole || weight > 0
		}
	}
	return 0, false
}

// markPath marks the functions of a node's circle that the path to it has.
func (g *grower) markPath(at, depth int32) {
	for up := at; depth > 0; up, depth = g.nodes[up].Parent, depth-1 {
		g.onPath[g.nodes[up].Func] = at
	}
}

// child makes the next child of a node.
func (g *grower) child(at int32) int32 {
	b := &g.buds[at]
	a := &g.graph.arcs[b.next]
	b.next++
	f := &g.graph.fns[a.to]
	again := f.again(a)
	n := Node{
		Func: a.to, Parent: at, Cumulative: a.cum * b.scale, Own: min(a.cum, a.own+again*f.selfOwn) * b.scale,
		Calls: int64(math.Round((float64(a.calls) + again*float64(f.selfCalls)) * b.scale)),
	}
	exact := b.whole && !a.guessed
	switch {
	case exact:
		n.Low, n.High = n.Cumulative, n.Cumulative
	case a.guessed:
		n.High = max(n.Cumulative, min(a.most, b.high))
		n.Sureness = Guessed
		if b.whole && a.calls > 0 {
			n.Low, n.Sureness = min(a.least, n.Cumulative), Bounded
		}
	default:
		n.Low = min(n.Cumulative, max(0, a.cum-b.others))
		n.High = max(n.Cumulative, min(a.cum, b.high))
		n.Sureness = sureness(n.Low, n.High)
	}
	id := int32(len(g.nodes))
	g.nodes = append(g.nodes, n)
	level, whole := b.level+1, b.whole
	if f.loop >= 0 {
		g.buds = append(g.buds, g.circleBud(id))
	} else {
		g.buds = append(g.buds, g.bud(id, a, whole))
	}
	g.buds[id].level = level
	return id
}

// again is the part of a function's calls by itself that an arc to it has.
func (f *fn) again(a *arc) float64 {
	if all := f.in - (f.own - f.selfOwn); all > 0 {
		return (a.cum - a.own) / all
	}
	return 1 / float64(f.ways)
}

func sureness(low, high float64) Sureness {
	switch {
	case low <= slack*high:
		return Guessed
	case low < (1-slack)*high:
		return Bounded
	}
	return Known
}

// bud shares what the callees of a function took out among its nodes, in proportion to the
// time below each. What is below all others cannot be below this one, and the other way round.
func (g *grower) bud(id int32, a *arc, whole bool) bud {
	f, n := &g.graph.fns[a.to], &g.nodes[id]
	b := bud{next: g.graph.first[a.to], scale: 1, others: math.Inf(1)}
	leastOwn := a.own
	if f.ways == 1 {
		leastOwn += f.selfOwn
	}
	b.low = max(0, n.Low-a.own-f.selfOwn)
	b.high = min(n.High, max(0, a.most-leastOwn))
	below := n.Cumulative - n.Own
	agree := math.Abs(f.out-f.below()) <= slack*f.in
	if whole && f.ways == 1 && f.out <= below+slack*f.in {
		b.whole = true
		return b
	}
	if agree && !f.unsure {
		b.others = f.below() - b.low
	}
	b.scale = 0
	if most := max(f.out, f.below()); most > 0 {
		b.scale = min(1, below/most)
	}
	return b
}

// circleBud shares a node's time out among its function and the callees that are not on
// the path already: in a circle, callees have time of each other. What is left is in calls
// of those on the path, and stays with the function.
func (g *grower) circleBud(id int32) bud {
	n, f := &g.nodes[id], &g.graph.fns[g.nodes[id].Func]
	b := bud{next: g.graph.first[n.Func], depth: 1, high: n.High, others: math.Inf(1)}
	if n.Parent > 0 && g.graph.fns[g.nodes[n.Parent].Func].loop == f.loop {
		b.depth += g.buds[n.Parent].depth
	}
	arcs := g.graph.of(n.Func)
	if b.depth >= maxCircle || g.looks+len(arcs) > maxLooks {
		n.Cut = true
		b.next += int32(len(arcs))
		return b
	}
	g.looks += len(arcs)
	g.markPath(id, b.depth)
	sum := f.own
	for i := range arcs {
		if g.onPath[arcs[i].to] != id {
			sum += arcs[i].cum
		}
	}
	if sum > 0 {
		b.scale = min(1, n.Cumulative/sum)
	}
	n.Own = n.Cumulative - (sum-f.own)*b.scale
	return b
}

// countCut tells what was left out.
func (g *grower) countCut() {
	shown := make([]float64, len(g.nodes))
	for at := range g.nodes[1:] {
		n := &g.nodes[at+1]
		shown[n.Parent] += n.Cumulative
	}
	for at := range g.nodes {
		n, b := &g.nodes[at], &g.buds[at]
		below := n.Cumulative - n.Own
		if b.depth == 0 {
			below = g.graph.fns[g.function(int32(at))].out * b.scale
		}
		if _, more := g.ahead(int32(at)); more || n.Cut {
			n.Cut = true
			g.cut.Nodes++
			g.cut.Seconds += max(0, below-shown[at])
		}
	}
}
