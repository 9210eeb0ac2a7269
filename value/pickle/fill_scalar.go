package pickle

import (
	"encoding/hex"
	"reflect"
	"strings"

	"github.com/cantil-py/cantil/value"
)

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
