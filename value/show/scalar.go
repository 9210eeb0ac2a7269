package show

import (
	"bytes"
	"fmt"
	"strconv"

	"github.com/cantil-py/cantil/value/npy"
)

// Scalar returns what Python prints for print(a[()]), of an array of one element.
// Scalars keep to the print options only where they are structures, as numpy has it.
func Scalar(a *npy.Array, o Options) (string, error) {
	o = o.settled()
	v, err := scalarView(a, o)
	if err != nil {
		return "", err
	}
	switch {
	case v.dtype.Kind == npy.Bytes && !o.oldScalars():
		return scalarRepr(v, o)
	case v.dtype.Kind == npy.Str:
		_, err := newStrFormat(v)
		return strFormat{v}.text(0), err
	case v.dtype.Kind == npy.Object:
		f, err := newObjectFormat(v, o)
		if err != nil {
			return "", err
		}
		return f.text(v.offset), nil
	}
	if o.is(Legacy113) {
		o.general = legacyDigits(v.dtype, false)
	}
	return scalar(v, o)
}

// ScalarRepr returns Python's repr(a[()]), of an array of one element: 1.5 in numpy 1,
// np.float64(1.5) in numpy 2.
func ScalarRepr(a *npy.Array, o Options) (string, error) {
	o = o.settled()
	v, err := scalarView(a, o)
	if err != nil {
		return "", err
	}
	return scalarRepr(v, o)
}

func scalarView(a *npy.Array, o Options) (view, error) {
	if err := o.Check(); err != nil {
		return view{}, err
	}
	if a.Len() != 1 {
		return view{}, fmt.Errorf("an array of shape %s is no scalar", npy.Tuple(a.Shape))
	}
	v := viewOf(a)
	v.shape, v.strides, v.outer = nil, nil, 0
	return v, nil
}

// scalar is the text of a scalar by itself.
func scalar(v view, o Options) (string, error) {
	switch v.dtype.Kind {
	case npy.Float:
		return string(appendScalar(nil, loadReal(v.data, v.offset, v.numeral()), v.dtype, o, ".0")), nil
	case npy.Complex:
		return complexScalar(v, o), nil
	}
	o.scalars = len(v.dtype.Fields) > 0 && !o.oldScalars()
	f, err := formatOf(v, o)
	if err != nil {
		return "", err
	}
	switch f := f.(type) {
	case *timeFormat:
		return timeScalar(f), nil
	case *intFormat:
		f.sign = '-'
		return string(f.number(nil, v.offset)), nil
	}
	return string(f.append(nil, v.offset)), nil
}

// Scalars have exponents below exponentBelow and from this on.
const scalarExponentFrom = 1e16

// scalarFormat writes the floats in a structure that stands alone, in numpy 2.
type scalarFormat struct {
	view
	o Options
}

func (f scalarFormat) append(dst []byte, at int) []byte {
	return appendScalar(dst, loadReal(f.data, at, f.numeral()), f.dtype, f.o, ".0")
}

// appendScalar writes a number as numpy writes its scalars. whole follows a whole number.
func appendScalar(dst []byte, r real, d npy.DType, o Options, whole string) []byte {
	if r.negative() && !r.nan() {
		dst = append(dst, '-')
	}
	switch {
	case r.nan():
		return append(dst, "nan"...)
	case r.inf():
		return append(dst, "inf"...)
	case o.general > 0:
		n := len(dst)
		if dst = appendGeneral(dst, r, o.general); bytes.ContainsAny(dst[n:], ".e") {
			return dst
		}
		return append(dst, whole...)
	case r.zero():
		return append(append(dst, '0'), whole...)
	}
	var g generator
	if r.below(exponentBelow, false) || r.atLeast(exponentLimit(d, o, scalarExponentFrom)) {
		q := g.decimal(r, request{cutoff: noCutoff, least: noMinimum, unique: true, total: true})
		if dst = append(dst, q.digits[0]); len(q.digits) > 1 {
			dst = append(append(dst, '.'), q.digits[1:]...)
		}
		return appendExponent(dst, q.exponent(), leastExpDigits)
	}
	dst, n := appendPoint(dst, g.decimal(r, request{cutoff: noCutoff, least: noMinimum, unique: true}))
	if n == 0 {
		dst = append(dst[:len(dst)-1], whole...)
	}
	return dst
}

// complexScalar leaves out a real part of 0, but not of -0.
func complexScalar(v view, o Options) string {
	re, im := v.half(false), v.half(true)
	a, b := loadReal(v.data, re.offset, re.numeral()), loadReal(v.data, im.offset, im.numeral())
	imaginary := appendScalar(nil, b, im.dtype, o, "")
	if o.general > 0 && !b.finite() {
		imaginary = append(imaginary, '*')
	}
	if a.zero() && !a.negative() {
		return string(imaginary) + "j"
	}
	text := appendScalar([]byte{'('}, a, re.dtype, o, "")
	if !b.negative() || b.nan() {
		text = append(text, '+')
	}
	return string(text) + string(imaginary) + "j)"
}

