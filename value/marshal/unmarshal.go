package marshal

import (
	"fmt"
	"slices"
)

const (
	// growth bounds the memory of a value by that of its data...
	growth = 16
	// freeGrowth ...but for little data, where it does not matter.
	freeGrowth = 1 << 20

	valueSize     = 16 // an interface
	atomSize      = 16 // what an interface points to
	containerSize = 24
	refSize       = valueSize + 16    // here, and in the decoder's table as it doubles
	pairSize      = 4 * 2 * valueSize // in a list that doubles

	refChunk = 256
)

// Unmarshal reads one value, as marshal.loads does: what follows it is ignored.
// Its strings point into data, which must not be changed afterwards. A value
// that would need more than 16 times the memory of its data (and 1 MiB) is
// refused; no data of real programs does.
func Unmarshal(data []byte) (Value, error) {
	b := builder{d: NewDecoder(data), left: growth*len(data) + freeGrowth}
	v, ok := b.value(b.d.Next(), 1)
	if !ok {
		return nil, fmt.Errorf("reading marshalled data: %w", b.d.Expected(""))
	}
	return v, nil
}

// builder makes values of what a decoder reads.
type builder struct {
	d    *Decoder
	refs [][]Value // by number, in chunks; unfinished for a container that cannot be had before its end
	left int       // bytes that may still be allocated
}

// unfinished marks a reference to a slice whose parts are being read.
type unfinished struct{}

func (b *builder) value(kind Kind, depth int) (Value, bool) {
	d := b.d
	if depth > MaxDepth {
		d.fail(d.offset, fmt.Sprintf("at most %d values within each other", MaxDepth), "more")
		return nil, false
	}
	switch kind {
	case KindInvalid:
		return nil, false
	case KindNone:
		return nil, true
	case KindBool:
		return d.int != 0, true
	case KindStopIteration:
		return TheStopIteration, true
	case KindEllipsis:
		return TheEllipsis, true
	case KindRef:
		return b.shared(depth)
	case KindTuple, KindList, KindSet, KindFrozenSet, KindDict, KindSlice:
		return b.container(kind, depth)
	case KindInt, KindBigInt, KindFloat, KindComplex, KindString, KindBytes, KindCode:
		return b.atom(kind)
	}
	d.fail(d.offset, "", d.describe())
	return nil, false
}

// shared returns a container read before, or reads it now if it was skipped as
// part of a code object.
func (b *builder) shared(depth int) (Value, bool) {
	d := b.d
	if v := b.kept(d.ref); v != nil {
		if _, open := v.(unfinished); open {
			d.fail(d.offset, "", "a reference to a slice inside itself")
			return nil, false
		}
		return v, true
	}
	replay := d.Replay(d.ref)
	b.d = &replay
	v, ok := b.value(replay.Next(), depth)
	b.d, d.err = d, replay.err
	return v, ok
}

// atom makes a value without parts, once for each object.
func (b *builder) atom(kind Kind) (Value, bool) {
	d := b.d
	if v := b.kept(d.ref); v != nil {
		return v, true
	}
	if !b.spend(atomSize) {
		return nil, false
	}
	v := b.newAtom(kind)
	return v, b.keep(d.ref, v)
}

func (b *builder) newAtom(kind Kind) Value {
	d := b.d
	switch kind {
	case KindInt:
		return d.int
	case KindBigInt:
		return d.BigInt()
	case KindFloat:
		return d.float
	case KindComplex:
		return complex(d.float, d.imag)
	case KindString:
		return d.text
	case KindBytes:
		return Bytes(d.text)
	}
	return d.code
}

// keep puts a value into the table of references. The numbers within a code
// object are skipped.
func (b *builder) keep(ref int, v Value) bool {
	if ref < 0 {
		return true
	}
	if !b.spend(refSize) {
		return false
	}
	for ref/refChunk >= len(b.refs) {
		b.refs = append(b.refs, nil)
	}
	chunk := &b.refs[ref/refChunk]
	if *chunk == nil {
		*chunk = make([]Value, refChunk)
	}
	(*chunk)[ref%refChunk] = v
	return true
}

// kept returns what was put into the table of references, or nil.
func (b *builder) kept(ref int) Value {
	if ref < 0 || ref/refChunk >= len(b.refs) || b.refs[ref/refChunk] == nil {
		return nil
	}
	return b.refs[ref/refChunk][ref%refChunk]
}

// spend counts memory before it is allocated.
func (b *builder) spend(n int) bool {
	if b.left -= n; b.left < 0 {
		b.d.fail(b.d.offset, fmt.Sprintf("a value of at most %d times its data", growth), "more")
		return false
	}
	return true
}

func (b *builder) container(kind Kind, depth int) (Value, bool) {
	d := b.d
	ref := d.ref
	if kind == KindDict {
		return b.dict(ref, depth)
	}
	if !b.spend(containerSize + d.length*valueSize) {
		return nil, false
	}
	items := make([]Value, d.length)
	v := wrap(kind, items)
	var open Value = v
	if kind == KindSlice {
		open = unfinished{}
	}
	if !b.keep(ref, open) {
		return nil, false
	}
	for i := range items {
		var ok bool
		if items[i], ok = b.value(d.Next(), depth+1); !ok {
			return nil, false
		}
	}
	if s, ok := v.(*Slice); ok {
		*s = Slice{items[0], items[1], items[2]}
		return v, b.keep(ref, v)
	}
	return v, true
}

// wrap makes the container that holds items.
func wrap(kind Kind, items []Value) Value {
	switch kind {
	case KindList:
		return &List{items}
	case KindSet:
		return &Set{items}
	case KindFrozenSet:
		return &FrozenSet{items}
	case KindSlice:
		return &Slice{}
	}
	return Tuple(items)
}

func (b *builder) dict(ref, depth int) (Value, bool) {
	dict := &Dict{}
	if !b.spend(containerSize) || !b.keep(ref, dict) {
		return nil, false
	}
	for {
		kind := b.d.Next()
		if kind == KindNull {
			return dict, true
		}
		if !b.spend(pairSize) {
			return nil, false
		}
		var p Pair
		var ok bool
		if p.Key, ok = b.value(kind, depth+1); !ok {
			return nil, false
		}
		if p.Value, ok = b.value(b.d.Next(), depth+1); !ok {
			return nil, false
		}
		if len(dict.Pairs) == cap(dict.Pairs) {
			dict.Pairs = slices.Grow(dict.Pairs, max(len(dict.Pairs), 1))
		}
		dict.Pairs = append(dict.Pairs, p)
	}
}
