package bwt

import (
	"encoding/binary"
	"math/bits"
)

const (
	// before is how many bytes of the text's end stand before its beginning, so
	// that what precedes a position can be read without asking whether it is the first.
	before = 8
	// after is how many bytes of its beginning follow its end, beside those up to
	// the fall behind the first peak: windows reach over it by less than that.
	after = maxDepth + 8
)

// ring is a text whose end is followed by its beginning, with its peaks.
//
// A rotation is "small" if it precedes the rotation that begins one byte later. A
// peak is a small rotation that a large one follows: the text rises from its first
// byte to its second and then, perhaps after some bytes alike, falls. From the order
// of the peaks follows that of all rotations (see induce.go). There are at most n/2.
type ring struct {
	n     int
	bytes []byte   // the text with what stands before and after
	text  []byte   // bytes from position 0 on
	peaks int      // how many there are
	marks []uint64 // a bit for each position that is a peak
	mask  int32    // positions of which no bit is in mask are anchors

	pairs   []int32 // rotations by their first two bytes, 65536 entries
	starred []int32 // peaks by their first two bytes
}

// newRing copies text, which has at least two different bytes. Anchors are step apart.
func newRing(text []byte, step int) (*ring, func(), error) {
	n := len(text)
	r := &ring{n: n, mask: int32(step - 1), pairs: make([]int32, 1<<16), starred: make([]int32, 1<<16)}
	r.marks = make([]uint64, n/64+1)
	r.mark(text)
	buffer, release, err := allocate[byte](before + n + r.fall(text) + after)
	if err != nil {
		return nil, nil, err
	}
	r.bytes, r.text = buffer, buffer[before:]
	copy(r.text, text)
	for filled := n; filled < len(r.text); {
		filled += copy(r.text[filled:], r.text[:filled])
	}
	for i := range before {
		buffer[before-1-i] = text[n-1-i%n]
	}
	return r, release, nil
}

// mark finds the peaks, and counts pairs of bytes.
func (r *ring) mark(text []byte) {
	next, small := uint(text[0]), firstSmall(text)
	for w := (r.n - 1) / 64; w >= 0; w-- {
		part := text[w*64 : min(w*64+64, r.n)]
		var word uint64
		for i := len(part) - 1; i >= 0; i-- {
			c := uint(part[i])
			// Small if c < next, or c == next and the next is small: no branch, for
			// the processor would guess it wrong too often.
			now := (c - next - small) >> 63
			word = word<<1 | uint64(now&^small)
			r.pairs[(c<<8|next)&0xffff]++
			next, small = c, now
		}
		r.marks[w] = word
		r.peaks += bits.OnesCount64(word)
	}
	r.eachPeak(func(p int) {
		q := p + 1
		if q == r.n {
			q = 0
		}
		r.starred[int(text[p])<<8|int(text[q])]++
	})
}

// firstSmall is 1 if the rotation at 0 is small, else 0.
func firstSmall(text []byte) uint {
	for _, c := range text {
		if c != text[0] {
			if text[0] < c {
				return 1
			}
			return 0
		}
	}
	return 0
}

// eachPeak calls visit with every peak's position, in the order of the text.
func (r *ring) eachPeak(visit func(p int)) {
	for w, word := range r.marks {
		for ; word != 0; word &= word - 1 {
			visit(w*64 + bits.TrailingZeros64(word))
		}
	}
}

// lastPeak is the position of the last one.
func (r *ring) lastPeak() int {
	w := len(r.marks) - 1
	for r.marks[w] == 0 {
		w--
	}
	return w*64 + bits.Len64(r.marks[w]) - 1
}

// fall is how far the first fall behind the first peak is from the beginning of text.
func (r *ring) fall(text []byte) int {
	w := 0
	for r.marks[w] == 0 {
		w++
	}
	i := w*64 + bits.TrailingZeros64(r.marks[w]) + 1
	for text[i%r.n] <= text[(i+1)%r.n] {
		i++
	}
	return i + 1
}

// window is the eight bytes at p, as a number of the same order.
func (r *ring) window(p int) uint64 { return binary.BigEndian.Uint64(r.text[p:]) }
