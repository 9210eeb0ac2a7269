package pstats

import "hash/maphash"

// funcIndex finds functions by file, line and name: a hash table with open
// addressing, twice as fast as a map here because the hash of a file, which
// hundreds of functions in a row share, is kept.
type funcIndex struct {
	seed     maphash.Seed
	rows     *[]Row
	slots    []slot // a power of two, at most four fifths full
	used     int
	lastFile string
	lastHash uint64
}

// slot holds one function; id is its FuncID plus one, and 0 where the slot is free.
type slot struct {
	hash uint32
	id   FuncID
}

// newFuncIndex indexes rows, with room for more.
func newFuncIndex(rows *[]Row, room int) *funcIndex {
	size := 64
	for 4*size < 5*room {
		size *= 2
	}
	x := &funcIndex{seed: maphash.MakeSeed(), rows: rows, slots: make([]slot, size)}
	for id := range *rows {
		x.insert(x.hash((*rows)[id].Func), FuncID(id))
	}
	return x
}

func (x *funcIndex) hash(f Func) uint32 {
	if f.File != x.lastFile || x.lastHash == 0 {
		x.lastFile, x.lastHash = f.File, maphash.String(x.seed, f.File)|1
	}
	h := maphash.String(x.seed, f.Name) ^ x.lastHash*uint64(f.Line<<1|1)
	return uint32(h ^ h>>32)
}

// id returns the function's id, adding an unlisted row for a new one. That makes
// room for as many rows as may come, if it has to.
func (x *funcIndex) id(f Func, mayCome int) FuncID {
	h := x.hash(f)
	mask := uint32(len(x.slots) - 1)
	for at := h & mask; x.slots[at].id != 0; at = (at + 1) & mask {
		if id := x.slots[at].id - 1; x.slots[at].hash == h && (*x.rows)[id].Func == f {
			return id
		}
	}
	id := FuncID(len(*x.rows))
	*x.rows = append(doubling(*x.rows, mayCome), Row{Func: f})
	x.insert(h, id)
	return id
}

// insert puts a function that is not there yet.
func (x *funcIndex) insert(h uint32, id FuncID) {
	if 5*x.used >= 4*len(x.slots) {
		x.grow()
	}
	x.used++
	mask := uint32(len(x.slots) - 1)
	at := h & mask
	for x.slots[at].id != 0 {
		at = (at + 1) & mask
	}
	x.slots[at] = slot{h, id + 1}
}

func (x *funcIndex) grow() {
	old := x.slots
	x.slots, x.used = make([]slot, 2*len(old)), 0
	for _, s := range old {
		if s.id != 0 {
			x.insert(s.hash, s.id-1)
		}
	}
}
