package pyre

import (
	"strings"
	"unicode"
)

// maxGroupNumber is the first group number CPython cannot hold, on 64-bit machines.
const maxGroupNumber = 1073741823

// parseGroup reads what follows an opening parenthesis, which is taken already. It
// returns false for comments and global flags, which leave nothing behind. Global flags
// must be first in the pattern, and may turn verbose on.
func (p *parser) parseGroup(verbose *bool, depth int, first bool) (node, bool) {
	start := p.pos() - 1
	if !p.accept('?') {
		return p.parseCapture("", 0, start, *verbose, depth), true
	}
	t := p.get()
	switch {
	case t.end():
		p.fail(0, "unexpected end of pattern")
	case t.is('P'):
		return p.parsePython(start, *verbose, depth), true
	case t.is(':'):
		return p.parseBody(node{op: opGroup}, start, *verbose, depth), true
	case t.is('>'):
		return p.parseBody(node{op: opAtomic}, start, *verbose, depth), true
	case t.is('#'):
		p.skipComment(start)
		return node{}, false
	case t.is('='), t.is('!'), t.is('<'):
		return p.parseLook(t, start, *verbose, depth), true
	case t.is('('):
		return p.parseCondition(start, *verbose, depth), true
	case t.is('-') || flagOf(t) != 0 || t.is('L'):
		return p.parseFlagGroup(t, start, verbose, depth, first)
	default:
		p.fail(t.width+1, "unknown extension ?%s", t)
	}
	return node{}, false
}

// parseBody reads the alternatives and the closing parenthesis of the group n.
func (p *parser) parseBody(n node, start int, verbose bool, depth int) node {
	n.body = p.parseAlternatives(verbose, depth+1)
	p.close(start)
	return n
}

func (p *parser) close(start int) {
	if !p.accept(')') {
		p.failAt(start, "missing ), unterminated subpattern")
	}
}

// parseCapture reads a numbered group; name is empty for one without a name.
func (p *parser) parseCapture(name string, length, start int, verbose bool, depth int) node {
	number := len(p.groups)
	p.groups = append(p.groups, groupInfo{})
	if name != "" {
		if was, ok := p.names[name]; ok {
			p.fail(length+1, "redefinition of group name '%s' as group %d; was group %d", name, number, was)
		}
		p.names[name] = number
	}
	n := p.parseBody(node{op: opGroup, group: number}, start, verbose, depth)
	p.groups[number] = groupInfo{closed: true, width: n.body.width}
	return n
}

// parsePython reads (?P<name>...) and (?P=name).
func (p *parser) parsePython(start int, verbose bool, depth int) node {
	switch {
	case p.accept('<'):
		name, length := p.getUntil('>', "group name")
		p.checkName(name, length)
		return p.parseCapture(name, length, start, verbose, depth)
	case p.accept('='):
		name, length := p.getUntil(')', "group name")
		p.checkName(name, length)
		group, ok := p.names[name]
		if !ok {
			p.fail(length+1, "unknown group name '%s'", name)
		}
		return p.reference(group, length+1)
	}
	t := p.get()
	if t.end() {
		p.fail(0, "unexpected end of pattern")
	} else {
		p.fail(t.width+2, "unknown extension ?P%s", t)
	}
	return node{}
}

func (p *parser) checkName(name string, length int) {
	if !isIdentifier(name) {
		p.fail(length+1, "bad character in group name '%s'", name)
	}
}

// reference makes a back-reference, back characters long.
func (p *parser) reference(group, back int) node {
	if p.err == nil && !p.groups[group].closed {
		p.fail(back, "cannot refer to an open group")
	}
	p.checkInLookBehind(group)
	return node{op: opRef, group: group}
}

func (p *parser) checkInLookBehind(group int) {
	if p.behindGroups == 0 || p.err != nil {
		return
	}
	if group >= len(p.groups) || !p.groups[group].closed {
		p.fail(0, "cannot refer to an open group")
	} else if group >= p.behindGroups {
		p.fail(0, "cannot refer to group defined in the same lookbehind subpattern")
	}
}

func (p *parser) skipComment(start int) {
	for !p.next.end() {
		if p.get().is(')') {
			return
		}
	}
	p.failAt(start, "missing ), unterminated comment")
}

// parseLook reads a look-around; t is its first sign, already taken.
func (p *parser) parseLook(t token, start int, verbose bool, depth int) node {
	n := node{op: opLook, behind: t.is('<')}
	outer := p.behindGroups
	if n.behind {
		t = p.get()
		if t.end() {
			p.fail(0, "unexpected end of pattern")
		} else if !t.is('=') && !t.is('!') {
			p.fail(t.width+2, "unknown extension ?<%s", t)
		}
		if outer == 0 {
			p.behindGroups = len(p.groups)
		}
	}
	n.negated = t.is('!')
	n = p.parseBody(n, start, verbose, depth)
	p.behindGroups = outer
	if n.negated && len(n.body.nodes) == 0 {
		return node{op: opFail}
	}
	return n
}

