package permute

import (
	"io"
	"math/big"
)

const (
	// bufferSize is what is handed to the writer at a time, and at most a block more.
	bufferSize = 64 << 10
	// maxGrid bounds the text of a block that is kept whole; it should fit into a near cache.
	maxGrid = 64 << 10
)

// Text says how [Write] writes arrangements.
type Text struct {
	R         int      // how many items are in each
	Start     string   // before each arrangement
	Separator string   // between two items
	End       string   // after each arrangement, "\n" for lines
	From, To  *big.Int // as for [Between]
}

// Write writes each arrangement of t.R of the items to w, in order.
func Write(w io.Writer, items []string, t Text) error {
	walk, err := walkBetween(len(items), t.R, t.From, t.To)
	if err != nil {
		return err
	}
	add := newLiner(walk, items, t).block
	if g := newGrid(walk, items, t); g != nil {
		add = g.block
	}
	buf := make([]byte, 0, 2*bufferSize)
	for {
		lo, hi := walk.next()
		if lo == hi {
			break
		}
		if buf = add(buf, lo, hi); len(buf) < bufferSize {
			continue
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
		buf = buf[:0]
	}
	_, err = w.Write(buf)
	return err
}

// liner makes lines. What a block has in common is kept as text, so that a line is
// that and a few short pieces.
type liner struct {
	*walker
	items, last []string // the items with what stands behind them: the separator, or the end
	end         string
	patterns    [][]int

	prefix []byte // the start, and the text of the common places
	starts []int  // where each of them begins
}

func newLiner(w *walker, items []string, t Text) *liner {
	l := &liner{walker: w, end: t.End, patterns: patterns(len(items), w.r, w.q),
		prefix: []byte(t.Start), starts: make([]int, w.q+1)}
	for i := range l.starts {
		l.starts[i] = len(t.Start)
	}
	for _, item := range items {
		l.items = append(l.items, item+t.Separator)
		l.last = append(l.last, item+t.End)
	}
	return l
}

// block adds the lines of the rows from lo to hi to buf.
func (l *liner) block(buf []byte, lo, hi int) []byte {
	l.common()
	rest := l.order[l.q:]
	for _, pattern := range l.patterns[lo:hi] {
		buf = append(buf, l.prefix...)
		if l.r == 0 {
			buf = append(buf, l.end...)
		}
		for i, from := range pattern {
			text := l.items
			if i == len(pattern)-1 {
				text = l.last
			}
			buf = append(buf, text[rest[from]]...)
		}
	}
	return buf
}

// common brings the text of the common places up to date.
func (l *liner) common() {
	l.prefix = l.prefix[:l.starts[min(l.changed, l.q)]]
	for i := l.changed; i < l.q; i++ {
		l.starts[i] = len(l.prefix)
		text := l.items
		if i == l.r-1 {
			text = l.last
		}
		l.prefix = append(l.prefix, text[l.order[i]]...)
	}
	l.starts[l.q] = len(l.prefix)
}
