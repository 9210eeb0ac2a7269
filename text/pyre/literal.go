package pyre

import (
	"strings"
	"unicode/utf8"
)

// maxLiterals bounds what is looked for ahead of an engine: each is a pass over the text.
const maxLiterals = 8

// maxFolded cuts folded literals short: at worst all of one is compared at every place.
const maxFolded = 32

// literal is a text to look for. If fold is set it is ASCII in lower case and stands for
// either case, in a text of ASCII.
type literal struct {
	text string
	fold bool
}

// needed is what every match has in it: one literal of each choice, one after the other.
type needed []choice

type choice []literal

// mayMatch is false if s lacks what is needed.
func mayMatch(s string, n needed) bool {
	for _, c := range n {
		end := c.end(s)
		if end < 0 {
			return false
		}
		s = s[end:]
	}
	return true
}

// end returns the end of the literal in s that ends first, or -1 if there is none.
func (c choice) end(s string) int {
	first := -1
	for _, l := range c {
		if end := l.end(s); end >= 0 && (first < 0 || end < first) {
			first = end
		}
	}
	return first
}

// end of a folded literal is 0, as if found, in a text that is not of ASCII: letters of
// ASCII have other cases outside.
func (l literal) end(s string) int {
	if l.fold {
		if !isASCII(s) {
			return 0
		}
		return endFolded(s, l.text)
	}
	at := strings.Index(s, l.text)
	if at < 0 {
		return -1
	}
	return at + len(l.text)
}

func endFolded(s, lower string) int {
	for end := len(lower); end <= len(s); end++ {
		at := end - len(lower)
		if toLower(s[at]) == lower[0] && strings.EqualFold(s[at:end], lower) {
			return end
		}
	}
	return -1
}

func toLower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// wholeLiteral returns the text that the pattern stands for if it has no more than
// plain characters.
func wholeLiteral(s sequence, f flags) (string, bool) {
	var text []byte
	for _, n := range s.nodes {
		if !isPlain(n, f) || f&flagIgnoreCase != 0 {
			return "", false
		}
		text = utf8.AppendRune(text, n.char)
	}
	return string(text), true
}

// isPlain tells whether n is a character for a literal. Only valid UTF-8 will do: a byte
// of any other text may be found inside a character.
func isPlain(n node, f flags) bool {
	return n.op == opChar && utf8.ValidRune(n.char) && (f&flagIgnoreCase == 0 || n.char < utf8.RuneSelf)
}

// neededLiterals returns what every match has in it as far as that is plain to see.
// Looking for it first is quicker than any engine.
func neededLiterals(s sequence, f flags) needed {
	var all needed
	var run []byte
	for i, n := range s.nodes {
		if isPlain(n, f) {
			run = utf8.AppendRune(run, n.char)
			if i < len(s.nodes)-1 {
				continue
			}
		}
		if len(run) > 0 {
			all = append(all, choice{newLiteral(run, f)})
			run = run[:0]
		}
		all = append(all, neededOf(n, f)...)
	}
	return all[:min(len(all), maxLiterals)]
}

func newLiteral(run []byte, f flags) literal {
	if f&flagIgnoreCase != 0 {
		return literal{strings.ToLower(string(run[:min(len(run), maxFolded)])), true}
	}
	return literal{string(run), false}
}

// neededOf is neededLiterals of what a node holds and cannot do without.
func neededOf(n node, f flags) needed {
	switch {
	case n.op == opGroup:
		return neededLiterals(n.body, f.with(n.add, n.del))
	case n.op == opAtomic, n.op == opRepeat && n.min > 0:
		return neededLiterals(n.body, f)
	case n.op == opBranch:
		return neededOfBranches(n.branches, f)
	}
	return nil
}

// neededOfBranches makes one choice of the first of each branch.
func neededOfBranches(branches []sequence, f flags) needed {
	var all choice
	for _, s := range branches {
		n := neededLiterals(s, f)
		if len(n) == 0 || len(all)+len(n[0]) > maxLiterals {
			return nil
		}
		all = append(all, n[0]...)
	}
	return needed{all}
}
