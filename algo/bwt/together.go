package bwt

import "encoding/binary"

// Where a team works, it goes through rows twice, in shares: each member looks at what precedes its rows, and
// counts. From the counts follows where each is to put what it has. Of what must stand anywhere in memory a row is
// read but once, so this costs a seventh more than to do both at once, as smallRows and allRows do.

// put marks what precedes a row, until it is put in its place; alone it is nothing to be put.
const put = -1 << 31

// smallTogether does smallRows' work.
func (c *column) smallTogether(t team, begin, end, first int32, place *counts) {
	found, reached := make([]counts, t.members), make([]int, t.members)
	share := func(m int) (int32, int32) {
		from, to := t.share(m, int(end-begin))
		return end - int32(to), end - int32(from)
	}
	t.all(func(m int) {
		from, to := share(m)
		reached[m] = c.lookSmall(from, to, first, &found[m])
	})
	places := make([]counts, t.members)
	for m := range places {
		c.reached += reached[m]
		places[m] = *place
		for b, count := range found[m] {
			place[b] -= count
		}
	}
	t.all(func(m int) {
		from, to := share(m)
		c.putSmall(from, to, &places[m])
	})
}

// lookSmall finds what precedes the rows from begin to end, and counts what is to be put in its place:
// that it leaves in such a row, below "put", and the first byte of it in the last column.
func (c *column) lookSmall(begin, end, first int32, found *counts) (reached int) {
	rows, n, mask, last := c.rows, int32(c.n), c.mask, c.last
	back := c.bytes[before-4:] // back[p:p+4] precedes position p
	reached = fetch(back, rows[max(end-ahead, begin):end])
	for i := end - 1; i >= begin; i-- {
		if i%batch == 0 {
			reached += fetch(back, rows[max(i-ahead-batch, begin):max(i-ahead, begin)])
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
		falls := less(b3, b2) | less(b4, b3)
		tells := (known | less(b1, b2)&falls | less(b2, b3)&less(b4, b3)) &^ lost
		next := either(tells, told|int32(uint32(bytes)>>8), p)
		rows[i] = either(follows, put|next, either(stays, told|bytes&0xffffff, row))
		last[i] = byte(b1)
		found[b1] -= follows
	}
	return reached
}

// putSmall puts what lookSmall found.
func (c *column) putSmall(begin, end int32, place *counts) {
	rows := c.rows
	for i := end - 1; i >= begin; i-- {
		row, b1 := rows[i], c.last[i]
		follows := row >> 31
		rows[i] = either(follows, done|int32(b1), row)
		free := place[b1] + follows
		place[b1] = free
		rows[either(follows, free, i)] = row &^ put
	}
}

// allTogether does allRows' work.
func (c *column) allTogether(t team, begin, end int32, at *counts) {
	found, reached := make([]counts, t.members), make([]int, t.members)
	t.all(func(m int) {
		from, to := t.share(m, int(end-begin))
		reached[m] = c.lookAll(begin+int32(from), begin+int32(to), &found[m])
	})
	places := make([]counts, t.members)
	for m := range places {
		c.reached += reached[m]
		places[m] = *at
		for b, count := range found[m] {
			at[b] += count
		}
	}
	t.all(func(m int) {
		from, to := t.share(m, int(end-begin))
		c.putAll(begin+int32(from), begin+int32(to), &places[m])
	})
}

// lookAll makes the column for the rows from begin to end, and leaves in them what precedes them, if it is to
// be put in its place, else nothing.
func (c *column) lookAll(begin, end int32, found *counts) (reached int) {
	rows, n, mask, last := c.rows, int32(c.n), c.mask, c.last
	back := c.bytes[before-4:]
	reached = fetch(back, rows[begin:min(begin+ahead, end)])
	for i := begin; i < end; i++ {
		if i%batch == 0 {
			reached += fetch(back, rows[min(i+ahead, end):min(i+ahead+batch, end)])
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
		isAnchor := ^((p & mask) | -(p & mask)) >> 31 &^ known
		tells := (known | less(b3, b2) | less(b4, b3)) &^ lost
		next := either(tells, told|int32(uint32(bytes)>>8), p)
		next = either(less(b2, b1)&^isAnchor, done|b2, next)
		rows[i] = either(over, put, next)
		found[b1] += 1 + over
	}
	return reached
}

// putAll puts what lookAll found.
func (c *column) putAll(begin, end int32, at *counts) {
	rows, mask := c.rows, c.mask
	for i := begin; i < end; i++ {
		row, b1 := rows[i], c.last[i]
		nothing := (row &^ (row << 1)) >> 31
		free := at[b1]
		at[b1] = free + 1 + nothing
		if row&(mask|done) == 0 {
			row = c.anchor(row, free)
		}
		rows[either(nothing, i, free)] = row
	}
}

// anchor takes the row of the anchor at p down, and returns what is left to do.
func (c *column) anchor(p, row int32) int32 {
	c.anchors[p>>c.shift] = uint32(row)
	before := c.bytes[before-1:]
	if b := before[p]; b < c.text[p] {
		return done | int32(b)
	}
	return p
}
