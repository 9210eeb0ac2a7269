package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/cantil-py/cantil/value"
)

// maxRecords bounds the bytes of an array of structures that hold Python objects: a short
// pickle may name a large structure.
const maxRecords = 1 << 28

// setRecords makes the elements of a, structures with Python objects, of the tuples that
// numpy pickles for them.
func (a *Array) setRecords(tuples []value.Value) error {
	size, err := sizeOf([]int{len(tuples)}, a.DType.Size, maxRecords)
	if err != nil {
		return err
	}
	a.Data = make([]byte, size)
	for i, v := range tuples {
		if err := a.put(a.Data[i*a.DType.Size:], a.DType, v); err != nil {
			return fmt.Errorf("the structure %d: %w", i, err)
		}
	}
	return nil
}

// put writes what a.item() made of an element into p again.
func (a *Array) put(p []byte, d DType, v value.Value) error {
	if len(d.Shape) > 0 {
		return a.putAll(p, d, v)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if d.Big {
		order = binary.BigEndian
	}
	switch x := v.(type) {
	case *value.Tuple:
		if len(d.Fields) > 0 {
			return a.putFields(p, d, x.Items)
		}
	case value.Bytes:
		if (d.Kind == Bytes || d.Kind == Void && len(d.Fields) == 0) && len(x) <= d.Size {
			copy(p, x)
			return nil
		}
	case value.Str:
		if d.Kind == Str {
			return putText(p[:d.Size], order, string(x))
		}
	case value.Complex:
		if d.Kind == Complex && d.Size <= 16 {
			half := DType{Kind: Float, Size: d.Size / 2}
			putFloat(p, half.Size, order, real(x))
			putFloat(p[half.Size:], half.Size, order, imag(x))
			return nil
		}
	case value.Float:
		if d.Kind == Float && d.Size <= 8 {
			putFloat(p, d.Size, order, float64(x))
			return nil
		}
	case *value.Scalar: // a long double
		if d.Kind == Float || d.Kind == Complex {
			return putScalar(p, d, x)
		}
	}
	if d.Kind == Object {
		binary.LittleEndian.PutUint64(p, uint64(len(a.Objects)))
		a.Objects = append(a.Objects, v)
		return nil
	}
	return putNumber(p, d, order, v)
}

func (a *Array) putFields(p []byte, d DType, items []value.Value) error {
	if len(items) != len(d.Fields) {
		return fmt.Errorf("%d values for %d fields", len(items), len(d.Fields))
	}
	for i, f := range d.Fields {
		if err := a.put(p[f.Offset:], f.DType, items[i]); err != nil {
			return fmt.Errorf("the field %.100q: %w", f.Name, err)
		}
	}
	return nil
}

// putAll writes a field that is an array itself, pickled as one or as lists.
func (a *Array) putAll(p []byte, d DType, v value.Value) error {
	if x, ok := v.(*value.Array); ok {
		return a.putArray(p, d, x)
	}
	items, ok := value.Sequence(v)
	if !ok || len(items) != d.Shape[0] {
		return fmt.Errorf("a %s is not of the shape %s", v.Type(), Tuple(d.Shape))
	}
	inner := d
	inner.Shape = d.Shape[1:]
	for i, item := range items {
		if err := a.put(p[i*inner.ItemSize():], inner, item); err != nil {
			return err
		}
	}
	return nil
}

func (a *Array) putArray(p []byte, d DType, x *value.Array) error {
	base := d.base()
	if base.HasObjects() && len(x.Objects) == product(d.Shape) {
		for i, item := range x.Objects {
			if err := a.put(p[i*base.Size:], base, item); err != nil {
				return err
			}
		}
		return nil
	}
	sub, err := FromValue(x)
	switch {
	case err != nil:
		return err
	case sub.DType.Text() != base.Text() || !slices.Equal(sub.Shape, d.Shape) || base.HasObjects():
		return fmt.Errorf("an array of dtype %s and shape %s does not fit", sub.DType, Tuple(sub.Shape))
	}
	copy(p, sub.contiguous())
	return nil
}

// putText writes text of fixed width, each character in four bytes.
func putText(p []byte, order binary.ByteOrder, s string) error {
	for ; s != ""; p = p[4:] {
		if len(p) < 4 {
			return fmt.Errorf("the text is too long by %d bytes", len(s))
		}
		r, size := value.DecodeRune(s)
		order.PutUint32(p, uint32(r))
		s = s[size:]
	}
	return nil
}

func putFloat(p []byte, size int, order binary.ByteOrder, f float64) {
	switch size {
	case 2:
		order.PutUint16(p, ToFloat16(f))
	case 4:
		order.PutUint32(p, math.Float32bits(float32(f)))
	default:
		order.PutUint64(p, math.Float64bits(f))
	}
}

// putScalar writes a numpy scalar of the same type, in whatever byte order.
func putScalar(p []byte, d DType, x *value.Scalar) error {
	have, err := DTypeOf(x.DType)
	if err != nil {
		return err
	}
	if have.Kind != d.Kind || have.Size != d.Size || len(x.Data) != d.Size {
		return fmt.Errorf("a scalar of dtype %s does not fit", have)
	}
	copy(p, x.Data)
	if have.Big != d.Big {
		swap(p[:d.Size], d)
	}
	return nil
}

// putNumber writes a whole number, a bool or a time.
func putNumber(p []byte, d DType, order binary.ByteOrder, v value.Value) error {
	n, ok := wholeOf(v, d)
	if !ok {
		return fmt.Errorf("a %s does not fit into the dtype %s", v.Type(), d)
	}
	bits := n.Uint64()
	if n.Sign() < 0 {
		bits = uint64(n.Int64())
	}
	switch d.Size {
	case 1:
		p[0] = byte(bits)
	case 2:
		order.PutUint16(p, uint16(bits))
	case 4:
		order.PutUint32(p, uint32(bits))
	default:
		order.PutUint64(p, bits)
	}
	return nil
}

// wholeOf is v as the number that an element of d holds, if it fits.
func wholeOf(v value.Value, d DType) (*big.Int, bool) {
	least, most := new(big.Int), new(big.Int).Lsh(big.NewInt(1), uint(8*d.Size))
	switch d.Kind {
	case Bool:
		most = big.NewInt(2)
	case Int, Datetime, Timedelta:
		most.Rsh(most, 1)
		least.Neg(most)
	case Uint:
	default:
		return nil, false
	}
	var n *big.Int
	switch x := v.(type) {
	case value.Bool:
		n = new(big.Int)
		if x {
			n.SetInt64(1)
		}
	case value.Int:
		n = x.Big()
	case value.BigInt:
		n = x.X
	default:
		ticks, ok := ticksOf(v, d)
		if !ok {
			return nil, false
		}
		n = big.NewInt(ticks)
	}
	return n, n.Cmp(least) >= 0 && n.Cmp(most) < 0
}
