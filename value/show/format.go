package show

import (
	"fmt"

	"github.com/cantil-py/cantil/value/npy"
)

// formatOf chooses how the elements of v are written, from those that v.each visits.
func formatOf(v view, o Options) (format, error) {
	switch v.dtype.Kind {
	case npy.Bool:
		return boolFormat{v.data, len(v.shape) > 0}, nil
	case npy.Int, npy.Uint:
		return newIntFormat(v, o), nil
	case npy.Float:
		if o.scalars {
			return scalarFormat{v, o}, nil
		}
		return newFloatFormat(v, o), nil
	case npy.Complex:
		return newComplexFormat(v, o), nil
	case npy.Timedelta, npy.Datetime:
		return newTimeFormat(v, o)
	case npy.Bytes:
		return bytesFormat{v.data, v.dtype.Size}, nil
	case npy.Str:
		return newStrFormat(v)
	case npy.Object:
		return newObjectFormat(v, o)
	case npy.Void:
		if len(v.dtype.Fields) > 0 {
			return newStructFormat(v, o)
		}
		return voidFormat{v.data, v.dtype.Size}, nil
	}
	return nil, fmt.Errorf("no way to print elements of kind %q", v.dtype.Kind)
}

// boolFormat writes True with a space in front, so that it is as wide as False,
// except where it stands alone.
type boolFormat struct {
	data []byte
	wide bool
}

func (f boolFormat) append(dst []byte, at int) []byte {
	switch {
	case f.data[at] == 0:
		return append(dst, "False"...)
	case f.wide:
		return append(dst, " True"...)
	}
	return append(dst, "True"...)
}

// voidFormat writes raw bytes, every one of them as an escape.
type voidFormat struct {
	data []byte
	size int
}

func (f voidFormat) append(dst []byte, at int) []byte {
	const hex = "0123456789ABCDEF"
	dst = append(dst, "b'"...)
	for _, c := range f.data[at : at+f.size] {
		dst = append(dst, '\\', 'x', hex[c>>4], hex[c&0xF])
	}
	return append(dst, '\'')
}

// structFormat writes the fields of a structure as a tuple.
type structFormat []format

func newStructFormat(v view, o Options) (format, error) {
	var f structFormat
	for _, field := range v.dtype.Fields {
		sub := v.field(field)
		one, err := formatOf(sub, o)
		if err != nil {
			return nil, fmt.Errorf("the field %q: %w", field.Name, err)
		}
		if own := len(field.DType.Shape); own > 0 {
			one = newSubFormat(one, sub, own, o)
		}
		f = append(f, shifted{one, field.Offset})
	}
	return f, nil
}

func (f structFormat) append(dst []byte, at int) []byte {
	dst = append(dst, '(')
	for i, field := range f {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = field.append(dst, at)
	}
	if len(f) == 1 {
		dst = append(dst, ',')
	}
	return append(dst, ')')
}

// shifted is a format for what lies some bytes into an element.
type shifted struct {
	format
	by int
}

func (f shifted) append(dst []byte, at int) []byte { return f.format.append(dst, at+f.by) }

// subFormat writes a field that is an array, on one line.
type subFormat struct {
	format
	shape, strides []int
	edge           int // numpy 2 summarises large ones
}

func newSubFormat(f format, v view, own int, o Options) format {
	s := subFormat{f, v.shape[len(v.shape)-own:], v.strides[len(v.strides)-own:], everything}
	size := 1
	for _, n := range s.shape {
		size *= n
	}
	if o.NumPy >= NumPy20 && size > o.Threshold {
		s.edge = o.EdgeItems
	}
	return s
}

func (f subFormat) append(dst []byte, at int) []byte { return f.axis(dst, 0, at) }

func (f subFormat) axis(dst []byte, axis, at int) []byte {
	if axis == len(f.shape) {
		return f.format.append(dst, at)
	}
	dst = append(dst, '[')
	n := f.shape[axis]
	for i := 0; i < n; i++ {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		if f.edge != everything && n > 2*f.edge && i == f.edge {
			dst = append(dst, "..., "...)
			// Without edges numpy takes a[-0:], which is all.
			if f.edge > 0 {
				i = n - f.edge
			}
		}
		dst = f.axis(dst, axis+1, at+i*f.strides[axis])
	}
	return append(dst, ']')
}
