package pickle

import (
	"fmt"
	"reflect"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
)

// fillArray fills slices, and slices of slices, with the elements of a numpy array.
func (f *filler) fillArray(to reflect.Value, x *value.Array, path string) error {
	a, err := npy.FromValue(x)
	if err != nil || len(a.Shape) == 0 {
		return mismatch(path, x, to)
	}
	return f.fillAxis(to, a, 0, 0, path)
}

func errTooMany() error { return fmt.Errorf("unpickling: more than %d values", maxFilled) }

// fillAxis fills a slice with what lies along one axis, from a place in the data on.
func (f *filler) fillAxis(to reflect.Value, a *npy.Array, axis, at int, path string) error {
	if axis == len(a.Shape) {
		item, err := a.Item(at)
		if err != nil {
			return err
		}
		return f.fill(to, item, path)
	}
	if to.Kind() == reflect.Interface && to.NumMethod() == 0 {
		list := reflect.New(reflect.TypeFor[[]any]()).Elem()
		defer to.Set(list)
		to = list
	}
	n := a.Shape[axis]
	if f.left -= n; f.left < 0 { // also where there is nothing in the rows
		return errTooMany()
	}
	switch {
	case to.Kind() == reflect.Slice:
		to.Set(reflect.MakeSlice(to.Type(), n, n))
	case to.Kind() == reflect.Array:
		to.SetZero()
	default:
		return mismatch(path, &value.List{}, to)
	}
	step := a.Strides()[axis]
	for i := range min(n, to.Len()) {
		if err := f.fillAxis(to.Index(i), a, axis+1, at+i*step, path); err != nil {
			return err
		}
	}
	return nil
}
