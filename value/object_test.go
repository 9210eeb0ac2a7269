package value

import "testing"

var point = Global{Module: "shop", Name: "Point"}

// pointsOf are a namedtuple as protocols 0 and 2 have it.
func pointsOf(items ...Value) []*Object {
	reconstructor, tuple := Global{Module: "copyreg", Name: "_reconstructor"}, Global{Module: "builtins", Name: "tuple"}
	return []*Object{
		{Making: Called, Class: reconstructor, Args: NewTuple(point, tuple, NewTuple(items...))},
		{Making: New, Class: point, Args: NewTuple(items...)},
	}
}

func TestItemsOfWhatMayBeANamedTuple(t *testing.T) {
	for _, o := range pointsOf(Int(1), Str("a")) {
		items, ok := o.Items()
		if !ok || len(items) != 2 || items[1] != Value(Str("a")) {
			t.Errorf("%v, %v", items, ok)
		}
		if got := o.String(); got != "shop.Point(1, 'a')" {
			t.Error(got)
		}
		if v, err := At(o, "[-1]"); err != nil || v != Value(Str("a")) {
			t.Errorf("%v, %v", v, err)
		}
	}
	withState := &Object{Making: New, Class: point, Args: NewTuple(), Steps: []Step{{SetState, []Value{new(Dict)}}}}
	if items, ok := withState.Items(); ok {
		t.Errorf("an object with attributes is told to be a tuple of %v", items)
	}
}

func TestEnumValue(t *testing.T) {
	red := &Object{Making: Called, Class: Global{Module: "shop", Name: "Colour"}, Args: NewTuple(Int(1))}
	if v, ok := red.EnumValue(); !ok || v != Value(Int(1)) {
		t.Errorf("%v, %v", v, ok)
	}
	if v, ok := pointsOf(Int(1))[1].EnumValue(); ok {
		t.Errorf("a namedtuple is told to be the member of value %v", v)
	}
}

func TestAtGoesByTheReprOfKeys(t *testing.T) {
	d, err := NewDict(Pair{None, Int(1)}, Pair{NewTuple(Int(1), Str("a")), Int(2)}, Pair{Float(1.5), Int(3)}, Pair{Bytes("x"), Int(4)}, Pair{Int(7), Int(5)})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]Int{"[None]": 1, "[(1, 'a')]": 2, "[1.5]": 3, "[b'x']": 4, "[7]": 5} {
		if v, err := At(d, path); err != nil || v != Value(want) {
			t.Errorf("%s: %v, %v", path, v, err)
		}
	}
	mine := &Object{Making: New, Class: point, Args: NewTuple(), Steps: []Step{{SetItems, []Value{Str("a"), Int(1)}}, {Extend, []Value{Int(8)}}}}
	for path, want := range map[string]Int{"['a']": 1, "[0]": 8} {
		if v, err := At(mine, path); err != nil || v != Value(want) {
			t.Errorf("%s of %s: %v, %v", path, mine, v, err)
		}
	}
}
