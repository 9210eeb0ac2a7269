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
	team    team
	parts   []part // one for each member
}

// part is what one member of the team reads of a text.
type part struct {
	begin, end int // in marks
	peaks      int // before it
}

// newRing copies text, which has at least two different bytes. Anchors are step apart.
func newRing(text []byte, step int, t team) (*ring, func(), error) {
	n := len(text)
	r := &ring{n: n, mask: int32(step - 1), team: t.of(n)}
	r.marks = make([]uint64, n/64+1)
	r.mark(text)
	buffer, release, err := allocate[byte](before + n + r.fall(text) + after)
	if err != nil {
		return nil, nil, err
	}
	r.bytes, r.text = buffer, buffer[before:]
	t.each(n, func(begin, end int) { copy(r.text[begin:end], text[begin:]) })
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
	r.parts = make([]part, r.team.members)
	pairs, starred := make([][]int32, len(r.parts)), make([][]int32, len(r.parts))
	r.team.all(func(member int) {
		p := &r.parts[member]
		p.begin, p.end = r.team.share(member, len(r.marks))
		pairs[member] = r.markPart(text, *p)
	})
	for i := range r.parts {
		p := &r.parts[i]
		p.peaks = r.peaks
		for _, word := range r.marks[p.begin:p.end] {
			r.peaks += bits.OnesCount64(word)
		}
	}
	r.team.all(func(member int) { starred[member] = r.countPeaks(text, r.parts[member]) })
	r.pairs, r.starred = sum(pairs), sum(starred)
}

// sum adds the others' counts to the first's.
func sum(counts [][]int32) []int32 {
	for _, others := range counts[1:] {
		for i, count := range others {
			counts[0][i] += count
		}
	}
	return counts[0]
}

// markPart finds the peaks of a part, and counts the pairs of bytes that begin there.
func (r *ring) markPart(text []byte, p part) (pairs []int32) {
	pairs = make([]int32, 1<<16)
	behind := p.end * 64
	if behind >= r.n {
		behind = 0
	}
	next, small := uint(text[behind]), smallAt(text, behind)
	for w := p.end - 1; w >= p.begin; w-- {
		part := text[min(w*64, r.n):min(w*64+64, r.n)]
		var word uint64
		for i := len(part) - 1; i >= 0; i-- {
			c := uint(part[i])
			// Small if c < next, or c == next and the next is small: no branch, for
			// the processor would guess it wrong too often.
			now := (c - next - small) >> 63
			word = word<<1 | uint64(now&^small)
			pairs[(c<<8|next)&0xffff]++
			next, small = c, now
		}
		r.marks[w] = word
	}
	return pairs
}

// countPeaks counts those of a part by their first two bytes.
func (r *ring) countPeaks(text []byte, p part) (starred []int32) {
	starred = make([]int32, 1<<16)
	r.eachPeakOf(p, func(p int) {
		q := p + 1
		if q == r.n {
			q = 0
		}
		starred[int(text[p])<<8|int(text[q])]++
	})
	return starred
}

// smallAt is 1 if the rotation at p is small, else 0.
func smallAt(text []byte, p int) uint {
	for _, rest := range [][]byte{text[p:], text[:p]} {
		for _, c := range rest {
			if c != text[p] {
				return (uint(text[p]) - uint(c)) >> 63
			}
		}
	}
	return 0
}

// eachPeak calls visit with every peak's position, in the order of the text.
func (r *ring) eachPeak(visit func(p int)) {
	r.eachPeakOf(part{0, len(r.marks), 0}, visit)
}

// eachPeakOf calls visit with those of a part.
func (r *ring) eachPeakOf(p part, visit func(p int)) {
	for i, word := range r.marks[p.begin:p.end] {
		for ; word != 0; word &= word - 1 {
			visit((p.begin+i)*64 + bits.TrailingZeros64(word))
		}
	}
}

// peakFrom is the position of the first peak in marks[w:], or of the first of all one round later.
func (r *ring) peakFrom(w int) int {
	round := 0
	for ; ; w++ {
		if w == len(r.marks) {
			w, round = 0, r.n
		}
		if r.marks[w] != 0 {
			return round + w*64 + bits.TrailingZeros64(r.marks[w])
		}
	}
}

// peakBefore is the position of the last peak in marks[:w], or of the last of all one round earlier.
func (r *ring) peakBefore(w int) int {
	round := 0
	for ; ; w-- {
		if w == 0 {
			w, round = len(r.marks), r.n
		}
		if r.marks[w-1] != 0 {
			return (w-1)*64 + bits.Len64(r.marks[w-1]) - 1 - round
		}
	}
}

// fall is how far the first fall behind the first peak is from the beginning of text.
func (r *ring) fall(text []byte) int {
	i := r.peakFrom(0) + 1
	for text[i%r.n] <= text[(i+1)%r.n] {
		i++
	}
	return i + 1
}

// window is the eight bytes at p, as a number of the same order.
func (r *ring) window(p int) uint64 { return binary.BigEndian.Uint64(r.text[p:]) }
