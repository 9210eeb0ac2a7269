package find

import (
	"bytes"
	"encoding/binary"
	"regexp"
	"strconv"
	"sync"
)

// isOldPickle says whether head, the beginning of a file or, if whole, all of it, can only
// be a pickle of protocol 0 or 1, or several. These have no mark, so their opcodes are gone
// through, with what is on the stack: up to the end of a whole file, of a longer one as far
// as head goes. There a container must be seen, which lists and dicts and objects show by
// what they put into the memo, and tuples by many values behind a mark. So of one text
// or number that is longer than head it is not told.
func isOldPickle(head []byte, whole bool) bool {
	p := oldPickle{rest: head}
	for len(p.rest) > 0 {
		switch p.next() {
		case wrongCode:
			return false
		case cutCode:
			return !whole && p.isContainer(head)
		}
	}
	return p.stopped && whole || !whole && p.isContainer(head)
}

// manyValues behind a mark are no text by chance.
const manyValues = 20

func (p *oldPickle) isContainer(head []byte) bool {
	return p.stored || head[0] == '(' && p.values >= manyValues
}

// oldPickle goes through opcodes. The zero value of what is not rest is a beginning.
type oldPickle struct {
	rest    []byte
	stack   int   // values since the last mark
	marks   []int // values before each mark
	values  int   // numbers and texts
	stored  bool  // something was put into the memo
	stopped bool  // the last opcode was STOP
}

// verdict is what an opcode is found to be.
type verdict int

const (
	goodCode verdict = iota
	wrongCode
	cutCode // it goes on behind the end
)

// next takes one opcode and its argument.
func (p *oldPickle) next() verdict {
	code := p.rest[0]
	p.rest, p.stopped = p.rest[1:], code == '.'
	if v := p.argument(code); v != goodCode {
		return v
	}
	if bytes.IndexByte([]byte("FILSVGJKMTUX"), code) >= 0 {
		p.values++
	}
	p.stored = p.stored || code == 'p' || code == 'q' || code == 'r'
	if !p.effect(code) {
		return wrongCode
	}
	return goodCode
}

// The arguments of the opcodes, from the documentation in CPython's Lib/pickletools.py.
var (
	fixedSizes  = map[byte]int{'J': 4, 'K': 1, 'M': 2, 'G': 8, 'h': 1, 'j': 4, 'q': 1, 'r': 4}
	lengthSizes = map[byte]int{'T': 4, 'U': 1, 'X': 4}
	lineForms   = sync.OnceValue(func() map[byte]*regexp.Regexp {
		return map[byte]*regexp.Regexp{
			'I': regexp.MustCompile(`^-?\d+$`), 'L': regexp.MustCompile(`^-?\d+L?$`), 'F': nil, 'V': nil, 'P': nil,
			'S': regexp.MustCompile(`^('.*'|".*")$`), 'p': regexp.MustCompile(`^\d+$`), 'g': regexp.MustCompile(`^\d+$`),
			'c': regexp.MustCompile(`^[\w.]+$`), 'i': regexp.MustCompile(`^[\w.]+$`),
		}
	})
	// qualname is the second line of a global: it may hold <locals>.
	qualname = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w.<>]+$`) })
)

// argument takes the argument of an opcode.
func (p *oldPickle) argument(code byte) verdict {
	if size, ok := fixedSizes[code]; ok {
		return p.skip(size)
	}
	if size, ok := lengthSizes[code]; ok {
		if len(p.rest) < size {
			return cutCode
		}
		var length [4]byte
		copy(length[:], p.rest[:size])
		p.rest = p.rest[size:]
		return p.skip(int(binary.LittleEndian.Uint32(length[:])))
	}
	form, ok := lineForms()[code]
	if !ok {
		return goodCode
	}
	line, v := p.line()
	if v != goodCode {
		return v
	}
	if form != nil && !form.Match(line) {
		return wrongCode
	}
	if _, err := strconv.ParseFloat(string(line), 64); code == 'F' && err != nil {
		return wrongCode
	}
	if code != 'c' && code != 'i' {
		return goodCode
	}
	if line, v = p.line(); v == goodCode && !qualname().Match(line) {
		return wrongCode
	}
	return v
}

func (p *oldPickle) skip(n int) verdict {
	if n > len(p.rest) {
		return cutCode
	}
	p.rest = p.rest[n:]
	return goodCode
}

func (p *oldPickle) line() ([]byte, verdict) {
	line, rest, ok := bytes.Cut(p.rest, []byte("\n"))
	if !ok {
		return nil, cutCode
	}
	p.rest = rest
	return line, goodCode
}

// effect does what the opcode does to the stack, and says whether it could.
func (p *oldPickle) effect(code byte) bool {
	switch code {
	case '(':
		p.marks, p.stack = append(p.marks, p.stack), 0
	case '.':
		ok := p.stack == 1 && len(p.marks) == 0
		p.stack = 0
		return ok
	case 'F', 'I', 'L', 'N', 'P', 'S', 'V', 'c', 'g', 'J', 'K', 'M', 'T', 'U', 'X', 'h', 'j', ')', ']', '}', 'G':
		p.stack++
	case 'p', 'q', 'r', 'Q':
		return p.stack > 0
	case '2':
		p.stack++
		return p.stack > 1
	case '0':
		p.stack--
		return p.stack >= 0
	case 'R', 'a', 'b':
		p.stack--
		return p.stack > 0
	case 's':
		p.stack -= 2
		return p.stack > 0
	case 'd', 'i', 'l', 't', 'o':
		return p.toMark(1)
	case 'e', 'u', '1':
		return p.toMark(0) && (code == '1' || p.stack > 0)
	default:
		return false
	}
	return true
}

// toMark puts n values in the place of all from the last mark on.
func (p *oldPickle) toMark(n int) bool {
	last := len(p.marks) - 1
	if last < 0 {
		return false
	}
	p.stack, p.marks = p.marks[last]+n, p.marks[:last]
	return true
}
