package pyre

import "math"

// op says what a node is.
type op int

const (
	opChar   op = iota // the character lo
	opSet              // one character in (not in, if negated) items
	opAny              // .
	opAt               // a position: at holds ^ $ A Z b B
	opRepeat           // body, min to max times
	opGroup            // body, as a capture if group > 0, with flags changed
	opAtomic           // (?>body)
	opLook             // look-ahead or, if behind, look-behind; negated: must not match
	opFail             // never matches: an empty negative look-around
	opRef              // what group captured
	opCond             // branches[0] if group has matched, else branches[1]
	opBranch           // one of branches
)

// node is one element of a parsed pattern; op says which fields count.
type node struct {
	op       op
	char     rune
	at       rune
	negated  bool
	behind   bool
	items    []setItem
	group    int
	min, max int64 // of opRepeat; max is unbounded if it is noMax
	mode     repeatMode
	add, del flags
	body     sequence
	branches []sequence
}

// asSet is an opChar as a set of one.
func (n node) asSet() node {
	return node{op: opSet, items: []setItem{{lo: n.char, hi: n.char}}}
}

type repeatMode int

const (
	greedy repeatMode = iota
	lazy
	possessive
)

// noMax is the bound of an open repeat. It is also the first number Python refuses as a count.
const noMax = math.MaxUint32

// setItem is a range of characters, or a class such as \w by its letter.
type setItem struct {
	lo, hi rune
	class  rune // one of dDsSwW; 0 for a range
}

// sequence is nodes one after the other.
type sequence struct {
	nodes []node
	width width
}

// flags are those of a pattern, each by its letter's bit.
type flags uint

const (
	flagASCII flags = 1 << iota
	flagIgnoreCase
	flagMultiline
	flagDotAll
	flagUnicode
	flagVerbose
)

const typeFlags = flagASCII | flagUnicode

// with returns f as a group's own flags change it.
func (f flags) with(add, del flags) flags {
	if add&typeFlags != 0 {
		f &^= typeFlags
	}
	return (f | add) &^ del
}

// width is the fewest and the most characters a match can take.
type width struct{ lo, hi uint64 }

// maxWidth stands for any number from here on: products of counts may not overflow.
const maxWidth = 1 << 62

func (w width) plus(v width) width {
	return width{satAdd(w.lo, v.lo), satAdd(w.hi, v.hi)}
}

func (w width) or(v width) width {
	return width{min(w.lo, v.lo), max(w.hi, v.hi)}
}

func (w width) times(least, most int64) width {
	hi := satMul(w.hi, uint64(most))
	if most == noMax && w.hi > 0 {
		hi = maxWidth
	}
	return width{satMul(w.lo, uint64(least)), hi}
}

func satAdd(a, b uint64) uint64 { return min(a+b, maxWidth) }

func satMul(a, b uint64) uint64 {
	if a != 0 && b > maxWidth/a {
		return maxWidth
	}
	return a * b
}

// nodeWidth needs the widths of the groups that are closed so far.
func nodeWidth(n node, groups []groupInfo) width {
	switch n.op {
	case opChar, opSet, opAny:
		return width{1, 1}
	case opRepeat:
		return n.body.width.times(n.min, n.max)
	case opGroup, opAtomic:
		return n.body.width
	case opRef:
		return groups[n.group].width
	case opBranch, opCond:
		w := n.branches[0].width
		for _, branch := range n.branches[1:] {
			w = w.or(branch.width)
		}
		return w
	}
	return width{}
}
