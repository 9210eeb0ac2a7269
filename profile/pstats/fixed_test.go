package pstats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFixedNearTies formats numbers around every kind of tie, where rounding errors would show.
func TestFixedNearTies(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		x := (float64(random.Int64N(1<<uint(random.IntN(50)+1))) + 0.5) / 1000
		checkFixed(t, x)
		checkFixed(t, math.Nextafter(x, 0))
		checkFixed(t, -math.Nextafter(x, math.Inf(1)))
		checkFixed(t, math.Ldexp(float64(random.Int64N(1<<53)), -random.IntN(80)))
		checkFixed(t, math.Float64frombits(random.Uint64()))
	}
	for _, x := range []float64{0, math.Copysign(0, -1), -0.0001, 0.0005, 0.0625, 0.1875, 5e-324, exactBelow, math.MaxFloat64} {
		checkFixed(t, x)
	}
}

func FuzzFixed(f *testing.F) {
	f.Add(0.0625)
	f.Add(1e12 - 0.0005)
	f.Fuzz(checkFixedFuzz)
}

func checkFixedFuzz(t *testing.T, x float64) { checkFixed(t, x) }

// checkFixed compares with strconv, which is correctly rounded for any number.
func checkFixed(t *testing.T, x float64) {
	t.Helper()
	want := string(appendSlow3(nil, x, 8))
	if got := string(appendFixed3(nil, x, 8)); got != want {
		t.Fatalf("%b is %q, want %q", x, got, want)
	}
}

func TestFixedSpecial(t *testing.T) {
	for x, want := range map[float64]string{math.Inf(1): "     inf", math.Inf(-1): "    -inf", 1e7: "10000000.000"} {
		if got := string(appendFixed3(nil, x, 8)); got != want {
			t.Errorf("%v is %q, want %q", x, got, want)
		}
	}
	if got := string(appendFixed3(nil, math.NaN(), 8)); got != "     nan" {
		t.Errorf("NaN is %q", got)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		f    Func
		want string
	}{
		{Func{"a.py", 3, "f"}, "a.py:3(f)"},
		{Func{"~", 0, "<built-in method len>"}, "{built-in method len}"},
		{Func{"~", 0, "len"}, "len"},
		{Func{"~", 0, "<"}, "<"},
		{Func{"~", 0, "<>"}, "{}"},
		{Func{"~", 1, "<x>"}, "~:1(<x>)"},
		{Func{"", 0, "len"}, ":0(len)"},
		{Func{"a", -7, ""}, "a:-7()"},
	} {
		if diff := cmp.Diff(c.want, c.f.String()); diff != "" {
			t.Error(diff)
		}
	}
	for text, want := range map[string]int{"": 0, "abc": 3, "é": 1, "日本": 2, "\xed\xb2\x80x": 2, "😀": 1} {
		if got := width([]byte(text)); got != want {
			t.Errorf("width(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestBlanks(t *testing.T) {
	for _, n := range []int{-3, 0, 1, len(blanks), len(blanks) + 1, 1000} {
		if got := string(appendBlanks(nil, n)); got != strings.Repeat(" ", max(n, 0)) {
			t.Errorf("%d blanks are %d", n, len(got))
		}
	}
}
