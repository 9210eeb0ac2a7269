package show

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// format writes one element.
type format interface {
	// append appends the text of the element that begins at data[at].
	append(dst []byte, at int) []byte
}

// minText is room for brackets and what follows them.
const minText = 256

// layout puts elements into rows, rows into lines, and brackets around them.
type layout struct {
	view      view
	format    format
	separator string
	edge      int  // elements at each end of an axis, or everything
	old       bool // lines are broken as in Legacy113

	out    []byte
	word   []byte // the element at hand
	column int    // of the end of the line, in characters
	start  int    // of the row, in out
}

// print prints the array after a prefix, and indents it as far.
func (l *layout) print(prefix string, width int) []byte {
	l.out = make([]byte, 0, len(prefix)+l.guess()+minText)
	l.out = append(l.out, prefix...)
	l.axis(0, l.view.offset, len(prefix)+1, width)
	return l.out
}

// guess is about how long the text will be: it saves copying. The first element tells
// nearly what the others take, except of Python objects, which may be of any length.
func (l *layout) guess() int {
	if l.edge == 0 || len(l.view.objects) > 0 {
		return 0
	}
	first := len(l.format.append(nil, l.view.offset)) + len(l.separator)
	return l.view.len() * (first + 1)
}

// axis prints what lies along one axis. Each bracket takes a column of the width, and
// indents what is within.
func (l *layout) axis(axis, at, indent, width int) {
	if axis == len(l.view.shape) {
		l.out = l.format.append(l.out, at)
		return
	}
	l.out = append(l.out, '[')
	switch {
	case axis < len(l.view.shape)-1:
		l.rows(axis, at, indent, width)
	case l.old:
		l.row(axis, at, indent, width-len(strings.TrimRight(l.separator, " ")))
	default:
		l.row(axis, at, indent, width-1)
	}
	l.out = append(l.out, ']')
}

// summary says whether the middle of an axis of n elements is left out.
func (l *layout) summary(n int) bool { return l.edge != everything && n > 2*l.edge }

// from is the first element after the one left out or, in a summary without edges,
// the last of all: numpy prints that one always.
func (l *layout) from(n int) int { return n - max(l.edge, 1) }

// rows prints what has axes of its own, with as many line feeds between as there are.
func (l *layout) rows(axis, at, indent, width int) {
	n, step := l.view.shape[axis], l.view.strides[axis]
	between := func() {
		l.out = append(l.out, bytes.TrimRight([]byte(l.separator), " ")...)
		for range len(l.view.shape) - axis - 1 {
			l.out = append(l.out, '\n')
		}
		l.out = appendSpaces(l.out, indent)
	}
	summary, inner := l.summary(n), width-1
	if l.old {
		inner = width
	}
	for i := 0; i < n; i++ {
		if summary && i == l.edge {
			l.out = append(l.out, "..."...)
			if l.old {
				l.out = appendSpaces(append(l.out, ", \n"...), indent)
			} else {
				between()
			}
			i = l.from(n)
		}
		l.axis(axis+1, at+i*step, indent+1, inner)
		if i < n-1 {
			between()
		}
	}
}

// row prints elements, and breaks lines before they reach the width. As numpy does, it
// indents the first line too and takes so many characters off at the end: they are others
// where the first line was blank, for a NaN that is written as nothing.
func (l *layout) row(axis, at, indent, width int) {
	n, step := l.view.shape[axis], l.view.strides[axis]
	summary := l.summary(n)
	l.start = len(l.out)
	l.out = appendSpaces(l.out, indent)
	l.column = indent
	for i := 0; i < n; i++ {
		if summary && i == l.edge {
			l.add([]byte("..."), indent, width)
			if l.old {
				l.text(", ")
			} else {
				l.text(l.separator)
			}
			i = l.from(n)
		}
		if l.old && i == n-1 {
			width += len(strings.TrimRight(l.separator, " ")) // nothing follows the last one
		}
		l.word = l.format.append(l.word[:0], at+i*step)
		l.add(l.word, indent, width)
		if i < n-1 {
			l.text(l.separator)
		}
	}
	l.out = append(l.out[:l.start], l.out[l.start+indent:]...)
}

// text appends what stands between elements.
func (l *layout) text(s string) {
	l.out = append(l.out, s...)
	l.column += len(s)
}

// add appends a word, on a new line if this one has words already and would get too long.
func (l *layout) add(word []byte, indent, width int) {
	if !l.old && bytes.IndexByte(word, '\n') >= 0 {
		l.addLines(bytes.Split(word, []byte("\n")), indent, width)
		return
	}
	n := utf8.RuneCount(word)
	if l.column+n > width && (l.old || l.column > indent) {
		l.newline(indent)
	}
	l.out = append(l.out, word...)
	l.column += n
}

// addLines appends a word of several lines: those after the first stand below it.
func (l *layout) addLines(lines [][]byte, indent, width int) {
	longest := 0
	for _, line := range lines {
		longest = max(longest, utf8.RuneCount(line))
	}
	if l.column+longest > width && l.column > indent {
		l.newline(indent)
	}
	start := l.column
	for i, line := range lines {
		if i > 0 {
			l.newline(start)
		}
		l.out = append(l.out, line...)
		l.column += utf8.RuneCount(line)
	}
	rest := longest - utf8.RuneCount(lines[len(lines)-1])
	l.out = appendSpaces(l.out, rest)
	l.column += rest
}

// newline ends a line, without the spaces at its end.
func (l *layout) newline(indent int) {
	l.out = l.out[:l.start+len(bytes.TrimRight(l.out[l.start:], " "))]
	l.out = append(l.out, '\n')
	l.out = appendSpaces(l.out, indent)
	l.column = indent
}

func appendSpaces(dst []byte, n int) []byte {
	for ; n > 0; n-- {
		dst = append(dst, ' ')
	}
	return dst
}
