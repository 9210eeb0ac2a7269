package flame

import (
	"fmt"
	"math"

	"github.com/cantil-py/cantil/profile/diff"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/tree"
)

// exactData has the figures of the nodes, and the rows of the file. Times are nanoseconds.
type exactData struct {
	Own    column   `json:"own"`
	Hidden column   `json:"hidden"` // of callees that are left out of the tree
	Calls  column   `json:"calls"`
	Sure   column   `json:"sure"` // as tree.Sureness has it
	Low    column   `json:"low"`  // of the whole time of a node; 0 where it is known
	High   column   `json:"high"`
	Rows   rowsData `json:"rows"`
}

// rowsData has the figures of functions as the file has them.
type rowsData struct {
	Count      int    `json:"count"`
	Func       column `json:"func"` // the profile's number
	Calls      column `json:"calls"`
	Primitive  column `json:"primitive"`
	Own        column `json:"own"` // nanoseconds
	Cumulative column `json:"cumulative"`
}

// Exact is a profile of cProfile. The name is what people know it by: its file, or its run.
func Exact(name string, s *pstats.Stats) *Profile {
	calls := tree.FromExact(s, tree.Options{})
	p := &Profile{
		name: name, notes: exactNotes(s, calls),
		exact:    &exactData{Rows: rowsOf(s)},
		compared: func() diff.Profile { return diff.FromStats(s, name, diff.Kind{}) },
	}
	for i := range s.Rows {
		f := s.Rows[i].Func
		p.funcs = append(p.funcs, function{f.Name, f.File, f.Line, kindOf(f.File)})
	}
	p.addNodes(calls.Nodes)
	return p
}

// addNodes adds all nodes but the root.
func (p *Profile) addNodes(nodes []tree.Node) {
	for i, n := range nodes {
		if n.Parent < 0 {
			continue
		}
		back := int64(0)
		if nodes[n.Parent].Parent >= 0 {
			back = int64(i) - int64(n.Parent)
		}
		p.nodes.Count++
		p.nodes.Parent.add(back)
		p.nodes.Func.add(int64(n.Func))
		p.exact.add(n, nodes[n.First:n.First+n.Len])
	}
}

func (e *exactData) add(n tree.Node, children []tree.Node) {
	hidden, low, high := 0.0, 0.0, 0.0
	if n.Cut {
		hidden = n.Cumulative - n.Own
		for _, child := range children {
			hidden -= child.Cumulative
		}
	}
	if n.Sureness != tree.Known {
		low, high = n.Low, n.High
	}
	e.Own.add(nanoseconds(n.Own))
	e.Hidden.add(nanoseconds(hidden))
	e.Calls.add(n.Calls)
	e.Sure.add(int64(n.Sureness))
	e.Low.add(nanoseconds(low))
	e.High.add(nanoseconds(high))
}

func rowsOf(s *pstats.Stats) rowsData {
	var data rowsData
	for id, row := range s.Rows {
		if !row.Listed {
			continue
		}
		data.Count++
		data.Func.add(int64(id))
		data.Calls.add(row.Calls)
		data.Primitive.add(row.Primitive)
		data.Own.add(nanoseconds(row.Own))
		data.Cumulative.add(nanoseconds(row.Cumulative))
	}
	return data
}

// exactNotes is what must be known to read the figures right.
func exactNotes(s *pstats.Stats, calls *tree.Tree) []string {
	var notes []string
	if s.Sampled {
		notes = append(notes, "This file was made of samples: its calls are samples, and their times approximate.")
	}
	if calls.Cut.Nodes > 0 {
		notes = append(notes, fmt.Sprintf("The tree has its %d heaviest nodes; %d of them called more, %.3g s in all, which is in the table only.", len(calls.Nodes)-1, calls.Cut.Nodes, calls.Cut.Seconds))
	}
	return notes
}

// nanoseconds is a time as columns hold it: whole, not negative, and a number that a browser knows exactly.
func nanoseconds(seconds float64) int64 {
	const most = 1 << 53
	n := math.Round(seconds * 1e9)
	if !(n > 0) { // nor is it anything that is no number
		return 0
	}
	return int64(min(n, most))
}
