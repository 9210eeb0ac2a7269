package pstats

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/value/marshal"
)

type tuple = marshal.Tuple

func readValue(t *testing.T, v marshal.Value) *Stats {
	t.Helper()
	data, err := marshal.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(data, Source{Path: "made.prof"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// dict makes a dict of keys and values in turn.
func dict(keysAndValues ...marshal.Value) *marshal.Dict {
	d := &marshal.Dict{}
	for i := 0; i < len(keysAndValues); i += 2 {
		d.Pairs = append(d.Pairs, marshal.Pair{Key: keysAndValues[i], Value: keysAndValues[i+1]})
	}
	return d
}

func figures(calls int, callers ...marshal.Value) tuple {
	return tuple{calls, calls + 1, 0.5, float64(calls), dict(callers...)}
}

// TestReadTwice: as in a Python dict, the last of equal keys has the value and
// the first the place, for functions and for callers.
func TestReadTwice(t *testing.T) {
	a, b := tuple{"m.py", 1, "a"}, tuple{"m.py", 2, "b"}
	again := tuple{"m.py", 1, "a"}
	s := readValue(t, dict(
		a, figures(1, a, 1, b, tuple{1, 2, 3.0, 4.0}, again, 5),
		b, figures(2),
		again, figures(3, b, 1, a, 2, b, tuple{6, 7, 8.0, 9.0}),
	))
	want := New([]Row{
		{Func: Func{"m.py", 1, "a"}, Listed: true, Counts: Counts{4, 3, 0.5, 3},
			Callers: []Edge{{Caller: 1, Counts: Counts{6, 7, 8, 9}}, {Caller: 0, CountOnly: true, Counts: Counts{Calls: 2}}}},
		{Func: Func{"m.py", 2, "b"}, Listed: true, Counts: Counts{3, 2, 0.5, 2}},
	})
	if diff := cmp.Diff(asText(want), asText(s)); diff != "" {
		t.Error(diff)
	}
}

// TestReadShared: any part may be one object with another of its kind.
func TestReadShared(t *testing.T) {
	key, other := tuple{"m.py", 1, "a"}, tuple{"m.py", 2, "b"}
	edge := tuple{1, 2, 3.0, 4.0}
	callers := dict(key, edge, other, edge)
	row := tuple{1, 1, 0.0, 0.0, callers}
	third := tuple{"m.py", 3, "c"}
	s := readValue(t, dict(key, row, other, row, third, tuple{1, 1, 0.0, 0.0, callers}))
	list := []Edge{{Caller: 0, Counts: Counts{1, 2, 3, 4}}, {Caller: 1, Counts: Counts{1, 2, 3, 4}}}
	for id, row := range s.Rows {
		if diff := cmp.Diff(list, row.Callers); diff != "" {
			t.Errorf("row %d: %s", id, diff)
		}
	}
	s.Rows[0].Callers[0].Calls = 99
	if s.Rows[1].Callers[0].Calls == 99 {
		t.Error("two rows have one list of callers")
	}
}

// TestReadSampled: the files of CPython 3.15's sampling profiler.
func TestReadSampled(t *testing.T) {
	a, b := tuple{"m.py", 1, "a"}, tuple{"~", 0, "<GC>"}
	s := readValue(t, dict(
		tuple{"__sampled__"}, true,
		a, tuple{3, 10, 0.3, 1.0, dict()},
		b, tuple{7, 7, 0.7, 0.7, dict(a, 7)},
	))
	if !s.Sampled || len(s.Rows) != 2 || !s.Rows[1].Callers[0].CountOnly || s.Rows[0].Calls != 10 || s.Rows[0].Primitive != 3 {
		t.Errorf("read %+v", s)
	}
}

// TestReadOther: what other tools write and pstats takes.
func TestReadOther(t *testing.T) {
	s := readValue(t, dict(
		tuple{marshal.Bytes("m.py"), 1, marshal.Bytes("\xe9")}, tuple{1.0, 2, 0, 3, dict()},
	))
	want := Row{Func: Func{"m.py", 1, "é"}, Listed: true, Counts: Counts{2, 1, 0, 3}}
	if diff := cmp.Diff(want, s.Rows[0]); diff != "" {
		t.Error(diff)
	}
}

// TestReadPython2: files that Python 2.7 wrote, with what its pstats read.
func TestReadPython2(t *testing.T) {
	for _, name := range []string{"python2-cprofile", "python2-profile"} {
		s, err := Open(filepath.Join("testdata", name+".prof"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(filepath.Join("testdata", name+".txt"))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), asText(s)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestOpen: sources as typed, in pstats' order, and errors that name the file.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	modified := time.Date(2026, 5, 6, 7, 8, 9, 0, time.Local)
	for _, name := range []string{"a", "b", "c"} {
		path := filepath.Join(dir, name)
		paths = append(paths, path)
		if err := sample(10).WriteFile(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, modified, modified); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(paths...)
	if err != nil {
		t.Fatal(err)
	}
	want := []Source{{paths[0], modified}, {paths[2], modified}, {paths[1], modified}}
	if diff := cmp.Diff(want, s.Sources); diff != "" {
		t.Error(diff)
	}
	if _, err := Open(); err == nil {
		t.Error("opened no file")
	}
	if _, err := Open(paths[0], filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "none") {
		t.Errorf("no such file: %v", err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("a folder: %v", err)
	}
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("no profile"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(paths[0], text); err == nil || !strings.Contains(err.Error(), "text: byte 0: expected a dict") {
		t.Errorf("text: %v", err)
	}
}
