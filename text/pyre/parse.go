package pyre

import (
	"errors"
	"fmt"
)

// The outer bounds on a pattern. Python has none on its length; CPython ends a pattern
// nested 495 deep with RecursionError. What follows a parse is recursive too.
const (
	MaxPattern = 16 << 10 // characters
	maxNesting = 400
)

const (
	decimal = "0123456789"
	octal   = "01234567"
	hex     = "0123456789abcdefABCDEF"
)

type groupInfo struct {
	closed bool
	width  width
}

// parser reads a pattern by recursive descent: alternatives, sequence, item. It accepts
// and refuses what CPython 3.13 does, with the same messages and positions.
type parser struct {
	*lexer
	flags  flags // of the whole pattern
	groups []groupInfo
	names  map[string]int

	// Inside a look-behind only the groups below this number, those opened before the
	// look-behind, may be referred to. 0 outside.
	behindGroups int

	// Conditions may test a group that comes later, so they are checked at the end.
	conditions []condition
}

type condition struct{ group, pos int }

func parse(text []rune) (sequence, flags, error) {
	if len(text) > MaxPattern {
		return sequence{}, 0, fmt.Errorf("regular expression of %d characters, more than %d", len(text), MaxPattern)
	}
	p := &parser{lexer: newLexer(text), groups: make([]groupInfo, 1), names: map[string]int{}}
	tree := p.parseAlternatives(false, 0)
	if p.err == nil {
		p.checkWhole()
	}
	if p.err == nil {
		p.err = checkLookBehinds(tree)
	}
	return tree, p.flags, p.err
}

func (p *parser) checkWhole() {
	if p.flags&typeFlags == typeFlags {
		p.stop(errors.New("ASCII and UNICODE flags are incompatible"))
		return
	}
	if !p.next.end() {
		p.fail(0, "unbalanced parenthesis")
	}
	for _, c := range p.conditions {
		if c.group >= len(p.groups) {
			p.failAt(c.pos, "invalid group reference %d", c.group)
		}
	}
}

// parseAlternatives reads a|b|c up to a closing parenthesis or the end.
func (p *parser) parseAlternatives(verbose bool, depth int) sequence {
	if depth > maxNesting {
		p.stop(fmt.Errorf("regular expression nested more than %d deep", maxNesting))
		return sequence{}
	}
	branches := []sequence{p.parseSequence(verbose, depth, depth == 0)}
	for p.accept('|') {
		if depth == 0 {
			verbose = p.flags&flagVerbose != 0
		}
		branches = append(branches, p.parseSequence(verbose, depth, false))
	}
	if len(branches) == 1 {
		return branches[0]
	}
	return p.sequence([]node{{op: opBranch, branches: branches}})
}

func (p *parser) sequence(nodes []node) sequence {
	s := sequence{nodes: nodes}
	for _, n := range nodes {
		s.width = s.width.plus(nodeWidth(n, p.groups))
	}
	return s
}

// parseSequence reads items up to a bar, a closing parenthesis or the end. Only the very
// first sequence of a pattern may start with global flags.
func (p *parser) parseSequence(verbose bool, depth int, first bool) sequence {
	var nodes []node
	for !p.next.end() && !p.next.is('|') && !p.next.is(')') {
		t := p.get()
		switch {
		case verbose && t.in(" \t\n\r\v\f"):
		case verbose && t.is('#'):
			for t = p.get(); !t.end() && !t.is('\n'); t = p.get() {
			}
		case t.is('*'), t.is('+'), t.is('?'), t.is('{'):
			nodes = p.parseRepeat(nodes, t)
		case t.is('('):
			n, ok := p.parseGroup(&verbose, depth, first && len(nodes) == 0)
			if ok {
				nodes = append(nodes, n)
			}
		default:
			nodes = append(nodes, p.parseItem(t))
		}
	}
	if p.err != nil {
		return sequence{}
	}
	return p.sequence(nodes)
}

// parseItem reads what neither groups nor repeats.
func (p *parser) parseItem(t token) node {
	switch {
	case t.escaped():
		return p.parseEscape(t)
	case t.is('['):
		return p.parseSet()
	case t.is('.'):
		return node{op: opAny}
	case t.is('^'), t.is('$'):
		return node{op: opAt, at: t.char}
	}
	return node{op: opChar, char: t.char}
}

// parseRepeat makes the last of nodes repeat; t is the operator, already taken.
func (p *parser) parseRepeat(nodes []node, t token) []node {
	here := p.pos()
	var least, most int64 = 0, noMax
	switch t.char {
	case '?':
		most = 1
	case '+':
		least = 1
	case '{':
		var counts bool
		least, most, counts = p.parseCounts(here)
		if !counts {
			return append(nodes, node{op: opChar, char: '{'})
		}
	}
	if len(nodes) == 0 || nodes[len(nodes)-1].op == opAt {
		p.failAt(here-1, "nothing to repeat")
		return nodes
	}
	last := &nodes[len(nodes)-1]
	if last.op == opRepeat {
		p.failAt(here-1, "multiple repeat")
		return nodes
	}
	mode := greedy
	if p.accept('?') {
		mode = lazy
	} else if p.accept('+') {
		mode = possessive
	}
	*last = node{op: opRepeat, min: least, max: most, mode: mode, body: p.sequence([]node{*last})}
	return nodes
}

// parseCounts reads the rest of {n}, {n,}, {,m} or {n,m}. Where it is none of them the
// brace is an ordinary character: ok is false and nothing is taken.
func (p *parser) parseCounts(here int) (least, most int64, ok bool) {
	if p.next.is('}') {
		return 0, 0, false
	}
	lo := p.getWhile(len(p.text), decimal)
	hi := lo
	if p.accept(',') {
		hi = p.getWhile(len(p.text), decimal)
	}
	if !p.accept('}') {
		p.seek(here)
		return 0, 0, false
	}
	least, most = p.count(lo, 0), p.count(hi, noMax)
	if most < least {
		p.failAt(here, "min repeat greater than max repeat")
	}
	return least, most, true
}

// count reads a number; Python ends those from noMax on with OverflowError.
func (p *parser) count(digits string, missing int64) int64 {
	if digits == "" {
		return missing
	}
	var n int64
	for _, d := range digits {
		n = min(n*10+int64(d-'0'), noMax)
	}
	if n == noMax {
		p.stop(errors.New("the repetition number is too large"))
	}
	return n
}

// checkLookBehinds finds the look-behinds whose width is not fixed. Python does so when
// it compiles, so only after the whole pattern has been read.
func checkLookBehinds(s sequence) error {
	for _, n := range s.nodes {
		if n.op == opLook && n.behind {
			if n.body.width.lo > noMax {
				return &SyntaxError{Msg: "looks too much behind", Pos: -1}
			}
			if n.body.width.lo != n.body.width.hi {
				return &SyntaxError{Msg: "look-behind requires fixed-width pattern", Pos: -1}
			}
		}
		if err := checkLookBehinds(n.body); err != nil {
			return err
		}
		for _, branch := range n.branches {
			if err := checkLookBehinds(branch); err != nil {
				return err
			}
		}
	}
	return nil
}
