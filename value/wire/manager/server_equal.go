package manager

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"github.com/cantil-py/cantil/value"
)

// maxCompared bounds a comparison: lists in lists, many of them the same object, can
// stand for more than can be gone through. Past it the two are taken to differ.
const maxCompared = 1 << 16

// same says whether Python finds v where it looks for other: the same object, or ==.
func same(v, other value.Value) bool {
	left := maxCompared
	return equal(v, other, &left)
}

// equal is value.Equal, and goes into lists and dicts, which cannot be keys.
func equal(a, b value.Value, left *int) bool {
	if *left--; *left < 0 {
		return false
	}
	switch x := a.(type) {
	case *value.List:
		y, ok := b.(*value.List)
		return ok && equalItems(x.Items, y.Items, left)
	case *value.Tuple:
		y, ok := b.(*value.Tuple)
		return ok && equalItems(x.Items, y.Items, left)
	case *value.Dict:
		y, ok := value.Mapping(b)
		return ok && equalDicts(x, y, left)
	}
	return value.Equal(a, b)
}

func equalItems(a, b []value.Value, left *int) bool {
	return slices.EqualFunc(a, b, func(x, y value.Value) bool { return equal(x, y, left) })
}

func equalDicts(a, b *value.Dict, left *int) bool {
	if a.Len() != b.Len() {
		return false
	}
	for key, v := range a.All() {
		if other, ok := b.Get(key); !ok || !equal(v, other, left) {
			return false
		}
	}
	return true
}

// sort orders a list of numbers, or one of texts; it keeps the order of equal ones, also
// backwards, as Python does.
func (l *List) sort(backwards bool) error {
	texts, numbers := 0, 0
	for _, item := range l.items {
		switch item := item.(type) {
		case value.Str:
			texts++
		case value.Int, value.Bool, value.BigInt:
			numbers++
		case value.Float:
			if !math.IsNaN(float64(item)) {
				numbers++
			}
		}
	}
	if max(texts, numbers) != len(l.items) {
		return typeError("this manager sorts numbers, or texts, and nothing else")
	}
	slices.SortStableFunc(l.items, func(a, b value.Value) int {
		if backwards {
			return compare(b, a)
		}
		return compare(a, b)
	})
	return nil
}

func compare(a, b value.Value) int {
	switch x := a.(type) {
	case value.Str:
		return cmp.Compare(x, b.(value.Str)) // UTF-8 is in the order of code points
	case value.Int:
		if y, ok := b.(value.Int); ok {
			return cmp.Compare(x, y)
		}
	case value.Float:
		if y, ok := b.(value.Float); ok {
			return cmp.Compare(x, y)
		}
	}
	return exact(a).Cmp(exact(b))
}

// exact is a number in as many bits as it needs.
func exact(v value.Value) *big.Float {
	switch v := v.(type) {
	case value.Float:
		return big.NewFloat(float64(v))
	case value.BigInt:
		return new(big.Float).SetInt(v.X)
	case value.Bool:
		if v {
			return big.NewFloat(1)
		}
	case value.Int:
		return new(big.Float).SetInt64(int64(v))
	}
	return new(big.Float)
}
