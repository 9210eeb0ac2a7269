package pickle

import (
	"bytes"
	"encoding"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
)

// Marshal returns a Go value as a pickle of DefaultProtocol: structs and maps as dicts,
// slices and arrays as lists, []byte as bytes, nil as None; a [value.Value] as itself.
// A field is named by its tag `pickle:"name"` or else as in Go; `pickle:"-"` leaves it
// out, and so do `pickle:"name,omitempty"` and `pickle:",omitzero"` as in encoding/json. The
// fields of embedded structs are the outer one's. A type with a method MarshalPickle, see
// [Marshaler], or MarshalText says itself what it is; an *npy.Array is a numpy array. One pointer, slice or map
// that occurs several times becomes one object, so Go's cycles become Python's.
func Marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	err := NewEncoder(&out).Encode(v)
	return out.Bytes(), err
}

// Encode writes a Go value, see [Marshal].
func (e *Encoder) Encode(v any) error {
	x, err := ValueOf(v)
	if err != nil {
		return err
	}
	return e.Value(x)
}

// Marshaler is what a type may have to say what it is in Python.
type Marshaler interface {
	MarshalPickle() (value.Value, error)
}

// ValueOf returns the Python value that [Marshal] writes for v.
func ValueOf(v any) (value.Value, error) {
	m := marshaller{seen: map[identity]value.Value{}, cache: fieldCache{}}
	return m.value(reflect.ValueOf(v))
}

// identity is what makes a Go pointer, map or slice one object.
type identity struct {
	at   uintptr
	len  int
	kind reflect.Type
}

type marshaller struct {
	seen  map[identity]value.Value
	cache fieldCache
	depth int
}

func (m *marshaller) value(v reflect.Value) (value.Value, error) {
	if !v.IsValid() {
		return value.None, nil
	}
	if m.depth++; m.depth > MaxDepth {
		return nil, fmt.Errorf("pickling: more than %d values within each other", MaxDepth)
	}
	defer func() { m.depth-- }()
	if x, ok := known(v); ok {
		return x, nil
	}
	if x, ok, err := itself(v); ok {
		return x, err
	}
	switch v.Kind() {
	case reflect.Bool:
		return value.Bool(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return value.Int(v.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return value.NewInt(new(big.Int).SetUint64(v.Uint())), nil
	case reflect.Float32, reflect.Float64:
		return value.Float(v.Float()), nil
	case reflect.Complex64, reflect.Complex128:
		return value.Complex(v.Complex()), nil
	case reflect.String:
		return value.Str(strings.ToValidUTF8(v.String(), "\uFFFD")), nil
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return value.None, nil
		}
		return m.pointed(v)
	case reflect.Slice, reflect.Array:
		return m.list(v)
	case reflect.Map:
		return m.dict(v)
	case reflect.Struct:
		d := new(value.Dict)
		return d, m.fields(d, v)
	}
	return nil, fmt.Errorf("pickling: a Go %s has no Python counterpart", v.Type())
}

// known are the values of other packages that have a counterpart of their own.
func known(v reflect.Value) (value.Value, bool) {
	if !v.CanInterface() {
		return nil, false
	}
	switch x := v.Interface().(type) {
	case value.Value:
		return x, v.Kind() != reflect.Pointer || !v.IsNil()
	case *big.Int:
		if x != nil {
			return value.NewInt(new(big.Int).Set(x)), true
		}
	case *big.Rat:
		if x != nil {
			return value.Fraction{X: new(big.Rat).Set(x)}, true
		}
	case big.Int:
		return value.NewInt(new(big.Int).Set(&x)), true
	case big.Rat:
		return value.Fraction{X: new(big.Rat).Set(&x)}, true
	case time.Time:
		return timeOf(x), true
	case time.Duration:
		return deltaOf(x), true
	}
	return nil, false
}

// itself is what a value says it is, by a method of its own.
func itself(v reflect.Value) (value.Value, bool, error) {
	if v.Kind() == reflect.Pointer && v.IsNil() || !v.CanInterface() {
		return nil, false, nil
	}
	if v.CanAddr() && v.Kind() != reflect.Pointer {
		v = v.Addr() // for methods with pointer receivers
	}
	switch x := v.Interface().(type) {
	case Marshaler:
		p, err := x.MarshalPickle()
		return p, true, err
	case *npy.Array:
		a, err := x.Value()
		return a, true, err
	case *big.Int, *big.Rat, *time.Time:
		return nil, false, nil // with forms of their own, once they are not pointers
	case encoding.TextMarshaler:
		text, err := x.MarshalText()
		return value.Str(strings.ToValidUTF8(string(text), "\uFFFD")), true, err
	}
	return nil, false, nil
}

// timeOf is a datetime with a fixed offset.
func timeOf(t time.Time) value.Value {
	name, seconds := t.Zone()
	zone := &value.TimeZone{Offset: deltaOf(time.Duration(seconds) * time.Second), Name: value.None}
	if t.Location() != time.UTC && name != "" {
		zone.Name = value.Str(name)
	}
	return &value.DateTime{
		Date:  value.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()},
		Clock: value.Clock{Hour: t.Hour(), Minute: t.Minute(), Second: t.Second(), Microsecond: t.Nanosecond() / 1000},
		Zone:  zone,
	}
}

