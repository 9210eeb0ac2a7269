package app

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/profile/diff"
	"github.com/cantil-py/cantil/profile/proto"
)

func TestParseLimit(t *testing.T) {
	for text, want := range map[string]diffLimit{
		"cum>5%":       {metric: "cum", part: 0.05},
		" own > 20ms ": {metric: "own", amount: 0.02},
		"total>1.5s":   {metric: "total", amount: 1.5},
		"calls>0":      {metric: "calls"},
		"calls>.5%":    {metric: "calls", part: 0.005},
		"memory>10MiB": {metric: "memory", amount: 10 << 20},
		"wall>100%":    {metric: "wall", part: 1},
		"cpu>2µs":      {metric: "cpu", amount: 2e-6},
	} {
		got, err := parseLimit(text)
		same := got.metric == want.metric && (want.part == 0 || got.part == want.part) && (want.part != 0 || got.amount == want.amount)
		if err != nil || !same {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "cum", "cum>", "cum>5", "cum<5%", "own>5MB", "calls>5ms", "memory>5ms", "speed>5%", "cum>-5%", "cum>5%%", "cum>1e309s"} {
		if l, err := parseLimit(text); err == nil {
			t.Errorf("%q: %+v", text, l)
		}
	}
}

// TestLimits: what counts is what grew by more, beyond the noise where that can be told, and is worth a hundredth of the whole.
func TestLimits(t *testing.T) {
	time := func(before, after float64, kind bench.VerdictKind) DiffTime {
		return DiffTime{Before: before, After: after, Change: bench.Change{Factor: after / before, Kind: kind}}
	}
	row := func(name string, own DiffTime, calls DiffCalls) DiffRow {
		f := &DiffFunc{File: "a.py", Line: 1, Name: name}
		return DiffRow{Before: f, After: f, Change: DiffChange{Own: own, Cumulative: own, Calls: calls}}
	}
	more := DiffCalls{Before: diff.Range{Least: 10, Most: 10}, After: diff.Range{Least: 12, Most: 14}, Differ: true}
	r := &DiffReport{Profile: &Diff{
		Whole: time(10, 11, bench.Unknown),
		Rows: []DiffRow{
			row("slow", time(1, 1.2, bench.More), more), row("noisy", time(1, 1.2, bench.Same), DiffCalls{}), row("unjudged", time(1, 1.2, bench.Unknown), DiffCalls{}),
			row("tiny", time(0.001, 0.1, bench.More), DiffCalls{}), row("fast", time(1, 0.5, bench.Less), DiffCalls{}),
		},
	}}
	for limit, want := range map[string][]string{
		"own>10%": {"slow", "unjudged"}, "cum>150ms": {"slow", "unjudged"}, "own>30%": nil, "total>9%": {"whole"}, "total>11%": nil,
		"calls>15%": {"calls of a.py:1(slow)"}, "calls>2": nil, "calls>1": {"slow"}, "wall>1%": {"not known"},
	} {
		limits, err := parseLimits([]string{limit})
		if err != nil {
			t.Fatal(err)
		}
		got := limits.exceeded(r)
		if len(got) != len(want) || slices.ContainsFunc(want, func(w string) bool { return !strings.Contains(strings.Join(got, "\n"), w) }) {
			t.Errorf("%s: %q, want %q", limit, got, want)
		}
	}
}

func TestReadMeasured(t *testing.T) {
	read := func(text string) ([]measured, error) {
		path := filepath.Join(t.TempDir(), "x.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return readMeasured(path)
	}
	list, err := read(`{"results": [{"command": "a", "times": [1, 2], "memory_usage_byte": [0, 5]}, {"command": "b", "mean": 3, "times": null}]}`)
	if err != nil || len(list) != 2 || !slices.Equal(list[0].figures[bench.Wall], []float64{1, 2}) || !slices.Equal(list[0].figures[bench.Memory], []float64{5}) || len(list[1].figures) != 0 {
		t.Errorf("hyperfine: %+v, %v", list, err)
	}
	list, err = read(`{"series": [{"name": "a", "runs": [{"wall": 1, "user": 0.5, "system": 0.1}, {"wall": 9, "timed_out": true}]}]}`)
	if err != nil || len(list) != 1 || !slices.Equal(list[0].figures[bench.Wall], []float64{1}) || list[0].figures[bench.CPU][0] != 0.6 {
		t.Errorf("cantil bench: %+v, %v", list, err)
	}
	for _, text := range []string{`{}`, `{"results": []}`, `{"results": 1}`, `{"series": [`} {
		if list, err := read(text); err == nil {
			t.Errorf("%s: %+v", text, list)
		}
	}
}

func TestDiffText(t *testing.T) {
	change := func(factor, low, high float64) bench.Change {
		return bench.Change{Factor: factor, Low: low, High: high}
	}
	for want, got := range map[string]string{
		"+12.3 %":                          FactorText(change(1.123, 0, 0)),
		"-4.0 % ±1.0":                      FactorText(change(0.96, 0.95, 0.97)),
		"+100.0 % (+20 to +230)":           FactorText(change(2, 1.2, 3.3)),
		"x25 (x20 to x31)":                 FactorText(change(25, 20, 31)),
		"no difference found above 5 %":    WholeText(bench.Change{Factor: 1, Low: 0.96, High: 1.05, Kind: bench.Same}, "more", "less"),
		"+10.0 % ±2.0, slower":             WholeText(bench.Change{Factor: 1.1, Low: 1.08, High: 1.12, Kind: bench.More}, "slower", "faster"),
		"{built-in method builtins.len}":   FuncText(DiffFunc{File: "~", Name: "<built-in method builtins.len>"}),
		"a.py:3(f)":                        FuncText(DiffFunc{File: "a.py", Line: 3, Name: "f"}),
		"5 to 7 → 9":                       CallsText(DiffCalls{Before: diff.Range{Least: 5, Most: 7}, After: diff.Range{Least: 9, Most: 9}}),
		"no difference found above 84.7 %": WholeText(bench.Change{Factor: 1, Low: 0.9, High: 1.847, Kind: bench.Same}, "more", "less"),
		"cannot tell: even 13x is lost in the noise; more runs would help":   WholeText(bench.Change{Factor: 2, Low: 0.3, High: 13, Kind: bench.Same}, "more", "less"),
		"cannot tell: the noise is larger than anything that could be found": WholeText(bench.Change{Factor: 2, Low: 1e-9, High: 13, Kind: bench.Same}, "more", "less"),
		"new":                 ChangeText(DiffTime{After: 1}),
		"gone":                ChangeText(DiffTime{Before: 1}),
		"`a\\|b 'c'`":         inline("a|b `c`"),
		"a\\|\\_b\\_ \\<c\\>": escaped("a|_b_ <c>"),
		"+0.0 %":              GrowthText(0.99999),
		"/x(f)":               FuncText(DiffFunc{File: "/x", Name: "f"}),
		"g":                   FuncText(DiffFunc{Name: "g"}),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestVerdictOf: what is new or gone is never called by its callees.
func TestVerdictOf(t *testing.T) {
	some, none := diff.Range{Least: 1, Most: 1}, diff.Range{}
	more, less := DiffTime{Before: 1, After: 2, Change: bench.Change{Kind: bench.More}}, DiffTime{Before: 2, After: 1, Change: bench.Change{Kind: bench.Less}}
	calls := func(before, after diff.Range) DiffCalls {
		return DiffCalls{Before: before, After: after, Differ: before != after}
	}
	for _, c := range []struct {
		change DiffChange
		want   string
	}{
		{DiffChange{Calls: calls(none, some), Cumulative: more}, "new"},
		{DiffChange{Calls: calls(some, none), Cumulative: less}, "gone"},
		{DiffChange{Calls: calls(none, some)}, "new"},
		{DiffChange{Calls: calls(none, none)}, ""},
		{DiffChange{Calls: calls(some, some), Cumulative: more}, "callees slower"},
		{DiffChange{Calls: calls(some, some), Cumulative: less, Own: more}, "slower"},
		{DiffChange{Calls: calls(some, diff.Range{Least: 2, Most: 3})}, "calls differ"},
		{DiffChange{Calls: calls(some, some)}, ""},
	} {
		if got := VerdictOf(&c.change); got != c.want {
			t.Errorf("%+v: %q, want %q", c.change, got, c.want)
		}
	}
}

// TestDiffProto: a profile.proto of another tool is compared, compressed or not; one without times is refused, with the reason.
func TestDiffProto(t *testing.T) {
	in := &proto.Profile{
		SampleTypes: []proto.ValueType{{Type: "cpu", Unit: "nanoseconds"}},
		Functions:   []proto.Function{{Name: "main", File: "m.go", StartLine: 3}},
		Locations:   []proto.Location{{Mapping: proto.None, Lines: []proto.Line{{Function: 0}}}},
		Samples:     []proto.Sample{{Locations: []int{0}, Values: []int64{5e9}}},
	}
	dir := t.TempDir()
	write := func(name string, zipped bool) {
		t.Helper()
		var b bytes.Buffer
		b.Write(in.Marshal())
		if zipped {
			b.Reset()
			z := gzip.NewWriter(&b)
			_, _ = z.Write(in.Marshal())
			if err := z.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.pb", false)
	in.Samples[0].Values[0] = 7e9
	write("b.pb.gz", true)
	in.SampleTypes[0] = proto.ValueType{Type: "alloc", Unit: "bytes"}
	write("c.pb.gz", true)
	r, err := CompareProfiles(DiffOptions{Before: []string{"a.pb"}, After: []string{"b.pb.gz"}, Dir: dir, Getenv: os.Getenv})
	if err != nil || len(r.Profile.Rows) != 1 || r.Profile.Rows[0].Own.Before != 5 || r.Profile.Rows[0].Own.After != 7 || !r.Sampled() {
		t.Errorf("%+v, %v", r, err)
	}
	_, err = CompareProfiles(DiffOptions{Before: []string{"a.pb"}, After: []string{"c.pb.gz"}, Dir: dir, Getenv: os.Getenv})
	if err == nil || err.Error() != "reading c.pb.gz: its samples have no time, but alloc in bytes" {
		t.Errorf("without times: %v", err)
	}
}
