package ints

import (
	"bytes"
	"errors"
	"io"
	"math/big"
	"strings"
)

const (
	// windowSize is what is read at a time.
	windowSize = 256 << 10
	// MaxItem bounds an item: Python's int, too, refuses text of more than 4,300 digits,
	// since its time grows with their square. Underscores and the sign are in it.
	MaxItem = 2*4300 + 1
	// fastDigits many digits surely fit into 63 bits.
	fastDigits = 18
	// fastRoom has room for those, a sign, and what stands behind.
	fastRoom = fastDigits + 4
	// batch is how many numbers are read ahead.
	batch = 1024
)

// Scanner reads one number after the other. Its zero value is of no use: see
// [NewScanner].
type Scanner struct {
	r     io.Reader
	buf   []byte
	data  []byte // what was read and not yet used
	next  int    // offset of data in the text
	value int64
	big   *big.Int
	err   error // of the reader, or what is wrong; io.EOF at the end

	line      int // of data, from 1
	lineStart int // offset at which it begins
	item      int // offset of the last item

	begun bool // an item came
	comma bool // a comma came since the last item

	ready []int64 // found ahead and not yet told
	ahead []int64 // the room for them
}

// NewScanner is a scanner of the numbers that r reads.
func NewScanner(r io.Reader) *Scanner {
	return &Scanner{r: r, buf: make([]byte, windowSize), line: 1, ahead: make([]int64, batch)}
}

// Number is what the last call of Scan found.
func (s *Scanner) Number() Number { return Number{s.value, s.big} }

// Err is what ended the scan, nil if that was the end of the text.
func (s *Scanner) Err() error {
	if errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}

// Scan goes to the next number. False is the end, or an error.
func (s *Scanner) Scan() bool {
	if len(s.ready) > 0 {
		s.value, s.ready = s.ready[0], s.ready[1:]
		return true
	}
	return s.scan()
}

// scan finds the next number, and perhaps more.
func (s *Scanner) scan() bool {
	if s.err != nil && !errors.Is(s.err, io.EOF) {
		return false
	}
	if !s.separate() {
		return false
	}
	s.item, s.big = s.next, nil
	if s.ready = s.ahead[:s.fast()]; len(s.ready) > 0 {
		s.begun = true
		s.value, s.ready = s.ready[0], s.ready[1:]
		return true
	}
	if !s.slow() {
		return false
	}
	s.begun, s.comma = true, false
	return true
}

// separate passes what stands before an item: space, and one comma after an item.
func (s *Scanner) separate() bool {
	for {
		for i, c := range s.data {
			switch c {
			case ' ', '\t', '\r', '\v', '\f':
			case '\n':
				s.line++
				s.lineStart = s.next + i + 1
			case ',':
				if s.comma || !s.begun {
					s.pass(i)
					s.nothing()
					return false
				}
				s.comma = true
			default:
				s.pass(i)
				return true
			}
		}
		s.pass(len(s.data))
		if !s.more() {
			if s.comma && errors.Is(s.err, io.EOF) {
				s.nothing()
			}
			return false
		}
	}
}

// nothing is the error of a comma without a number.
func (s *Scanner) nothing() {
	s.item = s.next
	s.err = s.wrong("", "is no number: nothing stands beside a comma")
}

// fast reads ahead what nearly everything is: short numbers of plain digits, and
// behind each a comma, a space, both, or a line feed. It stops before anything else,
// and near the end of what was read, and returns how many it found.
func (s *Scanner) fast() int {
	data, found := s.data, 0
	for found < batch && len(data) >= fastRoom {
		value, n := short(data[:fastRoom])
		if n == 0 {
			break
		}
		switch data[n] {
		case ',':
			n++
			s.comma = true
			if data[n] == ' ' {
				n++
			}
		case ' ':
			n++
			s.comma = false
		case '\n':
			n++
			s.comma = false
			s.line++
			s.lineStart = s.next + len(s.data) - len(data) + n
		default:
			n = 0
		}
		if n == 0 {
			break
		}
		s.ahead[found] = value
		data = data[n:]
		found++
	}
	s.pass(len(s.data) - len(data))
	return found
}

// short is the number that data begins with and its length, which is 0 for anything
// but at most fastDigits plain digits and a minus.
func short(data []byte) (value int64, n int) {
	sign := int64(1)
	if data[0] == '-' {
		sign, n = -1, 1
	}
	first := n
	for ; n <= first+fastDigits; n++ {
		d := data[n] - '0'
		if d > 9 {
			break
		}
		value = value*10 + int64(d)
	}
	if n == first || n > first+fastDigits {
		return 0, 0
	}
	return value * sign, n
}

// slow reads any item.
func (s *Scanner) slow() bool {
	for {
		end := bytes.IndexFunc(s.data[:min(len(s.data), MaxItem+1)], func(r rune) bool { return r < 0x80 && separates(byte(r)) })
		switch {
		case end >= 0:
			return s.parse(end)
		case len(s.data) > MaxItem:
			s.err = s.wrong(string(s.data[:MaxItem]), "is too long for a number")
			return false
		case !s.more():
			return errors.Is(s.err, io.EOF) && s.parse(len(s.data))
		}
	}
}

// parse reads the item of the first n bytes by Python's rules.
func (s *Scanner) parse(n int) bool {
	item := string(s.data[:n])
	digits := strings.TrimLeft(item, "+-")
	if len(item)-len(digits) > 1 || !plain(digits) {
		s.err = s.wrong(item, "is no whole number")
		return false
	}
	number, ok := new(big.Int).SetString(strings.ReplaceAll(item, "_", ""), 10)
	if !ok {
		s.err = s.wrong(item, "is no whole number")
		return false
	}
	s.value, s.big = number.Int64(), nil
	if !number.IsInt64() {
		s.value, s.big = 0, number
	}
	s.pass(n)
	return true
}

// plain says whether text is digits with single underscores between them.
func plain(text string) bool {
	digit := false // the last was one
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digit = true
		case c == '_' && digit:
			digit = false
		default:
			return false
		}
	}
	return digit
}

// separates says whether c may stand behind a number.
func separates(c byte) bool {
	return c == ',' || c == ' ' || c >= '\t' && c <= '\r'
}

// wrong is the error about the item that begins where the scanner stands.
func (s *Scanner) wrong(item, reason string) error {
	return &SyntaxError{s.line, s.item - s.lineStart + 1, item, reason}
}

func (s *Scanner) pass(n int) {
	s.data = s.data[n:]
	s.next += n
}

// more reads on, keeping what is there. False is the end, or an error.
func (s *Scanner) more() bool {
	if s.err != nil {
		return false
	}
	kept := copy(s.buf, s.data) // at most an item, which is shorter than the buffer
	for range 100 {             // as bufio has it: a reader that reads nothing, again and again, is broken
		var n int
		n, s.err = s.r.Read(s.buf[kept:])
		s.data = s.buf[:kept+n]
		if n > 0 {
			return true
		}
		if s.err != nil {
			return false
		}
	}
	s.err = io.ErrNoProgress
	return false
}
