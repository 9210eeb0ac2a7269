package value

import (
	"io"
	"testing"
)

// No path makes At panic, on a value of all kinds of parts.
func FuzzAt(f *testing.F) {
	for _, path := range []string{"[0]['a b'].weights[-1]", "['x", "[", "..", "[None]", "[(1, 2)]", "a.b[0]", "[-9223372036854775808]", "['a'][", "[\"it's\"]"} {
		f.Add(path)
	}
	inner, err := NewDict(Pair{Str("a b"), NewList(Int(1), NewTuple(None))}, Pair{Int(3), Float(1)}, Pair{NewTuple(Int(1), Int(2)), Bytes("x")})
	if err != nil {
		f.Fatal(err)
	}
	state, err := NewDict(Pair{Str("weights"), NewList(Int(7))})
	if err != nil {
		f.Fatal(err)
	}
	object := &Object{Making: New, Class: Global{Module: "m", Name: "C"}, Args: NewTuple(), Steps: []Step{{SetState, []Value{state}}, {Extend, []Value{inner}}, {SetItems, []Value{Str("k"), inner}}}}
	v := NewList(inner, object, Str("text"), nil)
	f.Fuzz(func(t *testing.T, path string) {
		x, err := At(v, path)
		if err != nil {
			return
		}
		if err := (Outline{}).Write(io.Discard, x); err != nil {
			t.Error(err)
		}
	})
}
