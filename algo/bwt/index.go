package bwt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
)

const (
	// countEvery is how many rows apart the bytes so far are counted: half the index's size is
	// counts, and counting on from there takes less time than reaching the memory.
	countEvery = 2048
	// locateStep is how many bytes apart the places are that [Index.Locate] knows.
	locateStep = 32
)

// Index finds patterns in a text that it keeps only as its transform (P. Ferragina,
// G. Manzini, "Opportunistic Data Structures with Applications", FOCS 2000). It takes 1.7 times
// the text's size. It does not change, so many goroutines may use it.
type Index struct {
	size   int // of the text, which may be block's text several times
	block  block
	begin  [257]uint32 // the first row of each first byte
	counts []uint32    // how often each byte is in the last column before every countEvery-th row
	known  ranks       // rows of anchors
	places []uint32    // their positions, in the order of the rows
}

// NewIndex is the index of text, of which it keeps nothing.
func NewIndex(text []byte) (*Index, error) {
	root := text[:period(text)]
	b, err := forward(root, locateStep, everyone())
	if err != nil {
		return nil, fmt.Errorf("indexing: %w", err)
	}
	x := newIndex(b, len(text))
	x.known = newRanks(len(root))
	for _, row := range b.anchors {
		x.known.set(int(row))
	}
	x.known.sum()
	x.places = make([]uint32, len(b.anchors))
	for k, row := range b.anchors {
		x.places[x.known.rank(int(row))] = uint32(k * b.step)
	}
	return x, nil
}

// newIndex is an index that counts, but cannot locate.
func newIndex(b block, size int) *Index {
	x := &Index{size: size, block: b}
	x.counts = make([]uint32, 0, (len(b.last)/countEvery+1)*256)
	var so [256]uint32
	for rest := b.last; ; rest = rest[countEvery:] {
		x.counts = append(x.counts, so[:]...)
		for _, c := range rest[:min(countEvery, len(rest))] {
			so[c]++
		}
		if len(rest) < countEvery {
			break
		}
	}
	for c, count := range so {
		x.begin[c+1] = x.begin[c] + count
	}
	return x
}

// Size is the size of the text in bytes.
func (x *Index) Size() int { return x.size }

// Count is how often pattern occurs in the text, overlapping or not. An empty pattern
// does not occur.
func (x *Index) Count(pattern []byte) int {
	if len(pattern) == 0 || len(pattern) > x.size {
		return 0
	}
	lo, hi := x.search(pattern)
	times := x.size / len(x.block.last)
	return int(hi-lo)*times - occurrences(x.around(len(pattern)-1), pattern)
}

// Locate returns where pattern occurs in the text, as offsets in ascending order.
func (x *Index) Locate(pattern []byte) []int {
	if len(pattern) == 0 || len(pattern) > x.size {
		return nil
	}
	var places []int
	lo, hi := x.search(pattern)
	for row := lo; row < hi; row++ {
		for at := x.place(row); at+len(pattern) <= x.size; at += len(x.block.last) {
			places = append(places, at)
		}
	}
	slices.Sort(places)
	return places
}

// search returns the rows that begin with pattern: lo to hi-1.
func (x *Index) search(pattern []byte) (lo, hi uint32) {
	hi = uint32(len(x.block.last))
	for i := len(pattern) - 1; i >= 0 && lo < hi; i-- {
		c := pattern[i]
		lo, hi = x.begin[c]+x.count(c, lo), x.begin[c]+x.count(c, hi)
	}
	return lo, max(lo, hi)
}

// count is how often c is in the last column before row.
func (x *Index) count(c byte, row uint32) uint32 {
	from := row / countEvery
	return x.counts[from*256+uint32(c)] + uint32(bytes.Count(x.block.last[from*countEvery:row], []byte{c}))
}

// earlier is the row of the rotation that begins one byte earlier.
func (x *Index) earlier(row uint32) uint32 {
	c := x.block.last[row]
	return x.begin[c] + x.count(c, row)
}

// place is where the rotation in row begins.
func (x *Index) place(row uint32) int {
	for steps := 0; ; steps++ {
		if x.known.has(int(row)) {
			return int(x.places[x.known.rank(int(row))]) + steps
		}
		row = x.earlier(row)
	}
}

// around is the last n bytes of the text and its first n: rotations find patterns there
// that the text has not.
func (x *Index) around(n int) []byte { return append(x.end(n), x.start(n)...) }

// end is the last n bytes of the text.
func (x *Index) end(n int) []byte { return x.back(0, n) }

// start is the first n bytes of the text.
func (x *Index) start(n int) []byte {
	b := x.block
	k := (n + b.step - 1) / b.step // the anchor at or after them
	if k >= len(b.anchors) {
		// Behind the last anchor the text begins again, maybe several times over.
		whole := len(b.last)
		over := (n + whole - 1) / whole * whole
		return x.back(0, over)[:n]
	}
	return x.back(k, k*b.step)[:n]
}

// back is the n bytes before an anchor.
func (x *Index) back(anchor, n int) []byte {
	text := make([]byte, n)
	if n == 0 {
		return text
	}
	row := x.block.anchors[anchor]
	for i := n - 1; i >= 0; i-- {
		text[i] = x.block.last[row]
		row = x.earlier(row)
	}
	return text
}

// occurrences counts pattern in text, overlapping or not.
func occurrences(text, pattern []byte) (n int) {
	for {
		i := bytes.Index(text, pattern)
		if i < 0 {
			return n
		}
		n++
		text = text[i+1:]
	}
}

// CountEncoded is how often pattern occurs in the text of the block file that encoded
// reads, overlapping or not, across blocks too. The text is not made. Damage is a [*Damage].
func CountEncoded(encoded io.Reader, pattern []byte) (int64, error) {
	d := newDecoder(encoded, Options{})
	if err := d.begin(); err != nil {
		return 0, err
	}
	if len(pattern) == 0 {
		return 0, errors.New("counting nothing: the pattern is empty")
	}
	reach := len(pattern) - 1
	total := int64(0)
	var before []byte // the end of the text so far, as far as pattern reaches
	for {
		h, payload, err := d.read()
		if err != nil {
			return 0, err
		}
		if d.ended {
			return total, nil
		}
		b, err := parseBlock(h, payload)
		if err != nil {
			return 0, &Damage{int64(h.index), int64(h.offset), int64(h.length), err.Error()}
		}
		x := newIndex(b, len(b.last))
		edge := min(reach, x.size)
		total += int64(x.Count(pattern)) + int64(crossing(before, x.start(edge), pattern))
		before = append(before, x.end(edge)...)
		before = before[max(0, len(before)-reach):]
	}
}

// crossing counts pattern where it begins in a and ends in b, which follows.
func crossing(a, b, pattern []byte) int {
	return occurrences(append(bytes.Clone(a), b...), pattern) - occurrences(a, pattern) - occurrences(b, pattern)
}
