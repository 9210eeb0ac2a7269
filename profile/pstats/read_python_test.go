package pstats

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// asText is the text that testdata/content.py makes of the same profile.
func asText(s *Stats) string {
	var b strings.Builder
	bits := func(f float64) string { return fmt.Sprintf("%016x", math.Float64bits(f)) }
	function := func(id FuncID) string {
		f := s.Rows[id].Func
		return fmt.Sprintf("%x:%d:%x", f.File, f.Line, f.Name)
	}
	fmt.Fprintf(&b, "%d %d %s\n", s.TotalCalls, s.PrimitiveCalls, bits(s.TotalTime))
	for _, id := range s.order {
		row := &s.Rows[id]
		fmt.Fprintf(&b, "%s %d %d %s %s\n", function(id), row.Primitive, row.Calls, bits(row.Own), bits(row.Cumulative))
		for _, e := range row.Callers {
			if e.CountOnly {
				fmt.Fprintf(&b, "  %s %d\n", function(e.Caller), e.Calls)
				continue
			}
			fmt.Fprintf(&b, "  %s %d %d %s %s\n", function(e.Caller), e.Calls, e.Primitive, bits(e.Own), bits(e.Cumulative))
		}
	}
	return b.String()
}

// TestReadAsPython: what each CPython reads from the files of all, cProfile's and
// those of "python -m profile -o", this package reads too, and what it writes
// each of them reads as the same again.
func TestReadAsPython(t *testing.T) {
	dir := t.TempDir()
	pythons := testpy.All(t)
	files := makeProfiles(t, dir, pythons)
	all := append(files, rewrite(t, dir, files)...)
	loaded := make([]int, len(all))
	for _, py := range pythons {
		texts := pythonContents(t, py, all)
		for i, file := range all {
			s, err := Open(file)
			if err != nil {
				t.Fatal(err)
			}
			if texts[i] == "cannot load\n" {
				continue // another version's code object; counted below
			}
			loaded[i]++
			if got := asText(s); got != texts[i] {
				t.Errorf("%s of %s: read\n%.2000s\nPython read\n%.2000s", py.Version, filepath.Base(file), got, texts[i])
			}
		}
	}
	for i, file := range all {
		mustLoad := len(pythons)
		if strings.HasSuffix(file, "-profile.prof") {
			mustLoad = 1 // the version that wrote it, and those like it
		}
		if loaded[i] < mustLoad {
			t.Errorf("%s: loaded by %d versions, want %d", filepath.Base(file), loaded[i], mustLoad)
		}
	}
	t.Logf("%d files, read by %d versions", len(all), len(pythons))
}

// makeProfiles profiles two programs with each version and each profiler.
func makeProfiles(t *testing.T, dir string, pythons []testpy.Python) []string {
	t.Helper()
	var files []string
	var running sync.WaitGroup
	for _, py := range pythons {
		for module, program := range map[string]string{"cProfile": "names.py", "profile": "recursion.py"} {
			file := filepath.Join(dir, py.Version+"-"+module+".prof")
			files = append(files, file)
			cmd := exec.CommandContext(t.Context(), py.Path, "-m", module, "-o", file, filepath.Join("testdata", "programs", program))
			running.Go(func() {
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v: %v\n%s", cmd, err, out)
				}
			})
		}
		running.Wait()
	}
	if t.Failed() {
		t.FailNow()
	}
	return files
}

// rewrite reads and writes each file; the copies have no code objects any more.
func rewrite(t *testing.T, dir string, files []string) []string {
	t.Helper()
	var copies []string
	for _, file := range files {
		s, err := Open(file)
		if err != nil {
			t.Fatal(err)
		}
		copies = append(copies, filepath.Join(dir, "copy-"+filepath.Base(file)+".copy"))
		if err := s.WriteFile(copies[len(copies)-1]); err != nil {
			t.Fatal(err)
		}
	}
	return copies
}

// pythonContents returns what one Python's pstats reads from each file.
func pythonContents(t *testing.T, py testpy.Python, files []string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), py.Path, append([]string{filepath.Join("testdata", "content.py")}, files...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", py.Version, err)
	}
	texts := strings.Split(strings.ReplaceAll(string(out), "\r\n", "\n"), "file\n")[1:]
	if len(texts) != len(files) {
		t.Fatalf("%s told of %d files, want %d", py.Version, len(texts), len(files))
	}
	return texts
}
