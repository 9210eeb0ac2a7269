package pyre

import "fmt"

// SyntaxError is what Python raises as re.error.
type SyntaxError struct {
	Msg string // Python's words
	Pos int    // in characters from the start of the pattern; -1 where Python tells none
}

func (e *SyntaxError) Error() string {
	if e.Pos < 0 {
		return e.Msg
	}
	return fmt.Sprintf("%s at position %d", e.Msg, e.Pos)
}

// token is one unit of a pattern: a character, or a backslash with the character after it.
type token struct {
	char  rune
	width int // characters it takes: 1, 2 with a backslash, 0 at the end of the pattern
}

func (t token) is(c rune) bool { return t.width == 1 && t.char == c }
func (t token) escaped() bool  { return t.width == 2 }
func (t token) end() bool      { return t.width == 0 }

// in reports whether t is one of the plain ASCII characters of set.
func (t token) in(set string) bool {
	if t.width != 1 {
		return false
	}
	for _, c := range set {
		if c == t.char {
			return true
		}
	}
	return false
}

func (t token) String() string {
	switch t.width {
	case 0:
		return ""
	case 2:
		return `\` + encode(t.char)
	}
	return encode(t.char)
}

// lexer hands out the tokens of a pattern with one token of look-ahead. The first
// error sticks: from then on only the end of the pattern is seen, so that callers need
// not look at err before they are done.
type lexer struct {
	text []rune
	at   int   // just behind next
	next token // not yet taken
	err  error
}

func newLexer(text []rune) *lexer {
	l := &lexer{text: text}
	l.advance()
	return l
}

// pos is where next starts.
func (l *lexer) pos() int { return l.at - l.next.width }

// advance reads the token at l.at into next. A backslash at the end is an error as
// soon as it is seen, before the token ahead of it is looked at, as in Python.
func (l *lexer) advance() {
	l.next = token{}
	if l.err != nil || l.at >= len(l.text) {
		return
	}
	c := l.text[l.at]
	if c != '\\' {
		l.next = token{c, 1}
		l.at++
		return
	}
	if l.at+1 >= len(l.text) {
		l.failAt(len(l.text)-1, "bad escape (end of pattern)")
		return
	}
	l.next = token{l.text[l.at+1], 2}
	l.at += 2
}

func (l *lexer) get() token {
	t := l.next
	l.advance()
	return t
}

// accept takes the next token if it is the plain character c.
func (l *lexer) accept(c rune) bool {
	if !l.next.is(c) {
		return false
	}
	l.advance()
	return true
}

// getWhile takes up to n characters of set.
func (l *lexer) getWhile(n int, set string) string {
	var taken []rune
	for len(taken) < n && l.next.in(set) {
		taken = append(taken, l.get().char)
	}
	return string(taken)
}

// getUntil takes everything up to the plain character stop, which is dropped; what
// names the thing in errors. It returns the text and its length in characters.
func (l *lexer) getUntil(stop rune, what string) (text string, length int) {
	for l.err == nil {
		t := l.get()
		switch {
		case t.end() && length == 0:
			l.fail(0, "missing %s", what)
		case t.end():
			l.fail(length, "missing %c, unterminated name", stop)
		case t.is(stop) && length == 0:
			l.fail(1, "missing %s", what)
		case t.is(stop):
			return text, length
		}
		text += t.String()
		length += t.width
	}
	return text, length
}

func (l *lexer) seek(at int) {
	l.at = at
	l.advance()
}

// fail notes a SyntaxError back characters before the next token.
func (l *lexer) fail(back int, format string, args ...any) {
	l.failAt(l.pos()-back, format, args...)
}

func (l *lexer) failAt(pos int, format string, args ...any) {
	l.stop(&SyntaxError{Msg: fmt.Sprintf(format, args...), Pos: pos})
}

func (l *lexer) stop(err error) {
	if l.err == nil {
		l.err = err
		l.next = token{}
	}
}
