package pickle

import (
	"net/netip"
	"reflect"
	"testing"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/npy"
)

type Base struct {
	ID   int
	Name string `pickle:"name"`
}

type Apart struct{ Deep int }

type derived struct {
	Base
	*Apart
	Named Apart `pickle:"named"`
	Name  string
	Empty []int          `pickle:",omitempty"`
	Zero  [2]int         `pickle:",omitzero"`
	Keys  map[string]int `pickle:"keys,omitempty"`
}

func TestEmbeddedStructsAsInJSON(t *testing.T) {
	want := derived{Base: Base{1, "base"}, Apart: &Apart{2}, Named: Apart{3}, Name: "own", Empty: []int{}}
	v, err := ValueOf(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := v.String(); got != "{'ID': 1, 'name': 'base', 'Deep': 2, 'named': {'Deep': 3}, 'Name': 'own'}" {
		t.Error(got)
	}
	var back derived
	if err := Fill(&back, v); err != nil {
		t.Fatal(err)
	}
	want.Empty = nil
	if !reflect.DeepEqual(back, want) {
		t.Errorf("%+v", back)
	}
	if v, err := ValueOf(derived{}); err != nil || v.String() != "{'ID': 0, 'name': '', 'named': {'Deep': 0}, 'Name': ''}" {
		t.Errorf("%v, %v", v, err)
	}
}

func TestFillKeepsWhatEncodingJSONKeeps(t *testing.T) {
	m := map[string]int{"a": 1, "b": 2}
	if err := Unmarshal([]byte("}X\x01\x00\x00\x00bK\x05s."), &m); err != nil || len(m) != 2 || m["a"] != 1 || m["b"] != 5 {
		t.Errorf("%v, %v", m, err)
	}
	three := [3]int{7, 7, 7}
	if err := Unmarshal([]byte("](K\x01K\x02e."), &three); err != nil || three != [3]int{1, 2, 0} {
		t.Errorf("%v, %v", three, err)
	}
	one := [1]int{}
	if err := Unmarshal([]byte("](K\x01K\x02e."), &one); err != nil || one != [1]int{1} {
		t.Errorf("%v, %v", one, err)
	}
}

func TestNamedTuplesAndEnums(t *testing.T) {
	type point struct{ X, Y int }
	data := []byte("\x80\x02cshop\nPoint\nK\x01K\x02\x86\x81.")
	var p point
	var items []int
	if err := Unmarshal(data, &p); err != nil || p != (point{1, 2}) {
		t.Errorf("%v, %v", p, err)
	}
	if err := Unmarshal(data, &items); err != nil || len(items) != 2 {
		t.Errorf("%v, %v", items, err)
	}
	if err := Unmarshal(data, new(struct{ X int })); err == nil {
		t.Error("two items went into one field")
	}
	var colour int
	if err := Unmarshal([]byte("\x80\x02cshop\nColour\nK\x07\x85R."), &colour); err != nil || colour != 7 {
		t.Errorf("%v, %v", colour, err)
	}
}

// shout has a form of its own.
type shout string

func (s shout) MarshalPickle() (value.Value, error) {
	return value.NewTuple(value.Str(s), value.Str("!")), nil
}

func (s *shout) UnmarshalPickle(v value.Value) error {
	*s = shout(v.Type())
	return nil
}

func TestTypesThatSayThemselves(t *testing.T) {
	type both struct {
		Shout shout
		Addr  netip.Addr
		Ptr   *netip.Addr
	}
	addr := netip.MustParseAddr("10.0.0.1")
	data, err := Marshal(both{"a", addr, &addr})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := Load(data); err != nil || v.String() != "{'Shout': ('a', '!'), 'Addr': '10.0.0.1', 'Ptr': '10.0.0.1'}" {
		t.Errorf("%v, %v", v, err)
	}
	var back both
	if err := Unmarshal(data, &back); err != nil || back.Addr != addr || back.Shout != "tuple" || *back.Ptr != addr {
		t.Errorf("%v, %v", back, err)
	}
}

func TestArraysAndSlices(t *testing.T) {
	a, err := npy.Of([]float64{1, 2, 3, 4, 5, 6}, 2, 3)
	if err != nil {
		t.Fatal(err)
	}
	data, err := Marshal(map[string]*npy.Array{"w": a})
	if err != nil {
		t.Fatal(err)
	}
	var rows struct{ W [][]float32 }
	if err := Unmarshal(data, &rows); err != nil || !reflect.DeepEqual(rows.W, [][]float32{{1, 2, 3}, {4, 5, 6}}) {
		t.Errorf("%v, %v", rows, err)
	}
	var flat struct{ W []float64 }
	if err := Unmarshal(data, &flat); err == nil {
		t.Errorf("two dimensions went into one: %v", flat)
	}
	f := &value.Array{DType: &value.DType{Text: ">i2", Size: 2}, Shape: []int{2, 2}, Fortran: true, Data: []byte{0, 1, 0, 3, 0, 2, 0, 4}}
	var ints [2][2]int
	if err := Fill(&ints, f); err != nil || ints != [2][2]int{{1, 2}, {3, 4}} {
		t.Errorf("%v, %v", ints, err)
	}
	var x float64
	if err := Fill(&x, &value.Scalar{DType: &value.DType{Text: "<f8", Size: 8}, Data: []byte{0, 0, 0, 0, 0, 0, 0xf8, 0x3f}}); err != nil || x != 1.5 {
		t.Errorf("%v, %v", x, err)
	}
}
