package npy

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// Number is a Go type that has a dtype of the same bytes.
type Number interface {
	~bool | ~int | ~uint | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64 |
		~float32 | ~float64 | ~complex64 | ~complex128
}

// dtypeOf is the dtype of T as this machine has it in memory.
func dtypeOf[T Number]() DType {
	kinds := map[reflect.Kind]Kind{reflect.Bool: Bool, reflect.Float32: Float, reflect.Float64: Float,
		reflect.Complex64: Complex, reflect.Complex128: Complex,
		reflect.Uint: Uint, reflect.Uint8: Uint, reflect.Uint16: Uint, reflect.Uint32: Uint, reflect.Uint64: Uint}
	t := reflect.TypeFor[T]()
	d := DType{Kind: Int, Size: int(t.Size()), Big: hostBig()}
	if kind, ok := kinds[t.Kind()]; ok {
		d.Kind = kind
	}
	d.Big = d.Big && !d.orderless()
	return d
}

// hostBig says whether this machine is big-endian.
func hostBig() bool { return binary.NativeEndian.Uint16([]byte{0, 1}) == 1 }

// Of makes an array of the elements of s in C order; without a shape it has one
// dimension. The array shares the memory of s.
func Of[T Number](s []T, shape ...int) (*Array, error) {
	if shape == nil {
		shape = []int{len(s)}
	}
	d := dtypeOf[T]()
	return New(d, shape, false, unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*d.Size))
}

// As returns the elements of a in C order. The dtype must be that of T, in either
// byte order. Where the elements lie as a slice of T does, the slice shares the
// memory of a, and then ends with it.
func As[T Number](a *Array) ([]T, error) {
	want, have := dtypeOf[T](), a.DType
	if have.Kind != want.Kind || have.Size != want.Size || len(have.Fields) > 0 {
		return nil, fmt.Errorf("the elements are %s, not %s", a.DType, want.Name())
	}
	data := a.contiguous()
	aligned := uintptr(unsafe.Pointer(unsafe.SliceData(data)))%unsafe.Alignof(*new(T)) == 0
	if have.Big == want.Big && aligned && have.Kind != Bool {
		return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(data))), a.Len()), nil
	}
	s := make([]T, a.Len())
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(data))
	copy(raw, data)
	switch {
	case have.Kind == Bool:
		normalise(raw)
	case have.Big != want.Big:
		swap(raw, have)
	}
	return s, nil
}

// normalise makes every true the byte 1, as Go requires and a file need not have it.
func normalise(bools []byte) {
	for i, b := range bools {
		if b != 0 {
			bools[i] = 1
		}
	}
}

// swap turns the bytes of each number of p around; a complex is two numbers.
func swap(p []byte, d DType) {
	size := d.Size
	if d.Kind == Complex {
		size /= 2
	}
	for ; len(p) >= size; p = p[size:] {
		slices.Reverse(p[:size])
	}
}

// contiguous is the data in C order: a's own where it is so.
func (a *Array) contiguous() []byte {
	if !a.Fortran || len(a.Shape) < 2 {
		return a.Data
	}
	size := a.DType.ItemSize()
	out := make([]byte, 0, len(a.Data))
	a.offsets(func(at int) { out = append(out, a.Data[at:at+size]...) })
	return out
}

// offsets calls f with the place of every element in Data, in C order.
func (a *Array) offsets(f func(at int)) {
	strides := a.Strides()
	index := make([]int, len(a.Shape))
	at := 0
	for range a.Len() {
		f(at)
		for axis := len(index) - 1; axis >= 0; axis-- {
			index[axis]++
			at += strides[axis]
			if index[axis] < a.Shape[axis] {
				break
			}
			at -= index[axis] * strides[axis]
			index[axis] = 0
		}
	}
}
