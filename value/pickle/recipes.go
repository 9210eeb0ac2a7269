package pickle

import (
	"math/big"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/value"
)

// recipe makes the value that a call of its function with args gives in Python, if
// args are what a pickler writes.
type recipe func(args []value.Value) (value.Value, bool)

// recipeOf is the recipe for what g names, or nil.
//
// These, and the names in canFinish, are all the functions and classes whose calls
// are understood; what they do is known to be harmless.
func recipeOf(g value.Global, making value.Making) recipe {
	if making != value.Called {
		return nil
	}
	switch g.Module {
	case "builtins":
		return builtinRecipe(g.Name)
	case "collections":
		return collectionRecipe(g.Name)
	case "datetime":
		return datetimeRecipe(g.Name)
	case "pathlib", "pathlib._local":
		return pathRecipe(g.Name)
	case "numpy", "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric", "numpy._core.numeric":
		return numpyRecipe(g.Module, g.Name)
	}
	switch g.Dotted() {
	case "_codecs.encode":
		return makeEncoded
	case "decimal.Decimal":
		return makeDecimal
	case "fractions.Fraction":
		return makeFraction
	}
	return nil
}

func builtinRecipe(name string) recipe {
	switch name {
	case "set":
		return makeSet
	case "frozenset":
		return makeFrozenSet
	case "complex":
		return makeComplex
	case "bytes":
		return makeNoBytes
	case "bytearray":
		return makeByteArray
	case "range":
		return makeRange
	case "slice":
		return makeSlice
	}
	return nil
}

func makeSet(args []value.Value) (value.Value, bool) {
	items, ok := onlyList(args)
	if !ok {
		return nil, false
	}
	s, err := value.NewSet(items...)
	return s, err == nil
}

func makeFrozenSet(args []value.Value) (value.Value, bool) {
	items, ok := onlyList(args)
	if !ok {
		return nil, false
	}
	s, err := value.NewFrozenSet(items...)
	return s, err == nil
}

// onlyList is the list that is the only argument, or nothing where there is none.
func onlyList(args []value.Value) ([]value.Value, bool) {
	if len(args) == 0 {
		return nil, true
	}
	l, ok := args[0].(*value.List)
	if !ok || len(args) != 1 {
		return nil, false
	}
	return l.Items, true
}

func makeComplex(args []value.Value) (value.Value, bool) {
	if len(args) != 2 {
		return nil, false
	}
	re, ok1 := args[0].(value.Float)
	im, ok2 := args[1].(value.Float)
	return value.Complex(complex(float64(re), float64(im))), ok1 && ok2
}

func makeNoBytes(args []value.Value) (value.Value, bool) { return value.Bytes(""), len(args) == 0 }

func makeByteArray(args []value.Value) (value.Value, bool) {
	if len(args) == 2 {
		v, ok := makeEncoded(args)
		if !ok {
			return nil, false
		}
		args = []value.Value{v}
	}
	switch {
	case len(args) == 0:
		return new(value.ByteArray), true
	case len(args) > 1:
		return nil, false
	}
	b, ok := args[0].(value.Bytes)
	return &value.ByteArray{Data: []byte(b)}, ok
}

// makeEncoded is what protocols 0 to 2 have for bytes: a str to be encoded in Latin-1.
func makeEncoded(args []value.Value) (value.Value, bool) {
	if len(args) != 2 {
		return nil, false
	}
	text, ok1 := args[0].(value.Str)
	encoding, ok2 := args[1].(value.Str)
	if !ok1 || !ok2 || encoding != "latin1" && encoding != "latin-1" {
		return nil, false
	}
	p := make([]byte, 0, len(text))
	for s := string(text); s != ""; {
		r, size := value.DecodeRune(s)
		if r > 0xFF {
			return nil, false
		}
		p = append(p, byte(r))
		s = s[size:]
	}
	return value.Bytes(p), true
}

func makeRange(args []value.Value) (value.Value, bool) {
	if len(args) != 3 || !isInt(args[0]) || !isInt(args[1]) || !isInt(args[2]) {
		return nil, false
	}
	return value.Range{Start: args[0], Stop: args[1], Step: args[2]}, args[2] != value.Value(value.Int(0))
}

func makeSlice(args []value.Value) (value.Value, bool) {
	if len(args) != 3 {
		return nil, false
	}
	return &value.Slice{Start: args[0], Stop: args[1], Step: args[2]}, true
}

func isInt(v value.Value) bool {
	switch v.(type) {
	case value.Int, value.BigInt:
		return true
	}
	return false
}

func isNone(v value.Value) bool { return v == nil || v == value.Value(value.None) }

func collectionRecipe(name string) recipe {
	switch name {
	case "OrderedDict":
		return makeOrderedDict
	case "defaultdict":
		return makeDefaultDict
	case "Counter":
		return makeCounter
	case "deque":
		return makeDeque
	}
	return nil
}

