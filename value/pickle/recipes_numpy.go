package pickle

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/value"
)

func isMultiarray(module string) bool {
	return module == "numpy.core.multiarray" || module == "numpy._core.multiarray"
}

func numpyRecipe(module, name string) recipe {
	switch {
	case module == "numpy" && name == "dtype":
		return makeDType
	case isMultiarray(module) && name == "scalar":
		return makeScalar
	case strings.HasSuffix(module, ".numeric") && name == "_frombuffer":
		return makeFromBuffer
	}
	return nil
}

// isReconstruct says whether args make the empty array that BUILD then fills.
func isReconstruct(args []value.Value) bool {
	if len(args) != 3 || args[0] != value.Value(value.Global{Module: "numpy", Name: "ndarray"}) {
		return false
	}
	shape, ok := args[1].(*value.Tuple)
	if !ok || len(shape.Items) != 1 || shape.Items[0] != value.Value(value.Int(0)) {
		return false
	}
	return args[2] == value.Value(value.Bytes("b")) || args[2] == value.Value(value.Str("b"))
}

// makeDType is numpy.dtype("f8", False, True): a letter and a size; the byte order
// comes by BUILD.
func makeDType(args []value.Value) (value.Value, bool) {
	if len(args) != 3 {
		return nil, false
	}
	code, ok := args[0].(value.Str)
	if !ok || !isFlag(args[1]) || !isFlag(args[2]) || len(code) < 2 {
		return nil, false
	}
	return dtypeOf(string(code))
}

func isFlag(v value.Value) bool {
	switch v := v.(type) {
	case value.Bool:
		return true
	case value.Int:
		return v == 0 || v == 1
	}
	return false
}

// maxItem bounds the bytes of one array item.
const maxItem = 1 << 31

func dtypeOf(code string) (*value.DType, bool) {
	n, err := strconv.ParseUint(code[1:], 10, 31)
	if err != nil {
		return nil, false
	}
	size, order := int(n), "<"
	switch code[0] {
	case 'b':
		order = "|"
	case 'i', 'u':
		if n == 1 {
			order = "|"
		}
	case 'f', 'c', 'M', 'm':
	case 'S', 'V':
		order = "|"
	case 'U':
		size = 4 * int(n)
	case 'O':
		return &value.DType{Text: "|O", Size: 8}, true
	default:
		return nil, false
	}
	return &value.DType{Text: order + code, Size: size}, size <= maxItem
}

// setDTypeState gives d the byte order, fields or unit that its state tells. It
// changes nothing if the state is not as numpy writes it:
// (3 or 4, order, sub-array, names, fields, size, alignment, flags[, metadata]).
func setDTypeState(d *value.DType, state value.Value) bool {
	t, ok := state.(*value.Tuple)
	if !ok || len(t.Items) != 8 && len(t.Items) != 9 {
		return false
	}
	order, ok := textOf(t.Items[1])
	if !ok || len(order) != 1 || !strings.Contains("<>|=", order) {
		return false
	}
	next := *d
	if strings.HasPrefix(d.Text, "<") && order == ">" {
		next.Text = ">" + d.Text[1:]
	}
	if size, ok := t.Items[5].(value.Int); ok && size >= 0 && size <= maxItem {
		next.Size = int(size)
	}
	if sub, ok := t.Items[2].(*value.Tuple); ok && !setSubArray(&next, sub) {
		return false
	}
	if names, ok := t.Items[3].(*value.Tuple); ok && !setFields(&next, names, t.Items[4]) {
		return false
	}
	if flags, ok := t.Items[7].(value.Int); ok && next.Fields != nil {
		next.Align = flags&0x80 != 0 // NPY_ALIGNED_STRUCT
	}
	if len(t.Items) == 9 && !setUnit(&next, t.Items[8]) {
		return false
	}
	if flags, ok := t.Items[7].(value.Int); hasObjects(&next, 0) && (!ok || flags&refCounted != refCounted) {
		return false // numpy would then take raw bytes for the addresses of objects
	}
	*d = next
	return true
}

