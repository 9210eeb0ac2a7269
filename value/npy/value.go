package npy

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/cantil-py/cantil/value"
)

// FromValue is the array of a pickle as an Array. The two share their bytes.
func FromValue(v *value.Array) (*Array, error) {
	d, err := dtypeOfValue(v.DType, 0)
	if err != nil {
		return nil, err
	}
	a := &Array{DType: d, Shape: v.Shape, Fortran: v.Fortran, Data: v.Data}
	switch {
	case v.DType.IsObject():
		a.setObjects(v.Objects)
	case d.HasObjects():
		if err := a.setRecords(v.Objects); err != nil {
			return nil, err
		}
	default:
		return a, a.check()
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	a.reorder()
	return a, nil
}

// reorder puts elements in C order, in which numpy pickles objects, into the order of a.
func (a *Array) reorder() {
	if !a.Fortran || len(a.Shape) < 2 {
		return
	}
	from, size := a.Data, a.DType.ItemSize()
	a.Data = make([]byte, len(from))
	a.offsets(func(at int) {
		copy(a.Data[at:at+size], from)
		from = from[size:]
	})
}

// setObjects makes objects the elements of a.
func (a *Array) setObjects(objects []value.Value) {
	a.Data = make([]byte, 0, objectSize*len(objects))
	for i, o := range objects {
		if o == nil {
			o = value.None
		}
		a.Objects = append(a.Objects, o)
		a.Data = binary.LittleEndian.AppendUint64(a.Data, uint64(i))
	}
}

// FromScalar is the scalar of a pickle as an array of shape ().
func FromScalar(v *value.Scalar) (*Array, error) {
	a := &value.Array{DType: v.DType, Data: v.Data}
	if v.DType.IsObject() {
		a.Objects = []value.Value{v.Object}
	}
	return FromValue(a)
}

// DTypeOf is the dtype of a pickle as a DType.
func DTypeOf(v *value.DType) (DType, error) { return dtypeOfValue(v, 0) }

// dtypeOfValue turns the dtype of a pickle into one of this package.
func dtypeOfValue(v *value.DType, depth int) (DType, error) {
	switch {
	case v == nil || depth > maxDepth:
		return DType{}, errors.New("a dtype is missing or too deep")
	case v.Base != nil:
		return subOfValue(v, depth)
	case v.Fields != nil:
		return structOfValue(v, depth)
	}
	return parseSimple(v.Text)
}

func subOfValue(v *value.DType, depth int) (DType, error) {
	base, err := dtypeOfValue(v.Base, depth+1)
	if err != nil {
		return DType{}, err
	}
	shape := make(tuple, len(v.Shape))
	for i, n := range v.Shape {
		shape[i] = n
	}
	return withShape(base, shape)
}

func structOfValue(v *value.DType, depth int) (DType, error) {
	d := DType{Kind: Void, Size: v.Size, Align: v.Align}
	if v.Size < 0 || v.Size > maxItemSize || len(v.Fields) > maxFields || len(v.Fields) == 0 {
		return DType{}, errors.New("a structure is too large or without fields")
	}
	for _, f := range v.Fields {
		sub, err := dtypeOfValue(f.DType, depth+1)
		if err != nil {
			return DType{}, fmt.Errorf("reading the field %.100q: %w", f.Name, err)
		}
		if f.Offset < 0 || f.Offset > v.Size-sub.ItemSize() {
			return DType{}, fmt.Errorf("the field %.100q lies outside of its structure", f.Name)
		}
		d.Fields = append(d.Fields, Field{Name: f.Name, Title: f.Title, DType: sub, Offset: f.Offset})
	}
	return d, nil
}
