package pickle

import (
	"math/big"
	"reflect"
	"time"

	"github.com/cantil-py/cantil/value"
)

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
