package pickle

import (
	"fmt"
	"reflect"

	"github.com/cantil-py/cantil/value"
)

func (f *filler) fillStruct(to reflect.Value, x value.Value, path string) error {
	pairs, ok := pairsOf(x)
	if !ok {
		return f.fillInOrder(to, x, path)
	}
	fields := f.fields.of(to.Type())
	for _, p := range pairs {
		name, ok := p.Key.(value.Str)
		if !ok {
			continue
		}
		field, ok := fieldNamed(fields, string(name))
		if !ok {
			continue
		}
		if err := f.fill(field.settable(to), p.Value, path+"."+string(name)); err != nil {
			return err
		}
	}
	return nil
}

// fillInOrder fills the fields with the items of what may be a namedtuple, whose pickle
// does not name them.
func (f *filler) fillInOrder(to reflect.Value, x value.Value, path string) error {
	o, ok := x.(*value.Object)
	if !ok {
		return mismatch(path, x, to)
	}
	items, ok := o.Items()
	fields := f.fields.of(to.Type())
	if !ok || len(items) != len(fields) {
		return mismatch(path, x, to)
	}
	for i, field := range fields {
		if err := f.fill(field.settable(to), items[i], fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}
