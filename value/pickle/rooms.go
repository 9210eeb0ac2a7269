package pickle

import (
	"strings"

	"github.com/cantil-py/cantil/value"
)

// Many small values are cut from pieces of this size, which the garbage collector then
// handles as one; the first piece is small, each next twice the last. One value that
// is kept keeps its piece.
const (
	firstRoom = 8
	lastRoom  = 1024
	textRoom  = 16 << 10
)

// rooms gives room to dicts, pairs and the items of tuples.
type rooms struct {
	dicts []value.Dict
	pairs []value.Pair
	items []value.Value

	nDicts, nPairs, nItems int // the sizes of the last pieces
}

// nextSize is the size of the piece after one of n.
func nextSize(n *int) int {
	*n = min(max(firstRoom, 2**n), lastRoom)
	return *n
}

func (r *rooms) dict() *value.Dict {
	if len(r.dicts) == 0 {
		r.dicts = make([]value.Dict, nextSize(&r.nDicts))
	}
	d := &r.dicts[0]
	r.dicts = r.dicts[1:]
	return d
}

// roomFor makes room for the first n pairs of d.
func (r *rooms) roomFor(d *value.Dict, n int) {
	if n > lastRoom/8 {
		d.Grow(n)
		return
	}
	if len(r.pairs) < n {
		r.pairs = make([]value.Pair, max(n, nextSize(&r.nPairs)))
	}
	*d = value.NewDictIn(r.pairs[0:0:n])
	r.pairs = r.pairs[n:]
}

// values returns a copy of items.
func (r *rooms) values(items []value.Value) []value.Value {
	n := len(items)
	if n > lastRoom/8 {
		return append([]value.Value(nil), items...)
	}
	if len(r.items) < n {
		r.items = make([]value.Value, max(n, nextSize(&r.nItems)))
	}
	room := r.items[0:n:n]
	r.items = r.items[n:]
	copy(room, items)
	return room
}

// arena holds short texts one after the other.
type arena struct {
	b    *strings.Builder
	size int
}

// string returns a copy of p.
func (a *arena) string(p []byte) string {
	n := len(p)
	if n > textRoom/8 {
		return string(p)
	}
	if a.b == nil || a.b.Cap()-a.b.Len() < n {
		a.size = min(max(64, 2*a.size), textRoom)
		a.b = new(strings.Builder)
		a.b.Grow(max(n, a.size))
	}
	from := a.b.Len()
	a.b.Write(p)
	return a.b.String()[from:]
}
