package show

import (
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
)

// jsonStep is how much text is gathered before it is written.
const jsonStep = 1 << 16

// WriteJSON writes the elements of a as JSON, lists within lists. Numbers have all their
// digits; what JSON cannot say are the strings "nan", "inf" and "-inf". A complex number
// is a list of two, a structure an object, a date a string in ISO 8601, a span of time
// the number of its units, NaT is null. Bytes are text where they are UTF-8, else their
// repr, as Python objects are.
func WriteJSON(w io.Writer, a *npy.Array) error {
	v := viewOf(a)
	j := &jsonWriter{w: w, objects: objectsOf(v, Defaults())}
	if err := j.check(v); err != nil {
		return err
	}
	j.axis(v, 0, v.offset)
	j.flush(0)
	return j.err
}

type jsonWriter struct {
	w   io.Writer
	buf []byte
	err error

	objects *objectFormat
}

// check refuses what has no text, before anything is written.
func (j *jsonWriter) check(v view) error {
	o := Defaults()
	switch {
	case v.dtype.Kind == npy.Float || v.dtype.Kind == npy.Complex:
		return nil // saves the measuring
	case v.len() == 0:
		return nil
	}
	_, err := formatOf(v, o)
	return err
}

func (j *jsonWriter) flush(over int) {
	if len(j.buf) > over && j.err == nil {
		_, j.err = j.w.Write(j.buf)
		j.buf = j.buf[:0]
	}
}

func (j *jsonWriter) axis(v view, axis, at int) {
	if axis == len(v.shape) {
		j.element(v, at)
		return
	}
	j.buf = append(j.buf, '[')
	for i := range v.shape[axis] {
		if i > 0 {
			j.buf = append(j.buf, ", "...)
		}
		j.axis(v, axis+1, at+i*v.strides[axis])
		if j.flush(jsonStep); j.err != nil {
			return
		}
	}
	j.buf = append(j.buf, ']')
}

// element writes what begins at data[at]; v tells what that is.
func (j *jsonWriter) element(v view, at int) {
	d := v.dtype
	switch d.Kind {
	case npy.Bool:
		j.buf = strconv.AppendBool(j.buf, v.data[at] != 0)
	case npy.Int:
		j.buf = strconv.AppendInt(j.buf, signed(v.data, at, v.numeral()), 10)
	case npy.Uint:
		j.buf = strconv.AppendUint(j.buf, bits(v.data, at, v.numeral()), 10)
	case npy.Float:
		j.float(loadReal(v.data, at, v.numeral()), d)
	case npy.Complex:
		j.buf = append(j.buf, '[')
		re := v.half(false)
		half, n := re.dtype, re.numeral()
		j.float(loadReal(v.data, at, n), half)
		j.buf = append(j.buf, ", "...)
		j.float(loadReal(v.data, at+half.Size, n), half)
		j.buf = append(j.buf, ']')
	case npy.Datetime, npy.Timedelta:
		j.time(&timeFormat{view: v}, at)
	case npy.Void:
		j.void(v, at)
	default:
		j.text(j.textOf(v, at))
	}
}

// float writes the fewest digits that tell the number from its neighbours.
func (j *jsonWriter) float(r real, d npy.DType) {
	if !r.finite() {
		j.text(string(appendScalar(nil, r, d, Defaults(), "")))
		return
	}
	j.buf = appendScalar(j.buf, r, d, Defaults(), ".0")
}

func (j *jsonWriter) time(f *timeFormat, at int) {
	switch n := f.ticks(at); {
	case n == notATime:
		j.buf = append(j.buf, "null"...)
	case f.dtype.Kind == npy.Timedelta:
		j.buf = strconv.AppendInt(j.buf, n, 10)
	default:
		j.text(isoTime(n, f.dtype.Unit))
	}
}

// void writes a structure, or the hexadecimal digits of raw bytes.
func (j *jsonWriter) void(v view, at int) {
	if len(v.dtype.Fields) == 0 {
		j.text(fmt.Sprintf("%x", v.data[at:at+v.dtype.Size]))
		return
	}
	j.buf = append(j.buf, '{')
	for i, f := range v.dtype.Fields {
		if i > 0 {
			j.buf = append(j.buf, ", "...)
		}
		j.text(f.Name)
		j.buf = append(j.buf, ": "...)
		one := view{data: v.data, objects: v.objects, dtype: v.dtype}.field(f)
		j.axis(one, 0, at+f.Offset)
	}
	j.buf = append(j.buf, '}')
}

// textOf is an element that is text to JSON.
func (j *jsonWriter) textOf(v view, at int) string {
	switch v.dtype.Kind {
	case npy.Str:
		return strFormat{v}.text(at)
	case npy.Bytes:
		p := bytesFormat{v.data, v.dtype.Size}.bytes(at)
		if utf8.Valid(p) {
			return string(p)
		}
		return value.ReprBytes(p)
	}
	return string(j.objects.repr(nil, at))
}

func (j *jsonWriter) text(s string) {
	j.buf = append(j.buf, value.JSONText(s)...)
}