// refCounted are numpy's flags for items that are, or hold, Python objects
// (NPY_ITEM_REFCOUNT and NPY_LIST_PICKLE).
const refCounted = 3

// maxDTypeDepth bounds types within types.
const maxDTypeDepth = 32

// hasObjects says whether the items are Python objects or hold some; so does a type that
// is too deep to tell.
func hasObjects(d *value.DType, depth int) bool {
	if d.IsObject() || depth > maxDTypeDepth || d.Base != nil && hasObjects(d.Base, depth+1) {
		return true
	}
	for _, f := range d.Fields {
		if hasObjects(f.DType, depth+1) {
			return true
		}
	}
	return false
}

// maxStateDepth is how deep in a state numpy has dtypes: a tuple of a dict of tuples.
const maxStateDepth = 3

// usesBare says whether a dtype that has no state yet is among values or within them.
func (m *machine) usesBare(values []value.Value, depth int) bool {
	if len(m.bare) == 0 || depth > maxStateDepth {
		return false
	}
	for _, v := range values {
		switch v := v.(type) {
		case *value.DType:
			if m.bare[v] {
				return true
			}
		case *value.Tuple:
			if m.usesBare(v.Items, depth+1) {
				return true
			}
		case *value.Dict:
			for _, x := range v.All() {
				if m.usesBare([]value.Value{x}, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// textOf is a str, or bytes in ASCII.
func textOf(v value.Value) (string, bool) {
	switch v := v.(type) {
	case value.Str:
		return string(v), true
	case value.Bytes:
		return string(v), true
	}
	return "", false
}

func setSubArray(d *value.DType, sub *value.Tuple) bool {
	if len(sub.Items) != 2 {
		return false
	}
	base, ok := sub.Items[0].(*value.DType)
	if !ok || base == d {
		return false
	}
	shape, ok := shapeOf(sub.Items[1])
	d.Base, d.Shape = base, shape
	n, fits := product(shape)
	return ok && fits && n*base.Size == d.Size
}

func setFields(d *value.DType, names *value.Tuple, fields value.Value) bool {
	byName, ok := fields.(*value.Dict)
	if !ok {
		return false
	}
	d.Fields = make([]value.Field, 0, len(names.Items))
	for _, name := range names.Items {
		v, ok := byName.Get(name)
		if !ok {
			return false
		}
		f, ok := fieldOf(name, v, d.Size)
		if !ok {
			return false
		}
		d.Fields = append(d.Fields, f)
	}
	return true
}

func fieldOf(name, v value.Value, size int) (f value.Field, ok bool) {
	t, ok := v.(*value.Tuple)
	if !ok || len(t.Items) != 2 && len(t.Items) != 3 {
		return f, false
	}
	if f.Name, ok = textOf(name); !ok {
		return f, false
	}
	offset, ok1 := t.Items[1].(value.Int)
	dtype, ok2 := t.Items[0].(*value.DType)
	if !ok1 || !ok2 || offset < 0 || int64(offset)+int64(dtype.Size) > int64(size) {
		return f, false
	}
	f.Offset, f.DType = int(offset), dtype
	if len(t.Items) == 3 {
		f.Title, ok = textOf(t.Items[2])
	}
	return f, ok
}

// setUnit reads the unit of datetime64 and timedelta64 from the metadata
// ({}, (b"ns", 1, 1, 1)).
func setUnit(d *value.DType, metadata value.Value) bool {
	t, ok := metadata.(*value.Tuple)
	if !ok || len(t.Items) != 2 {
		return isNone(metadata)
	}
	u, ok := t.Items[1].(*value.Tuple)
	if !ok || len(u.Items) != 4 || len(d.Text) < 2 || d.Text[1] != 'M' && d.Text[1] != 'm' {
		return false
	}
	unit, ok1 := textOf(u.Items[0])
	n, ok2 := u.Items[1].(value.Int)
	if !ok1 || !ok2 || len(unit) > len("generic") {
		return false
	}
	switch {
	case unit == "generic":
	case n == 1:
		d.Text += "[" + unit + "]"
	default:
		d.Text += fmt.Sprintf("[%d%s]", n, unit)
	}
	return true
}

func shapeOf(v value.Value) ([]int, bool) {
	t, ok := v.(*value.Tuple)
	if !ok {
		n, ok := v.(value.Int)
		return []int{int(n)}, ok && n >= 0
	}
	shape := make([]int, len(t.Items))
	for i, item := range t.Items {
		n, ok := item.(value.Int)
		if !ok || n < 0 {
			return nil, false
		}
		shape[i] = int(n)
	}
	return shape, len(shape) <= 64
}

// maxLength bounds the items of an array, and keeps products from overflowing.
const maxLength = 1 << 40

func product(shape []int) (int, bool) {
	n := 1
	for _, d := range shape {
		if d > maxLength || n*d > maxLength {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// finishArray makes an array of (version, shape, dtype, Fortran, data).
func finishArray(state value.Value) (value.Value, bool) {
	t, ok := state.(*value.Tuple)
	if !ok || len(t.Items) != 5 {
		return nil, false
	}
	dtype, ok := t.Items[2].(*value.DType)
	if !ok {
		return nil, false
	}
	fortran := t.Items[3] == value.Value(value.Bool(true)) || t.Items[3] == value.Value(value.Int(1))
	return arrayOf(dtype, t.Items[1], fortran, t.Items[4])
}

// makeFromBuffer is _frombuffer(buffer, dtype, shape, "C" or "F"), of protocol 5.
func makeFromBuffer(args []value.Value) (value.Value, bool) {
	if len(args) != 4 {
		return nil, false
	}
	dtype, ok1 := args[1].(*value.DType)
	order, ok2 := textOf(args[3])
	if !ok1 || !ok2 || order != "C" && order != "F" {
		return nil, false
	}
	return arrayOf(dtype, args[2], order == "F", args[0])
}

func arrayOf(dtype *value.DType, shapeValue value.Value, fortran bool, content value.Value) (value.Value, bool) {
	shape, ok := shapeOf(shapeValue)
	if !ok {
		return nil, false
	}
	n, ok := product(shape)
	if !ok {
		return nil, false
	}
	a := &value.Array{DType: dtype, Shape: shape, Fortran: fortran}
	if l, ok := content.(*value.List); ok {
		a.Objects = l.Items
		return a, hasObjects(dtype, 0) && len(l.Items) == n
	}
	a.Data, ok = contentOf(content)
	return a, ok && !hasObjects(dtype, 0) && (dtype.Size == 0 || n <= maxLength/dtype.Size) && len(a.Data) == n*dtype.Size
}

// contentOf are the bytes of an array, which Python 2 had as text.
func contentOf(v value.Value) ([]byte, bool) {
	switch v := v.(type) {
	case value.Bytes:
		return []byte(v), true
	case *value.ByteArray:
		return v.Data, true
	case *value.Buffer:
		return v.Data, v.Data != nil
	case value.Str:
		p, ok := makeEncoded([]value.Value{v, value.Str("latin1")})
		if !ok {
			return nil, false
		}
		return []byte(p.(value.Bytes)), true
	}
	return nil, false
}

// makeScalar is scalar(dtype, bytes), or scalar(dtype, object) of Python objects.
func makeScalar(args []value.Value) (value.Value, bool) {
	if len(args) != 2 {
		return nil, false
	}
	dtype, ok := args[0].(*value.DType)
	if !ok {
		return nil, false
	}
	if dtype.IsObject() {
		return &value.Scalar{DType: dtype, Object: args[1]}, true
	}
	data, ok := contentOf(args[1])
	return &value.Scalar{DType: dtype, Data: data}, ok && !hasObjects(dtype, 0) && len(data) == dtype.Size
}
