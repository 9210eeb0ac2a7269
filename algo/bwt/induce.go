package bwt

import "encoding/binary"

// column makes the last column of the sorted rotations from the order of the peaks.
//
// Small rotations that are no peaks are followed, one byte later, by small ones: going
// through the small ones from the greatest to the least, each puts the one before it in
// its place. Then, from the least to the greatest of all, each puts the large one before it
// in its place. Itoh and Tanaka, "An Efficient Method for in Memory Construction of Suffix
// Arrays", SPIRE 1999, with Y. Mori's divsufsort for what is sorted first.
type column struct {
	*ring
	rows    []int32 // by row: the position, or the complemented byte before it; one more than there are
	last    []byte  // the last column
	anchors []uint32
	mask    int32 // positions of which no bit is in mask are anchors
	shift   uint
	reached byte // what was read ahead, so that it is read
}

// The loops have no branches that depend on the data, for the processor would guess every
// third of them wrong. What is not to be put anywhere is "put" where something is, which stays.

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

// small goes through the small rotations. What has done its duty is left as the
// complement of the byte before it.
func (c *column) small() {
	rows, n := c.rows, int32(c.n)
	back := c.bytes[before-1:] // back[p] precedes position p
	at := c.bounds()
	var ends, place [256]int32 // of the rows of each first byte and the second: their end, and that of the free ones
	copy(ends[:], at[1:])
	place = ends
	for second := 255; second >= 0; second-- {
		for i := at[second+1] - 1; i >= place[second]; i-- {
			if i%ahead == 0 {
				c.reached += reach(back, rows[max(i-2*ahead, 0):max(i-ahead, 0)])
			}
			p := rows[i]
			if p&c.mask == 0 {
				c.anchors[p>>c.shift] = uint32(i)
			}
			b := back[p]
			follows := (int32(b) - int32(second) - 1) >> 31 // all bits: a small one precedes it
			rows[i] = p&^follows | ^int32(b)&follows
			p--
			p += p >> 31 & n
			free := place[b] + follows
			place[b] = free
			rows[free] = p&follows | rows[free]&^follows
		}
		for first := range second {
			ends[first] -= c.pairs[first<<8|second]
			place[first] = ends[first]
		}
	}
}

// all goes through all rotations and makes the column.
func (c *column) all() {
	rows, n, last := c.rows, int32(c.n), c.last
	back := c.bytes[before-2:] // back[p] and back[p+1] precede position p
	at := c.bounds()
	for i := range last {
		if i%ahead == 0 {
			c.reached += reach(back, rows[min(i+ahead, len(rows)):min(i+2*ahead, len(rows))])
		}
		p := rows[i]
		done := p >> 31 // all bits: its duty is done
		two := binary.LittleEndian.Uint16(back[p&^done:])
		b := byte(two>>8)&^byte(done) | byte(^p)&byte(done)
		last[i] = b
		p--
		p += p >> 31 & n
		row := at[b]
		at[b] = row + 1 + done
		if p&c.mask|done == 0 {
			c.anchors[p>>c.shift] = uint32(row)
		}
		small := (int32(byte(two)) - int32(b)) >> 31 // all bits: a small one precedes it
		p = p&^small | ^int32(two&0xff)&small
		rows[row] = p&^done | rows[row]&done
	}
}
