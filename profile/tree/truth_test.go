package tree

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/profile/pstats"
)

// program is a made-up run of a program: its true calls, and what cProfile would tell of
// them. Functions are numbers; times are whole seconds, so that sums are exact.
type program struct {
	rng    *rand.Rand
	calls  [][]int // whom each function may call
	stack  []int
	paths  map[string]float64 // true cumulative time by path, where a function stands once
	rows   []pstats.Row
	depth  []int // how often each function is on the stack
	nested map[[2]int]int
	left   int
}

// newProgram has n functions; back is the share of callees that may lead in circles.
func newProgram(seed uint64, n int, back float64) *program {
	p := &program{
		rng: rand.New(rand.NewPCG(seed, 1)), calls: make([][]int, n), paths: map[string]float64{},
		rows: make([]pstats.Row, n), depth: make([]int, n), nested: map[[2]int]int{}, left: 1000,
	}
	for f := range n {
		p.rows[f] = pstats.Row{Func: pstats.Func{File: "x.py", Line: int64(f + 1), Name: fmt.Sprint(f)}}
		for range 1 + p.rng.IntN(4) {
			to := f + 1 + p.rng.IntN(4)
			if p.rng.Float64() < back {
				to = p.rng.IntN(f + 1)
			}
			if to < n {
				p.calls[f] = append(p.calls[f], to)
			}
		}
	}
	for range 3 {
		p.call(-1, p.rng.IntN(2))
	}
	for f := range p.rows {
		slices.SortFunc(p.rows[f].Callers, func(a, b pstats.Edge) int { return int(a.Caller - b.Caller) })
	}
	return p
}

// call calls f, and returns the time it took.
func (p *program) call(from, f int) (total float64) {
	p.left--
	p.stack = append(p.stack, f)
	p.depth[f]++
	p.nested[[2]int{from, f}]++
	own := float64(1 + p.rng.IntN(5))
	total = own
	if len(p.stack) < 12 {
		for _, to := range p.calls[f] {
			for range p.rng.IntN(3) {
				if p.left > 0 {
					total += p.call(f, to)
				}
			}
		}
	}
	p.addPath(own)
	p.stack = p.stack[:len(p.stack)-1]
	p.depth[f]--
	p.nested[[2]int{from, f}]--
	add(&p.rows[f].Counts, own, total, p.depth[f] == 0)
	p.rows[f].Listed = true
	if from >= 0 {
		add(p.edge(from, f), own, total, p.nested[[2]int{from, f}] == 0)
	}
	return total
}

// add counts a call as cProfile does: of calls within each other the outermost has the time.
func add(c *pstats.Counts, own, total float64, outermost bool) {
	c.Calls++
	c.Own += own
	if outermost {
		c.Primitive++
		c.Cumulative += total
	}
}

func (p *program) edge(from, f int) *pstats.Counts {
	row := &p.rows[f]
	for i := range row.Callers {
		if int(row.Callers[i].Caller) == from {
			return &row.Callers[i].Counts
		}
	}
	row.Callers = append(row.Callers, pstats.Edge{Caller: pstats.FuncID(from)})
	return &row.Callers[len(row.Callers)-1].Counts
}

// addPath adds the time to every path that the stack is below. A function that comes again
// takes the stack back to where it was first.
func (p *program) addPath(own float64) {
	var path []int
	for _, f := range p.stack {
		if at := slices.Index(path, f); at >= 0 {
			path = path[:at]
		}
		path = append(path, f)
	}
	for i := range path {
		p.paths[fmt.Sprint(path[:i+1])] += own
	}
}

func pathOf(t *Tree, at int32) string {
	var path []int
	for ; at > 0; at = t.Nodes[at].Parent {
		path = append(path, int(t.Nodes[at].Func))
	}
	slices.Reverse(path)
	return fmt.Sprint(path)
}

// TestAgainstTruth compares trees with what truly ran: what is known is true, the truth is
// within the bounds of the rest, every path that ran is there, and all times add up.
func TestAgainstTruth(t *testing.T) {
	var sure [3]int
	for seed := range uint64(400) {
		p := newProgram(seed, 12, 0)
		tree := FromExact(pstats.New(p.rows), Options{})
		checkTimes(t, tree)
		met := map[string]bool{}
		for at := range tree.Nodes[1:] {
			n := &tree.Nodes[at+1]
			path := pathOf(tree, int32(at+1))
			met[path] = true
			sure[n.Sureness]++
			if truth := p.paths[path]; truth < n.Low-1e-6 || truth > n.High+1e-6 || n.Sureness == Known && math.Abs(truth-n.Cumulative) > 1e-6 {
				t.Fatalf("program %d: %s took %v, the tree has %+v", seed, path, truth, *n)
			}
		}
		for path := range p.paths {
			if !met[path] {
				t.Errorf("program %d: %s is not in the tree", seed, path)
			}
		}
		checkOwn(t, tree, p.rows)
	}
	t.Logf("%d nodes are known, %d bounded, %d guessed", sure[Known], sure[Bounded], sure[Guessed])
	if slices.Min(sure[:]) < 100 {
		t.Error("too few of one kind to tell")
	}
}

