package marshal

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"
)

const (
	// container marks an offset in the table of references.
	container = 1 << 31
	// firstRefs is how long that table is at first; it doubles from there.
	firstRefs = 64
)

const (
	// MaxDepth bounds nesting, as CPython's own limit does.
	MaxDepth = 2000
	// MaxInput is the largest input in bytes: offsets are kept in 32 bits.
	MaxInput = math.MaxInt32
)

// Decoder reads marshalled data value by value, from front to back.
//
// Each call of [Decoder.Next] reads one value and returns its kind; its content
// is then had by the method for that kind. A container is followed by its
// content: after KindTuple, KindList, KindSet and KindFrozenSet come [Decoder.Len]
// values, after KindSlice three, after KindDict key, value, key, value and KindNull.
type Decoder struct {
	data []byte
	str  string // the same bytes
	pos  int
	err  *Error

	base   int     // where data is in the whole input
	window *window // nil when data is the whole input
	ahead  int     // how many bytes Fill cares for

	// The table of references: where each flagged value starts, with the bit
	// container for those with parts: a reference to one is then known without
	// a look at data far away. next is the number the next flagged value gets,
	// below len(refs) only in a replay.
	refs     []uint32
	next     int
	replay   bool
	interned []uint32 // Python 2's other table

	odd   map[int]string // strings whose text is not their bytes, by offset
	codes map[int]*Code  // code objects by offset
	depth int            // of the values being skipped

	codeState struct {
		layout        int  // of code objects, an index of codeLayouts
		fixed, trying bool // the layout is known; one is being tried
	}

	kind        Kind
	offset, ref int
	length      int
	int         int64
	float, imag float64
	text        string
	code        *Code
}

// NewDecoder returns a decoder of data, which must not be changed as long as
// the decoder or any string it gave is in use: strings point into it.
func NewDecoder(data []byte) *Decoder {
	d := &Decoder{data: data, str: unsafe.String(unsafe.SliceData(data), len(data))}
	if len(data) > MaxInput {
		d.tooLong(len(data))
	}
	return d
}

func (d *Decoder) tooLong(size int) {
	d.fail(d.pos, fmt.Sprintf("at most %d bytes", MaxInput), fmt.Sprint(size))
}

// Offset returns where the value just read starts.
func (d *Decoder) Offset() int { return d.base + d.offset }

// Pos returns where the next value starts.
func (d *Decoder) Pos() int { return d.base + d.pos }

// Ref returns the number of the value in the table of references: equal for
// two reads of the same object, -1 for an object that occurs only once.
func (d *Decoder) Ref() int { return d.ref }

// Len returns the number of items in a tuple, list or set.
func (d *Decoder) Len() int { return d.length }

// Int returns an Int, and a Bool as 0 or 1.
func (d *Decoder) Int() int64 { return d.int }

// Float returns a Float, and the real part of a Complex.
func (d *Decoder) Float() float64 { return d.float }

// Imag returns the imaginary part of a Complex.
func (d *Decoder) Imag() float64 { return d.imag }

// Text returns a String, and Bytes as they are. It points into the input.
func (d *Decoder) Text() string { return d.text }

// Code returns what is kept of a CodeObject.
func (d *Decoder) Code() *Code { return d.code }

// Next reads the next value and returns its kind, KindInvalid at the end of the
// data or at a fault in it.
func (d *Decoder) Next() Kind {
	if d.err != nil {
		return KindInvalid
	}
	d.offset, d.ref = d.pos, -1
	if d.pos >= len(d.data) {
		return d.fail(d.pos, "", "the end of the data")
	}
	code := d.data[d.pos]
	d.pos++
	if code == codeRef {
		return d.follow()
	}
	if code&flagRef != 0 {
		code &^= flagRef
		if !d.allot(code) {
			return KindInvalid
		}
	}
	d.kind = d.value(code)
	return d.kind
}

// allot gives a flagged value its number. Numbers go by where values start, so
// a container has its own before its items have theirs.
func (d *Decoder) allot(code byte) bool {
	at := uint32(d.offset)
	switch code {
	case codeNull, codeNone, codeFalse, codeTrue, codeStopIteration, codeEllipsis, codeRef, codeStringRef:
		return true // never numbered
	case codeTuple, codeSmallTuple, codeList, codeDict, codeSet, codeFrozenSet, codeSlice:
		at |= container
	}
	if d.next == len(d.refs) {
		if d.replay {
			d.fail(d.offset, "", "a reference to a container that is still open")
			return false
		}
		if len(d.refs) == cap(d.refs) {
			d.refs = append(make([]uint32, 0, max(2*len(d.refs), firstRefs)), d.refs...)
		}
		d.refs = append(d.refs, at)
	}
	d.ref = d.next
	d.next++
	return true
}

// value reads what follows a type code.
func (d *Decoder) value(code byte) Kind {
	switch code {
	case codeInt:
		return d.int32()
	case codeBinaryFloat:
		return d.binaryFloat()
	case codeShort, codeShortInterned:
		return d.short8(code)
	case codeSmallTuple:
		return d.smallTuple()
	case codeDict:
		return KindDict
	case codeNull:
		return KindNull
	case codeNone:
		return KindNone
	case codeFalse, codeTrue:
		d.int = 0
		if code == codeTrue {
			d.int = 1
		}
		return KindBool
	case codeStopIteration:
		return KindStopIteration
	case codeEllipsis:
		return KindEllipsis
	case codeRef:
		return d.follow()
	case codeTuple:
		return d.items(KindTuple)
	case codeList:
		return d.items(KindList)
	case codeSet:
		return d.items(KindSet)
	case codeFrozenSet:
		return d.items(KindFrozenSet)
	case codeSlice:
		d.length = 3
		return KindSlice
	case codeCode:
		return d.codeObject()
	}
	return d.scalar(code)
}

// scalar reads the rarer values without parts.
func (d *Decoder) scalar(code byte) Kind {
	switch code {
	case codeInt64:
		return d.int64()
	case codeLong:
		return d.long()
	case codeFloat:
		return d.textFloat()
	case codeComplex:
		return d.textComplex()
	case codeBinaryComplex:
		return d.binaryComplex()
	case codeBytes, codeInterned, codeUnicode, codeASCII, codeASCIIInterned:
		return d.string32(code)
	case codeStringRef:
		return d.followInterned()
	}
	return d.fail(d.offset, "", fmt.Sprintf("type code %#02x (%q)", code, code))
}

func (d *Decoder) smallTuple() Kind {
	if d.pos >= len(d.data) {
		return d.short(1)
	}
	n := int(d.data[d.pos])
	d.pos++
	return d.count(KindTuple, n)
}

func (d *Decoder) items(kind Kind) Kind {
	n, ok := d.size()
	if !ok {
		return KindInvalid
	}
	return d.count(kind, n)
}

// count checks that n items can follow: each takes at least a byte.
func (d *Decoder) count(kind Kind, n int) Kind {
	d.length = n
	if left := len(d.data) - d.pos; n > left {
		return d.fail(d.offset, "", fmt.Sprintf("%v of %d with %d bytes left", kind, n, left))
	}
	return kind
}

// size reads a length of four bytes, signed and not below zero.
func (d *Decoder) size() (int, bool) {
	if len(d.data)-d.pos < 4 {
		d.short(4)
		return 0, false
	}
	n := int(int32(binary.LittleEndian.Uint32(d.data[d.pos:])))
	if n < 0 {
		d.fail(d.pos, "a length", fmt.Sprint(n))
		return 0, false
	}
	d.pos += 4
	return n, true
}
