package pickle

import (
	"reflect"
	"slices"
	"strings"
)

// goField is a field of a Go struct as a pickle has it.
type goField struct {
	name                string
	index               []int // for reflect.Value.FieldByIndex
	tagged              bool
	omitEmpty, omitZero bool
}

// fieldCache holds the fields of the struct types that one call has met.
type fieldCache map[reflect.Type][]goField

// of are the fields of a struct type, those of embedded structs among them, as in
// encoding/json: an embedded struct with a name in its tag is a field of its own, and of
// several fields of one name the outermost counts, then the one that has it from its tag.
func (c fieldCache) of(t reflect.Type) []goField {
	if fields, ok := c[t]; ok {
		return fields
	}
	all := collect(t, nil, nil)
	fields := slices.DeleteFunc(slices.Clone(all), func(f goField) bool {
		return slices.ContainsFunc(all, func(g goField) bool { return g.name == f.name && !slices.Equal(g.index, f.index) && !f.beats(g) })
	})
	c[t] = fields
	return fields
}

// beats says whether f counts and g, of the same name, does not.
func (f goField) beats(g goField) bool {
	if len(f.index) != len(g.index) {
		return len(f.index) < len(g.index)
	}
	return f.tagged && !g.tagged
}

// collect are the fields of t, which lies at index within the outermost struct; within are
// the types around it, which may embed pointers to themselves.
func collect(t reflect.Type, index []int, within []reflect.Type) []goField {
	var all []goField
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("pickle"), ",")
		at := append(slices.Clone(index), i)
		if inner, ok := embedded(f); ok && name == "" {
			if !slices.Contains(within, inner) && inner != t {
				all = append(all, collect(inner, at, append(within, t))...)
			}
			continue
		}
		if !f.IsExported() || name == "-" {
			continue
		}
		words := strings.Split(options, ",")
		g := goField{name, at, name != "", slices.Contains(words, "omitempty"), slices.Contains(words, "omitzero")}
		if name == "" {
			g.name = f.Name
		}
		all = append(all, g)
	}
	return all
}

// embedded is the struct whose fields count for the one that f is in: one that is
// embedded, or a pointer to one that can be set.
func embedded(f reflect.StructField) (reflect.Type, bool) {
	switch {
	case !f.Anonymous:
	case f.Type.Kind() == reflect.Struct:
		return f.Type, true
	case f.Type.Kind() == reflect.Pointer && f.IsExported() && f.Type.Elem().Kind() == reflect.Struct:
		return f.Type.Elem(), true
	}
	return nil, false
}

// fieldNamed finds a field by its tag, then by its name, then by its name but for case.
func fieldNamed(fields []goField, name string) (goField, bool) {
	best, rank := goField{}, 0
	for _, f := range fields {
		r := 0
		switch {
		case f.name == name && f.tagged:
			r = 3
		case f.name == name:
			r = 2
		case !f.tagged && strings.EqualFold(f.name, name):
			r = 1
		}
		if r > rank {
			best, rank = f, r
		}
	}
	return best, rank > 0
}

// settable is the field of v, with the embedded pointers on the way to it made.
func (f goField) settable(v reflect.Value) reflect.Value {
	for i, at := range f.index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(at)
	}
	return v
}

// omitted says whether the field with value v is left out.
func (f goField) omitted(v reflect.Value) bool {
	if f.omitZero && v.IsZero() {
		return true
	}
	if !f.omitEmpty {
		return false
	}
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
