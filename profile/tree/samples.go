package tree

import (
	"cmp"
	"slices"

	"github.com/cantil-py/cantil/profile/stacks"
)

// FromSamples returns the stacks of a sampled profile as a tree. Lines are not told apart.
// Calls are samples, and times samples times the period.
func FromSamples(p *stacks.Profile, opts Options) *Tree {
	t := &Tree{Sampled: true, Funcs: make([]Func, len(p.Funcs))}
	for i, f := range p.Funcs {
		t.Funcs[i] = Func{Name: f.Name, File: f.File, Line: int64(f.FirstLine), Native: f.Native}
	}
	all := mergeStacks(p)
	t.Nodes, t.Cut = heaviest(all, opts)
	second := p.Period().Seconds()
	for i := range t.Nodes {
		n := &t.Nodes[i]
		n.Own *= second
		n.Cumulative *= second
		n.Low, n.High = n.Cumulative, n.Cumulative
	}
	t.Cut.Seconds *= second
	return t
}

// mergeStacks makes nodes, the parents first, of which no two siblings are the same
// function. Their times are samples.
func mergeStacks(p *stacks.Profile) []Node {
	type branch struct {
		parent int32
		fn     stacks.FuncID
	}
	nodes := []Node{{Func: -1, Parent: -1}}
	known := make(map[branch]int32, len(p.Nodes))
	place := make([]int32, len(p.Nodes))
	for i, n := range p.Nodes { // parents come first
		b := branch{0, n.Func}
		if n.Parent != stacks.NoParent {
			b.parent = place[n.Parent]
		}
		at, ok := known[b]
		if !ok {
			at = int32(len(nodes))
			known[b] = at
			nodes = append(nodes, Node{Func: int32(n.Func), Parent: b.parent})
		}
		place[i] = at
	}
	for i := range p.Samples {
		nodes[place[p.Samples[i].Stack]].Own++
	}
	for i := len(nodes) - 1; i >= 0; i-- {
		n := &nodes[i]
		n.Cumulative += n.Own
		n.Calls = int64(n.Cumulative)
		if i > 0 {
			nodes[n.Parent].Cumulative += n.Cumulative
		}
	}
	return nodes
}

// heaviest lays out the heaviest nodes, as many as may be. Those without a sample are left
// out, for the profile was filtered.
func heaviest(all []Node, opts Options) ([]Node, Cut) {
	var order, out []int32
	level := make([]int32, len(all))
	for i := range all {
		if i > 0 {
			level[i] = level[all[i].Parent] + 1
		}
		switch {
		case i > 0 && all[i].Cumulative == 0:
		case level[i] > opts.depth():
			out = append(out, int32(i))
		default:
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { // the root and every parent first
		return cmp.Or(cmp.Compare(all[b].Cumulative, all[a].Cumulative), cmp.Compare(a, b))
	})
	most := min(opts.nodes(), len(order))
	var cut Cut
	for _, i := range append(out, order[most:]...) {
		cut.Seconds += all[i].Own
		all[all[i].Parent].Cut = true
	}
	order = order[:most]
	place := make([]int32, len(all))
	nodes := make([]Node, len(order))
	for at, i := range order {
		place[i] = int32(at)
		nodes[at] = all[i]
		if nodes[at].Cut {
			cut.Nodes++
		}
		if i > 0 {
			nodes[at].Parent = place[all[i].Parent]
		}
	}
	return layOut(nodes), cut
}
