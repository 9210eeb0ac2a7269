package pstats

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// collapsing is f, called once from /a/x.py and twice from /b/x.py, which look
// the same without folders.
func collapsing(countOnly bool) *Stats {
	return &Stats{
		Rows: []Row{
			{Func: Func{"/lib/f.py", 1, "f"}, Listed: true, Counts: Counts{3, 3, 3, 3}, Callers: []Edge{
				{Caller: 1, Counts: Counts{1, 1, 1, 1}}, {Caller: 2, CountOnly: countOnly, Counts: Counts{2, 2, 2, 2}}}},
			{Func: Func{"/a/x.py", 1, "x"}, Listed: true, Counts: Counts{1, 1, 0, 1}},
			{Func: Func{"/b/x.py", 1, "x"}, Listed: true, Counts: Counts{1, 1, 0, 2}},
		},
		order: []FuncID{0, 1, 2},
	}
}

func TestCollapsingCallers(t *testing.T) {
	for _, correct := range []bool{false, true} {
		s := collapsing(false)
		want := Counts{2, 2, 2, 2} // what pstats leaves: the last
		if correct {
			s.Correct()
			want = Counts{3, 3, 3, 3}
		}
		if err := s.StripDirs(); err != nil {
			t.Fatal(err)
		}
		if len(s.Rows) != 2 || len(s.Rows[0].Callers) != 1 || s.Rows[0].Callers[0].Counts != want {
			t.Errorf("correct %v: callers %+v, want one with %+v", correct, s.Rows[0].Callers, want)
		}
	}
}

func TestMixedCallersCannotBeSummed(t *testing.T) {
	s := collapsing(true)
	s.Correct()
	if err := s.StripDirs(); err == nil || !strings.Contains(err.Error(), "/lib/f.py:1(f): cannot add calls by x.py:1(x)") {
		t.Errorf("StripDirs: %v", err)
	}
	timed, counted := collapsing(false), collapsing(true)
	counted.Sources = []Source{{Path: "p.prof"}}
	if err := timed.Add(counted); err == nil || !strings.Contains(err.Error(), "adding p.prof: /lib/f.py:1(f): cannot add") {
		t.Errorf("Add: %v", err)
	}
}

// TestCorrectStripKeepsCalls checks on a profile with many collapses that no call
// of any function is lost, whoever made it.
func TestCorrectStripKeepsCalls(t *testing.T) {
	before := make(map[Func]int64)
	s := sample(3000)
	for id := range s.Rows {
		f := Func{Name: "f", Line: int64(id % 100)}
		for _, e := range s.Rows[id].Callers {
			before[f] += e.Calls
		}
		s.Rows[id].Func = Func{s.Rows[id].Func.File + "/", f.Line, f.Name}
	}
	rows := len(s.Rows)
	s.Correct()
	if err := s.StripDirs(); err != nil {
		t.Fatal(err)
	}
	after := make(map[Func]int64)
	for _, row := range s.Rows {
		for _, e := range row.Callers {
			after[row.Func] += e.Calls
		}
	}
	for f, n := range before {
		if n == 0 {
			delete(before, f)
		}
	}
	if diff := cmp.Diff(before, after); diff != "" || len(s.Rows) >= rows {
		t.Errorf("%d rows became %d, calls differ:\n%s", rows, len(s.Rows), diff)
	}
}

func TestStaleCallees(t *testing.T) {
	for _, correct := range []bool{false, true} {
		s := collapsing(false)
		if correct {
			s.Correct()
		}
		first, second := callees(t, s), ""
		if err := s.Add(collapsing(false)); err != nil {
			t.Fatal(err)
		}
		if second = callees(t, s); (first == second) == correct {
			t.Errorf("correct %v: callees before and after add are\n%s\n%s", correct, first, second)
		}
		if want := "/b/x.py:1(x)    ->       4    4.000    4.000  /lib/f.py:1(f)\n"; correct != strings.Contains(second, want) {
			t.Errorf("correct %v: callees after add are\n%s", correct, second)
		}
	}
}

func callees(t *testing.T, s *Stats) string {
	t.Helper()
	var out bytes.Buffer
	if err := s.PrintCallees(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestCallerWithoutRow: pstats stops with a KeyError in the middle of the line.
func TestCallerWithoutRow(t *testing.T) {
	for _, correct := range []bool{false, true} {
		s := odd()
		if correct {
			s.Correct()
		}
		var out bytes.Buffer
		err := s.PrintCallers(&out)
		if (err == nil) != correct || correct != strings.HasSuffix(out.String(), "\n\n\n") {
			t.Errorf("correct %v: error %v after\n%q", correct, err, out.String())
		}
		if err != nil && !strings.HasSuffix(out.String(), "  a.py:2(f)\n") {
			t.Errorf("the output before the error is\n%s", out.String())
		}
	}
}

func TestAddToItself(t *testing.T) {
	s, twice := sample(300), sample(300)
	if err := twice.Add(sample(300)); err != nil {
		t.Fatal(err)
	}
	if err := s.Add(s); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(twice.Rows, s.Rows); diff != "" || s.TotalCalls != twice.TotalCalls {
		t.Errorf("added to itself it differs from added to a copy:\n%s", diff)
	}
}

// TestAddLeavesOthers checks that what was added is not changed by it, nor by what is added later.
func TestAddLeavesOthers(t *testing.T) {
	sum, other, untouched := &Stats{}, sample(200), sample(200)
	for range 3 {
		if err := sum.Add(other); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(untouched.Rows, other.Rows); diff != "" {
		t.Errorf("(-before +after)\n%s", diff)
	}
	if err := sum.StripDirs(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(untouched.Rows, other.Rows); diff != "" {
		t.Errorf("stripping the sum: (-before +after)\n%s", diff)
	}
}
