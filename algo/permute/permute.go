// Package permute lists arrangements in the order of Python's itertools.permutations.
//
// Call [Of] for the arrangements of r of some items, [New] for their number and their
// ranks, [Between] to begin at the k-th or to share the work, and [Write] for text, a
// line for each.
//
// The order is lexicographic by position, whatever the items are: equal items at two
// places are two items, as in Python. With r above the number of items there is no
// arrangement, with r = 0 there is one, which is empty. Numbers of arrangements and
// ranks are big integers, for 21! is already more than 64 bits hold.
//
// Each arrangement is found from the one before by the successor rule of partial
// permutations (Knuth, The Art of Computer Programming 4A, 7.2.1.2, algorithm L, and
// its extension to r of n), a block at a time. A rank is a number in the factorial
// number system.
package permute

import (
	"iter"
	"math/big"
)

// Of yields the arrangements of r of the items. The slice that it yields is reused:
// it holds until the next step, and is not to be changed; [Copies] makes new ones. A
// negative r, like one that is too large, gives none.
func Of[T any](items []T, r int) iter.Seq[[]T] {
	// Small enough for the compiler to put it, and the loop's body, into the caller.
	return func(yield func([]T) bool) {
		b := newBlock(items, r)
		for b.next() {
			for _, row := range b.wanted {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// Between yields the arrangements of r of the items from rank from up to, and without,
// rank to; nil stands for the first, and for the end. A to beyond the end is the end.
// The slice that is yielded is reused, as by [Of]. More than [MaxItems] items, and
// negative numbers, are errors.
func Between[T any](items []T, r int, from, to *big.Int) (iter.Seq[[]T], error) {
	if _, err := walkBetween(len(items), r, from, to); err != nil {
		return nil, err
	}
	return func(yield func([]T) bool) {
		w, err := walkBetween(len(items), r, from, to)
		if err != nil {
			return // not after it went well above
		}
		b := blockOf(items, w)
		for b.next() {
			for _, row := range b.wanted {
				if !yield(row) {
					return
				}
			}
		}
	}, nil
}

// Copies yields a copy of all that seq yields, to be kept.
func Copies[T any](seq iter.Seq[[]T]) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for p := range seq {
			if !yield(append([]T{}, p...)) {
				return
			}
		}
	}
}

// block is the rows of the walker's block, filled with items.
type block[T any] struct {
	*walker
	items  []T
	shown  []int     // the order that the rows show
	cells  []T       // all rows, one after the other
	view   [][]T     // the same, cut
	where  [][]int32 // for each place of the order: the cells that show it
	wanted [][]T     // what next found
}

func newBlock[T any](items []T, r int) *block[T] {
	if r < 0 || r > len(items) {
		return &block[T]{walker: &walker{}}
	}
	return blockOf(items, newWalker(len(items), r))
}

func blockOf[T any](items []T, w *walker) *block[T] {
	n := len(w.order)
	b := &block[T]{walker: w, items: items, shown: make([]int, n), where: places(w),
		cells: make([]T, w.rows*w.r), view: make([][]T, w.rows)}
	for i := range b.shown {
		b.shown[i] = -1
	}
	for k := range b.view {
		b.view[k] = b.cells[k*w.r : (k+1)*w.r : (k+1)*w.r]
	}
	return b
}

// next fills the rows for the next block; false is the end.
func (b *block[T]) next() bool {
	lo, hi := b.walker.next()
	if lo == hi {
		return false
	}
	for i := b.changed; i < len(b.order); i++ {
		position := b.order[i]
		if b.shown[i] == position {
			continue
		}
		b.shown[i] = position
		fill(b.cells, b.where[i], b.items[position])
	}
	b.wanted = b.view[lo:hi]
	return true
}

// fill puts item into some of the cells, four at a time: most of the work is here.
func fill[T any](cells []T, where []int32, item T) {
	for len(where) >= 4 {
		cells[where[0]] = item
		cells[where[1]] = item
		cells[where[2]] = item
		cells[where[3]] = item
		where = where[4:]
	}
	for _, at := range where {
		cells[at] = item
	}
}
