package value

import (
	"math/big"
)

// Value is a Python object as data. It is one of these:
//
//	Singleton                  None, Ellipsis, NotImplemented
//	Bool Int BigInt Float Complex Str Bytes
//	*ByteArray *Tuple *List *Dict *Set *FrozenSet
//	*Object Global             what a class makes, and a class or function itself
//	*Persistent Extension *Buffer
//	*OrderedDict *DefaultDict *Counter *Deque Range *Slice
//	Date *Time *DateTime TimeDelta *TimeZone Decimal Fraction UUID Path
//	*Array *Scalar *DType      of numpy
//
// What may be told apart by identity in Python is a pointer here, and one object is
// one pointer: a list may contain itself, so walking a value that came from outside
// needs a bound. A nil Value stands for None.
type Value interface {
	// Type is the name of the value's Python class, with its module unless that
	// is builtins.
	Type() string
	// String is Python's repr of the value.
	String() string
}

// Singleton is an object of which Python has one only.
type Singleton uint8

// The singletons that are not a Bool.
const (
	None Singleton = iota
	Ellipsis
	NotImplemented
)

// Bool is Python's bool.
type Bool bool

// Int is a Python int that fits into 64 bits; others are a [BigInt].
type Int int64

// BigInt is a Python int of any size. Use [NewInt] to make one: it gives an Int where
// that is enough. The number is never changed.
type BigInt struct{ X *big.Int }

// NewInt returns x as an Int if it fits, else as a BigInt.
func NewInt(x *big.Int) Value {
	if x.IsInt64() {
		return Int(x.Int64())
	}
	return BigInt{x}
}

// Big returns the number as a big.Int of its own.
func (i Int) Big() *big.Int { return big.NewInt(int64(i)) }

// Float is Python's float.
type Float float64

// Complex is Python's complex.
type Complex complex128

// Str is Python's str; the package comment tells how lone surrogates are held.
type Str string

// Bytes is Python's bytes.
type Bytes string

// ByteArray is Python's bytearray.
type ByteArray struct{ Data []byte }

// Type implements [Value].
func (s Singleton) Type() string {
	switch s {
	case Ellipsis:
		return "ellipsis"
	case NotImplemented:
		return "NotImplementedType"
	}
	return "NoneType"
}

func (s Singleton) String() string {
	switch s {
	case Ellipsis:
		return "Ellipsis"
	case NotImplemented:
		return "NotImplemented"
	}
	return "None"
}

// Type implements [Value].
func (Bool) Type() string { return "bool" }

func (b Bool) String() string {
	if b {
		return "True"
	}
	return "False"
}

// Type implements [Value].
func (Int) Type() string { return "int" }

func (i Int) String() string { return ReprInt(int64(i)) }

// Type implements [Value].
func (BigInt) Type() string { return "int" }

func (i BigInt) String() string { return i.X.String() }

// Type implements [Value].
func (Float) Type() string { return "float" }

func (f Float) String() string { return ReprFloat(float64(f)) }

// Type implements [Value].
func (Complex) Type() string { return "complex" }

func (c Complex) String() string { return ReprComplex(complex128(c)) }

// Type implements [Value].
func (Str) Type() string { return "str" }

// String is the repr, in quotes; string(s) is the text itself.
func (s Str) String() string { return ReprStr(string(s)) }

// Type implements [Value].
func (Bytes) Type() string { return "bytes" }

// String is the repr, as b'...'; string(p) are the bytes themselves.
func (p Bytes) String() string { return ReprBytes([]byte(p)) }

// Type implements [Value].
func (*ByteArray) Type() string { return "bytearray" }

func (b *ByteArray) String() string { return "bytearray(" + reprByteArray(b.Data) + ")" }
