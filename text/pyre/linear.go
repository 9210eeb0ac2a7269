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
// patterns without look-behind, references, conditions and atomic parts have one, and
// look-ahead only at the start. Which match is found first is of no interest here, so
// that the order of branches and greed do not matter; everything else is worked into
// sets and plain positions.
type linear struct {
	parts []part // a text matches if it does what each of them asks

	// Where the engine has no equal of a position, it has one in certain texts only.
	ascii  bool // \b and \B: texts of ASCII, the engine's words being of ASCII
	ending bool // $, which also matches ahead of a last newline: texts that do not end with one
	length int  // the longest text, in bytes
}

// part is a pattern that must be found, or must not.
type part struct {
	engine  *regexp.Regexp
	needed  needed // of a match; of a part that is all of the pattern, Regexp has them
	negated bool
}

// newLinear returns nil for a pattern that is not for the linear engine.
func newLinear(s sequence, f flags) *linear {
	states := countStates(s)
	if states > maxStates {
		return nil
	}
	l := &linear{length: int(maxSteps / max(states, 1))}
	looks, rest := splitLooks(s, f)
	for _, look := range looks {
		if !l.add(part{needed: neededLiterals(look.body, f), negated: look.negated}, look.body, f) {
			return nil
		}
	}
	if !l.add(part{}, rest, f) { // what it needs is what the whole pattern needs
		return nil
	}
	return l
}

// splitLooks takes the look-aheads from the start of a pattern that matches at the start
// of the text only. They and the rest are then independent: each holds there or does not.
func splitLooks(s sequence, f flags) (looks []node, rest sequence) {
	if len(s.nodes) == 0 || !isStart(s.nodes[0], f) {
		return nil, s
	}
	start, after := s.nodes[:1:1], s.nodes[1:]
	for len(after) > 0 && after[0].op == opLook && !after[0].behind {
		look := after[0]
		look.body = sequence{nodes: append(start, look.body.nodes...)}
		looks = append(looks, look)
		after = after[1:]
	}
	return looks, sequence{nodes: append(start, after...)}
}

// isStart tells whether n is the start of the text alone.
func isStart(n node, f flags) bool {
	return n.op == opAt && (n.at == 'A' || n.at == '^' && f&flagMultiline == 0)
}

// add compiles s as the part p. It returns false if the engine cannot have it.
func (l *linear) add(p part, s sequence, f flags) bool {
	w := linearWriter{made: l}
	if !w.sequence(s, f) || w.err != nil || w.Len() > maxLinearText {
		return false
	}
	var err error
	p.engine, err = regexp.Compile(w.String()) // refuses counts over 1,000
	l.parts = append(l.parts, p)
	return err == nil
}

// takes tells whether the engine's answer for s is Python's. It knows no surrogates, and
// their stand-ins, in a text, are surrogates in the pattern.
func (l *linear) takes(s string) bool {
	if l == nil || s == "" || len(s) > l.length || l.ending && s[len(s)-1] == '\n' {
		return false
	}
	return isASCII(s) || !l.ascii && utf8.ValidString(s) && !strings.Contains(s, standInLead)
}

// match is Match for a text that it takes.
func (l *linear) match(s string) bool {
	for _, p := range l.parts {
		if (mayMatch(s, p.needed) && p.engine.MatchString(s)) == p.negated {
			return false
		}
	}
	return true
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
		w.WriteByte('?') // a lazy repeat ends sooner: there is no need to see the end of the text
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
