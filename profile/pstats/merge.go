package pstats

import "fmt"

// edgeMerger makes lists of callers out of others, adding up those of the same
// caller. It cuts the lists from slabs, as there are many and most are short.
type edgeMerger struct {
	rows  []Row // for names in errors
	slab  []Edge
	at    []int32 // by caller: its place in the list being made, plus one, if stamp says so
	stamp []int32 // by caller: the list it was put in last
	list  int32   // the number of the list being made
}

// slabEdges is how many edges are allocated at once.
const slabEdges = 1 << 14

// newEdgeMerger merges edges whose callers are in rows, so many in all if the caller knows.
func newEdgeMerger(rows []Row, edges int) *edgeMerger {
	return &edgeMerger{rows: rows, slab: make([]Edge, 0, edges),
		at: make([]int32, len(rows)), stamp: make([]int32, len(rows))}
}

// begin starts a list of at most n edges and returns it, empty.
func (m *edgeMerger) begin(n int) []Edge {
	m.list++
	if cap(m.slab)-len(m.slab) < n {
		m.slab = make([]Edge, 0, max(n, slabEdges))
	}
	return m.slab[len(m.slab):len(m.slab)]
}

// finish ends a list.
func (m *edgeMerger) finish(list []Edge) []Edge {
	m.slab = m.slab[:len(m.slab)+len(list)]
	return list[:len(list):len(list)]
}

// find returns where in the list the caller is, or -1, and then takes the next place for it.
func (m *edgeMerger) find(list []Edge, caller FuncID) int {
	if m.stamp[caller] == m.list {
		return int(m.at[caller])
	}
	m.stamp[caller], m.at[caller] = m.list, int32(len(list))
	return -1
}

// replace puts an edge into the list, in the place of one of the same caller, as
// assigning to a key of a Python dict does.
func (m *edgeMerger) replace(list []Edge, e Edge) []Edge {
	if at := m.find(list, e.Caller); at >= 0 {
		list[at] = e
		return list
	}
	return append(list, e)
}

// add puts an edge into the list, adding to one of the same caller.
func (m *edgeMerger) add(list []Edge, e Edge) ([]Edge, error) {
	at := m.find(list, e.Caller)
	if at < 0 {
		return append(list, e), nil
	}
	if list[at].CountOnly != e.CountOnly {
		return nil, fmt.Errorf("cannot add calls by %s: one profile has times for them, the other only a count",
			m.rows[e.Caller].Func)
	}
	list[at].Counts.add(e.Counts)
	return list, nil
}

func (c *Counts) add(other Counts) {
	c.Calls += other.Calls
	c.Primitive += other.Primitive
	c.Own += other.Own
	c.Cumulative += other.Cumulative
}
