package marshal

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
)

// canonizer makes the text that testdata/values.py makes of the same value. It
// stops with "..." after left values, as a value may contain itself.
type canonizer struct{ left int }

func canon(v Value) string { return canonUpTo(v, 1<<20) }

func canonUpTo(v Value, values int) string {
	c := canonizer{left: values}
	return c.value(v)
}

func floatBits(f float64) string { return fmt.Sprintf("%016x", math.Float64bits(f)) }

func (c *canonizer) value(v Value) string {
	if c.left--; c.left < 0 {
		return "..."
	}
	switch v := v.(type) {
	case nil:
		return "N"
	case bool:
		return map[bool]string{true: "T", false: "F"}[v]
	case int64:
		return fmt.Sprintf("i%x", v)
	case *big.Int:
		return "i" + v.Text(16)
	case float64:
		return "f" + floatBits(v)
	case complex128:
		return "x" + floatBits(real(v)) + floatBits(imag(v))
	case string:
		return "u" + hex.EncodeToString([]byte(v))
	case Bytes:
		return "s" + hex.EncodeToString([]byte(v))
	case Singleton:
		return map[Singleton]string{TheEllipsis: ".", TheStopIteration: "S"}[v]
	case *Code:
		return fmt.Sprintf("c(%s,%s,%d)", canon(v.Name), canon(v.File), v.Line)
	}
	return c.container(v)
}

func (c *canonizer) container(v Value) string {
	switch v := v.(type) {
	case Tuple:
		return "(" + c.items(v, false) + ")"
	case *List:
		return "[" + c.items(v.Items, false) + ")"
	case *Set:
		return "<" + c.items(v.Items, true) + ")"
	case *FrozenSet:
		return ">" + c.items(v.Items, true) + ")"
	case *Slice:
		return ":(" + c.items([]Value{v.Start, v.Stop, v.Step}, false) + ")"
	case *Dict:
		var pairs []string
		for _, p := range v.Pairs {
			if c.left < 0 {
				break
			}
			pairs = append(pairs, c.value(p.Key)+"="+c.value(p.Value))
		}
		return "{" + strings.Join(pairs, ",") + ")"
	}
	return fmt.Sprintf("unknown %T", v)
}

func (c *canonizer) items(items []Value, sorted bool) string {
	var texts []string
	for _, item := range items {
		if c.left < 0 {
			break
		}
		texts = append(texts, c.value(item))
	}
	if sorted {
		slices.Sort(texts)
	}
	return strings.Join(texts, ",")
}
