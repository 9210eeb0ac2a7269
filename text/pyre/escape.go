package pyre

import (
	"strconv"
	"strings"
	"unicode"
)

// simpleEscapes are those that stand for one character, inside a set and outside.
// \b is one of them inside a set only.
const (
	simpleEscapes = `afnrtv\`
	simpleValues  = "\a\f\n\r\t\v\\"
)

// parseEscape reads an escape outside a set; t, its backslash and letter, is taken already.
func (p *parser) parseEscape(t token) node {
	switch {
	case strings.ContainsRune("AZbB", t.char):
		return node{op: opAt, at: t.char}
	case strings.ContainsRune("dDsSwW", t.char):
		return node{op: opSet, items: []setItem{{class: t.char}}}
	case t.char >= '1' && t.char <= '9':
		return p.parseReference(t)
	}
	return node{op: opChar, char: p.parseCharEscape(t)}
}

// parseReference reads a back-reference of one or two digits, or three octal digits.
func (p *parser) parseReference(t token) node {
	digits := string(t.char) + p.getWhile(1, decimal)
	if len(digits) == 2 && strings.Trim(digits, octal) == "" && p.next.in(octal) {
		digits += p.getWhile(1, octal)
		return node{op: opChar, char: p.octalValue(digits)}
	}
	group, err := strconv.Atoi(digits)
	if err != nil || group >= len(p.groups) {
		p.fail(len(digits), "invalid group reference %s", digits)
		return node{}
	}
	return p.reference(group, len(digits)+1)
}

func (p *parser) octalValue(digits string) rune {
	value, err := strconv.ParseInt(digits, 8, 32)
	if err != nil || value > 0o377 {
		p.fail(len(digits)+1, `octal escape value \%s outside of range 0-0o377`, digits)
	}
	return rune(value)
}

// parseCharEscape reads an escape that stands for one character.
func (p *parser) parseCharEscape(t token) rune {
	if i := strings.IndexRune(simpleEscapes, t.char); i >= 0 {
		return rune(simpleValues[i])
	}
	switch {
	case t.char == 'x':
		return p.hexValue(t, 2)
	case t.char == 'u':
		return p.hexValue(t, 4)
	case t.char == 'U':
		return p.hexValue(t, 8)
	case t.char == 'N':
		return p.namedValue()
	case t.char >= '0' && t.char <= '7':
		return p.octalValue(string(t.char) + p.getWhile(2, octal))
	case t.char < 0x80 && (unicode.IsLetter(t.char) || unicode.IsDigit(t.char)):
		p.fail(2, "bad escape %s", t)
	}
	return t.char
}

// hexValue reads exactly n digits.
func (p *parser) hexValue(t token, n int) rune {
	digits := p.getWhile(n, hex)
	if len(digits) < n {
		p.fail(len(digits)+2, "incomplete escape %s%s", t, digits)
		return 0
	}
	value, err := strconv.ParseInt(digits, 16, 64)
	if err != nil || value > unicode.MaxRune {
		p.fail(len(digits)+2, "bad escape %s%s", t, digits)
	}
	return rune(value)
}

// namedValue reads the {NAME} of \N.
func (p *parser) namedValue() rune {
	if !p.accept('{') {
		p.fail(0, "missing {")
		return 0
	}
	name, length := p.getUntil('}', "character name")
	if p.err != nil {
		return 0
	}
	r, ok := lookupName(name)
	if !ok {
		p.fail(length+len(`\N{}`), "undefined character name '%s'", name)
	}
	return r
}

// parseSet reads a set up to its closing bracket; the opening one is taken already.
func (p *parser) parseSet() node {
	here := p.pos() - 1
	n := node{op: opSet, negated: p.accept('^')}
	for p.err == nil {
		t := p.get()
		if t.end() {
			p.failAt(here, "unterminated character set")
		}
		if t.is(']') && len(n.items) > 0 {
			return n
		}
		item := p.parseSetItem(t)
		if !p.accept('-') {
			n.items = append(n.items, item)
			continue
		}
		if p.next.is(']') {
			p.advance()
			n.items = append(n.items, item, setItem{lo: '-', hi: '-'})
			return n
		}
		n.items = append(n.items, p.parseSetRange(t, item, here))
	}
	return n
}

// parseSetItem reads one character or class of a set; t is its first token, taken already.
func (p *parser) parseSetItem(t token) setItem {
	switch {
	case !t.escaped():
		return setItem{lo: t.char, hi: t.char}
	case t.char == 'b':
		return setItem{lo: '\b', hi: '\b'}
	case strings.ContainsRune("dDsSwW", t.char):
		return setItem{class: t.char}
	}
	r := p.parseCharEscape(t)
	return setItem{lo: r, hi: r}
}

// parseSetRange reads the end of a range whose start and dash are taken already.
func (p *parser) parseSetRange(first token, start setItem, here int) setItem {
	last := p.get()
	if last.end() {
		p.failAt(here, "unterminated character set")
		return setItem{}
	}
	end := p.parseSetItem(last)
	if p.err == nil && (start.class != 0 || end.class != 0 || end.lo < start.lo) {
		p.fail(first.width+1+last.width, "bad character range %s-%s", first, last)
	}
	return setItem{lo: start.lo, hi: end.lo}
}
