package pickle

import (
	"encoding"
	"fmt"
	"math/big"
	"reflect"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
)

// Unmarshal decodes the one pickle that data is into what v points to, as encoding/json
// does: dicts and objects into structs and maps, lists, tuples and sets into slices and
// arrays, numbers where they fit, None into nothing. A dict key or attribute goes to the
// field whose tag is `pickle:"name"`, or that has the name, or the name but for case.
// Fields without a counterpart stay as they are; those of embedded structs count as the
// outer struct's own; a map that is there keeps its other keys.
//
// What may be a namedtuple, see [value.Object.Items], fills a struct in the order of its
// fields, and a slice. A member of an enum fills what its value does. Numpy arrays fill
// slices, and slices of slices, and numpy's scalars numbers. A type with a method
// UnmarshalPickle, see [Unmarshaler], or UnmarshalText takes the value itself.
//
// A *[value.Value] takes the value as it is; a *any takes nil, bool, int64, *big.Int,
// float64, complex128, string, []byte, []any, map[string]any, map[any]any, time.Time,
// and for all other types the value.
func Unmarshal(data []byte, v any) error {
	x, err := Load(data)
	if err != nil {
		return err
	}
	return Fill(v, x)
}

// Decode reads the next value into what v points to, see [Unmarshal].
func (d *Decoder) Decode(v any) error {
	x, err := d.Value()
	if err != nil {
		return err
	}
	return Fill(v, x)
}

// Unmarshaler is what a type may have to take a value in its own way.
type Unmarshaler interface {
	UnmarshalPickle(v value.Value) error
}

// Fill puts x into what v points to, see [Unmarshal].
func Fill(v any, x value.Value) error {
	f := filler{left: maxFilled}
	return f.top(v, x)
}

func (f *filler) top(v any, x value.Value) error {
	to := reflect.ValueOf(v)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return fmt.Errorf("unpickling: %T is no pointer to put a value into", v)
	}
	f.fields = fieldCache{}
	return f.fill(to.Elem(), x, "")
}

// maxFilled bounds the Go values made of one value: what is shared there is copied here,
// so that a small pickle could become a very large tree.
const maxFilled = 1 << 27

type filler struct {
	left, depth int
	fields      fieldCache
}

// mismatch says which part of the value does not fit where.
func mismatch(path string, x value.Value, to reflect.Value) error {
	if path == "" {
		path = "the value"
	}
	return fmt.Errorf("unpickling: %s is a %s, which does not go into a Go %s", path, x.Type(), to.Type())
}

func (f *filler) fill(to reflect.Value, x value.Value, path string) error {
	if f.left--; f.left < 0 {
		return errTooMany()
	}
	if f.depth++; f.depth > MaxDepth {
		return fmt.Errorf("unpickling: more than %d values within each other; or %s holds itself", MaxDepth, path)
	}
	defer func() { f.depth-- }()
	if x == nil {
		x = value.None
	}
	if done, err := f.fillItself(to, x); done || err != nil {
		return err
	}
	if to.Kind() == reflect.Interface {
		return f.fillInterface(to, x, path)
	}
	if reflect.TypeOf(x) == to.Type() {
		to.Set(reflect.ValueOf(x))
		return nil
	}
	if x == value.Value(value.None) {
		to.SetZero()
		return nil
	}
	if done, err := fillKnown(to, x); done || err != nil {
		return err
	}
	switch x := x.(type) {
	case *value.Array:
		return f.fillArray(to, x, path)
	case *value.Scalar:
		if a, err := npy.FromScalar(x); err == nil && a.DType.Size <= 16 {
			if item, err := a.Item(0); err == nil && reflect.TypeOf(item) != reflect.TypeOf(x) {
				return f.fill(to, item, path)
			}
		}
	case *value.Object:
		if inner, ok := x.EnumValue(); ok && isScalarKind(to.Kind()) {
			return f.fill(to, inner, path)
		}
	}
	switch to.Kind() {
	case reflect.Pointer:
		if to.IsNil() {
			to.Set(reflect.New(to.Type().Elem()))
		}
		return f.fill(to.Elem(), x, path)
	case reflect.Struct:
		return f.fillStruct(to, x, path)
	case reflect.Map:
		return f.fillMap(to, x, path)
	case reflect.Slice, reflect.Array:
		return f.fillSlice(to, x, path)
	}
	if !fillScalar(to, x) {
		return mismatch(path, x, to)
	}
	return nil
}

// fillItself lets a type that knows how take the value.
func (f *filler) fillItself(to reflect.Value, x value.Value) (bool, error) {
	if !to.CanAddr() || !to.Addr().CanInterface() || to.Kind() == reflect.Interface {
		return false, nil
	}
	switch p := to.Addr().Interface().(type) {
	case Unmarshaler:
		return true, p.UnmarshalPickle(x)
	case *big.Int, *big.Rat, *time.Time:
		return false, nil // which fillKnown fills
	case encoding.TextUnmarshaler:
		text := reflect.New(reflect.TypeFor[string]()).Elem()
		if fillString(text, x) {
			return true, p.UnmarshalText([]byte(text.String()))
		}
	}
	return false, nil
}

