package app

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/profile/pstats"
)

// writeProfile makes a file with two functions of one name in different folders,
// and a third that calls both.
func writeProfile(t *testing.T) string {
	t.Helper()
	counts := func(calls int64, own, cumulative float64) pstats.Counts {
		return pstats.Counts{Calls: calls, Primitive: calls, Own: own, Cumulative: cumulative}
	}
	edge := []pstats.Edge{{Caller: 2, Counts: counts(1, 1, 1)}}
	stats := pstats.New([]pstats.Row{
		{Func: pstats.Func{File: "a/x.py", Line: 1, Name: "f"}, Listed: true, Counts: counts(1, 1, 1), Callers: edge},
		{Func: pstats.Func{File: "b/x.py", Line: 1, Name: "f"}, Listed: true, Counts: counts(2, 1, 1), Callers: edge},
		{Func: pstats.Func{File: "main.py", Line: 9, Name: "main"}, Listed: true, Counts: counts(1, 0, 2)},
	})
	path := filepath.Join(t.TempDir(), "test.prof")
	if err := stats.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func printed(t *testing.T, opts StatsOptions) string {
	t.Helper()
	var out bytes.Buffer
	if err := Stats(opts, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestStatsView(t *testing.T) {
	path := writeProfile(t)
	for _, c := range []struct {
		name   string
		view   StatsView
		format Format
		has    []string
		lacks  []string
	}{
		{"as in the file", StatsView{}, Text, []string{"Random listing order", "a/x.py:1(f)", "b/x.py:1(f)"}, []string{"Ordered by"}},
		{"the default", DefaultView(), Text, []string{"Ordered by: cumulative time", "main.py:9(main)"}, []string{"List reduced"}},
		{"restricted", StatsView{Sort: []string{"ncalls"}, Restrict: []string{"f", "1"}}, Text,
			[]string{"due to restriction <'f'>", "due to restriction <1>", "b/x.py:1(f)"}, []string{"a/x.py", "main.py"}},
		{"all", StatsView{Restrict: []string{"all"}}, Text, []string{"main.py"}, []string{"List reduced"}},
		{"reversed", StatsView{Sort: []string{"ncalls"}, Reverse: true, Restrict: []string{"1"}}, Text, []string{"main.py"}, []string{"x.py"}},
		{"stripped", StatsView{StripDirs: true, Sort: []string{"name"}}, Text, []string{" x.py:1(f)", "        3    2.000"}, []string{"a/x.py"}},
		{"callers", StatsView{Callers: true}, Text, []string{"was called by..."}, []string{"called...\n"}},
		{"both", StatsView{Callers: true, Callees: true}, Text, []string{"was called by...", "called..."}, []string{"percall"}},
		{"JSON", StatsView{}, JSON, []string{`"functions_listed":3`}, []string{"ncalls"}},
		{"CSV", StatsView{}, CSV, []string{"main.py,9,main,"}, []string{"ncalls"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := printed(t, StatsOptions{Files: []string{path}, View: c.view, Format: c.format})
			for _, want := range c.has {
				if !strings.Contains(got, want) {
					t.Errorf("no %q in:\n%s", want, got)
				}
			}
			for _, unwanted := range c.lacks {
				if strings.Contains(got, unwanted) {
					t.Errorf("%q in:\n%s", unwanted, got)
				}
			}
		})
	}
}

// TestStatsOut: what is written is the sum of the files, whatever is shown of it.
func TestStatsOut(t *testing.T) {
	path := writeProfile(t)
	out := filepath.Join(t.TempDir(), "sum.prof")
	printed(t, StatsOptions{Files: []string{path, path}, View: StatsView{StripDirs: true, Restrict: []string{"1"}}, Out: out})
	sum, err := pstats.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	if len(sum.Rows) != 3 || sum.TotalCalls != 8 {
		t.Errorf("%d functions and %d calls were written, want 3 and 8", len(sum.Rows), sum.TotalCalls)
	}
}

// TestWhoseFault: a bad input is told apart from an output that cannot be written.
func TestWhoseFault(t *testing.T) {
	path, missing := writeProfile(t), filepath.Join(t.TempDir(), "missing", "x.prof")
	var bad *BadProfile
	if err := Stats(StatsOptions{Files: []string{missing}}, new(bytes.Buffer)); !errors.As(err, &bad) {
		t.Errorf("reading a missing file: %v, want a BadProfile", err)
	}
	if err := Stats(StatsOptions{Files: []string{path}, Out: missing}, new(bytes.Buffer)); err == nil || errors.As(err, &bad) {
		t.Errorf("writing into a missing folder: %v, want an error that is no BadProfile", err)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		view StatsView
		ok   bool
	}{
		{StatsView{}, true},
		{DefaultView(), true},
		{StatsView{Sort: []string{"none"}}, true},
		{StatsView{Sort: []string{"time", "name"}, Restrict: []string{"0.5", "all", "(?<=x)y", "7"}}, true},
		{StatsView{Sort: []string{"speed"}}, false},
		{StatsView{Sort: []string{"none", "name"}}, false},
		{StatsView{Restrict: []string{"1.5"}}, false},
	} {
		if err := c.view.Check(); (err == nil) != c.ok {
			t.Errorf("Check of %+v: %v", c.view, err)
		}
	}
}
