package pstats

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/testpy"
)

// strange is a profile with all that a file can hold and rarely does.
func strange() *Stats {
	s := New([]Row{
		{Func: Func{"~", 0, "<built-in method builtins.len>"}, Listed: true, Counts: Counts{Calls: 5, Primitive: 5},
			Callers: []Edge{{Caller: 1, CountOnly: true, Counts: Counts{Calls: 3}}, {Caller: 2, Counts: Counts{1, 1, math.Copysign(0, -1), 1e-320}}}},
		{Func: Func{"été/\xed\xb2\x80.py", 1 << 40, "\U0001f40d"}},
		{Func: Func{"a.py", -7, strings.Repeat("x", 300)}, Listed: true,
			Counts: Counts{Calls: 1 << 62, Primitive: -1 << 31, Own: math.MaxFloat64, Cumulative: 0.1}},
		{Func: Func{"", 0, ""}, Listed: true, Counts: Counts{Calls: 1<<31 - 1, Primitive: 1 << 31, Own: -0.006, Cumulative: 2}},
	})
	s.Sources = []Source{{Path: "odd.prof"}}
	return s
}

// TestWriteOdd: every CPython loads large ints, surrogates, counts alone and the
// extremes of floats as they are.
func TestWriteOdd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd.prof")
	if err := strange().WriteFile(path); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	want := asText(strange())
	if diff := cmp.Diff(want, asText(s)); diff != "" {
		t.Error(diff)
	}
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		if diff := cmp.Diff(want, pythonContents(t, py, []string{path})[0]); diff != "" {
			t.Error(diff)
		}
	})
}

// TestWriteAfter: a profile can be written after anything was done to it.
func TestWriteAfter(t *testing.T) {
	s, other := sample(50), sample(70)
	if err := s.Add(other); err != nil {
		t.Fatal(err)
	}
	if err := s.Sort("time"); err != nil {
		t.Fatal(err)
	}
	s.StripDirs()
	var out bytes.Buffer
	if err := s.Write(&out); err != nil {
		t.Fatal(err)
	}
	back, err := Read(out.Bytes(), Source{})
	if err != nil {
		t.Fatal(err)
	}
	back.TotalCalls, back.PrimitiveCalls, back.TotalTime = s.TotalCalls, s.PrimitiveCalls, s.TotalTime // sums in another order
	if diff := cmp.Diff(asText(s), asText(back)); diff != "" {
		t.Error(diff)
	}
}

func TestWriteSampled(t *testing.T) {
	s := strange()
	s.Sampled = true
	var out bytes.Buffer
	if err := s.Write(&out); err != nil {
		t.Fatal(err)
	}
	back, err := Read(out.Bytes(), Source{})
	if err != nil || !back.Sampled || len(back.order) != len(s.order) {
		t.Errorf("read %+v, %v", back, err)
	}
}

func TestWriteRefuses(t *testing.T) {
	if err := New(nil).Write(io.Discard); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("an empty profile: %v", err)
	}
	bad := New([]Row{{Func: Func{Name: "\xff"}, Listed: true}})
	dir := t.TempDir()
	if err := bad.WriteFile(filepath.Join(dir, "bad.prof")); err == nil || !strings.Contains(err.Error(), "UTF-8") {
		t.Errorf("a name that is not text: %v", err)
	}
	if err := strange().WriteFile(dir); err == nil {
		t.Error("wrote to a folder")
	}
	if err := strange().WriteFile(filepath.Join(dir, "no", "a.prof")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := strange().Write(fullDisk{}); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

// TestWriteReplaces: mode and links of what was there stay, and no other file.
func TestWriteReplaces(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes and links are those of Unix")
	}
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.prof"), filepath.Join(dir, "link.prof")
	if err := os.WriteFile(real, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.prof", link); err != nil {
		t.Fatal(err)
	}
	if err := strange().WriteFile(link); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(real)
	if err != nil || info.Mode() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if info, err = os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("link %v, %v", info.Mode(), err)
	}
	if _, err := Open(real); err != nil {
		t.Error(err)
	}
	files, _ := os.ReadDir(dir)
	if len(files) != 2 {
		t.Errorf("files %v", files)
	}
	if err := strange().WriteFile(os.DevNull); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%s is now %v, %v", os.DevNull, info.Mode(), err)
	}
}
