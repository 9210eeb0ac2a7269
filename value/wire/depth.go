package wire

import (
	"fmt"

	"github.com/cantil-py/cantil/value"
)

// DefaultDepth is how many values may lie within each other, where Options do not say
// otherwise: as many as pickle.Encoder writes. CPython sends about a thousand, and its
// newest versions ten thousand.
const DefaultDepth = 10_000

// DepthError says that values lie within each other too deep. The connection can go on.
type DepthError struct{ Max int }

func (e *DepthError) Error() string {
	return fmt.Sprintf("a value has more than %d values within each other", e.Max)
}

// CheckDepth is a [DepthError] where more than most values lie within each other. A value
// that holds itself counts once. It takes a time in proportion to the parts of v.
func CheckDepth(v value.Value, most int) error {
	if !holds(v) {
		return nil
	}
	w := depths{most: most, below: map[value.Value]int{}}
	w.enter(v)
	for len(w.path) > 0 {
		at := &w.path[len(w.path)-1]
		if len(w.path)+at.below > most {
			return &DepthError{most}
		}
		if len(at.inside) == 0 {
			w.leave()
			continue
		}
		next := at.inside[0]
		at.inside = at.inside[1:]
		if known, seen := w.below[next]; seen {
			at.below = max(at.below, known)
		} else {
			w.enter(next)
		}
	}
	return nil
}

// depths is a walk through everything that a value holds, each part once.
type depths struct {
	most  int
	path  []place
	below map[value.Value]int // how deep a value is that was left; 0 on the path
}

// place is a value on the path, what in it was not gone into yet, and how deep the rest is.
type place struct {
	v      value.Value
	inside []value.Value
	below  int
}

func (w *depths) enter(v value.Value) {
	w.below[v] = 0
	w.path = append(w.path, place{v: v, inside: inside(v)})
}

func (w *depths) leave() {
	last := w.path[len(w.path)-1]
	w.below[last.v] = last.below + 1
	if w.path = w.path[:len(w.path)-1]; len(w.path) > 0 {
		above := &w.path[len(w.path)-1]
		above.below = max(above.below, last.below+1)
	}
}

// inside are the values in v that may hold others.
func inside(v value.Value) []value.Value {
	var list []value.Value
	add := func(items ...value.Value) {
		for _, item := range items {
			if holds(item) {
				list = append(list, item)
			}
		}
	}
	if items, ok := value.Sequence(v); ok {
		add(items...)
		return list
	}
	if d, ok := value.Mapping(v); ok {
		for key, item := range d.All() {
			add(key, item)
		}
	}
	switch v := v.(type) {
	case *value.DefaultDict:
		add(v.Factory)
	case *value.Set:
		add(v.Items()...)
	case *value.FrozenSet:
		add(v.Items()...)
	case *value.Slice:
		add(v.Start, v.Stop, v.Step)
	case *value.Persistent:
		add(v.ID)
	case *value.Array:
		add(v.Objects...)
	case *value.Scalar:
		add(v.Object)
	case *value.Time:
		add(v.Zone)
	case *value.DateTime:
		add(v.Zone)
	case *value.Object:
		add(v.Class, v.Args, v.Keywords)
		for _, step := range v.Steps {
			add(step.Values...)
		}
	}
	return list
}

// holds says whether v may hold other values.
func holds(v value.Value) bool {
	switch v.(type) {
	case *value.List, *value.Tuple, *value.Deque, *value.Set, *value.FrozenSet, *value.Dict, *value.OrderedDict, *value.DefaultDict,
		*value.Counter, *value.Slice, *value.Persistent, *value.Array, *value.Scalar,
		*value.Time, *value.DateTime, *value.Object:
		return true
	}
	return false
}
