package pstats

import "fmt"

// edgeMerger makes lists of callers out of others, adding up those of the same
// caller. It cuts new lists from slabs, as there are many and most are short.
type edgeMerger struct {
	rows  []Row // for names in errors
	slab  []Edge
	at    []int32 // by caller: its place in the list being made, if stamp says so
	stamp []int32 // by caller: the list it was put in last
	list  int32   // the number of the list being made
}

// slabEdges is how many edges are allocated at once.
const slabEdges = 1 << 14

// setRows tells the rows that callers are in; there may be more than before.
func (m *edgeMerger) setRows(rows []Row) {
	m.rows = rows
	more := len(rows) - len(m.at)
	m.at = append(m.at, make([]int32, more)...)
	m.stamp = append(m.stamp, make([]int32, more)...)
}

// find returns where in the list the caller is, or -1, and then notes that it comes next.
func (m *edgeMerger) find(list []Edge, caller FuncID) int {
	if m.stamp[caller] == m.list {
		return int(m.at[caller])
	}
	m.stamp[caller], m.at[caller] = m.list, int32(len(list))
	return -1
}

// rename gives callers their new ids, in place, and returns the list without
// those that became alike: the last one stays, in the place of the first, as
// assigning to the keys of a Python dict does; or else, if sum is set, their sum.
func (m *edgeMerger) rename(callers []Edge, newID []FuncID, sum bool) ([]Edge, error) {
	m.list++
	list := callers[:0]
	for _, e := range callers {
		e.Caller = newID[e.Caller]
		at := m.find(list, e.Caller)
		switch {
		case at < 0:
			list = append(list, e)
		case !sum:
			list[at] = e
		default:
			if err := m.add(&list[at], e.CountOnly, e.Counts); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// addRow adds figures and callers to a row. newID gives the ids of the callers;
// nil if they have them already. If keep is set, the row's list is left as it is,
// and the row gets another.
func (m *edgeMerger) addRow(row *Row, counts Counts, callers []Edge, newID []FuncID, keep bool) error {
	row.Counts.add(counts) // a new row has zeros: pstats too adds to 0, which makes 0 of -0
	m.list++
	list := row.Callers
	for i := range list {
		m.find(list[:i], list[i].Caller)
	}
	if keep {
		list = m.copyOf(list, len(callers))
	}
	for _, e := range callers {
		if newID != nil {
			e.Caller = newID[e.Caller]
		}
		at := m.find(list, e.Caller)
		if at < 0 {
			if len(list) == cap(list) {
				list = m.copyOf(list, len(callers))
			}
			list = append(list, e)
		} else if err := m.add(&list[at], e.CountOnly, e.Counts); err != nil {
			return err
		}
	}
	row.Callers = list[:len(list):len(list)]
	return nil
}

// copyOf returns a copy of a list with room for more.
func (m *edgeMerger) copyOf(list []Edge, more int) []Edge {
	n := len(list) + more
	if len(m.slab) < n {
		m.slab = make([]Edge, max(n, slabEdges))
	}
	room := m.slab[:0:n]
	m.slab = m.slab[n:]
	return append(room, list...)
}

// add adds to one edge.
func (m *edgeMerger) add(to *Edge, countOnly bool, counts Counts) error {
	if to.CountOnly != countOnly {
		return fmt.Errorf("cannot add calls by %s: one profile has times for them, the other only a count",
			m.rows[to.Caller].Func.short())
	}
	to.Counts.add(counts)
	return nil
}

func (c *Counts) add(other Counts) {
	c.Calls += other.Calls
	c.Primitive += other.Primitive
	c.Own += other.Own
	c.Cumulative += other.Cumulative
}
