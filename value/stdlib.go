package value

import (
	"fmt"
	"strings"
)

// OrderedDict is Python's collections.OrderedDict.
type OrderedDict struct{ Dict }

// DefaultDict is Python's collections.defaultdict.
type DefaultDict struct {
	Dict
	Factory Value // None, or most often a Global
}

// Counter is Python's collections.Counter.
type Counter struct{ Dict }

// Deque is Python's collections.deque.
type Deque struct {
	Items  []Value
	MaxLen Value // None or an Int
}

// Range is Python's range; its fields are ints.
type Range struct{ Start, Stop, Step Value }

// Slice is Python's slice.
type Slice struct{ Start, Stop, Step Value }

// UUID is Python's uuid.UUID, its 16 bytes in the order in which it is written.
type UUID [16]byte

// Path is a path of Python's pathlib.
type Path struct {
	Class string // "PosixPath", "PureWindowsPath" and so on
	Text  string // as Python's str of it
}

// equalRanges: ranges are equal if they have the same items, of which there may be
// more than any memory holds.
func equalRanges(a, b Range) bool {
	n, m := a.Len(), b.Len()
	switch {
	case n == nil || m == nil || n.Cmp(m) != 0:
		return false
	case n.Sign() == 0:
		return true
	case !equalNumbers(a.Start, b.Start):
		return false
	}
	return n.IsInt64() && n.Int64() == 1 || equalNumbers(a.Step, b.Step)
}

// Type implements [Value].
func (*OrderedDict) Type() string { return "collections.OrderedDict" }

func (d *OrderedDict) String() string { return Repr(d) }

// Type implements [Value].
func (*DefaultDict) Type() string { return "collections.defaultdict" }

func (d *DefaultDict) String() string { return Repr(d) }

// Type implements [Value].
func (*Counter) Type() string { return "collections.Counter" }

func (c *Counter) String() string { return Repr(c) }

// Type implements [Value].
func (*Deque) Type() string { return "collections.deque" }

func (d *Deque) String() string { return Repr(d) }

// Type implements [Value].
func (Range) Type() string { return "range" }

func (r Range) String() string {
	if r.Step == Value(Int(1)) {
		return fmt.Sprintf("range(%s, %s)", r.Start, r.Stop)
	}
	return fmt.Sprintf("range(%s, %s, %s)", r.Start, r.Stop, r.Step)
}

// Type implements [Value].
func (*Slice) Type() string { return "slice" }

func (s *Slice) String() string { return Repr(s) }

// Type implements [Value].
func (UUID) Type() string { return "uuid.UUID" }

func (u UUID) String() string {
	return fmt.Sprintf("UUID('%x-%x-%x-%x-%x')", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// Type implements [Value].
func (p Path) Type() string { return "pathlib." + p.Class }

func (p Path) String() string {
	text := p.Text
	if strings.HasSuffix(p.Class, "WindowsPath") {
		text = strings.ReplaceAll(text, `\`, "/")
	}
	return p.Class + "(" + ReprStr(text) + ")"
}
