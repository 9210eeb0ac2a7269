package manager

import (
	"context"
	"fmt"
	"sync"

	"github.com/cantil-py/cantil/value"
)

// integerCodes are the typecodes of Python's array of whole numbers: bits, negative if
// they have a sign. l and L are those of Linux and macOS on every system.
var integerCodes = map[value.Str]int{"b": -8, "B": 8, "h": -16, "H": 16, "i": -32, "I": 32, "l": -64, "L": 64, "q": -64, "Q": 64}

// Array is an array.array of numbers that Go and Python share.
type Array struct {
	code  value.Str
	mu    sync.Mutex
	items []value.Value
}

// NewArray returns an array of Python's typecode, one of b B h H i I l L q Q f d.
func NewArray(typecode string, items ...value.Value) (*Array, error) {
	a := &Array{code: value.Str(typecode)}
	if integerCodes[a.code] == 0 && a.code != "f" && a.code != "d" {
		return nil, valueError("bad typecode (must be b, B, h, H, i, I, l, L, q, Q, f or d)")
	}
	if len(items) > maxItems {
		return nil, tooMany()
	}
	for _, item := range items {
		number, err := a.number(item)
		if err != nil {
			return nil, err
		}
		a.items = append(a.items, number)
	}
	return a, nil
}

func makeArray(args Args) (Object, error) {
	bound, err := args.Bind("Array", "typecode", "sequence", "lock?")
	if err != nil {
		return nil, err
	}
	code, ok := bound[0].(value.Str)
	if !ok {
		return nil, typeError("array() argument 1 must be a unicode character, not %s", bound[0].Type())
	}
	items, err := iterate(bound[1])
	if err != nil {
		return nil, err
	}
	return NewArray(string(code), items...)
}

// number is v as the array keeps it.
func (a *Array) number(v value.Value) (value.Value, error) {
	bits := integerCodes[a.code]
	if bits != 0 {
		return whole(v, bits)
	}
	f, err := float(v)
	if a.code == "f" {
		f = float64(float32(f))
	}
	return value.Float(f), err
}

func float(v value.Value) (float64, error) {
	switch v := v.(type) {
	case value.Float:
		return float64(v), nil
	case value.Int, value.Bool:
		f, _ := exact(v).Float64()
		return f, nil
	}
	return 0, typeError("must be real number, not %s", v.Type())
}

// whole is an int that fits into bits, of which a negative number has a sign.
func whole(v value.Value, bits int) (value.Value, error) {
	overflow := &Exception{"builtins.OverflowError", text("the number does not fit into the array")}
	if big, ok := v.(value.BigInt); ok {
		if bits == 64 && big.X.Sign() > 0 && big.X.BitLen() <= bits {
			return v, nil
		}
		return nil, overflow
	}
	n, err := integer(v)
	if err != nil {
		return nil, err
	}
	least, most := int64(0), int64(1)<<(min(bits, 63)&63)-1
	if bits < 0 {
		most = int64(1)<<(-bits-1) - 1
		least = -most - 1
	}
	if int64(n) < least || bits != 64 && int64(n) > most {
		return nil, overflow
	}
	return value.Int(n), nil
}

// Items are the items at this moment.
func (a *Array) Items() []value.Value {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]value.Value(nil), a.items...)
}

// String is the repr.
func (a *Array) String() string {
	items := a.Items()
	if len(items) == 0 {
		return fmt.Sprintf("array(%s)", value.Repr(a.code))
	}
	return fmt.Sprintf("array(%s, %s)", value.Repr(a.code), value.Printer{Limit: maxRepr}.Repr(value.NewList(items...)))
}

// Methods implements [Object].
func (a *Array) Methods() []string { return arrayMethods.names() }

// Call implements [Object].
func (a *Array) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return arrayMethods.call(ctx, a, name, args)
}

// place is the place of an index, which may count from the end.
func (a *Array) place(v value.Value, what string) (int, error) {
	if _, ok := v.(*value.Slice); ok {
		return 0, typeError("this manager's arrays have no slices")
	}
	return placeOf(v, len(a.items), what)
}

// arrayMethods are called with the array locked.
var arrayMethods = methods[*Array]{
	"__len__": {nil, func(_ context.Context, a *Array, _ []value.Value) (value.Value, error) {
		return value.Int(len(a.items)), nil
	}},
	"__getitem__": {[]string{"index"}, func(_ context.Context, a *Array, args []value.Value) (value.Value, error) {
		i, err := a.place(args[0], "array")
		if err != nil {
			return nil, err
		}
		return a.items[i], nil
	}},
	"__setitem__": {[]string{"index", "value"}, func(_ context.Context, a *Array, args []value.Value) (value.Value, error) {
		i, err := a.place(args[0], "array assignment")
		if err != nil {
			return nil, err
		}
		number, err := a.number(args[1])
		if err == nil {
			a.items[i] = number
		}
		return value.None, err
	}},
}
