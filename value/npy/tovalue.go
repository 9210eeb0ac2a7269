package npy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"

	"github.com/cantil-py/cantil/value"
)

// Value is the array as a pickle has it. The two share their bytes.
func (a *Array) Value() (*value.Array, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	v := &value.Array{DType: valueOfDType(a.DType), Shape: a.Shape, Fortran: a.Fortran, Data: a.Data}
	if !a.DType.HasObjects() {
		return v, nil
	}
	v.Data, v.Objects = nil, make([]value.Value, 0, a.Len())
	var err error
	a.offsets(func(at int) {
		item, e := a.get(a.Data[at:], a.DType)
		if e != nil {
			err = e
		}
		v.Objects = append(v.Objects, item)
	})
	return v, err
}

// Item is the element at a place in Data, as a.item() gives it in Python; a time is the
// number of its units, and a number that Python has not a numpy scalar.
func (a *Array) Item(place int) (value.Value, error) { return a.get(a.Data[place:], a.DType) }

// valueOfDType is d as a pickle has it.
func valueOfDType(d DType) *value.DType {
	v := &value.DType{Text: d.Text(), Size: d.ItemSize(), Align: d.Align}
	switch {
	case len(d.Shape) > 0:
		v.Text, v.Base, v.Shape, v.Align = fmt.Sprintf("|V%d", v.Size), valueOfDType(d.base()), d.Shape, false
	case len(d.Fields) > 0:
		for _, f := range d.Fields {
			v.Fields = append(v.Fields, value.Field{Name: f.Name, Title: f.Title, DType: valueOfDType(f.DType), Offset: f.Offset})
		}
	}
	return v
}

// get is an element as Python has it; [Array.put] is its inverse. A time is the number
// of its units.
func (a *Array) get(p []byte, d DType) (value.Value, error) {
	if len(d.Shape) > 0 {
		return a.getAll(p, d)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if d.Big {
		order = binary.BigEndian
	}
	switch d.Kind {
	case Object:
		if i := binary.LittleEndian.Uint64(p); i < uint64(len(a.Objects)) {
			return a.Objects[i], nil
		}
		return nil, fmt.Errorf("an element has no Python object")
	case Bytes:
		return value.Bytes(bytes.TrimRight(p[:d.Size], "\x00")), nil
	case Str:
		return textOf(p[:d.Size], order), nil
	case Void:
		if len(d.Fields) > 0 {
			return a.getFields(p, d)
		}
		return value.Bytes(p[:d.Size]), nil
	case Float, Complex:
		return floatOf(p[:d.Size], d), nil
	}
	return wholeAt(p, d, order), nil
}

func (a *Array) getFields(p []byte, d DType) (value.Value, error) {
	t := &value.Tuple{Items: make([]value.Value, len(d.Fields))}
	for i, f := range d.Fields {
		var err error
		if t.Items[i], err = a.get(p[f.Offset:], f.DType); err != nil {
			return nil, fmt.Errorf("the field %.100q: %w", f.Name, err)
		}
	}
	return t, nil
}

func (a *Array) getAll(p []byte, d DType) (value.Value, error) {
	l := &value.List{Items: make([]value.Value, d.Shape[0])}
	inner := d
	inner.Shape = d.Shape[1:]
	for i := range l.Items {
		var err error
		if l.Items[i], err = a.get(p[i*inner.ItemSize():], inner); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// textOf is text of fixed width without the NULs at its end.
func textOf(p []byte, order binary.ByteOrder) value.Str {
	var b bytes.Buffer
	end := len(p)
	for end > 0 && order.Uint32(p[end-4:]) == 0 {
		end -= 4
	}
	for i := 0; i < end; i += 4 {
		c := rune(order.Uint32(p[i:]))
		if c >= 0xD800 && c < 0xE000 {
			b.Write([]byte{0xED, byte(0x80 | c>>6&0x3F), byte(0x80 | c&0x3F)})
			continue
		}
		b.WriteRune(c)
	}
	return value.Str(b.String())
}

// floatOf is a float or complex, or a numpy scalar where Python has no such number.
func floatOf(p []byte, d DType) value.Value {
	parts := 1
	if d.Kind == Complex {
		parts = 2
	}
	if d.Size/parts > 8 {
		return &value.Scalar{DType: valueOfDType(d), Data: bytes.Clone(p)}
	}
	half := d
	half.Kind, half.Size = Float, d.Size/parts
	convert, err := toFloat(half)
	switch {
	case err != nil:
		return value.Float(math.NaN()) // toFloat reads every Float
	case parts == 2:
		return value.Complex(complex(convert(p), convert(p[half.Size:])))
	}
	return value.Float(convert(p))
}

// wholeAt is a whole number, a bool or the number of a time's units.
func wholeAt(p []byte, d DType, order binary.ByteOrder) value.Value {
	var bits uint64
	switch d.Size {
	case 1:
		bits = uint64(p[0])
	case 2:
		bits = uint64(order.Uint16(p))
	case 4:
		bits = uint64(order.Uint32(p))
	default:
		bits = order.Uint64(p)
	}
	switch d.Kind {
	case Bool:
		return value.Bool(bits != 0)
	case Uint:
		return value.NewInt(new(big.Int).SetUint64(bits))
	}
	unused := 64 - 8*d.Size
	return value.Int(int64(bits<<unused) >> unused)
}