// parseCondition reads (?(group)yes|no); the second parenthesis is taken already.
func (p *parser) parseCondition(start int, verbose bool, depth int) node {
	name, length := p.getUntil(')', "group name")
	group := 0
	if name != "" && strings.Trim(name, decimal) == "" {
		group = p.conditionNumber(name, length)
	} else {
		p.checkName(name, length)
		var ok bool
		if group, ok = p.names[name]; !ok {
			p.fail(length+1, "unknown group name '%s'", name)
		}
	}
	p.checkInLookBehind(group)
	n := node{op: opCond, group: group, branches: make([]sequence, 2)}
	n.branches[0] = p.parseNested(verbose, depth)
	if p.accept('|') {
		n.branches[1] = p.parseNested(verbose, depth)
		if p.next.is('|') {
			p.fail(0, "conditional backref with more than two branches")
		}
	}
	p.close(start)
	return n
}

// parseNested is parseSequence one level down.
func (p *parser) parseNested(verbose bool, depth int) sequence {
	if depth >= maxNesting {
		return p.parseAlternatives(verbose, depth+1) // which refuses
	}
	return p.parseSequence(verbose, depth+1, false)
}

func (p *parser) conditionNumber(name string, length int) int {
	var wide int64
	for _, d := range name {
		wide = min(wide*10+int64(d-'0'), maxGroupNumber)
	}
	number := int(wide)
	if number == 0 {
		p.fail(length+1, "bad group number")
	} else if number >= maxGroupNumber {
		p.fail(length+1, "invalid group reference %s", strings.TrimLeft(name, "0"))
	}
	p.conditions = append(p.conditions, condition{number, p.pos() - length - 1})
	return number
}

// flagOf returns the flag t is the letter of, or 0.
func flagOf(t token) flags {
	if t.width != 1 {
		return 0
	}
	switch t.char {
	case 'a':
		return flagASCII
	case 'i':
		return flagIgnoreCase
	case 'm':
		return flagMultiline
	case 's':
		return flagDotAll
	case 'u':
		return flagUnicode
	case 'x':
		return flagVerbose
	}
	return 0
}

// parseFlagGroup reads (?flags), which is global and leaves no node, or (?flags-flags:...).
// t is the first letter or the minus, already taken.
func (p *parser) parseFlagGroup(t token, start int, verbose *bool, depth int, first bool) (node, bool) {
	n := node{op: opGroup}
	if !t.is('-') {
		n.add, t = p.addedFlags(t)
	}
	if t.is(')') {
		p.flags |= n.add
		if !first {
			p.failAt(start, "global flags not at the start of the expression")
		}
		*verbose = p.flags&flagVerbose != 0
		return node{}, false
	}
	if t.is('-') {
		n.del = p.removedFlags()
	}
	if n.add&n.del != 0 {
		p.fail(1, "bad inline flags: flag turned on and off")
	}
	inner := (*verbose || n.add&flagVerbose != 0) && n.del&flagVerbose == 0
	return p.parseBody(n, start, inner, depth), true
}

// addedFlags reads flags from t on; it returns what ended them.
func (p *parser) addedFlags(t token) (flags, token) {
	var add flags
	for p.err == nil {
		if t.is('L') {
			p.fail(0, "bad inline flags: cannot use 'L' flag with a str pattern")
		}
		add |= flagOf(t)
		if add&typeFlags == typeFlags {
			p.fail(0, "bad inline flags: flags 'a', 'u' and 'L' are incompatible")
		}
		t = p.get()
		if t.is(')') || t.is('-') || t.is(':') {
			break
		}
		p.checkFlag(t, "missing -, : or )")
	}
	return add, t
}

// removedFlags reads the flags behind a minus, and the colon.
func (p *parser) removedFlags() flags {
	var del flags
	t := p.get()
	p.checkFlag(t, "missing flag")
	for p.err == nil {
		flag := flagOf(t)
		if flag&typeFlags != 0 || t.is('L') {
			p.fail(0, "bad inline flags: cannot turn off flags 'a', 'u' and 'L'")
		}
		del |= flag
		if t = p.get(); t.is(':') {
			break
		}
		p.checkFlag(t, "missing :")
	}
	return del
}

// checkFlag refuses a t that is no flag: by missing, or as unknown where it is a letter.
func (p *parser) checkFlag(t token, missing string) {
	switch {
	case flagOf(t) != 0 || t.is('L'):
	case t.width == 1 && unicode.IsLetter(t.char):
		p.fail(1, "unknown flag")
	default:
		p.fail(t.width, "%s", missing)
	}
}
