package pyre

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"
)

// The bounds on what the linear engine is given. It takes a step for every state in
// every character at worst, some 20 ns each.
const (
	maxStates     = 2000     // of a pattern, its repeats written out
	maxLinearText = 64 << 10 // bytes of the translated pattern: its sets are ranges, read anew for each use
	maxSteps      = 50e6     // characters of a text times states: about a second
)

// linear matches with the standard library's regexp, in time linear in the text. Only
// patterns without look-around, references, conditions and atomic parts have one. Which
// match is found first is of no interest here, so that the order of branches and greed
// do not matter; everything else is worked into sets and plain positions.
type linear struct {
	engine *regexp.Regexp

	// Where the engine has no equal of a position, it has one in certain texts only.
	ascii  bool // \b and \B: texts of ASCII, the engine's words being of ASCII
	ending bool // $, which also matches ahead of a last newline: texts that do not end with one
	length int  // the longest text, in bytes
}

// newLinear returns nil for a pattern that is not for the linear engine.
func newLinear(s sequence, f flags) *linear {
	states := countStates(s)
	if states > maxStates {
		return nil
	}
	w := linearWriter{made: &linear{length: int(maxSteps / max(states, 1))}}
	if !w.sequence(s, f) || w.err != nil || w.Len() > maxLinearText {
		return nil
	}
	var err error
	if w.made.engine, err = regexp.Compile(w.String()); err != nil {
		return nil // a count over the engine's bound of 1,000
	}
	return w.made
}

// takes tells whether the engine's answer for s is Python's. It knows no surrogates, and
// their stand-ins, in a text, are surrogates in the pattern.
func (l *linear) takes(s string) bool {
	if l == nil || s == "" || len(s) > l.length || l.ending && s[len(s)-1] == '\n' {
		return false
	}
	return isASCII(s) || !l.ascii && utf8.ValidString(s) && !strings.Contains(s, standInLead)
}

// standInLead starts the UTF-8 of every stand-in.
const standInLead = "\xF3\x90"

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// countStates estimates the size of the engine's program, the repeats written out.
func countStates(s sequence) float64 {
	states := 0.0
	for _, n := range s.nodes {
		inner := countStates(n.body)
		if n.op != opGroup {
			inner++
		}
		for _, branch := range n.branches {
			inner += 1 + countStates(branch)
		}
		if n.op == opRepeat {
			rounds := n.max
			if rounds == noMax {
				rounds = n.min + 1
			}
			inner *= float64(max(rounds, 1))
		}
		states = math.Min(states+inner, math.MaxInt32)
	}
	return states
}

// linearWriter writes a pattern in the syntax of the standard library.
type linearWriter struct {
	translator // writes the classes, which are good for both engines
	made       *linear
}

// sequence, like node, returns false for what the engine has nothing for.
func (w *linearWriter) sequence(s sequence, f flags) bool {
	for _, n := range s.nodes {
		if !w.node(n, f) || w.Len() > maxLinearText {
			return false
		}
	}
	return true
}

func (w *linearWriter) node(n node, f flags) bool {
	switch n.op {
	case opChar:
		w.translator.set(n.asSet(), f)
	case opSet:
		return w.set(n, f)
	case opAny:
		w.WriteString(anyChar(f))
	case opAt:
		w.position(n.at, f)
	case opFail:
		w.WriteString(`[^\x{0}-\x{10ffff}]`)
	case opGroup:
		return w.branch([]sequence{n.body}, f.with(n.add, n.del))
	case opBranch:
		return w.branch(n.branches, f)
	case opRepeat:
		if n.mode == possessive || !w.branch([]sequence{n.body}, f) {
			return false
		}
		w.counts(n)
	default:
		return false
	}
	return true
}

func (w *linearWriter) branch(branches []sequence, f flags) bool {
	open := "(?:"
	for _, s := range branches {
		w.WriteString(open)
		if !w.sequence(s, f) {
			return false
		}
		open = "|"
	}
	w.WriteByte(')')
	return true
}

// set writes a set. One of several that excludes the complement of a class would be an
// intersection, which the engine does not have.
func (w *linearWriter) set(n node, f flags) bool {
	plain, complements := splitSet(n, f)
	switch {
	case len(complements) == 0 || len(n.items) == 1:
		w.translator.set(n, f)
	case n.negated:
		return false
	default:
		open := "(?:"
		for _, c := range complements {
			w.WriteString(open)
			w.class(c, true)
			open = "|"
		}
		if len(plain.ranges) > 0 {
			w.WriteByte('|')
			w.class(plain, false)
		}
		w.WriteByte(')')
	}
	return true
}

func (w *linearWriter) position(at rune, f flags) {
	switch {
	case (at == '^' || at == '$') && f&flagMultiline != 0:
		w.WriteString("(?m:" + string(at) + ")")
	case at == '^' || at == 'A':
		w.WriteString(`\A`)
	case at == '$' || at == 'Z':
		w.made.ending = w.made.ending || at == '$'
		w.WriteString(`\z`)
	default: // \b or \B
		w.made.ascii = w.made.ascii || f&flagASCII == 0
		w.WriteString(`\` + string(at))
	}
}
