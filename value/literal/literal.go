// Package literal reads Python's literals, as ast.literal_eval does. Call [Parse]:
//
//	v, err := literal.Parse("{'name': [1, 2.5, None]}")
//
// Known are None, True, False and ..., numbers with a sign and sums that make a complex
// number, str and bytes with every prefix and escape but f-strings and \N{...}, and
// tuples, lists, dicts, sets and set() of all these. Nothing is looked up or called.
//
// The grammar is that of chapter 2 of Python's language reference.
package literal

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value"
)

const (
	// MaxDepth bounds brackets within each other; CPython's parser allows 200.
	MaxDepth = 200
	// MaxText bounds a literal in bytes: as values it takes some ten times the memory.
	MaxText = 64 << 20
)

// SyntaxError says where a text is no literal.
type SyntaxError struct {
	Offset int // in bytes
	What   string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("no Python literal: %s at character %d", e.What, e.Offset+1)
}

// Parse returns the value of text, which must be one literal and nothing else.
func Parse(text string) (value.Value, error) {
	if len(text) > MaxText {
		return nil, fmt.Errorf("reading a literal: it is longer than %d MiB", MaxText>>20)
	}
	if !utf8.ValidString(text) {
		return nil, &SyntaxError{0, "the text is not UTF-8"}
	}
	p := &parser{text: strings.Trim(text, " \t")}
	v, err := p.open()
	if err != nil {
		return nil, err
	}
	if p.next() != 0 {
		return nil, p.fail("more than one value")
	}
	return v, nil
}

type parser struct {
	text  string
	at    int
	depth int // of brackets; line ends are blanks within them
}

func (p *parser) fail(what string) error { return &SyntaxError{p.at, what} }

// next passes over blanks and comments and returns the next byte, or 0 at the end.
func (p *parser) next() byte {
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r':
			p.at++
		case c == '\\' && p.at+2 < len(p.text) && p.text[p.at+1] == '\n':
			p.at += 2
		case c == '#':
			for p.at < len(p.text) && p.text[p.at] != '\n' {
				p.at++
			}
		default:
			return c
		}
	}
	return 0
}

// open reads a value, or a tuple without brackets.
func (p *parser) open() (value.Value, error) {
	v, err := p.value()
	if err != nil || p.next() != ',' {
		return v, err
	}
	items := []value.Value{v}
	for p.next() == ',' {
		p.at++
		if c := p.next(); c == 0 || c == ')' {
			break
		}
		if v, err = p.value(); err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	return value.NewTuple(items...), nil
}

func (p *parser) value() (value.Value, error) {
	switch c := p.next(); {
	case c == 0:
		return nil, p.fail("the text ends")
	case c == '(' || c == '[' || c == '{':
		return p.bracket(c)
	case c == '"' || c == '\'':
		return p.texts()
	case c == '+' || c == '-' || c >= '0' && c <= '9' || c == '.':
		return p.number()
	}
	word := p.word()
	switch word {
	case "None":
		return value.None, nil
	case "True", "False":
		return value.Bool(word == "True"), nil
	case "set":
		return p.emptySet()
	}
	if p.at < len(p.text) && (p.text[p.at] == '"' || p.text[p.at] == '\'') {
		p.at -= len(word)
		return p.texts()
	}
	p.at -= len(word)
	if word == "" {
		return nil, p.fail("a character that begins no value")
	}
	return nil, p.fail(fmt.Sprintf("the name %.40q (a text stands in quotes)", word))
}

// word is the letters and digits at p.
func (p *parser) word() string {
	start := p.at
	for p.at < len(p.text) {
		c := p.text[p.at]
		if c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') {
			break
		}
		p.at++
	}
	return p.text[start:p.at]
}

func (p *parser) emptySet() (value.Value, error) {
	for _, want := range []byte("()") {
		if p.next() != want {
			return nil, p.fail("only set() may be called")
		}
		p.at++
	}
	return value.NewSet()
}

// bracket reads what is between brackets.
func (p *parser) bracket(c byte) (value.Value, error) {
	if p.depth++; p.depth > MaxDepth {
		return nil, p.fail(fmt.Sprintf("more than %d brackets within each other", MaxDepth))
	}
	defer func() { p.depth-- }()
	p.at++
	switch c {
	case '(':
		return p.tuple()
	case '[':
		items, err := p.items(']', nil)
		return value.NewList(items...), err
	}
	return p.braces()
}

// tuple reads a tuple, or a value in brackets.
func (p *parser) tuple() (value.Value, error) {
	if p.next() == ')' {
		p.at++
		return value.NewTuple(), nil
	}
	v, err := p.open()
	if err != nil {
		return nil, err
	}
	if p.next() != ')' {
		return nil, p.fail("no )")
	}
	p.at++
	return v, nil
}

// items reads values after the given ones, up to the bracket end.
func (p *parser) items(end byte, items []value.Value) ([]value.Value, error) {
	for {
		if p.next() == end {
			p.at++
			return items, nil
		}
		if len(items) > 0 {
			if p.next() != ',' {
				return nil, p.fail(fmt.Sprintf("no , or %c", end))
			}
			p.at++
			if p.next() == end {
				continue
			}
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
}

// braces reads a dict or a set.
func (p *parser) braces() (value.Value, error) {
	if p.next() == '}' {
		p.at++
		return &value.Dict{}, nil
	}
	first, err := p.value()
	if err != nil {
		return nil, err
	}
	if p.next() == ':' {
		return p.dict(first)
	}
	items, err := p.items('}', []value.Value{first})
	if err != nil {
		return nil, err
	}
	set, err := value.NewSet(items...)
	if err != nil {
		return nil, p.fail(err.Error())
	}
	return set, nil
}

func (p *parser) dict(key value.Value) (value.Value, error) {
	d := &value.Dict{}
	for {
		if p.next() != ':' {
			return nil, p.fail("no : after a key")
		}
		p.at++
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		if err := d.Set(key, v); err != nil {
			return nil, p.fail(err.Error())
		}
		if p.next() == ',' {
			p.at++
		} else if p.next() != '}' {
			return nil, p.fail("no , or }")
		}
		if p.next() == '}' {
			p.at++
			return d, nil
		}
		if key, err = p.value(); err != nil {
			return nil, err
		}
	}
}
