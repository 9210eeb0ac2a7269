package pyre

import (
	"fmt"
	"math"
	"strings"
)

// maxEngineCount is the largest count the engine takes. No text is as long.
const maxEngineCount = math.MaxInt32 - 1

// translator writes a parsed pattern in the engine's syntax. It uses as little of that
// as it can: characters by number, explicit sets, numbered groups, look-around. What
// Python's flags mean is worked into these; the engine's own options stay off.
type translator struct {
	strings.Builder
	err error
}

func translate(s sequence, f flags) (string, error) {
	var t translator
	t.sequence(s, f)
	return t.String(), t.err
}

func (t *translator) sequence(s sequence, f flags) {
	for _, n := range s.nodes {
		t.node(n, f)
	}
}

func (t *translator) group(open string, s sequence, f flags) {
	t.WriteString(open)
	t.sequence(s, f)
	t.WriteByte(')')
}

func (t *translator) node(n node, f flags) {
	switch n.op {
	case opChar:
		t.set(n.asSet(), f)
	case opSet:
		t.set(n, f)
	case opAny:
		t.WriteString(anyChar(f))
	case opAt:
		t.position(n.at, f)
	case opRepeat:
		t.repeat(n, f)
	case opGroup:
		open := "(?:"
		if n.group > 0 {
			open = "("
		}
		t.group(open, n.body, f.with(n.add, n.del))
	case opAtomic:
		t.group("(?>", n.body, f)
	case opLook:
		t.look(n, f)
	case opFail:
		t.WriteString("(?!)")
	case opRef:
		t.reference(n.group, f)
	case opCond:
		fmt.Fprintf(t, "(?(%d)", n.group)
		t.group("(?:", n.branches[0], f)
		t.WriteByte('|')
		t.group("(?:", n.branches[1], f)
		t.WriteByte(')')
	case opBranch:
		t.branch(n.branches, f)
	}
}

func (t *translator) branch(branches []sequence, f flags) {
	for i, s := range branches {
		open := "|"
		if i == 0 {
			open = "(?:"
		}
		t.WriteString(open)
		t.sequence(s, f)
	}
	t.WriteByte(')')
}

func anyChar(f flags) string {
	if f&flagDotAll != 0 {
		return "(?s:.)"
	}
	return "."
}

// repeat writes a repeat. Python never goes back into a round of a possessive one, so
// each round is atomic, and all of them together are.
func (t *translator) repeat(n node, f flags) {
	open := "(?:"
	if n.mode == possessive {
		open = "(?>"
		t.WriteString(open)
	}
	t.group(open, n.body, f)
	t.counts(n)
	switch n.mode {
	case lazy:
		t.WriteByte('?')
	case possessive:
		t.WriteByte(')')
	}
}

func (t *translator) counts(n node) {
	fmt.Fprintf(t, "{%d,", min(n.min, maxEngineCount))
	if n.max < noMax {
		fmt.Fprint(t, min(n.max, maxEngineCount))
	}
	t.WriteByte('}')
}

// look writes a look-around. A look-behind goes back by its width and looks ahead from
// there, as Python does, since the engine would match it from right to left.
func (t *translator) look(n node, f flags) {
	sign := "="
	if n.negated {
		sign = "!"
	}
	if !n.behind {
		t.group("(?"+sign, n.body, f)
		return
	}
	t.WriteString("(?<" + sign)
	t.group("(?=", n.body, f)
	fmt.Fprintf(t, "(?s:.){%d})", min(n.body.width.lo, maxEngineCount))
}

func (t *translator) reference(group int, f flags) {
	if f&flagIgnoreCase != 0 {
		fmt.Fprintf(t, `(?i:\k<%d>)`, group)
		return
	}
	fmt.Fprintf(t, `\k<%d>`, group)
}

func (t *translator) position(at rune, f flags) {
	switch {
	case at == '^' && f&flagMultiline != 0:
		t.WriteString(`(?<=\A|\n)`)
	case at == '^' || at == 'A':
		t.WriteString(`\A`)
	case at == '$' && f&flagMultiline != 0:
		t.WriteString(`(?=\n|\z)`)
	case at == '$':
		t.WriteString(`(?=\n?\z)`)
	case at == 'Z':
		t.WriteString(`\z`)
	default:
		t.boundary(at == 'b', f)
	}
}

// boundary writes \b, or \B, which does not hold in an empty text.
func (t *translator) boundary(is bool, f flags) {
	var set translator
	set.set(node{items: []setItem{{class: 'w'}}}, f&flagASCII)
	word := set.String()
	if is {
		fmt.Fprintf(t, `(?:(?<=%[1]s)(?!%[1]s)|(?<!%[1]s)(?=%[1]s))`, word)
	} else {
		fmt.Fprintf(t, `(?:(?<=%[1]s)(?=%[1]s)|(?<!%[1]s)(?!%[1]s)(?!\A\z))`, word)
	}
}

// set writes a set. The engine cannot have the complement of a class inside a set, so
// one with \D, \S or \W becomes a choice of sets; an atomic one, as both may match.
func (t *translator) set(n node, f flags) {
	plain, complements := splitSet(n, f)
	switch {
	case len(complements) == 0:
		t.class(plain, n.negated)
	case len(n.items) == 1:
		t.class(complements[0], !n.negated)
	case n.negated:
		t.WriteString("(?:(?!")
		t.choice(plain, complements)
		t.WriteString(")(?s:.))")
	default:
		t.WriteString("(?>")
		t.choice(plain, complements)
		t.WriteByte(')')
	}
}

// splitSet gathers the items of a set: what is in it, and the classes that are not.
func splitSet(n node, f flags) (plain class, complements []class) {
	var ranges []charRange
	for _, item := range n.items {
		switch item.class {
		case 0:
			ranges = append(ranges, charRange{item.lo, item.hi})
		case 'd', 's', 'w':
			c := classOf(item.class, f)
			plain.ranges = append(plain.ranges, c.ranges...)
			plain.categories += " " + c.categories
		default:
			complements = append(complements, classOf(item.class-'A'+'a', f))
		}
	}
	plain.ranges = append(plain.ranges, withCase(ranges, f)...)
	return plain, complements
}

func (t *translator) choice(plain class, complements []class) {
	for _, c := range complements {
		t.class(c, true)
		t.WriteByte('|')
	}
	if len(plain.ranges) == 0 {
		t.WriteString("(?!)")
		return
	}
	t.class(plain, false)
}

// class writes one set of the engine.
func (t *translator) class(c class, negated bool) {
	ranges, err := swapRanges(c.ranges)
	if err != nil {
		t.err = err
		return
	}
	if len(ranges) == 1 && ranges[0].lo == ranges[0].hi && c.categories == "" && !negated {
		t.char(ranges[0].lo)
		return
	}
	t.WriteByte('[')
	if negated {
		t.WriteByte('^')
	}
	for _, r := range ranges {
		t.char(r.lo)
		t.WriteByte('-')
		t.char(r.hi)
	}
	for _, category := range strings.Fields(c.categories) {
		fmt.Fprintf(t, `\p{%s}`, category)
	}
	t.WriteByte(']')
}

func (t *translator) char(r rune) {
	fmt.Fprintf(t, `\x{%x}`, r)
}
