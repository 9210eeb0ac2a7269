package show

import (
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value/npy"
)

// Str returns what Python prints for print(a), without the last line feed.
func Str(a *npy.Array, o Options) (string, error) {
	if len(a.Shape) == 0 {
		return Scalar(a, o)
	}
	text, err := array(a, o, "", " ", 0)
	return string(text), err
}

// Repr returns Python's repr(a).
func Repr(a *npy.Array, o Options) (string, error) {
	if o.NumPy < NumPy22 {
		return oldRepr(a, o)
	}
	text, err := array(a, o, "array(", ", ", len(")"))
	if err != nil {
		return "", err
	}
	var extras []string
	if n := a.Len(); n == 0 && !flatEmpty(a) || n > o.Threshold {
		extras = append(extras, "shape="+npy.Tuple(a.Shape))
	}
	if !o.implied(a.DType) || a.Len() == 0 {
		extras = append(extras, "dtype="+a.DType.ShortRepr(true))
	}
	if len(extras) == 0 {
		return "array(" + string(text) + ")", nil
	}
	return withExtras("array("+string(text)+",", strings.Join(extras, ", ")+")", o), nil
}

// oldRepr is repr(a) before numpy 2.2, where only an empty array tells its shape, as
// if that were an element.
func oldRepr(a *npy.Array, o Options) (string, error) {
	implied := o.implied(a.DType) && a.Len() > 0
	text := []byte("[], shape=" + npy.Tuple(a.Shape))
	if a.Len() > 0 || flatEmpty(a) {
		var err error
		if text, err = array(a, o, "array(", ", ", 1); err != nil {
			return "", err
		}
	}
	if implied {
		return "array(" + string(text) + ")", nil
	}
	return withExtras("array("+string(text)+",", "dtype="+a.DType.ShortRepr(o.NumPy >= NumPy20)+")", o), nil
}

// flatEmpty says whether a has the shape (0,), which repr takes for granted.
func flatEmpty(a *npy.Array) bool { return len(a.Shape) == 1 && a.Shape[0] == 0 }

// withExtras joins the elements and what follows them, on a line of its own if the
// last one is too long for it.
func withExtras(text, extras string, o Options) string {
	last := utf8.RuneCountInString(text[strings.LastIndexByte(text, '\n')+1:])
	if last+utf8.RuneCountInString(extras)+1 > o.LineWidth {
		return text + "\n" + strings.Repeat(" ", len("array(")) + extras
	}
	return text + " " + extras
}

// Slice prints the elements of s as [Str] does, in the given shape or in one dimension.
func Slice[T npy.Number](s []T, o Options, shape ...int) (string, error) {
	a, err := npy.Of(s, shape...)
	if err != nil {
		return "", err
	}
	return Str(a, o)
}

// array is numpy's array2string: the elements in brackets, indented for the prefix,
// with room for the suffix.
func array(a *npy.Array, o Options, prefix, separator string, suffix int) ([]byte, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	if a.Len() == 0 {
		return []byte("[]"), nil
	}
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
	l := layout{view: v, format: f, separator: separator, edge: edge}
	return l.print(len(prefix)+1, o.LineWidth-suffix), nil
}
