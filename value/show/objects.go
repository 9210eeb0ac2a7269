package show

import (
	"errors"
	"slices"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
)

const (
	// mostObject bounds the text of one Python object, mostObjects that of all in an
	// array: values may share parts, and a small pickle can stand for a very long text.
	mostObject  = 1 << 20
	mostObjects = 16 << 20
	// maxNested bounds arrays within arrays: none has been seen with more than two.
	maxNested = 50
)

// nesting is what arrays of Python objects share that lie within each other.
type nesting struct {
	open []*value.Array
	left int // bytes of text
}

// Numpy prints an array, a scalar or a dtype of a pickle as its repr: it is made for the
// hook of value.Printer. Other values, and what numpy itself could not hold, are printed
// by value.Repr.
func (o Options) Numpy(v value.Value) string {
	if o.nested == nil {
		o.nested = &nesting{left: mostObjects}
	}
	text, err := o.numpy(v)
	if err != nil {
		return value.Repr(v)
	}
	return text
}

func (o Options) numpy(v value.Value) (string, error) {
	switch v := v.(type) {
	case *value.Array:
		return o.nestedArray(v)
	case *value.Scalar:
		a, err := npy.FromScalar(v)
		if err != nil {
			return "", err
		}
		return ScalarRepr(a, o)
	case *value.DType:
		d, err := npy.DTypeOf(v)
		return d.Repr(), err
	}
	return "", errors.New("not of numpy")
}

// nestedArray prints an array unless that is being printed already.
func (o Options) nestedArray(v *value.Array) (string, error) {
	if slices.Contains(o.nested.open, v) || len(o.nested.open) >= maxNested {
		return "array(..., dtype=object)", nil
	}
	a, err := npy.FromValue(v)
	if err != nil {
		return "", err
	}
	o.nested.open = append(o.nested.open, v)
	defer func() { o.nested.open = o.nested.open[:len(o.nested.open)-1] }()
	return Repr(a, o)
}

// objectFormat writes the reprs of Python objects; lists are told from rows.
type objectFormat struct {
	data    []byte
	objects []value.Value
	printer value.Printer
	nested  *nesting
}

// objectsOf is the format for the objects of v.
func objectsOf(v view, o Options) *objectFormat {
	if o.nested == nil {
		o.nested = &nesting{left: mostObjects}
	}
	return &objectFormat{v.data, v.objects, value.Printer{Numpy: o.Numpy}, o.nested}
}

func newObjectFormat(v view, o Options) (*objectFormat, error) {
	f := objectsOf(v, o)
	var err error
	v.each(func(at int) {
		if f.at(at) == nil {
			err = errors.New("an element has no Python object")
		}
	})
	return f, err
}

// at is the object of an element, or nil.
func (f *objectFormat) at(at int) value.Value {
	if i := objectIndex(f.data, at); i < uint64(len(f.objects)) {
		return f.objects[i]
	}
	return nil
}

func (f *objectFormat) append(dst []byte, at int) []byte {
	if _, ok := f.at(at).(*value.List); ok {
		return append(f.repr(append(dst, "list("...), at), ')')
	}
	return f.repr(dst, at)
}

// repr appends the repr of an object, or an ellipsis when there has been too much text.
func (f *objectFormat) repr(dst []byte, at int) []byte {
	o := f.at(at)
	if f.nested.left <= 0 || o == nil {
		return append(dst, "..."...)
	}
	start := len(dst)
	f.printer.Limit = min(mostObject, f.nested.left)
	dst = f.printer.Append(dst, o)
	f.nested.left -= len(dst) - start
	return dst
}

// text is str of an object. Only of a str that differs from the repr here.
func (f *objectFormat) text(at int) string {
	if s, ok := f.at(at).(value.Str); ok {
		return string(s)
	}
	return string(f.repr(nil, at))
}
