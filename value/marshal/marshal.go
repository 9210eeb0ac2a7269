package marshal

import (
	"bytes"
	"fmt"
	"math/big"
)

// Marshal writes a value so that CPython 3.4 and later load it (3.14 for a
// slice). Objects that occur more than once are written once and referred to.
// Besides the types of [Value] an int is taken for an int64.
func Marshal(v Value) ([]byte, error) {
	var out bytes.Buffer
	w := writer{e: NewEncoder(&out), seen: map[any]int{}}
	if err := w.value(v, 1); err != nil {
		return nil, err
	}
	if err := w.e.Flush(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// writer walks a value.
type writer struct {
	e    *Encoder
	seen map[any]int // the numbers of containers, by what makes them one object
}

// sameTuple is what makes a tuple one object: its first item and its length.
type sameTuple struct {
	first *Value
	n     int
}

func (w *writer) value(v Value, depth int) error {
	if depth > MaxDepth {
		return fmt.Errorf("marshalling: more than %d values within each other", MaxDepth)
	}
	e := w.e
	switch v := v.(type) {
	case nil:
		e.None()
	case bool:
		e.Bool(v)
	case int:
		e.Int(int64(v))
	case int64:
		e.Int(v)
	case *big.Int:
		e.BigInt(v)
	case float64:
		e.Float(v)
	case complex128:
		e.Complex(v)
	case string:
		e.String(v)
	case Bytes:
		e.Bytes(string(v))
	case Singleton:
		return w.singleton(v)
	default:
		return w.container(v, depth)
	}
	return nil
}

func (w *writer) singleton(v Singleton) error {
	switch v {
	case TheEllipsis:
		w.e.Ellipsis()
	case TheStopIteration:
		w.e.StopIteration()
	default:
		return fmt.Errorf("marshalling: no singleton is called %q", string(v))
	}
	return nil
}

func (w *writer) container(v Value, depth int) error {
	switch v := v.(type) {
	case Tuple:
		if len(v) > 0 && w.again(sameTuple{&v[0], len(v)}) {
			return nil
		}
		w.e.Tuple(len(v))
		return w.items(v, depth)
	case *List:
		if w.again(v) {
			return nil
		}
		w.e.List(len(v.Items))
		return w.items(v.Items, depth)
	case *Set:
		if w.again(v) {
			return nil
		}
		w.e.Set(len(v.Items))
		return w.items(v.Items, depth)
	case *FrozenSet:
		if w.again(v) {
			return nil
		}
		w.e.FrozenSet(len(v.Items))
		return w.items(v.Items, depth)
	case *Slice:
		if w.again(v) {
			return nil
		}
		w.e.Slice()
		return w.items([]Value{v.Start, v.Stop, v.Step}, depth)
	case *Dict:
		if w.again(v) {
			return nil
		}
		return w.dict(v, depth)
	}
	return fmt.Errorf("marshalling: a %T has no marshalled form", v)
}

// again writes a reference if the object was written before; else it gives the
// object, which the caller writes next, a number.
func (w *writer) again(identity any) bool {
	if n, ok := w.seen[identity]; ok {
		w.e.Ref(n)
		return true
	}
	w.seen[identity] = w.e.Share()
	return false
}

func (w *writer) items(items []Value, depth int) error {
	for _, item := range items {
		if err := w.value(item, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) dict(dict *Dict, depth int) error {
	w.e.Dict()
	for _, p := range dict.Pairs {
		if err := w.value(p.Key, depth+1); err != nil {
			return err
		}
		if err := w.value(p.Value, depth+1); err != nil {
			return err
		}
	}
	w.e.End()
	return nil
}
