package show

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/value/npy"
)

func asJSON(t *testing.T, a *npy.Array) string {
	t.Helper()
	var b strings.Builder
	if err := WriteJSON(&b, a); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Every bit of a number survives.
func TestJSONKeepsNumbers(t *testing.T) {
	g := rand.New(rand.NewPCG(5, 6))
	f8, f4, i8 := make([]float64, 3000), make([]float32, 3000), make([]int64, 3000)
	for i := range f8 {
		f8[i], f4[i], i8[i] = math.Float64frombits(g.Uint64()>>2), math.Float32frombits(g.Uint32()>>2), int64(g.Uint64())
	}
	var f8s []float64
	var f4s []float32
	var i8s []int64
	for _, c := range []struct {
		array *npy.Array
		into  any
	}{{of(t, f8), &f8s}, {of(t, f4), &f4s}, {of(t, i8), &i8s}} {
		if err := json.Unmarshal([]byte(asJSON(t, c.array)), c.into); err != nil {
			t.Error(err)
		}
	}
	for i := range f8 {
		if f8s[i] != f8[i] || f4s[i] != f4[i] || i8s[i] != i8[i] {
			t.Fatalf("%v %v %v became %v %v %v", f8[i], f4[i], i8[i], f8s[i], f4s[i], i8s[i])
		}
	}
}

func TestJSONOfEachKind(t *testing.T) {
	raw := func(descr string, shape []int, data string) *npy.Array {
		d, err := npy.ParseDType(descr)
		if err != nil {
			t.Fatal(err)
		}
		a, err := npy.New(d, shape, false, []byte(data))
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	for want, a := range map[string]*npy.Array{
		`[1.0, "nan", "-inf", -0.0]`: of(t, []float64{1, math.NaN(), math.Inf(-1), math.Copysign(0, -1)}),
		`[[1.0, 2.0]]`:               of(t, []complex128{1 + 2i}),
		`[[true], [false]]`:          of(t, []bool{true, false}, 2, 1),
		`7`:                          of(t, []uint8{7}, []int{}...),
		`[[], []]`:                   of(t, []int8{}, 2, 0),
		`["ab", "b'\\xff'"]`:         raw("|S2", []int{2}, "ab\xff\x00"),
		`["0a42"]`:                   raw("|V2", []int{1}, "\x0aB"),
		`["1970-01-02", null]`:       raw("<M8[D]", []int{2}, "\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80"),
		`[{"a": 1, "b": [2, 3]}]`:    raw("[('a', '|i1'), ('b', '|i1', (2,))]", []int{1}, "\x01\x02\x03"),
	} {
		if got := asJSON(t, a); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