// spanName is what numpy calls a unit of a span of time.
func spanName(unit string) string {
	switch unit {
	case "Y":
		return "years"
	case "M":
		return "months"
	case "W":
		return "weeks"
	case "D":
		return "days"
	case "h":
		return "hours"
	case "m":
		return "minutes"
	case "s":
		return "seconds"
	case "ms":
		return "milliseconds"
	case "us":
		return "microseconds"
	case "ns":
		return "nanoseconds"
	case "ps":
		return "picoseconds"
	case "fs":
		return "femtoseconds"
	case "as":
		return "attoseconds"
	}
	return "generic time units"
}

// timeScalar is a date without quotes, or a span with its unit.
func timeScalar(f *timeFormat) string {
	n, unit := f.ticks(f.offset), f.dtype.Unit
	switch {
	case n == notATime:
		return "NaT"
	case f.dtype.Kind == npy.Timedelta:
		return strconv.FormatInt(n*int64(max(unit.Count, 1)), 10) + " " + spanName(unit.Base)
	}
	return isoTime(n, unit)
}

// scalarRepr is the repr of a scalar: numpy 2 tells its type.
func scalarRepr(v view, o Options) (string, error) {
	switch v.dtype.Kind {
	case npy.Object:
		f, err := newObjectFormat(v, o)
		if err != nil {
			return "", err
		}
		return string(f.repr(nil, v.offset)), nil
	case npy.Datetime, npy.Timedelta:
		return timeRepr(v, o)
	}
	if o.is(Legacy113) {
		o.general = legacyDigits(v.dtype, true)
	}
	text, err := scalar(v, o)
	if err != nil {
		return "", err
	}
	if o.oldScalars() {
		if v.dtype.Kind == npy.Void && len(v.dtype.Fields) == 0 {
			return "void(" + text + ")", nil
		}
		return text, nil
	}
	return scalarRepr2(v.dtype, text), nil
}

// scalarRepr2 is the repr of numpy 2 around the text of a scalar.
func scalarRepr2(d npy.DType, text string) string {
	name := d.Name()
	switch {
	case d.Kind == npy.Bool:
		return "np." + text + "_"
	case d.Kind == npy.Bytes || d.Kind == npy.Str:
		name = string(map[npy.Kind]string{npy.Bytes: "bytes_", npy.Str: "str_"}[d.Kind])
	case d.Kind == npy.Void && len(d.Fields) > 0:
		return "np.void(" + text + ", dtype=" + d.String() + ")"
	case d.Kind == npy.Void:
		name = "void"
	case d.Kind == npy.Float && d.Size > 8:
		return "np.longdouble('" + text + "')"
	case d.Kind == npy.Complex:
		if text[0] == '(' {
			text = text[1 : len(text)-1]
		}
		if d.Size > 16 {
			return "np.clongdouble('" + text + "')"
		}
	}
	return "np." + name + "(" + text + ")"
}

// timeRepr is numpy.datetime64('2020-01-01') or np.timedelta64(5,'D').
func timeRepr(v view, o Options) (string, error) {
	f, err := newTimeFormat(v, o)
	if err != nil {
		return "", err
	}
	t := f.(*timeFormat)
	module, kind := "numpy.", "datetime64("
	if !o.oldScalars() {
		module = "np."
	}
	n := t.ticks(v.offset)
	text := "'" + timeScalar(t) + "'"
	if v.dtype.Kind == npy.Timedelta {
		kind = "timedelta64("
		if n != notATime {
			text = strconv.FormatInt(n, 10)
		}
	}
	return module + kind + text + timeUnit(v.dtype, n, o) + ")", nil
}

// timeUnit is what follows the text in the repr of a time. A date shows its unit by
// itself unless it counts by more than one and, in numpy's eyes, unless it ends with
// the hour; NaT does not, which numpy minds since 2.4.
func timeUnit(d npy.DType, ticks int64, o Options) string {
	unit := d.Unit
	nameless := ticks == notATime && o.NumPy >= NumPy24
	if d.Kind == npy.Datetime && !nameless && unit.Count <= 1 && unit.Base != "h" {
		return ""
	}
	switch {
	case unit.Base == "" && d.Kind == npy.Datetime:
		return ",'generic'"
	case unit.Base == "":
		return ""
	case unit.Count > 1:
		return ",'" + strconv.Itoa(unit.Count) + unit.Base + "'"
	}
	return ",'" + unit.Base + "'"
}