// TestCircles: where functions call each other, the times add up and what is known is true.
func TestCircles(t *testing.T) {
	known := 0
	for seed := range uint64(150) {
		p := newProgram(seed, 12, 0.2)
		tree := FromExact(pstats.New(p.rows), Options{})
		checkTimes(t, tree)
		for at := range tree.Nodes[1:] {
			n := &tree.Nodes[at+1]
			if truth := p.paths[pathOf(tree, int32(at+1))]; truth < n.Low-1e-6 || truth > n.High+1e-6 || n.Sureness == Known && math.Abs(truth-n.Cumulative) > 1e-6 {
				t.Fatalf("program %d: %s took %v, the tree has %+v\n%s", seed, pathOf(tree, int32(at+1)), truth, *n, drawn(tree))
			}
			if n.Sureness == Known {
				known++
			}
		}
		if total := pstats.New(p.rows).TotalTime; math.Abs(tree.Nodes[0].Cumulative-total) > 1e-6 {
			t.Errorf("program %d took %v, the tree has %v", seed, total, tree.Nodes[0].Cumulative)
		}
	}
	t.Logf("%d nodes are known", known)
	if known < 200 {
		t.Error("too few to tell")
	}
}

// checkTimes: a node has what its own and its callees' time add up to, and no name twice.
func checkTimes(t *testing.T, tree *Tree) {
	t.Helper()
	for at := range tree.Nodes {
		n := &tree.Nodes[at]
		sum, last := n.Own, math.Inf(1)
		names := map[int32]bool{}
		for i := n.First; i < n.First+n.Len; i++ {
			c := &tree.Nodes[i]
			if int(c.Parent) != at || names[c.Func] || c.Cumulative > last*(1+1e-9) || c.Low > c.Cumulative || c.High < c.Cumulative {
				t.Fatalf("child %d of %d is %+v, its sibling has %v", i, at, *c, last)
			}
			names[c.Func] = true
			sum, last = sum+c.Cumulative, c.Cumulative
		}
		if math.Abs(sum-n.Cumulative) > 1e-6*n.Cumulative && !n.Cut {
			t.Fatalf("%s has %v, and its parts %v\n%s", pathOf(tree, int32(at)), n.Cumulative, sum, drawn(tree))
		}
	}
}

// checkOwn: what a function has on all its paths is what the profile has.
func checkOwn(t *testing.T, tree *Tree, rows []pstats.Row) {
	t.Helper()
	own := make([]float64, len(rows))
	for _, n := range tree.Nodes[1:] {
		own[n.Func] += n.Own
	}
	for f := range rows {
		if math.Abs(own[f]-rows[f].Own) > 1e-6 {
			t.Errorf("%s took %v, the tree has %v", rows[f].Func.Name, rows[f].Own, own[f])
		}
	}
}

// TestBudget: the heaviest nodes are kept, and what is left out is told.
func TestBudget(t *testing.T) {
	p := newProgram(3, 12, 0)
	all := FromExact(pstats.New(p.rows), Options{})
	if all.Cut != (Cut{}) || len(all.Nodes) < 40 {
		t.Fatalf("the whole tree has %d nodes and lacks %+v", len(all.Nodes), all.Cut)
	}
	some := FromExact(pstats.New(p.rows), Options{MaxNodes: 20})
	if len(some.Nodes) != 20 || some.Cut.Nodes == 0 {
		t.Fatalf("%d nodes, %+v are left out", len(some.Nodes), some.Cut)
	}
	own := some.Cut.Seconds
	for _, n := range some.Nodes {
		own += n.Own
	}
	if math.Abs(own-all.Nodes[0].Cumulative) > 1e-6 {
		t.Errorf("what is there and what is left out are %v of %v", own, all.Nodes[0].Cumulative)
	}
	if !strings.Contains(drawn(some), "cut") {
		t.Error("no node says that it lacks callees")
	}
}
