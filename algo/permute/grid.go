package permute

import "strings"

// grid makes lines of items that are all as long. The text of a whole block is kept:
// from block to block only a few bytes of each line change.
type grid struct {
	*walker
	items []string
	text  []byte
	line  int       // the length of a line
	shown []int     // the order that the text shows
	where [][]int32 // for each place of the order: the bytes at which its item begins
}

// newGrid is nil where the items differ in length, or a block would be too large.
func newGrid(w *walker, items []string, t Text) *grid {
	if w.r == 0 {
		return nil
	}
	size := len(items[0])
	line := len(t.Start) + w.r*(size+len(t.Separator)) - len(t.Separator) + len(t.End)
	if size == 0 || w.rows*line > maxGrid {
		return nil
	}
	for _, item := range items {
		if len(item) != size {
			return nil
		}
	}
	blank := t.Start + strings.Repeat(strings.Repeat(" ", size)+t.Separator, w.r-1) + strings.Repeat(" ", size) + t.End
	g := &grid{walker: w, items: items, text: []byte(strings.Repeat(blank, w.rows)), line: line, where: places(w)}
	for i, cells := range g.where {
		g.shown = append(g.shown, -1)
		for k, cell := range cells {
			row, column := int(cell)/w.r, int(cell)%w.r
			g.where[i][k] = int32(row*line + len(t.Start) + column*(size+len(t.Separator)))
		}
	}
	return g
}

// block adds the lines of the rows from lo to hi to buf.
func (g *grid) block(buf []byte, lo, hi int) []byte {
	for i := g.changed; i < len(g.order); i++ {
		position := g.order[i]
		if g.shown[i] == position {
			continue
		}
		g.shown[i] = position
		g.put(g.items[position], g.where[i])
	}
	return append(buf, g.text[lo*g.line:hi*g.line]...)
}

// put writes an item where it belongs; most are a single byte.
func (g *grid) put(item string, where []int32) {
	text := g.text
	if len(item) == 1 {
		c := item[0]
		for _, at := range where {
			text[at] = c
		}
		return
	}
	for _, at := range where {
		copy(text[at:], item)
	}
}
