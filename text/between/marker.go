package between

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"
)

const (
	// MaxMarker bounds a marker, which has to be in memory as a whole; command lines are shorter.
	MaxMarker = 1 << 20
	// MaxLine bounds a line in which a regular expression is looked for, likewise.
	MaxLine = 1 << 20
)

// Marker is what a span begins or ends with.
type Marker struct {
	literal []byte
	whole   *regexp.Regexp // looks from the start of a line
	behind  *regexp.Regexp // looks behind the first character of its text; group 1 is the match
	given   string
}

// String is the marker as it was given.
func (m *Marker) String() string { return m.given }

// Literal is the marker that is text itself. The empty one is found at once.
func Literal(text string) (*Marker, error) {
	if len(text) > MaxMarker {
		return nil, fmt.Errorf("a marker of %d bytes: at most %d", len(text), MaxMarker)
	}
	return &Marker{literal: []byte(text), given: text}, nil
}

// Regexp is the marker of a regular expression in the syntax of Go's regexp (RE2). It
// is looked for in one line at a time, to which its line feed belongs; ^ and $ are the
// ends of a line.
func Regexp(expr string) (*Marker, error) {
	if len(expr) > MaxMarker {
		return nil, fmt.Errorf("a regular expression of %d bytes: at most %d", len(expr), MaxMarker)
	}
	if _, err := regexp.Compile(expr); err != nil { // by itself, so that the error shows what was given
		return nil, err
	}
	whole, err := regexp.Compile("(?m:" + expr + ")")
	if err != nil {
		return nil, err
	}
	// The lazy dots make it the leftmost match behind the first character, which is
	// there for ^ and \b to look back at.
	behind, err := regexp.Compile(`\A(?s:.)(?s:.*?)((?m:` + expr + "))")
	if err != nil {
		return nil, err
	}
	return &Marker{whole: whole, behind: behind, given: expr}, nil
}

// find passes w on to behind the next match, which it returns; what stands before it
// goes to out. The match holds until w reads on.
func (m *Marker) find(w *window, out io.Writer) (match []byte, ok bool, err error) {
	if m.whole != nil {
		return m.findInLines(w, out)
	}
	for {
		if at := bytes.Index(w.data(), m.literal); at >= 0 {
			return passMatch(w, out, at, at+len(m.literal))
		}
		// The end of what is here may be the beginning of a match.
		safe := max(0, len(w.data())-len(m.literal)+1)
		if _, err := w.pass(safe, out); err != nil {
			return nil, false, err
		}
		if !w.more() {
			_, err := w.pass(len(w.data()), out)
			if failure := w.failure(); failure != nil {
				err = failure
			}
			return nil, false, err
		}
	}
}

// passMatch passes what stands before a match to out, and the match.
func passMatch(w *window, out io.Writer, from, to int) ([]byte, bool, error) {
	if _, err := w.pass(from, out); err != nil {
		return nil, false, err
	}
	match, err := w.pass(to-from, io.Discard)
	return match, true, err
}

func (m *Marker) findInLines(w *window, out io.Writer) ([]byte, bool, error) {
	for {
		end, err := w.lineEnd()
		if err != nil {
			return nil, false, err
		}
		if at := m.in(w.buf[w.lo-w.line:w.lo+end], w.line); at != nil {
			return passMatch(w, out, at[0], at[1])
		}
		if end == 0 {
			return nil, false, w.failure()
		}
		if _, err := w.pass(end, out); err != nil {
			return nil, false, err
		}
	}
}

// in is the first match in text behind its first passed bytes, which are there to be
// looked back at; its ends are counted from there.
func (m *Marker) in(text []byte, passed int) []int {
	if passed == 0 {
		return m.whole.FindIndex(text)
	}
	_, size := utf8.DecodeLastRune(text[:passed])
	at := m.behind.FindSubmatchIndex(text[passed-size:])
	if at == nil {
		return nil
	}
	return []int{at[2] - size, at[3] - size}
}

// lineEnd is the length of the line that data begins with, its line feed counted; 0
// behind the last.
func (w *window) lineEnd() (int, error) {
	searched := 0
	for {
		if at := bytes.IndexByte(w.data()[searched:], '\n'); at >= 0 {
			return searched + at + 1, nil
		}
		searched = len(w.data())
		if searched > MaxLine {
			return 0, fmt.Errorf("byte %d begins a line of more than %d MiB, too long for a regular expression", w.offset, MaxLine>>20)
		}
		if !w.more() {
			return searched, w.failure()
		}
	}
}
