package npy

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth of brackets in a header: numpy itself nests a structure in two, and
// structures in structures are rare.
const maxDepth = 64

// A header is a Python literal. These are its values beside string, int and bool.
type (
	tuple []any
	list  []any
	dict  map[string]any
)

// literals reads one Python literal.
type literals struct {
	text  string
	at    int
	depth int
}

// parseLiteral reads text, which must be one literal and nothing else.
func parseLiteral(text string) (any, error) {
	p := &literals{text: text}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.skip(); p.at < len(p.text) {
		return nil, p.fail("more than one value")
	}
	return v, nil
}

func (p *literals) fail(what string) error { return fmt.Errorf("%s at character %d", what, p.at) }

// skip passes over white space and returns the next byte, or 0.
func (p *literals) skip() byte {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n\f", p.text[p.at]) >= 0 {
		p.at++
	}
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *literals) value() (any, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail("too many brackets")
	}
	defer func() { p.depth-- }()
	switch c := p.skip(); {
	case c == '(':
		items, commas, err := p.items(')')
		if err == nil && len(items) == 1 && commas == 0 {
			return items[0], nil
		}
		return tuple(items), err
	case c == '[':
		items, _, err := p.items(']')
		return list(items), err
	case c == '{':
		return p.dict()
	case c == '\'' || c == '"':
		return p.str()
	case c == '-' || c >= '0' && c <= '9':
		return p.int()
	}
	return p.word()
}

// items reads what is within brackets up to the byte end, and counts the commas.
func (p *literals) items(end byte) (items []any, commas int, err error) {
	for p.at++; ; p.at++ {
		if p.skip() == end {
			break
		}
		v, err := p.value()
		if err != nil {
			return nil, 0, err
		}
		items = append(items, v)
		if p.skip() != ',' {
			break
		}
		commas++
	}
	if p.skip() != end {
		return nil, 0, p.fail("an open bracket")
	}
	p.at++
	return items, commas, nil
}

func (p *literals) dict() (any, error) {
	d := dict{}
	for p.at++; ; p.at++ {
		if p.skip() == '}' {
			break
		}
		key, err := p.str()
		if err != nil {
			return nil, err
		}
		if p.skip() != ':' {
			return nil, p.fail("a key without a value")
		}
		p.at++
		if d[key], err = p.value(); err != nil {
			return nil, err
		}
		if p.skip() != ',' {
			break
		}
	}
	if p.skip() != '}' {
		return nil, p.fail("an open brace")
	}
	p.at++
	return d, nil
}

func (p *literals) int() (any, error) {
	start := p.at
	for p.at++; p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9'; p.at++ {
	}
	n, err := strconv.Atoi(p.text[start:p.at])
	if err != nil {
		return nil, p.fail("a number that is none or too large")
	}
	if p.at < len(p.text) && p.text[p.at] == 'L' { // as Python 2 wrote them
		p.at++
	}
	return n, nil
}

func (p *literals) word() (any, error) {
	for word, v := range map[string]any{"True": true, "False": false, "None": nil} {
		if strings.HasPrefix(p.text[p.at:], word) {
			p.at += len(word)
			return v, nil
		}
	}
	if p.at+1 < len(p.text) && strings.IndexByte("ub", p.text[p.at]) >= 0 && strings.IndexByte(`'"`, p.text[p.at+1]) >= 0 {
		p.at++
		return p.str()
	}
	return nil, p.fail("not a Python literal")
}

func (p *literals) str() (string, error) {
	quote := p.skip()
	if quote != '\'' && quote != '"' {
		return "", p.fail("not a string")
	}
	var b strings.Builder
	for p.at++; p.at < len(p.text); {
		switch c := p.text[p.at]; c {
		case quote:
			p.at++
			return b.String(), nil
		case '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			writeRune(&b, r)
		default:
			b.WriteByte(c)
			p.at++
		}
	}
	return "", p.fail("an open string")
}

// escape reads one of the escapes that Python's repr writes.
func (p *literals) escape() (rune, error) {
	rest := p.text[p.at+1:]
	if rest == "" {
		return 0, p.fail("an open string")
	}
	p.at += 2
	if i := strings.IndexByte(`nrt\'"`, rest[0]); i >= 0 {
		return rune("\n\r\t\\'\""[i]), nil
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[rest[0]]
	if digits == 0 || len(rest) <= digits {
		return 0, p.fail("an unknown escape")
	}
	n, err := strconv.ParseUint(rest[1:1+digits], 16, 32)
	if err != nil || n > utf8.MaxRune {
		return 0, p.fail("an escape that is no character")
	}
	p.at += digits
	return rune(n), nil
}

// writeRune writes r in UTF-8, a surrogate in its three bytes as package value has it.
func writeRune(b *strings.Builder, r rune) {
	if r >= 0xD800 && r <= 0xDFFF {
		b.Write([]byte{0xE0 | byte(r>>12), 0x80 | byte(r>>6)&0x3F, 0x80 | byte(r)&0x3F})
		return
	}
	b.WriteRune(r)
}
