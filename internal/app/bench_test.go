package app

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/bench"
)

func TestParseBenchParam(t *testing.T) {
	for text, want := range map[string][]string{
		"n=1:4":         {"1", "2", "3", "4"},
		"n=4:1:-1":      {"4", "3", "2", "1"},
		"n=0:1:0.25":    {"0.00", "0.25", "0.50", "0.75", "1.00"},
		"n=0.1:0.3:0.1": {"0.1", "0.2", "0.3"},
		"n=1:10:4":      {"1", "5", "9"},
		"n=a,b,,c":      {"a", "b", "", "c"},
		"n=a:b":         {"a:b"},
		"n=x=1":         {"x=1"},
		"n=5":           {"5"},
	} {
		p, err := ParseBenchParam(text)
		if err != nil || p.Name != "n" || !slices.Equal(p.Values, want) {
			t.Errorf("%s: %q, %v; want %q", text, p.Values, err, want)
		}
	}
	for _, text := range []string{"", "n", "=1", "n=1:2:0", "n=1:2:-1", "n=0:1e9", "{n}=1"} {
		if p, err := ParseBenchParam(text); err == nil {
			t.Errorf("%s: %q", text, p)
		}
	}
}

func TestShellSyntax(t *testing.T) {
	for line, want := range map[string]string{
		"a b": "", "a | b": "|", "a|b": "|", `a "|" '$x'`: "", `a "$x"`: "$", "a `b`": "`", `a \; \$x`: "", "ls *": "*", "a > b": ">", `python -c "x > 1; y"`: "", "a\nb": "\n",
	} {
		if got := shellSyntax(line); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestCombine(t *testing.T) {
	all, err := combine([]BenchParam{{"a", []string{"1", "2"}}, {"b", []string{"{a}", "y"}}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, params := range all {
		got = append(got, fill("{a}-{b}-{c}", params))
	}
	if want := []string{"1-{a}-{c}", "1-y-{c}", "2-{a}-{c}", "2-y-{c}"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	many := BenchParam{"x", make([]string, bench.MostCandidates)}
	if _, err := combine([]BenchParam{many, {"y", []string{"1", "2"}}}); err == nil {
		t.Error("too many combinations were made")
	}
}

func TestParseBenchExport(t *testing.T) {
	for text, want := range map[string][2]string{
		"a.json": {"json", "a.json"}, "a.b.CSV": {"csv", "a.b.CSV"}, "x/y.md": {"markdown", "x/y.md"},
		"hyperfine:h.json": {"hyperfine", "h.json"}, "json:x.csv": {"json", "x.csv"}, "svg:-": {"svg", "-"},
	} {
		if e, err := ParseBenchExport(text); err != nil || e.Format != want[0] || e.Path != want[1] {
			t.Errorf("%s: %s, %s, %v", text, e.Format, e.Path, err)
		}
	}
	for _, text := range []string{"", "x", "x.txt", "json:"} {
		if e, err := ParseBenchExport(text); err == nil {
			t.Errorf("%q is %s", text, e.Format)
		}
	}
}

func TestBars(t *testing.T) {
	got := bars([]float64{0, 0.001, 0.5, 0.75, 1, 2, 0}, 2)
	if want := []string{"   ▄██", " ▁████"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestHistogram: all figures are counted, the few far out beside the columns.
func TestHistogram(t *testing.T) {
	x := make([]float64, 100)
	for i := range x {
		x[i] = 1 + float64(i)/100
	}
	x[99] = 1000
	h := newHistogram([][]float64{x, {1.5, 1.5}, nil}, 10)
	for i, want := range []int{100, 2, 0} {
		n := h.beyond[i]
		for _, c := range h.counts[i] {
			n += c
		}
		if n != want {
			t.Errorf("list %d: %d figures of %d", i, n, want)
		}
	}
	if h.low != 1 || h.high > 2 || h.beyond[0] < 1 {
		t.Errorf("%+v", h)
	}
	one := newHistogram([][]float64{{3, 3, 3}}, 10)
	if one.counts[0][0] != 3 {
		t.Errorf("equal figures: %+v", one)
	}
}

// TestLogarithmic: commands that are far apart share an axis on which both can be seen, and each column is as wide in both.
func TestLogarithmic(t *testing.T) {
	h := newHistogram([][]float64{{1, 1.1}, {100}}, 20)
	if !h.logarithmic || h.counts[0][0] != 2 || h.counts[1][19] != 1 || math.Abs(h.at(10)-0.5) > 1e-9 {
		t.Errorf("%+v", h)
	}
	if near := newHistogram([][]float64{{1, 4.9}}, 20); near.logarithmic || math.Abs(near.at(2.95)-0.5) > 1e-9 {
		t.Errorf("%+v", near)
	}
}

// TestTopOf: a few figures far out do not press a course flat, and are counted.
func TestTopOf(t *testing.T) {
	x := []float64{100, 3, 1, 1, 1, 1, 1}
	if top := topOf(x); top != 2 || above(x, top) != 2 {
		t.Errorf("%v, %d above", top, above(x, top))
	}
	if top := topOf([]float64{1, 1.5, 1.2}); top != 1.5 || topOf(nil) != 0 {
		t.Errorf("%v", top)
	}
}

func TestCourse(t *testing.T) {
	if got := course([]float64{1, 2, 3}, 10); !slices.Equal(got, []float64{1, 2, 3}) {
		t.Errorf("few: %v", got)
	}
	if got := course([]float64{1, 9, 1, 5, 5, 5, 7, 7, 7}, 3); !slices.Equal(got, []float64{1, 5, 7}) {
		t.Errorf("medians: %v", got)
	}
}

// TestExportsOfLittle: a report of an interrupted or hostile measurement is still well-formed.
func TestExportsOfLittle(t *testing.T) {
	empty := &BenchReport{Result: &bench.Result{Metric: bench.Wall, Series: []bench.Series{{Name: "<&\x00\xff>"}, {Name: "b"}}}, Commands: make([]BenchCommand, 2)}
	empty.Verdicts = empty.Result.Verdicts()
	some := &BenchReport{Result: &bench.Result{Metric: bench.Wall, Series: []bench.Series{{Name: "a|b", Runs: []bench.Run{{Wall: 1}, {TimedOut: true}}}}}, Commands: make([]BenchCommand, 1)}
	for _, r := range []*BenchReport{empty, some} {
		for _, f := range benchFormats {
			var b bytes.Buffer
			if err := f.write(r, &b); err != nil || b.Len() == 0 {
				t.Errorf("%s: %v", f.name, err)
			}
			if f.name == "svg" {
				wellFormed(t, b.String())
			}
		}
	}
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		switch _, err := d.Token(); {
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			t.Fatalf("%v in %s", err, text)
		}
	}
}
