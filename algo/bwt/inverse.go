package bwt

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
)

// Inverse returns the text of which last is the last column of the sorted rotations, and
// that stands in row. It is [ErrNoTransform] if there is none.
func Inverse(last []byte, row int) ([]byte, error) {
	if len(last) > MaxSize {
		return nil, fmt.Errorf("inverting %d bytes: %w", len(last), ErrTooLong)
	}
	if len(last) == 0 && row == 0 {
		return nil, nil
	}
	if row < 0 || row >= len(last) {
		return nil, fmt.Errorf("inverting: row %d of %d: %w", row, len(last), ErrNoTransform)
	}
	text, end, err := followAll(last, uint32(row))
	if err != nil {
		return nil, err
	}
	if end != uint32(row) || !goesEverywhere(last, text) {
		return nil, fmt.Errorf("inverting: %w", ErrNoTransform)
	}
	return text, nil
}

// followAll goes len(last) rows on from row, and returns the text and the row it ends at.
func followAll(last []byte, row uint32) (text []byte, end uint32, err error) {
	n := len(last)
	if n < shortText {
		text = make([]byte, n)
		earlier := rowsBefore(last)
		for i := range text {
			text[n-1-i] = last[row]
			row = earlier[row]
		}
		return text, row, nil
	}
	hops, release, err := newHops(last)
	if err != nil {
		return nil, 0, err
	}
	defer release()
	text = make([]byte, n+1) // pairs of bytes, so of an odd number there is one too many
	end = follow(hops, text[:n+n%2], row)
	if n%2 > 0 {
		end = rowsBefore(last)[end]
	}
	return text[:n], end, nil
}

// goesEverywhere says whether text transforms to last, if it is known that going through the
// rows for the length of text comes back to the first. Then it has been to every
// row, unless text repeats itself; that is rare enough to transform it anew.
func goesEverywhere(last, text []byte) bool {
	if period(text) == len(text) {
		return true
	}
	again, _, err := Transform(text)
	return err == nil && bytes.Equal(again, last)
}

// rowsBefore has, for each row, that of the rotation that begins one byte earlier.
func rowsBefore(last []byte) []uint32 {
	var begin [256]uint32
	for _, c := range last {
		begin[c]++
	}
	sum := uint32(0)
	for c, count := range begin {
		begin[c] = sum
		sum += count
	}
	rows := make([]uint32, len(last))
	for row, c := range last {
		rows[row] = begin[c]
		begin[c]++
	}
	return rows
}

// inverse returns the text. Where the anchors are wrong it returns something else, or panics
// if they are not less than len(b.last).
//
// From the row of a rotation follows that of the rotation two bytes later, and the two bytes:
// one access to memory for both. They are far apart, so going from anchor to anchor waits for
// memory most of the time; going from many anchors in turns, it waits for all at once.
// The step of two is libsais's; see github.com/IlyaGrebnov/libsais. Each processor takes anchors of its own.
func (b block) inverse() ([]byte, error) {
	n := len(b.last)
	hops, release, err := newHops(b.last)
	if err != nil {
		return nil, err
	}
	defer release()
	text := make([]byte, n+1)
	sets := (len(b.anchors) - 1) / abreast // the last part may be short, and goes alone
	workers := min(runtime.GOMAXPROCS(0), sets)
	var working sync.WaitGroup
	for worker := range workers {
		working.Go(func() {
			for set := worker; set < sets; set += workers {
				k := set * abreast
				followMany(hops, text[k*b.step:(k+abreast)*b.step], (*[abreast]uint32)(b.anchors[k:]), b.step)
			}
		})
	}
	working.Wait()
	for k := sets * abreast; k < len(b.anchors); k++ {
		begin := k * b.step
		end := min(begin+b.step, n)
		follow(hops, text[begin:end+(end-begin)%2], b.anchors[k])
	}
	return text[:n], nil
}

// abreast is how many anchors are followed in turns: about as many as a processor core can
// have accesses to memory under way.
const abreast = 32

// newHops has, for each row, the row of the rotation two bytes later, and below
// it the two bytes that its own rotation begins with.
//
// The rows that begin with byte c are those with c in the last column, one byte earlier, in
// the same order. So the k-th row with c last leads to the k-th that begins with c.
func newHops(last []byte) ([]uint64, func(), error) {
	hops, release, err := allocate[uint64](len(last))
	if err != nil {
		return nil, nil, fmt.Errorf("inverting %d bytes: %w", len(last), err)
	}
	var begin [256]uint32
	for _, c := range last {
		begin[c]++
	}
	at := make([]uint32, 1<<16) // by two bytes: the rows that begin with them
	sum := uint32(0)
	for second, count := range begin {
		begin[second] = sum
		for _, first := range last[sum : sum+count] {
			at[int(first)<<8|second]++
		}
		sum += count
	}
	sum = 0
	for pair, count := range at {
		at[pair] = sum
		sum += count
	}
	for row, second := range last {
		earlier := begin[second]
		begin[second] = earlier + 1
		pair := uint32(last[earlier])<<8 | uint32(second)
		hops[at[pair]] = uint64(row)<<16 | uint64(pair)
		at[pair]++
	}
	return hops, release, nil
}

// follow writes text, an even number of bytes, from row on, and returns the row it ends at.
func follow(hops []uint64, text []byte, row uint32) uint32 {
	for ; len(text) >= 2; text = text[2:] {
		hop := hops[row]
		binary.BigEndian.PutUint16(text, uint16(hop))
		row = uint32(hop >> 16)
	}
	return row
}

// followMany writes text, consecutive parts of step bytes, each from its row on. The step
// is even.
//
// Parts are a power of two apart, which a cache has few places for: so a line of each is
// put together elsewhere, and written at once.
func followMany(hops []uint64, text []byte, rows *[abreast]uint32, step int) {
	now := *rows
	var lines [abreast][lineSize]byte
	for begin := 0; begin < step; begin += lineSize {
		size := min(lineSize, step-begin)
		for i := 0; i < size; i += 2 {
			for k := range now {
				hop := hops[now[k]]
				binary.BigEndian.PutUint16(lines[k][i:], uint16(hop))
				now[k] = uint32(hop >> 16)
			}
		}
		for k := range lines {
			copy(text[k*step+begin:], lines[k][:size])
		}
	}
}

// lineSize is that of a processor's cache lines.
const lineSize = 64
