package show

import (
	"math"
	"slices"
	"testing"

	"github.com/cantil-py/cantil/value/npy"
)

// versions are texts as each version of numpy printed them: the tests cannot count on
// any numpy but 1.24. They were seen with 1.24.2, 2.0.2, 2.1.3, 2.2.6, 2.3.5, 2.4.6, 2.5.5.
func TestVersionsDiffer(t *testing.T) {
	every := []NumPy{NumPy1, NumPy20, NumPy22, NumPy23, NumPy24}
	many := make([]int64, 1001)
	for i := range many {
		many[i] = int64(i)
	}
	f2, _ := npy.New(npy.DType{Kind: npy.Float, Size: 2}, []int{2}, false, []byte{0, 0x64, 0, 0x68})
	big, _ := npy.New(npy.DType{Kind: npy.Float, Size: 4, Big: true}, []int{1}, false, []byte{0x3F, 0xC0, 0, 0})
	nat, _ := npy.New(npy.DType{Kind: npy.Datetime, Size: 8, Unit: npy.Unit{Count: 1, Base: "D"}}, nil, false, []byte{0, 0, 0, 0, 0, 0, 0, 0x80})
	text, _ := npy.New(npy.DType{Kind: npy.Bytes, Size: 2}, nil, false, []byte("ab"))
	for _, c := range []struct {
		name  string
		print func(*npy.Array, Options) (string, error)
		array *npy.Array
		want  []string // by version; the last stands for those after it
	}{
		{"a summary", Repr, of(t, many), []string{
			"array([   0,    1,    2, ...,  998,  999, 1000])",
			"array([   0,    1,    2, ...,  998,  999, 1000])",
			"array([   0,    1,    2, ...,  998,  999, 1000], shape=(1001,))"}},
		{"another byte order", Repr, big, []string{"array([1.5], dtype=float32)", "array([1.5], dtype='>f4')"}},
		{"an empty array", Repr, of(t, []float64{}, 0, 2), []string{"array([], shape=(0, 2), dtype=float64)"}},
		{"float32 from 1e6", Str, of(t, []float32{1.5e6, 2e6}), []string{"[1500000. 2000000.]", "[1500000. 2000000.]", "[1500000. 2000000.]", "[1.5e+06 2.0e+06]"}},
		{"float16 from 1e3", Str, f2, []string{"[1024. 2048.]", "[1024. 2048.]", "[1024. 2048.]", "[1.024e+03 2.048e+03]"}},
		{"float32 near 1e-4", Str, of(t, []float32{0.0001}), []string{"[1.e-04]", "[0.0001]"}},
		{"a float", ScalarRepr, one(t, 1.5), []string{"1.5", "np.float64(1.5)"}},
		{"nan", ScalarRepr, one(t, math.NaN()), []string{"nan", "np.float64(nan)"}},
		{"an int", ScalarRepr, one(t, int32(-7)), []string{"-7", "np.int32(-7)"}},
		{"a bool", ScalarRepr, one(t, true), []string{"True", "np.True_"}},
		{"a complex", ScalarRepr, one(t, 1+2i), []string{"(1+2j)", "np.complex128(1+2j)"}},
		{"bytes", ScalarRepr, text, []string{"b'ab'", "np.bytes_(b'ab')"}},
		{"no time", ScalarRepr, nat, []string{"numpy.datetime64('NaT')", "np.datetime64('NaT')", "np.datetime64('NaT')", "np.datetime64('NaT')", "np.datetime64('NaT','D')"}},
	} {
		for i, version := range every {
			o := Defaults()
			o.NumPy = version
			want := c.want[min(i, len(c.want)-1)]
			if got, err := c.print(c.array, o); got != want || err != nil {
				t.Errorf("%s, numpy %d:\n got %s, %v\nwant %s", c.name, version, got, err, want)
			}
		}
	}
}

func TestSignsOfIntsAreOfNumPy2(t *testing.T) {
	o := Defaults()
	o.Sign = '+'
	o.NumPy = NumPy1
	a := of(t, []int16{1, -20})
	for version, want := range map[NumPy]string{NumPy1: "[  1 -20]", NumPy20: "[ +1 -20]"} {
		o.NumPy = version
		if got, err := Str(a, o); got != want || err != nil {
			t.Errorf("numpy %d: %q, %v", version, got, err)
		}
	}
}

func TestParseNumPy(t *testing.T) {
	for text, want := range map[string]NumPy{"1.24": NumPy1, "1": NumPy1, "1.26.4": NumPy1, "2": NumPy24, "2.x": NumPy24, "2.0": 200, "2.2.6": 202, "2.10": 210} {
		if got, err := ParseNumPy(text); got != want || err != nil {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "3", "2.y", "x", "2.-1", "2.1000"} {
		if got, err := ParseNumPy(text); err == nil {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	wrong := []func(*Options){
		func(o *Options) { o.Precision = -1 }, func(o *Options) { o.Precision = maxPrecision + 1 }, func(o *Options) { o.Threshold = -1 },
		func(o *Options) { o.EdgeItems = -1 }, func(o *Options) { o.LineWidth = -1 }, func(o *Options) { o.Sign = 'x' },
		func(o *Options) { o.FloatMode = "" }, func(o *Options) { o.NaN = string(make([]byte, maxSpecial+1)) },
	}
	for i, spoil := range wrong {
		o := Defaults()
		if spoil(&o); o.Check() == nil {
			t.Errorf("options %d are taken for good: %+v", i, o)
		}
		if _, err := Slice([]float64{1}, o); err == nil {
			t.Errorf("options %d are printed with", i)
		}
	}
	if err := Wide().Check(); err != nil {
		t.Error(err)
	}
}

func of[T npy.Number](t *testing.T, s []T, shape ...int) *npy.Array {
	t.Helper()
	a, err := npy.Of(s, shape...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func one[T npy.Number](t *testing.T, x T) *npy.Array { return of(t, slices.Clip([]T{x}), []int{}...) }

// A NaN written as nothing leaves a first line blank, which numpy then cuts off in part.
func TestBlankFirstLine(t *testing.T) {
	o := Defaults()
	o.NaN, o.LineWidth = "", 4
	a := of(t, []float64{math.NaN(), 1, 2}, 1, 3)
	if got, err := Str(a, o); got != "[[  1.\n   2.]]" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
