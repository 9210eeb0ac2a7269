package show

import (
	"bytes"
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/cantil-py/cantil/value/npy"
)

// Str returns what Python prints for print(a), without the last line feed.
func Str(a *npy.Array, o Options) (string, error) {
	if o.isItem(a) {
		return item(a, o.settled(), false)
	}
	if len(a.Shape) == 0 {
		return Scalar(a, o)
	}
	text, err := array(a, o, "", " ", 0)
	return asString(text), err
}

// asString is text without a copy of it, which would cost more than the half of the
// printing. The bytes are given to no one else.
func asString(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }

// Repr returns Python's repr(a).
func Repr(a *npy.Array, o Options) (string, error) {
	if o.NumPy < NumPy22 {
		return oldRepr(a, o)
	}
	text, err := elements(a, o)
	if err != nil {
		return "", err
	}
	var extras []string
	if n := a.Len(); n == 0 && !flatEmpty(a) || o.tellsShape() && n > o.Threshold {
		extras = append(extras, "shape="+npy.Tuple(a.Shape))
	}
	if !o.implied(a.DType) || a.Len() == 0 {
		extras = append(extras, "dtype="+a.DType.ShortRepr(o.dtypeStyle()))
	}
	return withExtras(text, strings.Join(extras, ", "), a, o), nil
}

// elements is how a repr begins: all but what follows the elements.
func elements(a *npy.Array, o Options) ([]byte, error) {
	if o.isItem(a) {
		text, err := item(a, o.settled(), true)
		return []byte("array(" + text), err
	}
	return array(a, o, "array(", ", ", len(")"))
}

// oldRepr is repr(a) before numpy 2.2, where only an empty array tells its shape, as
// if that were an element.
func oldRepr(a *npy.Array, o Options) (string, error) {
	text, err := elements(a, o)
	if err != nil {
		return "", err
	}
	if a.Len() == 0 && !flatEmpty(a) {
		text = append(text, ", shape="+npy.Tuple(a.Shape)...)
	}
	if o.implied(a.DType) && a.Len() > 0 {
		return withExtras(text, "", a, o), nil
	}
	return withExtras(text, "dtype="+a.DType.ShortRepr(o.dtypeStyle()), a, o), nil
}

// flatEmpty says whether a has the shape (0,), which repr takes for granted.
func flatEmpty(a *npy.Array) bool { return len(a.Shape) == 1 && a.Shape[0] == 0 }

// withExtras ends a repr with what follows the elements, on a line of its own if the last
// one is too long for it. The mode 1.13 has a line for them where elements have no size of
// their own.
func withExtras(text []byte, extras string, a *npy.Array, o Options) string {
	if extras == "" {
		return asString(append(text, ')'))
	}
	text = append(text, ',')
	last := utf8.RuneCount(text[bytes.LastIndexByte(text, '\n')+1:])
	below := last+utf8.RuneCountInString(extras)+len(")")+1 > o.LineWidth
	if o.is(Legacy113) {
		below = a.DType.Kind == npy.Bytes || a.DType.Kind == npy.Str || a.DType.Kind == npy.Void
	}
	if below {
		text = append(text, '\n')
		text = appendSpaces(text, len("array("))
	} else {
		text = append(text, ' ')
	}
	return asString(append(append(text, extras...), ')'))
}

// Slice prints the elements of s as [Str] does, in the given shape or in one dimension.
func Slice[T npy.Number](s []T, o Options, shape ...int) (string, error) {
	a, err := npy.Of(s, shape...)
	if err != nil {
		return "", err
	}
	return Str(a, o)
}

// array is the prefix and numpy's array2string: the elements in brackets, indented for
// the prefix, with room for the suffix.
func array(a *npy.Array, o Options, prefix, separator string, suffix int) ([]byte, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	if a.Len() == 0 {
		return []byte(prefix + "[]"), nil
	}
	o = o.settled()
	v := viewOf(a)
	edge := everything
	if a.Len() > o.Threshold {
		edge = o.EdgeItems
	}
	v.edge = edge
	f, err := formatOf(v, o)
	if err != nil {
		return nil, err
	}
	l := layout{view: v, format: f, separator: separator, edge: edge, old: o.is(Legacy113)}
	if l.old {
		suffix = 0
	}
	return l.print(prefix, o.LineWidth-suffix), nil
}
