package value

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// sortedPairs are pairs by their keys, as Python's pprint sorts a dict.
func sortedPairs(pairs []Pair) []Pair {
	sorted := slices.Clone(pairs)
	slices.SortStableFunc(sorted, func(a, b Pair) int { return compare(a.Key, b.Key, 0) })
	return sorted
}

func sortedItems(items []Value) []Value {
	sorted := slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b Value) int { return compare(a, b, 0) })
	return sorted
}

// maxCompareDepth bounds tuples within tuples; deeper ones count as equal.
const maxCompareDepth = 100

// compare orders values of one kind as Python's < does, others by the names of their
// types, and what has no order not at all.
func compare(a, b Value, depth int) int {
	if x, y := order(a), order(b); !math.IsNaN(x) && !math.IsNaN(y) {
		return compareNumbers(a, b, x, y)
	}
	switch x := a.(type) {
	case Str:
		if y, ok := b.(Str); ok {
			return strings.Compare(string(x), string(y)) // the order of UTF-8 is that of code points
		}
	case Bytes:
		if y, ok := b.(Bytes); ok {
			return strings.Compare(string(x), string(y))
		}
	case *Tuple:
		if y, ok := b.(*Tuple); ok && depth < maxCompareDepth {
			return slices.CompareFunc(x.Items, y.Items, func(a, b Value) int { return compare(a, b, depth+1) })
		}
	case Date:
		if y, ok := b.(Date); ok {
			return cmp.Or(cmp.Compare(x.Year, y.Year), cmp.Compare(x.Month, y.Month), cmp.Compare(x.Day, y.Day))
		}
	}
	return strings.Compare(typeOf(a), typeOf(b))
}

func typeOf(v Value) string {
	if v == nil {
		v = None
	}
	return "<class '" + v.Type() + "'>"
}

// order is a number's value, roughly, or a NaN.
func order(v Value) float64 {
	switch v := v.(type) {
	case Bool:
		if v {
			return 1
		}
		return 0
	case Int:
		return float64(v)
	case Float:
		return float64(v)
	case BigInt, Fraction, Decimal:
		if r := exactly(v); r != nil {
			f, _ := r.Float64()
			return f
		}
	}
	return math.NaN()
}

func compareNumbers(a, b Value, x, y float64) int {
	if x != y {
		return cmp.Compare(x, y)
	}
	r, s := exactly(a), exactly(b)
	if r == nil || s == nil {
		return 0
	}
	return r.Cmp(s)
}
