package bwt

import (
	"encoding/binary"
)

// column makes the last column of the sorted rotations from the order of the peaks.
//
// Small rotations that are no peaks are followed, one byte later, by small ones: going
// through the small ones from the greatest to the least, each puts the one before it in
// its place. Then, from the least to the greatest of all, each puts the large one before it
// in its place. Itoh and Tanaka, "An Efficient Method for in Memory Construction of Suffix
// Arrays", SPIRE 1999, with Y. Mori's divsufsort for what is sorted first.
//
// The time goes into reading what precedes positions, which lie anywhere. So where the peak
// before is near, all bytes down to it are read at once, and handed on from row to
// row in place of the position (docs/design/bwt.md).
type column struct {
	*ring
	rows    []int32 // by row: a position, told bytes or a done byte; one more than there are
	last    []byte  // the last column
	anchors []uint32
	shift   int
	reached int // what fetch returned: of no meaning
}

const (
	// told marks up to three bytes that precede a position, the nearest one lowest. They reach
	// to the byte of the peak before, where the text falls, so more of them are not needed.
	told = 1 << 30
	// done marks the byte before a position of which nothing else is needed: the rotation
	// before is in its place.
	done = -1 << 30
	// toldBytes is how many positions before the one that was read are told of at most.
	toldBytes = 3
)

// The loops have no branches that depend on the data, for the processor would guess every
// third of them wrong: they work with masks, of all bits or none. What is not to be put
// anywhere is put behind the last row.

// isKnown is a mask: whether a row holds bytes.
func isKnown(row int32) int32 { return row << 1 >> 31 }

// less is a mask: whether byte a is less than b.
func less(a, b int32) int32 { return (a - b) >> 31 }

// either is a where the mask is set, else b.
func either(mask, a, b int32) int32 { return a&mask | b&^mask }

// fill makes the last column from the peaks' order in rows[:peaks].
func (c *column) fill() {
	c.spread()
	c.small()
	c.all()
}

// bounds is where the rows of each first byte begin, and behind the last where they end.
func (c *column) bounds() (at [257]int32) {
	for pair, count := range c.pairs {
		at[pair>>8+1] += count
	}
	for i := range 256 {
		at[i+1] += at[i]
	}
	return at
}

// spread puts the peaks where they belong: first among the small rotations of the same
// first two bytes, for what follows a peak is large.
func (c *column) spread() {
	at := c.bounds()
	k := int32(c.peaks)
	for first := 255; first >= 0; first-- {
		end := at[first+1]
		for second := 255; second > first; second-- {
			pair := first<<8 | second
			begin := end - c.pairs[pair]
			stars := c.starred[pair]
			k -= stars
			copy(c.rows[begin:begin+stars], c.rows[k:k+stars])
			end = begin
		}
	}
}

// counts is how many rows, or where the next one goes, for each byte before a row.
type counts [256]int32

// small goes through the small rotations, and leaves for all what it knows of each.
func (c *column) small() {
	at := c.bounds()
	var ends, place counts // of the rows of each first byte and the second: their end, and that of the free ones
	copy(ends[:], at[1:])
	place = ends
	for first := 255; first >= 0; first-- {
		// What precedes these rows may begin with the same byte: such rows stand before them, and are next.
		for end := at[first+1]; place[first] < end; {
			begin := place[first]
			c.smallRows(begin, end, int32(first), &place)
			end = begin
		}
		for before := range first {
			ends[before] -= c.pairs[before<<8|first]
			place[before] = ends[before]
		}
	}
}

// all goes through all rotations and makes the column.
func (c *column) all() {
	bounds := c.bounds()
	var at counts
	copy(at[:], bounds[:])
	for first := range 256 {
		// First the large rotations: what precedes these rows may begin with the same byte, and is next.
		begin := bounds[first]
		for end := at[first]; begin < end; end = at[first] {
			c.allRows(begin, end, &at)
			begin = end
		}
		c.allRows(begin, bounds[first+1], &at)
	}
}

// smallRows goes through the small rows from begin to end, of that first byte, and puts what precedes them in its place.
func (c *column) smallRows(begin, end, first int32, place *counts) {
	if t := c.team.of(int(end - begin)); t.members > 1 {
		c.smallTogether(t, begin, end, first, place)
		return
	}
	rows, n, mask := c.rows, int32(c.n), c.mask
	back := c.bytes[before-4:] // back[p:p+4] precedes position p
	for i := end - 1; i >= begin; i-- {
		if i%batch == 0 {
			c.reached += fetch(back, rows[max(i-ahead-batch, 0):max(i-ahead, 0)])
		}
		row := rows[i]
		known := isKnown(row)
		p := row &^ known
		if row&(mask|done) == 0 {
			c.anchors[p>>c.shift] = uint32(i)
		}
		bytes := either(known, row, int32(binary.BigEndian.Uint32(back[p:])))
		b1, b2, b3, b4 := bytes&0xff, bytes>>8&0xff, bytes>>16&0xff, bytes>>24&0xff
		p--
		p += p >> 31 & n
		lost := less(p&mask, toldBytes) &^ known // an anchor is near: its position is needed

		follows := ^less(first, b1) // a small one precedes it, to be put in its place
		stays := (known | less(b2, b1) | less(b3, b2)) &^ lost
		rows[i] = either(follows, done|b1, either(stays, told|bytes&0xffffff, row))

		falls := less(b3, b2) | less(b4, b3)
		tells := (known | less(b1, b2)&falls | less(b2, b3)&less(b4, b3)) &^ lost
		free := place[b1] + follows
		place[b1] = free
		rows[either(follows, free, n)] = either(tells, told|int32(uint32(bytes)>>8), p)
	}
}

// allRows makes the column for the rows from begin to end, and puts what precedes them in its place.
func (c *column) allRows(begin, end int32, at *counts) {
	if t := c.team.of(int(end - begin)); t.members > 1 {
		c.allTogether(t, begin, end, at)
		return
	}
	rows, n, mask, last := c.rows, int32(c.n), c.mask, c.last
	back := c.bytes[before-4:]
	for i := begin; i < end; i++ {
		if i%batch == 0 {
			c.reached += fetch(back, rows[min(i+ahead, n):min(i+ahead+batch, n)])
		}
		row := rows[i]
		known := isKnown(row)
		over := row >> 31 // its duty is done
		p := row &^ known
		bytes := either(known, row, int32(binary.BigEndian.Uint32(back[p:])))
		b1, b2, b3, b4 := bytes&0xff, bytes>>8&0xff, bytes>>16&0xff, bytes>>24&0xff
		last[i] = byte(b1)
		p--
		p += p >> 31 & n
		lost := less(p&mask, toldBytes) &^ known

		free := at[b1]
		at[b1] = free + 1 + over
		if p&mask|known == 0 {
			c.anchors[p>>c.shift] = uint32(free)
		}
		tells := (known | less(b3, b2) | less(b4, b3)) &^ lost
		next := either(tells, told|int32(uint32(bytes)>>8), p)
		rows[either(over, n, free)] = either(less(b2, b1), done|b2, next)
	}
}
