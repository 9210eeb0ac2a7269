// Package bwt has the Burrows-Wheeler transform of any bytes, in linear time: [Transform]
// and [Inverse] as the textbook defines them; [Encode] and [Decode] for data of any
// size, in blocks that are worked on in parallel; [NewIndex] to count and find patterns.
//
// The transform of a text of n bytes is the last column of its n rotations in sorted order,
// and the row in which the text itself stands. No byte is special and none is added; of a
// text that repeats itself the first of the equal rows is meant. "^BANANA|" gives "BNN^AA|A"
// and 6. (M. Burrows, D. Wheeler, "A Block-sorting Lossless Data Compression Algorithm",
// SRC Research Report 124, 1994.)
//
// Beside text and result, transforming takes 5 to 7 times the size of the text for most texts and
// at most 12 times, a little more for each processor that helps; the inverse takes 8 times. All processors work
// on one text. How it sorts is told in docs/design/bwt.md.
package bwt

import (
	"bytes"
	"errors"
	"fmt"
	"math/bits"
)

// MaxSize is the size of the longest text that is transformed as one: positions have 31 bits,
// and one serves as a mark.
const MaxSize = 1 << 30

// shortText is the length below which the tables of all pairs of bytes are not worth having.
const shortText = 2000

var (
	// ErrTooLong is returned for texts of more than [MaxSize] bytes.
	ErrTooLong = fmt.Errorf("longer than %d bytes: Encode transforms any length in blocks", MaxSize)
	// ErrNoTransform says that bytes are no text's transform.
	ErrNoTransform = errors.New("not the transform of any text")
)

// Transform returns the last column of text's sorted rotations and the row of text itself.
func Transform(text []byte) (last []byte, row int, err error) {
	root := text[:period(text)]
	b, err := forward(root, max(len(root), 1), everyone())
	if err != nil || len(text) == 0 {
		return nil, 0, err
	}
	row = int(b.anchors[0])
	if len(root) == len(text) {
		return b.last, row, nil
	}
	// Each rotation of the root stands for as many equal ones of the text.
	times := len(text) / len(root)
	last = make([]byte, 0, len(text))
	for _, c := range b.last {
		last = append(last, bytes.Repeat([]byte{c}, times)...)
	}
	return last, row * times, nil
}

// period is the length of the shortest text of which text is a multiple.
func period(text []byte) int {
	n := len(text)
	for factor, rest := 2, n; rest > 1; factor++ {
		if factor*factor > rest {
			factor = rest // a prime
		}
		for ; rest%factor == 0; rest /= factor {
			if shorter := n / factor; bytes.Equal(text[:n-shorter], text[shorter:n]) {
				n = shorter
			}
		}
	}
	return n
}

// block is a transformed text, with the rows of some of its rotations.
type block struct {
	last []byte
	// anchors[k] is the row of the rotation that begins at k*step. The inverse can begin
	// at each of them; step is a power of two.
	anchors []uint32
	step    int
}

// forward transforms text, with anchors at least every step bytes.
func forward(text []byte, step int, t team) (block, error) {
	if len(text) > MaxSize {
		return block{}, fmt.Errorf("transforming %d bytes: %w", len(text), ErrTooLong)
	}
	b := newBlock(len(text), step)
	b.last = make([]byte, len(text))
	return b, b.forward(text, t)
}

// newBlock is a block of n bytes, without its last column.
func newBlock(n, step int) block {
	step = 1 << (bits.Len(uint(step)) - 1)
	return block{step: step, anchors: make([]uint32, (n+step-1)/step)}
}

// forward transforms text, of at most MaxSize bytes, into b.last, which is as long.
func (b *block) forward(text []byte, t team) error {
	if len(text) == 0 || bytes.Count(text, text[:1]) == len(text) {
		copy(b.last, text) // one byte over and over: all rows are alike
		return nil
	}
	if len(text) < shortText {
		b.fillShort(text)
		return nil
	}
	if err := b.fill(text, t, (*ring).sortPeaks); err != nil {
		return fmt.Errorf("transforming %d bytes: %w", len(text), err)
	}
	return nil
}

// fill sorts the rotations of text, which has at least two different bytes. sort puts the peaks
// in order into the first of as many rows as there are rotations, and one more.
func (b *block) fill(text []byte, t team, sort func(r *ring, rows []int32) error) error {
	r, release, err := newRing(text, b.step, t)
	if err != nil {
		return err
	}
	defer release()
	rows, release, err := allocate[int32](len(text) + 1)
	if err != nil {
		return err
	}
	defer release()
	if err := sort(r, rows); err != nil {
		return err
	}
	c := &column{ring: r, rows: rows, last: b.last, anchors: b.anchors, shift: bits.TrailingZeros(uint(b.step))}
	c.fill()
	return nil
}

// sortPeaks sorts the peaks into rows[:peaks]: by words where there are few different ones, which
// is quicker, else by windows.
func (r *ring) sortPeaks(rows []int32) error {
	err := r.sortByWords(rows, r.peaks/fewWords)
	if err == errManyWords {
		return r.sortByWindows(rows)
	}
	return err
}

// fillShort does the same for a short text.
func (b *block) fillShort(text []byte) {
	n := len(text)
	s := make([]int32, n)
	for i, c := range text {
		s[i] = int32(c)
	}
	turn := leastRotation(s) // from there on suffixes have the order of rotations
	rotate(s, turn)
	sorted := make([]int32, n)
	if err := sortSuffixes(s, sorted, 256, nil, alone()); err != nil {
		panic(err) // allocating so little cannot fail
	}
	for row, p := range sorted {
		p = (p + int32(turn)) % int32(n)
		b.last[row] = text[(int(p)+n-1)%n]
		if int(p)%b.step == 0 {
			b.anchors[int(p)/b.step] = uint32(row)
		}
	}
}
