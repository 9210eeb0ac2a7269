package pickle

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"reflect"
	"strings"
	"time"

	"github.com/cantil-py/cantil/value"
)

// Unmarshal decodes the one pickle that data is into what v points to, as encoding/json
// does: dicts and objects into structs and maps, lists, tuples and sets into slices and
// arrays, numbers where they fit, None into nothing. A dict key or attribute goes to the
// field whose tag is `pickle:"name"`, or that has the name, or the name but for case.
// Fields without a counterpart stay as they are.
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

// Fill puts x into what v points to, see [Unmarshal].
func Fill(v any, x value.Value) error {
	to := reflect.ValueOf(v)
	if to.Kind() != reflect.Pointer || to.IsNil() {
		return fmt.Errorf("unpickling: %T is no pointer to put a value into", v)
	}
	f := filler{left: maxFilled}
	return f.fill(to.Elem(), x, "")
}

// maxFilled bounds the Go values made of one value: what is shared there is copied here,
// so that a small pickle could become a very large tree.
const maxFilled = 1 << 27

type filler struct{ left, depth int }

// mismatch says which part of the value does not fit where.
func mismatch(path string, x value.Value, to reflect.Value) error {
	if path == "" {
		path = "the value"
	}
	return fmt.Errorf("unpickling: %s is a %s, which does not go into a Go %s", path, x.Type(), to.Type())
}

func (f *filler) fill(to reflect.Value, x value.Value, path string) error {
	if f.left--; f.left < 0 {
		return fmt.Errorf("unpickling: more than %d values", maxFilled)
	}
	if f.depth++; f.depth > MaxDepth {
		return fmt.Errorf("unpickling: more than %d values within each other; or %s holds itself", MaxDepth, path)
	}
	defer func() { f.depth-- }()
	if x == nil {
		x = value.None
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

// fillScalar fills what holds no other values; false if it does not fit.
func fillScalar(to reflect.Value, x value.Value) bool {
	switch to.Kind() {
	case reflect.Bool:
		b, ok := x.(value.Bool)
		to.SetBool(bool(b))
		return ok
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i, ok := x.(value.Int)
		if !ok || to.OverflowInt(int64(i)) {
			return false
		}
		to.SetInt(int64(i))
		return true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if !isInt(x) {
			return false
		}
		i := bigOf(x)
		if !i.IsUint64() || to.OverflowUint(i.Uint64()) {
			return false
		}
		to.SetUint(i.Uint64())
		return true
	case reflect.Float32, reflect.Float64:
		switch x := x.(type) {
		case value.Float:
			to.SetFloat(float64(x))
			return true
		case value.Int:
			to.SetFloat(float64(x))
			return int64(float64(x)) == int64(x)
		}
		return false
	case reflect.Complex64, reflect.Complex128:
		c, ok := x.(value.Complex)
		to.SetComplex(complex128(c))
		return ok
	case reflect.String:
		return fillString(to, x)
	}
	return false
}

func fillString(to reflect.Value, x value.Value) bool {
	switch x := x.(type) {
	case value.Str:
		to.SetString(string(x))
	case value.Decimal:
		to.SetString(string(x))
	case value.Path:
		to.SetString(x.Text)
	case value.UUID:
		h := hex.EncodeToString(x[:])
		to.SetString(strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-"))
	default:
		return false
	}
	return true
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
	if !ok || to.Kind() == reflect.Array && len(items) != to.Len() {
		return mismatch(path, x, to)
	}
	if to.Kind() == reflect.Slice {
		to.Set(reflect.MakeSlice(to.Type(), len(items), len(items)))
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
	to.Set(reflect.MakeMapWithSize(t, len(pairs)))
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

func (f *filler) fillStruct(to reflect.Value, x value.Value, path string) error {
	pairs, ok := pairsOf(x)
	if !ok {
		return mismatch(path, x, to)
	}
	for _, p := range pairs {
		name, ok := p.Key.(value.Str)
		if !ok {
			continue
		}
		field, ok := fieldNamed(to, string(name))
		if !ok {
			continue
		}
		if err := f.fill(field, p.Value, path+"."+string(name)); err != nil {
			return err
		}
	}
	return nil
}

// fieldNamed finds a field by its tag, then by its name, then by its name but for case.
func fieldNamed(to reflect.Value, name string) (reflect.Value, bool) {
	best, rank := -1, 0
	for i := range to.NumField() {
		field := to.Type().Field(i)
		tag, tagged := field.Tag.Lookup("pickle")
		tag, _, _ = strings.Cut(tag, ",")
		r := 0
		switch {
		case !field.IsExported() || tag == "-":
		case tagged && tag != "":
			if tag == name {
				r = 3
			}
		case field.Name == name:
			r = 2
		case strings.EqualFold(field.Name, name):
			r = 1
		}
		if r > rank {
			best, rank = i, r
		}
	}
	if best < 0 {
		return reflect.Value{}, false
	}
	return to.Field(best), true
}

// native is x as a Go value without a type from outside.
func (f *filler) native(x value.Value, path string) (any, error) {
	switch x := x.(type) {
	case value.Singleton:
		if x == value.None {
			return nil, nil
		}
	case value.Bool:
		return bool(x), nil
	case value.Int:
		return int64(x), nil
	case value.BigInt:
		return new(big.Int).Set(x.X), nil
	case value.Float:
		return float64(x), nil
	case value.Complex:
		return complex128(x), nil
	case value.Str:
		return string(x), nil
	case value.Bytes:
		return []byte(x), nil
	case *value.ByteArray:
		return x.Data, nil
	case *value.DateTime:
		if t, err := x.Go(time.UTC); err == nil {
			return t, nil
		}
	case *value.List, *value.Tuple, *value.Set, *value.FrozenSet, *value.Deque:
		var list []any
		err := f.fillSlice(reflect.ValueOf(&list).Elem(), x, path)
		return list, err
	case *value.Dict, *value.OrderedDict, *value.DefaultDict, *value.Counter:
		return f.nativeMap(x, path)
	}
	return x, nil
}

// nativeMap is a map[string]any if all keys are text.
func (f *filler) nativeMap(x value.Value, path string) (any, error) {
	pairs, _ := pairsOf(x)
	for _, p := range pairs {
		if _, ok := p.Key.(value.Str); !ok {
			var m map[any]any
			err := f.fillMap(reflect.ValueOf(&m).Elem(), x, path)
			return m, err
		}
	}
	var m map[string]any
	err := f.fillMap(reflect.ValueOf(&m).Elem(), x, path)
	return m, err
}
