package pstats

import "slices"

// number gives functions their ids and returns the rows: those that the file
// lists, in its order, and then the others that occur as callers.
func (r *reader) number() []Row {
	n := numberer{
		reader: r,
		table:  newKeyTable(r.keys, len(r.rows)),
		ids:    make([]FuncID, len(r.keys)),
	}
	for i := range n.ids {
		n.ids[i] = unknown
	}
	n.inBatches(r.rowKeys, n.list)
	r.rows = r.rows[:r.listed]
	others := n.unlisted()
	n.added = others[:0] // filled more slowly than others is read
	n.inBatches(others, n.add)
	n.addRows()
	n.place = make([]int32, len(r.rows))
	for i := range r.rows {
		r.rows[i].Callers = n.callers(r.rows[i].Callers)
	}
	return r.rows
}

// numberer is a reader at its end.
type numberer struct {
	*reader
	table *keyTable
	ids   []FuncID // of the occurrences
	added []int32  // occurrences of functions that only call
	place []int32  // where a function stands in the list of callers at hand
}

// unknown is the id of what has none yet.
const unknown FuncID = -1

// inBatches calls do for each occurrence with its first equal and whether that
// is itself. The number counts the occurrences.
func (n *numberer) inBatches(occurrences []int32, do func(number int, occurrence, first int32, isFirst bool)) {
	var hashes [batch]uint32
	number := 0
	for some := range slices.Chunk(occurrences, batch) {
		for i, occurrence := range some {
			hashes[i] = n.table.hash(occurrence)
		}
		n.table.warmUp(hashes[:len(some)])
		for i, occurrence := range some {
			first, isFirst := n.table.first(occurrence, hashes[i])
			do(number, occurrence, first, isFirst)
			number++
		}
	}
}

// list keeps a row of the file; one of a function that has a row already gives
// that one its figures.
func (n *numberer) list(number int, occurrence, first int32, isFirst bool) {
	row := &n.rows[number]
	if !isFirst {
		id := n.ids[first]
		n.rows[id].Counts, n.rows[id].Callers = row.Counts, row.Callers
		n.ids[occurrence] = id
		return
	}
	if n.listed != number {
		n.rows[n.listed] = *row
	}
	n.ids[occurrence] = FuncID(n.listed)
	n.listed++
}

// unlisted returns the occurrences that have no id yet.
func (n *numberer) unlisted() []int32 {
	count := 0
	for _, id := range n.ids {
		if id == unknown {
			count++
		}
	}
	list := make([]int32, 0, count)
	for occurrence, id := range n.ids {
		if id == unknown {
			list = append(list, int32(occurrence))
		}
	}
	return list
}

// add gives a caller without a row its id.
func (n *numberer) add(_ int, occurrence, first int32, isFirst bool) {
	if !isFirst {
		n.ids[occurrence] = n.ids[first]
		return
	}
	n.ids[occurrence] = FuncID(n.listed + len(n.added))
	n.added = append(n.added, occurrence)
}

// addRows makes the rows of those callers, once it is known how many there are.
func (n *numberer) addRows() {
	if total := n.listed + len(n.added); total > cap(n.rows) {
		n.rows = append(make([]Row, 0, total), n.rows...)
	}
	for _, occurrence := range n.added {
		n.rows = append(n.rows, Row{Func: n.written(occurrence)})
	}
}

// callers puts ids in place of occurrences; of double callers the last counts,
// at the place of the first.
func (n *numberer) callers(list []Edge) []Edge {
	for i := range list {
		list[i].Caller = n.ids[list[i].Caller]
	}
	kept := 0
	for i := range list {
		id := list[i].Caller
		if at := int(n.place[id]); at < kept && list[at].Caller == id {
			list[at] = list[i]
			continue
		}
		n.place[id] = int32(kept)
		if kept != i {
			list[kept] = list[i]
		}
		kept++
	}
	return list[:kept:kept]
}