// isScalarKind says whether a Go type of the kind holds no others.
func isScalarKind(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Complex128 || k == reflect.String
}

func (f *filler) fillInterface(to reflect.Value, x value.Value, path string) error {
	if to.NumMethod() == 0 {
		native, err := f.native(x, path)
		if err != nil {
			return err
		}
		if native == nil {
			to.SetZero()
		} else {
			to.Set(reflect.ValueOf(native))
		}
		return nil
	}
	if !reflect.TypeOf(x).Implements(to.Type()) {
		return mismatch(path, x, to)
	}
	to.Set(reflect.ValueOf(x))
	return nil
}

// fillKnown fills types of Go's standard library.
func fillKnown(to reflect.Value, x value.Value) (bool, error) {
	switch p := to.Addr().Interface().(type) {
	case *big.Int:
		switch x := x.(type) {
		case value.Int:
			p.SetInt64(int64(x))
			return true, nil
		case value.BigInt:
			p.Set(x.X)
			return true, nil
		}
	case *big.Rat:
		if x, ok := x.(value.Fraction); ok {
			p.Set(x.X)
			return true, nil
		}
	case *time.Time:
		switch x := x.(type) {
		case *value.DateTime:
			t, err := x.Go(time.UTC)
			*p = t
			return true, err
		case value.Date:
			*p = time.Date(x.Year, time.Month(x.Month), x.Day, 0, 0, 0, 0, time.UTC)
			return true, nil
		}
	case *time.Duration:
		if x, ok := x.(value.TimeDelta); ok {
			*p = x.Go()
			return true, nil
		}
	}
	return false, nil
}

// itemsOf are the items of a sequence or set.
func itemsOf(x value.Value) ([]value.Value, bool) {
	switch x := x.(type) {
	case *value.List:
		return x.Items, true
	case *value.Tuple:
		return x.Items, true
	case *value.Set:
		return x.Items(), true
	case *value.FrozenSet:
		return x.Items(), true
	case *value.Deque:
		return x.Items, true
	case *value.Object:
		return x.Items()
	}
	return nil, false
}

func (f *filler) fillSlice(to reflect.Value, x value.Value, path string) error {
	if p, ok := rawOf(x); ok && to.Type().Elem().Kind() == reflect.Uint8 {
		if to.Kind() == reflect.Slice {
			to.SetBytes([]byte(p))
			return nil
		}
		if len(p) == to.Len() {
			reflect.Copy(to, reflect.ValueOf([]byte(p)))
			return nil
		}
	}
	items, ok := itemsOf(x)
	if !ok {
		return mismatch(path, x, to)
	}
	if to.Kind() == reflect.Slice {
		to.Set(reflect.MakeSlice(to.Type(), len(items), len(items)))
	} else { // as encoding/json: the rest of an array is zero, the rest of the items is left out
		to.SetZero()
		items = items[:min(len(items), to.Len())]
	}
	for i, item := range items {
		if err := f.fill(to.Index(i), item, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

func rawOf(x value.Value) (string, bool) {
	switch x := x.(type) {
	case value.Bytes:
		return string(x), true
	case *value.ByteArray:
		return string(x.Data), true
	case value.UUID:
		return string(x[:]), true
	}
	return "", false
}

// pairsOf are the keys and values of a dict, or an object's attributes.
func pairsOf(x value.Value) ([]value.Pair, bool) {
	switch x := x.(type) {
	case *value.Dict:
		return x.Pairs(), true
	case *value.OrderedDict:
		return x.Pairs(), true
	case *value.DefaultDict:
		return x.Pairs(), true
	case *value.Counter:
		return x.Pairs(), true
	case *value.Object:
		var all []value.Pair
		dicts := value.StateDicts(x.State())
		for _, d := range dicts {
			all = append(all, d.Pairs()...)
		}
		return all, dicts != nil
	}
	return nil, false
}

func (f *filler) fillMap(to reflect.Value, x value.Value, path string) error {
	pairs, ok := pairsOf(x)
	if !ok {
		return mismatch(path, x, to)
	}
	t := to.Type()
	if to.IsNil() {
		to.Set(reflect.MakeMapWithSize(t, len(pairs)))
	}
	for _, p := range pairs {
		k, v := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		at := path + "[" + value.Printer{Limit: 80}.Repr(p.Key) + "]"
		if err := f.fill(k, p.Key, "the key "+at); err != nil {
			return err
		}
		if !k.Comparable() {
			return mismatch("the key "+at, p.Key, to)
		}
		if err := f.fill(v, p.Value, at); err != nil {
			return err
		}
		to.SetMapIndex(k, v)
	}
	return nil
}
