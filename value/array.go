package value

// DType is numpy's dtype.
type DType struct {
	// Text is numpy's own spelling with the byte order in front, as dtype.str gives
	// it: "<f8", "|b1", ">U5", "|O", "<M8[ns]"; for structured types "|V12".
	Text   string
	Fields []Field // of a structured type, in order; else nil
	Base   *DType  // of a sub-array, whose shape is Shape; else nil
	Shape  []int
	Size   int  // bytes of one item
	Align  bool // laid out as C would
}

// Field is one field of a structured dtype.
type Field struct {
	Name   string
	Title  string // "" for none
	DType  *DType
	Offset int // in bytes, from the start of the item
}

// Array is a numpy array. Its items lie in Data, one after the other, in the byte
// order and layout of DType; the first axis changes slowest, or fastest if Fortran.
type Array struct {
	DType   *DType
	Shape   []int // empty for a single item
	Fortran bool
	Data    []byte
	// Objects are the items where DType is of Python objects, in C order, and the tuples of
	// structures that hold some; Data is nil then.
	Objects []Value
}

// Scalar is a numpy scalar, such as numpy.float64(1).
type Scalar struct {
	DType  *DType
	Data   []byte
	Object Value // where DType is of Python objects; Data is nil then
}

// Len returns the number of items of the array.
func (a *Array) Len() int {
	n := 1
	for _, d := range a.Shape {
		n *= d
	}
	return n
}

// IsObject says whether the items are Python objects.
func (d *DType) IsObject() bool { return len(d.Text) == 2 && d.Text[1] == 'O' }

// Type implements [Value].
func (*DType) Type() string { return "numpy.dtype" }

func (d *DType) String() string { return Repr(d) }

// Type implements [Value].
func (*Array) Type() string { return "numpy.ndarray" }

func (a *Array) String() string { return Repr(a) }

// Type implements [Value].
func (*Scalar) Type() string { return "numpy.generic" }

func (s *Scalar) String() string { return Repr(s) }
