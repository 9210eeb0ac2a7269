package pstats

import "runtime/debug"

// number gives functions their ids and returns the rows: those that the file
// lists, in its order, and then the others that occur as callers.
func (r *reader) number() (rows []Row, listed int) {
	n := numberer{
		reader: r,
		table:  newKeyTable(&r.keys, r.entries.len(), r.names.hashTable),
		ids:    make([]FuncID, r.keys.len()),
		firsts: make([]int32, 0, r.entries.len()),
	}
	for i := range n.ids {
		n.ids[i] = unknown
	}
	n.inBatches(r.entries.len(), func(i int) int32 { return r.entries.at(i).occurrence })
	listed = len(n.firsts)
	others := n.unlisted()
	n.inBatches(len(others), func(i int) int32 { return others[i] })

	n.release()
	rows = make([]Row, len(n.firsts))
	for id, occurrence := range n.firsts {
		rows[id].Func = r.written(occurrence)
	}
	n.place = make([]int32, len(rows))
	for i := range r.entries.len() {
		e := r.entries.at(i)
		row := &rows[n.ids[e.occurrence]]
		row.Listed, row.Counts, row.Callers = true, e.Counts, n.callers(r.next(int(e.callers)))
	}
	return rows, listed
}

// numberer is a reader at its end.
type numberer struct {
	*reader
	table  *keyTable
	ids    []FuncID // of the occurrences
	firsts []int32  // the first occurrence of every function that has an id
	place  []int32  // where a function stands in the list of callers at hand
}

// release gives back what is not needed any more, also to the system: the rows come next,
// which need more in one piece than any piece of it, and are slow to collect garbage around.
func (n *numberer) release() {
	n.table, n.d, n.byRef, n.names.slots = nil, nil, nil, nil
	if n.size >= minLarge {
		debug.FreeOSMemory()
	}
}

// unknown is the id of what has none yet.
const unknown FuncID = -1

// inBatches gives ids to so many occurrences: the next one to each function that
// was not known.
func (n *numberer) inBatches(count int, occurrence func(i int) int32) {
	var some [batch]int32
	var hashes [batch]uint32
	for start := 0; start < count; start += batch {
		some := some[:min(batch, count-start)]
		for i := range some {
			some[i] = occurrence(start + i)
			hashes[i] = n.table.hash(some[i])
		}
		n.table.warmUp(hashes[:len(some)])
		for i, occurrence := range some {
			n.identify(occurrence, hashes[i])
		}
	}
}

func (n *numberer) identify(occurrence int32, hash uint32) {
	first, isFirst := n.table.first(occurrence, hash)
	if isFirst {
		n.ids[first] = FuncID(len(n.firsts))
		n.firsts = append(n.firsts, first)
	}
	n.ids[occurrence] = n.ids[first]
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
