package marshal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
)

// Encoder writes marshalled data, value by value, in the codes of version 4,
// which CPython 3.4 and later load (a slice needs 3.14).
//
// Tuple, List, Set and FrozenSet announce how many values follow; Dict is
// followed by keys and values in turn and by End. The caller keeps to that: the
// encoder does not count. The first error stays and is returned by Flush.
type Encoder struct {
	w      io.Writer
	buf    []byte
	err    error
	flag   byte // for the next value
	shared int  // values that have a number
}

// flushSize is how much is gathered before it is written.
const flushSize = 1 << 16

// NewEncoder returns an encoder that writes to w. Call [Encoder.Flush] at the end.
func NewEncoder(w io.Writer) *Encoder {
	return &Encoder{w: w, buf: make([]byte, 0, flushSize+flushSize/8)}
}

// Flush writes what is left and returns the first error of all.
func (e *Encoder) Flush() error {
	e.drain()
	return e.err
}

func (e *Encoder) drain() {
	if e.err == nil && len(e.buf) > 0 {
		if _, err := e.w.Write(e.buf); err != nil {
			e.err = fmt.Errorf("writing marshalled data: %w", err)
		}
	}
	e.buf = e.buf[:0]
}

func (e *Encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// Share gives the next value a number, by which [Encoder.Ref] can repeat it.
// None, bools, Ellipsis and StopIteration cannot have one.
func (e *Encoder) Share() int {
	e.flag = flagRef
	e.shared++
	return e.shared - 1
}

// Ref writes a value again that was written after [Encoder.Share].
func (e *Encoder) Ref(number int) { e.size(codeRef, number) }

// code starts a value.
func (e *Encoder) code(code byte) {
	if len(e.buf) >= flushSize {
		e.drain()
	}
	e.buf = append(e.buf, code|e.flag)
	e.flag = 0
}

// size starts a value with a length of four bytes.
func (e *Encoder) size(code byte, n int) {
	if n < 0 || n > math.MaxInt32 {
		e.fail(fmt.Errorf("marshalling: a length of %d does not fit the format", n))
	}
	e.code(code)
	e.buf = binary.LittleEndian.AppendUint32(e.buf, uint32(n))
}

// None writes None.
func (e *Encoder) None() { e.code(codeNone) }

// Ellipsis writes Ellipsis.
func (e *Encoder) Ellipsis() { e.code(codeEllipsis) }

// StopIteration writes the exception class.
func (e *Encoder) StopIteration() { e.code(codeStopIteration) }

// Bool writes True or False.
func (e *Encoder) Bool(b bool) {
	if b {
		e.code(codeTrue)
	} else {
		e.code(codeFalse)
	}
}

// Int writes an int.
func (e *Encoder) Int(i int64) {
	if i < math.MinInt32 || i > math.MaxInt32 {
		e.BigInt(big.NewInt(i))
		return
	}
	e.code(codeInt)
	e.buf = binary.LittleEndian.AppendUint32(e.buf, uint32(int32(i)))
}

// BigInt writes an int of any size.
func (e *Encoder) BigInt(i *big.Int) {
	if i.IsInt64() && i.Int64() >= math.MinInt32 && i.Int64() <= math.MaxInt32 {
		e.Int(i.Int64())
		return
	}
	n := (i.BitLen() + digitBits - 1) / digitBits
	if n > maxDigits {
		e.fail(fmt.Errorf("marshalling: an int of %d bits is too large", i.BitLen()))
		n = 0
	}
	signed := int32(n)
	if i.Sign() < 0 {
		signed = -signed
	}
	e.code(codeLong)
	e.buf = binary.LittleEndian.AppendUint32(e.buf, uint32(signed))
	e.digits(i.Bits(), n)
}

// digits writes n digits of 15 bits, least first.
func (e *Encoder) digits(words []big.Word, n int) {
	var bits uint64
	have, next := 0, 0
	for range n {
		if have < digitBits && next < len(words)*wordBits/32 {
			half := uint64(words[next*32/wordBits]>>(next*32%wordBits)) & math.MaxUint32
			bits |= half << have
			have += 32
			next++
		}
		e.buf = binary.LittleEndian.AppendUint16(e.buf, uint16(bits&(1<<digitBits-1)))
		bits >>= digitBits
		have -= digitBits
	}
}

// Float writes a float.
func (e *Encoder) Float(f float64) {
	e.code(codeBinaryFloat)
	e.buf = binary.LittleEndian.AppendUint64(e.buf, math.Float64bits(f))
}

// Complex writes a complex number.
func (e *Encoder) Complex(c complex128) {
	e.code(codeBinaryComplex)
	e.buf = binary.LittleEndian.AppendUint64(e.buf, math.Float64bits(real(c)))
	e.buf = binary.LittleEndian.AppendUint64(e.buf, math.Float64bits(imag(c)))
}

// String writes a str: UTF-8 in which lone surrogates stand as three bytes.
// Any other bytes are an error.
func (e *Encoder) String(s string) { e.text(s, codeShort, codeASCII, codeUnicode) }

// Interned writes a str that Python shares with all equal ones, as it does
// with the names in a program.
func (e *Encoder) Interned(s string) { e.text(s, codeShortInterned, codeASCIIInterned, codeInterned) }

func (e *Encoder) text(s string, short, ascii, other byte) {
	switch {
	case !isASCII(s):
		if !isText(s) {
			e.fail(errors.New("marshalling: a str is not UTF-8"))
		}
		e.size(other, len(s))
	case len(s) <= math.MaxUint8:
		e.code(short)
		e.buf = append(e.buf, byte(len(s)))
	default:
		e.size(ascii, len(s))
	}
	e.buf = append(e.buf, s...)
}

// Bytes writes bytes.
func (e *Encoder) Bytes(s string) {
	e.size(codeBytes, len(s))
	e.buf = append(e.buf, s...)
}

// Tuple starts a tuple of n values.
func (e *Encoder) Tuple(n int) {
	if n > math.MaxUint8 || n < 0 {
		e.size(codeTuple, n)
		return
	}
	e.code(codeSmallTuple)
	e.buf = append(e.buf, byte(n))
}

// List starts a list of n values.
func (e *Encoder) List(n int) { e.size(codeList, n) }

// Set starts a set of n values.
func (e *Encoder) Set(n int) { e.size(codeSet, n) }

// FrozenSet starts a frozenset of n values.
func (e *Encoder) FrozenSet(n int) { e.size(codeFrozenSet, n) }

// Slice starts a slice: start, stop and step follow.
func (e *Encoder) Slice() { e.code(codeSlice) }

// Dict starts a dict.
func (e *Encoder) Dict() { e.code(codeDict) }

// End ends a dict.
func (e *Encoder) End() { e.code(codeNull) }
