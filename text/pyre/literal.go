package pyre

import (
	"strings"
	"unicode/utf8"
)

// maxLiterals bounds what is looked for ahead of an engine: each is a pass over the text.
const maxLiterals = 8

// literal is a text to look for. If fold is set it is ASCII in lower case and stands for
// either case, in a text of ASCII.
type literal struct {
	text string
	fold bool
}

// mayMatch is false if s has none of the literals, one of which every match needs.
func mayMatch(s string, needed []literal) bool {
	for _, l := range needed {
		if !l.fold && strings.Contains(s, l.text) || l.fold && mayFold(s, l.text) {
			return true
		}
	}
	return len(needed) == 0
}

// mayFold tells whether an ASCII s has lower in it, in any case. For other texts it is
// true, as letters of ASCII have other cases among them.
func mayFold(s, lower string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return true
		}
	}
	for i := range len(s) - len(lower) + 1 {
		if toLower(s[i]) == lower[0] && strings.EqualFold(s[i:i+len(lower)], lower) {
			return true
		}
	}
	return false
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

// neededLiterals returns texts of which every match has at least one in it, the longest
// that are plain to see, or none. Looking for them first is quicker than any engine.
func neededLiterals(s sequence, f flags) []literal {
	var best []literal
	var run []byte
	for i, n := range s.nodes {
		if isPlain(n, f) {
			run = utf8.AppendRune(run, n.char)
			if i < len(s.nodes)-1 {
				continue
			}
		}
		best = better(best, runLiteral(run, f))
		best = better(best, neededOf(n, f))
		run = run[:0]
	}
	return best
}

func runLiteral(run []byte, f flags) []literal {
	switch {
	case len(run) == 0:
		return nil
	case f&flagIgnoreCase != 0:
		return []literal{{strings.ToLower(string(run)), true}}
	}
	return []literal{{string(run), false}}
}

// neededOf is neededLiterals of what a node holds and cannot do without.
func neededOf(n node, f flags) []literal {
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

func neededOfBranches(branches []sequence, f flags) []literal {
	var all []literal
	for _, s := range branches {
		needed := neededLiterals(s, f)
		if len(needed) == 0 || len(all)+len(needed) > maxLiterals {
			return nil
		}
		all = append(all, needed...)
	}
	return all
}

// better returns the one whose shortest literal is longer.
func better(a, b []literal) []literal {
	if shortest(b) > shortest(a) {
		return b
	}
	return a
}

func shortest(needed []literal) int {
	if len(needed) == 0 {
		return 0
	}
	length := len(needed[0].text)
	for _, l := range needed {
		length = min(length, len(l.text))
	}
	return length
}
