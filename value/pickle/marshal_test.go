package pickle

import (
	"bytes"
	"fmt"
	"io"
	"math/big"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
)

type layer struct {
	Name    string `pickle:"name"`
	Weights []float64
	Size    [2]int8
	Next    *layer
	Extra   map[string]any `pickle:"extra,omitempty"`
	When    time.Time
	Took    time.Duration
	Count   big.Int
	Raw     []byte
	Skipped int `pickle:"-"`
	hidden  int
}

func example() layer {
	when := time.Date(2022, 9, 6, 12, 12, 24, 5000, time.UTC)
	l := layer{Name: "a", Weights: []float64{1, 2.5}, Size: [2]int8{-1, 2}, When: when, Took: -time.Second, Raw: []byte{0, 255}, hidden: 1}
	l.Count.SetString("123456789012345678901234567890", 10)
	l.Next = &layer{Name: "b", When: when}
	l.Extra = map[string]any{"x": []any{int64(1), "y", nil, true, 1.5}, "m": map[any]any{int64(1): "one"}}
	return l
}

func TestMarshalAndBack(t *testing.T) {
	want := example()
	data, err := Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got layer
	if err := Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	got.hidden = want.hidden
	if got.Next.Count.Sign() == 0 {
		got.Next.Count = big.Int{} // a zero of big.Int has two forms
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestMarshalledInPython(t *testing.T) {
	data, err := Marshal(example())
	if err != nil {
		t.Fatal(err)
	}
	file := writeFile(t, data)
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		got := testpy.Run(t, py, `
import pickle, sys
v = pickle.load(open(sys.argv[1], "rb"))
print(list(v), v["name"], v["Weights"], v["Size"], v["Next"]["name"], v["Next"]["Next"], v["extra"], v["When"].isoformat(), v["Took"].total_seconds(), v["Count"], v["Raw"])
`, file)
		want := `['name', 'Weights', 'Size', 'Next', 'extra', 'When', 'Took', 'Count', 'Raw'] a [1.0, 2.5] [-1, 2] b None ` +
			`{'m': {1: 'one'}, 'x': [1, 'y', None, True, 1.5]} 2022-09-06T12:12:24.000005+00:00 -1.0 123456789012345678901234567890 b'\x00\xff'` + "\n"
		if got != want {
			t.Errorf("\ngot  %swant %s", got, want)
		}
	})
}

func TestCyclesOfGo(t *testing.T) {
	ring := &layer{Name: "ring"}
	ring.Next = ring
	v, err := ValueOf(ring)
	if err != nil {
		t.Fatal(err)
	}
	if next, _ := v.(*value.Dict).Str("Next"); next != v {
		t.Errorf("the ring is %s", v)
	}
	var back layer
	if err := Fill(&back, v); err == nil || !strings.Contains(err.Error(), "holds itself") {
		t.Errorf("filling with a ring: %v", err)
	}
}

func TestUnmarshalObjects(t *testing.T) {
	data := "c__main__\nThing\n)\x81}(X\x04\x00\x00\x00nameX\x01\x00\x00\x00nX\x07\x00\x00\x00weights]G?\xf0\x00\x00\x00\x00\x00\x00aub."
	var got layer
	if err := Unmarshal([]byte(data), &got); err != nil || got.Name != "n" || len(got.Weights) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
	var raw value.Value
	if err := Unmarshal([]byte(data), &raw); err != nil || raw.String() != "__main__.Thing(name='n', weights=[1.0])" {
		t.Errorf("%v, %v", raw, err)
	}
}

func TestUnmarshalWhatDoesNotFit(t *testing.T) {
	for _, c := range []struct {
		data string
		to   any
		want string
	}{
		{"M\x00\x01.", new(int8), "the value is a int"},
		{"K\x01.", new(string), "Go string"},
		{"}X\x04\x00\x00\x00nameK\x01s.", new(layer), ".name is a int"},
		{"](K\x01X\x01\x00\x00\x00ae.", new([]int), "[1] is a str"},
		{"K\x01.", layer{}, "no pointer"},
		{"K\x01..", new(int), "1 more bytes"},
		{"", new(int), "no data"},
		{"}(K\x01\x85Nu.", new(map[any]any), "does not go into"},
	} {
		if err := Unmarshal([]byte(c.data), c.to); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q into %T: %v; want %q", c.data, c.to, err, c.want)
		}
	}
}

func TestStreams(t *testing.T) {
	var stream bytes.Buffer
	e := NewEncoder(&stream)
	for i := range 3 {
		if err := e.Encode(map[string]int{"i": i}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Encode(strings.Repeat("x", 3*window)); err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(iotestOneByte{&stream})
	for i := range 3 {
		var got map[string]int
		if err := d.Decode(&got); err != nil || got["i"] != i {
			t.Errorf("value %d: %v, %v", i, got, err)
		}
	}
	var long string
	if err := d.Decode(&long); err != nil || len(long) != 3*window {
		t.Errorf("%d bytes, %v", len(long), err)
	}
	if _, err := d.Value(); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

// iotestOneByte gives at most seven bytes at a time, so that everything is cut in parts.
type iotestOneByte struct{ r io.Reader }

func (r iotestOneByte) Read(p []byte) (int, error) { return r.r.Read(p[:min(7, len(p))]) }

func ExampleUnmarshal() {
	data, err := Marshal(map[string][]float64{"loss": {0.5, 0.25}})
	if err != nil {
		fmt.Println(err)
		return
	}
	var run struct{ Loss []float64 }
	fmt.Println(Unmarshal(data, &run), run.Loss)
	// Output: <nil> [0.5 0.25]
}

func ExampleLoad() {
	v, err := Load([]byte("\x80\x04](K\x01\x8c\x04it's\x88e."))
	fmt.Println(v, err)
	// Output: [1, "it's", True] <nil>
}
