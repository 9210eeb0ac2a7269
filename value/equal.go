package value

import (
	"bytes"
	"hash/maphash"
	"math"
)

// Bounds on one hash and one comparison: tuples in tuples, many of them the same
// object, can stand for a tree larger than any memory. Past them a hash leaves the
// rest out, and a comparison says that the two differ.
const (
	maxHashed   = 256
	maxCompared = 1 << 16
)

// Equal says whether Python's a == b holds, for what can be a dict's key: numbers of
// all kinds, text, bytes, tuples, frozensets, and values that have a type of their own
// here. All else is equal only to itself. A NaN equals nothing.
func Equal(a, b Value) bool {
	if s, ok := a.(Str); ok {
		t, ok := b.(Str)
		return ok && s == t
	}
	c := comparison{maxCompared}
	return c.equal(a, b)
}

type comparison struct{ left int }

func (c *comparison) equal(a, b Value) bool {
	if c.left--; c.left < 0 {
		return false
	}
	switch x := a.(type) {
	case Bool, Int, BigInt, Float, Complex, Decimal, Fraction:
		return equalNumbers(a, b)
	case *Tuple:
		y, ok := b.(*Tuple)
		return ok && (x == y || c.items(x.Items, y.Items))
	case *FrozenSet:
		y, ok := b.(*FrozenSet)
		return ok && (x == y || c.members(x, y))
	case Bytes:
		y, ok := b.(Bytes)
		return ok && x == y
	case Range:
		y, ok := b.(Range)
		return ok && equalRanges(x, y)
	case *Slice:
		y, ok := b.(*Slice)
		return ok && c.items([]Value{x.Start, x.Stop, x.Step}, []Value{y.Start, y.Stop, y.Step})
	case *Time:
		y, ok := b.(*Time)
		return ok && x.Clock == y.Clock && c.equal(x.Zone, y.Zone)
	case *DateTime:
		y, ok := b.(*DateTime)
		return ok && x.Date == y.Date && x.Clock == y.Clock && c.equal(x.Zone, y.Zone)
	case *TimeZone:
		y, ok := b.(*TimeZone)
		return ok && x.Offset == y.Offset
	case *Scalar:
		y, ok := b.(*Scalar)
		return ok && x.Object == nil && y.Object == nil && x.DType.Text == y.DType.Text && bytes.Equal(x.Data, y.Data)
	case *Persistent:
		y, ok := b.(*Persistent)
		return ok && c.equal(x.ID, y.ID)
	}
	return a == b // pointers, and structs of plain fields
}

func (c *comparison) items(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !c.equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func (c *comparison) members(a, b *FrozenSet) bool {
	if a.Len() != b.Len() || c.left < a.Len() {
		return false
	}
	c.left -= a.Len()
	for _, item := range a.Items() {
		if !b.Has(item) {
			return false
		}
	}
	return true
}

// seed makes the hashes of this process unlike those of any other, so that nobody can
// prepare keys which collide.
var seed = maphash.MakeSeed()

// hashOf is equal for keys that are equal. An error is an [UnhashableError].
func hashOf(v Value) (uint64, error) {
	switch v := v.(type) {
	case Str:
		return maphash.String(seed, string(v)), nil
	case Bool, Int, BigInt, Float, Complex, Decimal, Fraction:
		return hashNumber(v), nil // one way for all, for they may be equal
	}
	h := hasher{left: maxHashed}
	h.SetSeed(seed)
	if err := h.value(v); err != nil {
		return 0, err
	}
	return h.Sum64(), nil
}

type hasher struct {
	maphash.Hash
	left int
}

func (h *hasher) value(v Value) error {
	if h.left--; h.left < 0 {
		return nil
	}
	switch v := v.(type) {
	case *List, *Dict, *Set, *ByteArray, *OrderedDict, *DefaultDict, *Counter, *Deque, *Array:
		return &UnhashableError{v.Type()}
	case Str:
		h.kind('s', maphash.String(seed, string(v)))
	case Bytes:
		h.kind('b', maphash.String(seed, string(v)))
	case Bool, Int, BigInt, Float, Complex, Decimal, Fraction:
		h.kind('n', hashNumber(v))
	case *Tuple:
		h.WriteByte('t')
		for _, item := range v.Items {
			if err := h.value(item); err != nil {
				return err
			}
		}
	case *FrozenSet:
		h.kind('f', uint64(v.Len())) // its members have no order
	case Range:
		h.WriteByte('r')
	case *Slice:
		h.WriteByte('c')
	case *Time:
		h.kind('T', maphash.Comparable(seed, v.Clock))
	case *DateTime:
		h.kind('D', maphash.Comparable(seed, struct {
			Date
			Clock
		}{v.Date, v.Clock}))
	case *TimeZone:
		h.kind('Z', maphash.Comparable(seed, v.Offset))
	case *Scalar:
		h.kind('S', maphash.Bytes(seed, v.Data))
	case *Persistent:
		h.WriteByte('P')
		return h.value(v.ID)
	default:
		h.kind('o', maphash.Comparable(seed, v))
	}
	return nil
}

func (h *hasher) kind(letter byte, sum uint64) {
	h.WriteByte(letter)
	maphash.WriteComparable(&h.Hash, sum)
}

// whole returns f as an int64 if it is one.
func whole(f float64) (int64, bool) {
	if f >= -1<<63 && f < 1<<63 && f == math.Trunc(f) {
		return int64(f), true
	}
	return 0, false
}
