package pstats

// pieces is a list that grows without being moved: of a long one that is twice
// the memory saved, and all the copying.
type pieces[T any] struct{ list [][]T }

// perPiece is how many items a piece has.
const perPiece = 512

func (p *pieces[T]) add(item T) {
	last := len(p.list) - 1
	if last < 0 || len(p.list[last]) == perPiece {
		p.list = append(p.list, make([]T, 0, perPiece))
		last++
	}
	p.list[last] = append(p.list[last], item)
}

func (p *pieces[T]) at(i int) *T { return &p.list[uint(i)/perPiece][uint(i)%perPiece] }

func (p *pieces[T]) len() int {
	last := len(p.list) - 1
	if last < 0 {
		return 0
	}
	return last*perPiece + len(p.list[last])
}

// edgeSlab is how many callers get space at once: 2.5 MiB, small beside the
// files that have so many.
const edgeSlab = 1 << 16

// free returns the free space behind the lists of callers.
func (r *reader) free() []Edge {
	if len(r.slabs) == 0 {
		return nil
	}
	slab := r.slabs[len(r.slabs)-1]
	return slab[len(slab):]
}

// keep takes the space of a list that began where free told.
func (r *reader) keep(list []Edge) {
	if len(list) > 0 {
		slab := &r.slabs[len(r.slabs)-1]
		*slab = (*slab)[:len(*slab)+len(list)]
	}
}

// moreEdges moves a list of callers that has outgrown its slab to another.
func (r *reader) moreEdges(list []Edge) []Edge {
	n := min(edgeSlab, (r.size-r.d.Pos())/minEdge+1)
	slab := make([]Edge, 0, len(list)+max(n, len(list)))
	r.slabs = append(r.slabs, slab)
	return append(slab, list...)
}

// doubling makes room for n more in a slice, which append would do in steps
// whose sum is larger, and without touching the room as append would.
func doubling[T any](s []T, n int) []T {
	if len(s)+n <= cap(s) {
		return s
	}
	return append(make([]T, 0, len(s)+max(n, len(s))), s...)
}

// next returns the next list of callers, taken back in the order of the entries.
func (r *reader) next(n int) []Edge {
	if n == 0 {
		return nil
	}
	for len(r.slabs[0]) == 0 {
		r.slabs = r.slabs[1:]
	}
	list := r.slabs[0][:n:n]
	r.slabs[0] = r.slabs[0][n:]
	return list
}