func deltaOf(d time.Duration) value.TimeDelta {
	const day = 24 * time.Hour
	days, rest := d/day, d%day
	if rest < 0 {
		days, rest = days-1, rest+day
	}
	return value.TimeDelta{Days: int(days), Seconds: int(rest / time.Second), Microseconds: int(rest % time.Second / time.Microsecond)}
}

// pointed is what a pointer or interface holds; a struct that is pointed to twice is
// one dict.
func (m *marshaller) pointed(v reflect.Value) (value.Value, error) {
	if v.Kind() != reflect.Pointer || v.Elem().Kind() != reflect.Struct {
		return m.value(v.Elem())
	}
	if x, ok := known(v.Elem()); ok {
		return x, nil
	}
	id := identity{v.Pointer(), 0, v.Type()}
	if x, ok := m.seen[id]; ok {
		return x, nil
	}
	d := new(value.Dict)
	m.seen[id] = d
	return d, m.fields(d, v.Elem())
}

func (m *marshaller) list(v reflect.Value) (value.Value, error) {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return value.None, nil
	}
	if v.Type().Elem().Kind() == reflect.Uint8 {
		p := make([]byte, v.Len())
		reflect.Copy(reflect.ValueOf(p), v)
		return value.Bytes(p), nil
	}
	l := &value.List{Items: make([]value.Value, v.Len())}
	if v.Kind() == reflect.Slice {
		id := identity{v.Pointer(), v.Len(), v.Type()}
		if x, ok := m.seen[id]; ok && v.Len() > 0 {
			return x, nil
		}
		m.seen[id] = l
	}
	for i := range l.Items {
		x, err := m.value(v.Index(i))
		if err != nil {
			return nil, err
		}
		l.Items[i] = x
	}
	return l, nil
}

func (m *marshaller) dict(v reflect.Value) (value.Value, error) {
	if v.IsNil() {
		return value.None, nil
	}
	id := identity{v.Pointer(), 0, v.Type()}
	if x, ok := m.seen[id]; ok {
		return x, nil
	}
	d := new(value.Dict)
	m.seen[id] = d
	for _, key := range sortedKeys(v) {
		k, err := m.value(key)
		if err != nil {
			return nil, err
		}
		x, err := m.value(v.MapIndex(key))
		if err != nil {
			return nil, err
		}
		if err := d.Set(k, x); err != nil {
			return nil, fmt.Errorf("pickling: %w", err)
		}
	}
	return d, nil
}

func (m *marshaller) fields(d *value.Dict, v reflect.Value) error {
	for _, f := range m.cache.of(v.Type()) {
		field, err := v.FieldByIndexErr(f.index)
		if err != nil || f.omitted(field) { // an embedded pointer that is nil
			continue
		}
		x, err := m.value(field)
		if err != nil {
			return err
		}
		if err := d.Set(value.Str(f.name), x); err != nil {
			return err
		}
	}
	return nil
}