// makeOrderedDict also takes the list of pairs that Python 2 wrote.
func makeOrderedDict(args []value.Value) (value.Value, bool) {
	d := new(value.OrderedDict)
	items, ok := onlyList(args)
	for _, item := range items {
		var pair []value.Value
		switch item := item.(type) {
		case *value.List:
			pair = item.Items
		case *value.Tuple:
			pair = item.Items
		}
		if len(pair) != 2 || d.Set(pair[0], pair[1]) != nil {
			return nil, false
		}
	}
	return d, ok
}

func makeDefaultDict(args []value.Value) (value.Value, bool) {
	switch {
	case len(args) == 0:
		return &value.DefaultDict{Factory: value.None}, true
	case len(args) > 1:
		return nil, false
	}
	_, isGlobal := args[0].(value.Global)
	return &value.DefaultDict{Factory: args[0]}, isGlobal || isNone(args[0])
}

func makeCounter(args []value.Value) (value.Value, bool) {
	c := new(value.Counter)
	if len(args) == 0 {
		return c, true
	}
	d, ok := args[0].(*value.Dict)
	if !ok || len(args) != 1 {
		return nil, false
	}
	for k, v := range d.All() {
		if c.Set(k, v) != nil {
			return nil, false
		}
	}
	return c, true
}

func makeDeque(args []value.Value) (value.Value, bool) {
	d := &value.Deque{MaxLen: value.None}
	if len(args) == 0 {
		return d, true
	}
	switch first := args[0].(type) {
	case *value.List:
		d.Items = slices.Clone(first.Items)
	case *value.Tuple:
		d.Items = slices.Clone(first.Items)
	default:
		return nil, false
	}
	if len(args) == 1 {
		return d, true
	}
	limit, isLimit := args[1].(value.Int)
	d.MaxLen = args[1]
	ok := len(args) == 2 && (isNone(args[1]) || isLimit && limit >= 0 && int64(len(d.Items)) <= int64(limit))
	return d, ok
}

func makeDecimal(args []value.Value) (value.Value, bool) {
	if len(args) != 1 {
		return nil, false
	}
	text, ok := args[0].(value.Str)
	if !ok {
		return nil, false
	}
	d, err := value.ParseDecimal(string(text))
	return d, err == nil
}

// maxFraction bounds the text of a Fraction, which becomes two ints.
const maxFraction = 2 * maxDigits

func makeFraction(args []value.Value) (value.Value, bool) {
	if len(args) == 1 {
		text, ok := args[0].(value.Str)
		if !ok || len(text) > maxFraction || strings.ContainsAny(string(text), "eE._xXoObBpP") {
			return nil, false
		}
		r, ok := new(big.Rat).SetString(string(text))
		return value.Fraction{X: r}, ok
	}
	if len(args) != 2 || !isInt(args[0]) || !isInt(args[1]) {
		return nil, false
	}
	n, d := bigOf(args[0]), bigOf(args[1])
	if d.Sign() == 0 {
		return nil, false
	}
	return value.Fraction{X: new(big.Rat).SetFrac(n, d)}, true
}

func bigOf(v value.Value) *big.Int {
	if i, ok := v.(value.Int); ok {
		return i.Big()
	}
	return new(big.Int).Set(v.(value.BigInt).X)
}

// canFinish says whether a later BUILD may turn the object into a value of its own
// type: a UUID, or a numpy array. Making it alone is harmless.
func canFinish(g value.Global, making value.Making, args []value.Value) bool {
	switch {
	case g.Module == "uuid" && g.Name == "UUID":
		return making == value.New && len(args) == 0
	case g.Module == "copyreg" && g.Name == "_reconstructor":
		return making == value.Called && isReconstructed(args, value.Global{Module: "uuid", Name: "UUID"})
	case isMultiarray(g.Module) && g.Name == "_reconstruct":
		return making == value.Called && isReconstruct(args)
	}
	return false
}

// isReconstructed says whether args make an empty instance of class, as protocols 0
// and 1 have it.
func isReconstructed(args []value.Value, class value.Global) bool {
	return len(args) == 3 && args[0] == value.Value(class) &&
		args[1] == value.Value(value.Global{Module: "builtins", Name: "object"}) && isNone(args[2])
}

// finish is what the object becomes by its state.
func finish(o *value.Object, state value.Value) (value.Value, bool) {
	if g, ok := o.Class.(value.Global); ok && isMultiarray(g.Module) {
		return finishArray(state)
	}
	return finishUUID(state)
}

func finishUUID(state value.Value) (value.Value, bool) {
	d, ok := state.(*value.Dict)
	if !ok || d.Len() != 1 {
		return nil, false // with is_safe, of which a UUID here knows nothing
	}
	v, ok := d.Str("int")
	if !ok || !isInt(v) {
		return nil, false
	}
	x := bigOf(v)
	if x.Sign() < 0 || x.BitLen() > 128 {
		return nil, false
	}
	var u value.UUID
	x.FillBytes(u[:])
	return u, true
}
