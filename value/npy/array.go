package npy

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/cantil-py/cantil/value"
)

// objectSize is what an element of kind Object takes in Array.Data.
const objectSize = 8

// ErrObjects is the error of reading an array of Python objects without a decoder
// for them in [Options].
var ErrObjects = errors.New("the array holds pickled Python objects, and no decoder was given")

// Array is a numpy array: elements of one dtype in a shape.
type Array struct {
	DType   DType
	Shape   []int  // () is a single element
	Fortran bool   // the first index varies fastest in Data, not the last
	Data    []byte // the elements, as they lie in the file
	// Objects are the Python objects of the array. An element of kind Object in Data
	// is its index here, eight bytes, little-endian.
	Objects []value.Value

	unmap func() error
}

// New makes an array of raw elements. Its data is used as it is, not copied.
func New(d DType, shape []int, fortran bool, data []byte) (*Array, error) {
	a := &Array{DType: d, Shape: slices.Clone(shape), Fortran: fortran, Data: data}
	return a, a.check()
}

// check compares the length of the data with the shape.
func (a *Array) check() error {
	size, err := a.bytes()
	if err != nil {
		return err
	}
	if len(a.Data) != size {
		return fmt.Errorf("an array of shape %s and dtype %s takes %d bytes, not %d", Tuple(a.Shape), a.DType, size, len(a.Data))
	}
	return nil
}

// bytes is the number of bytes that the shape and the dtype ask for.
func (a *Array) bytes() (int, error) {
	if len(a.DType.Shape) > 0 {
		return 0, errors.New("the elements of an array have no shape of their own")
	}
	if len(a.Shape) > maxDims {
		return 0, fmt.Errorf("%d dimensions are too many: at most %d", len(a.Shape), maxDims)
	}
	return sizeOf(a.Shape, a.DType.Size, math.MaxInt)
}

// Len is the number of elements.
func (a *Array) Len() int { return product(a.Shape) }

// Strides are the distances in bytes between neighbours along each axis.
func (a *Array) Strides() []int {
	strides, step := make([]int, len(a.Shape)), a.DType.ItemSize()
	for i := range a.Shape {
		axis := len(a.Shape) - 1 - i
		if a.Fortran {
			axis = i
		}
		strides[axis] = step
		step *= a.Shape[axis]
	}
	return strides
}

// Close gives back the memory of an array from [Open]; its Data must not be used any
// more. For other arrays it does nothing.
func (a *Array) Close() error {
	if a.unmap == nil {
		return nil
	}
	unmap := a.unmap
	a.unmap, a.Data = nil, nil
	return unmap()
}
