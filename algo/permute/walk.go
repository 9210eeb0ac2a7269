package permute

import (
	"math"
	"math/big"
	"sort"
)

// Arrangements are visited a block at a time. A block is all that begin alike and
// differ in their last few places; within it every arrangement is a row, and the rows
// of all blocks have the same pattern: which of the block's items stands where. So to
// go on to the next block, only what changed in the beginning and in the rest has to
// be put in place.

const (
	// maxRows and maxCells bound a block: what is kept of it should stay in the nearest cache.
	maxRows  = 120
	maxCells = 4096
	// forever is more steps than anyone waits for: 500 years at one each nanosecond.
	forever = math.MaxUint64
)

// walker goes through the blocks of the arrangements of r of n positions.
type walker struct {
	order   []int // the block's first arrangement, then the positions it leaves out
	r, q    int   // the first q places are common to a block, and the rest ascends
	rows    int   // in a block
	changed int   // the first place of order that differs from the last block

	begun bool
	skip  int    // rows of the first block that come before the first one wanted
	left  uint64 // rows still wanted
}

// blockStart is the q of a walker, and the number of rows in its blocks.
func blockStart(n, r int) (q, rows int) {
	q, rows = r, 1
	for q > 0 && rows*(n-q+1) <= maxRows && rows*(n-q+1)*r <= maxCells {
		q--
		rows *= n - q
	}
	return q, rows
}

func newWalker(n, r int) *walker {
	q, rows := blockStart(n, r)
	return &walker{order: ascending(n), r: r, q: q, rows: rows, left: forever}
}

// walkBetween is a walker from rank from to rank to; nil stands for either end.
func walkBetween(n, r int, from, to *big.Int) (*walker, error) {
	s, err := New(n, r)
	if err != nil {
		return nil, err
	}
	w, end := newWalker(n, max(0, min(r, n))), s.Count()
	if from == nil {
		from = new(big.Int)
	}
	if to == nil || to.Cmp(end) > 0 {
		to = end
	}
	if from.Sign() < 0 || to.Sign() < 0 {
		return nil, errNegative
	}
	left := new(big.Int).Sub(to, from)
	if left.Sign() <= 0 {
		w.left = 0
		return w, nil
	}
	if left.IsUint64() {
		w.left = left.Uint64()
	}
	w.order = s.order(from)
	w.skip = int(new(big.Int).Rem(from, big.NewInt(int64(w.rows))).Int64())
	sort.Ints(w.order[w.q:]) // back to the block's first row
	return w, nil
}

// next goes to the next block. The rows of it that are wanted are those from lo up to,
// and without, hi; at the end both are 0.
func (w *walker) next() (lo, hi int) {
	if w.left == 0 {
		return 0, 0
	}
	if w.begun {
		if w.changed = successor(w.order, w.q); w.changed < 0 {
			w.left = 0
			return 0, 0
		}
	}
	w.begun = true
	lo, w.skip = w.skip, 0
	hi = int(min(uint64(w.rows), uint64(lo)+min(w.left, maxRows)))
	w.left -= uint64(hi - lo)
	return lo, hi
}

// successor makes the first q places of order the next arrangement of q, the rest
// staying in ascending order, and returns the first place that changed, or -1 behind
// the last.
func successor(order []int, q int) int {
	for i := q - 1; i >= 0; i-- {
		rest := order[i+1:]
		here := order[i]
		if len(rest) > 0 && rest[len(rest)-1] > here {
			j := sort.SearchInts(rest, here+1)
			order[i], rest[j] = rest[j], here
			return i
		}
		copy(order[i:], rest)
		order[len(order)-1] = here
	}
	return -1
}

// patterns are the rows of a block by what stands in their last r-q places, each an
// index into the order's rest.
func patterns(n, r, q int) [][]int {
	rows := [][]int{{}}
	for range r - q {
		var longer [][]int
		for _, row := range rows {
			for i := range n - q {
				if !contains(row, i) {
					longer = append(longer, append(append([]int{}, row...), i))
				}
			}
		}
		rows = longer
	}
	return rows
}

// places are, for each place of the order, the cells of a block that show it; the rows
// lie one after the other.
func places(w *walker) [][]int32 {
	where := make([][]int32, len(w.order))
	for k, pattern := range patterns(len(w.order), w.r, w.q) {
		start := k * w.r
		for i := range w.q {
			where[i] = append(where[i], int32(start+i))
		}
		for i, from := range pattern {
			where[w.q+from] = append(where[w.q+from], int32(start+w.q+i))
		}
	}
	return where
}

func contains(row []int, i int) bool {
	for _, x := range row {
		if x == i {
			return true
		}
	}
	return false
}

func ascending(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}
