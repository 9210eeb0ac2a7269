package boot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/profile/pstats"
)

// TestRowsOfCProfile compares every row and caller, with their counts, with those of
// python -m cProfile. Only the call that switches cProfile off is not in ours.
func TestRowsOfCProfile(t *testing.T) {
	script := testdata(t, "counts.py")
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		dir := t.TempDir()
		theirs := filepath.Join(dir, "c.prof")
		if e := plain(t, py, dir, nil, "-m", "cProfile", "-o", theirs, script); e.code != 0 {
			t.Fatalf("cProfile: %s", e.stderr)
		}
		want, err := pstats.Open(theirs)
		if err != nil {
			t.Fatal(err)
		}
		got := profiled(t, py, dir, nil, script)
		if diff := cmp.Diff(countLines(want), countLines(mainStats(t, got))); diff != "" {
			t.Errorf("rows differ (-cProfile +ours):\n%s", diff)
		}
	})
}

// countLines tells all counts of a profile, a line a row or caller, without times.
func countLines(s *pstats.Stats) []string {
	var lines []string
	disable := "{method 'disable' of '_lsprof.Profiler' objects}"
	for _, row := range s.Rows {
		if !row.Listed || row.Func.String() == disable {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s %d/%d", row.Func, row.Calls, row.Primitive))
		for _, e := range row.Callers {
			lines = append(lines, fmt.Sprintf("%s <- %s %d/%d", row.Func, s.Rows[e.Caller].Func, e.Calls, e.Primitive))
		}
	}
	sort.Strings(lines)
	return lines
}

// TestFunctionsThatLookAlike counts calls that cProfile loses: of functions with the
// same file, line and name it keeps the last.
func TestFunctionsThatLookAlike(t *testing.T) {
	script := filepath.Join(t.TempDir(), "x.py")
	write(t, script, "a, b = lambda: 1, lambda: 2\nfor _ in range(5):\n    a()\n    b()\n")
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		profiled(t, py, t.TempDir(), nil, script).wantCalls(t, map[string]int64{"<lambda>": 10})
	})
}

// TestThreads counts calls in threads that interleave as closely as they can.
func TestThreads(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		e := profiled(t, py, t.TempDir(), nil, testdata(t, "threads.py"))
		e.noneOfOurs(t)
		e.wantCalls(t, map[string]int64{"many": 7, "branch": 14000, "leaf": 28000, "raw": 1, "deep": 51 + 20*11})
		for _, name := range []string{"t0", "t1", "t2"} {
			calls, primitive := e.calls("branch", inThread(name))
			if calls != 2000 || primitive != 2000 {
				t.Errorf("thread %s: branch has %d/%d calls, want 2000/2000", name, calls, primitive)
			}
		}
		if calls, primitive := e.calls("branch", inThread("MainThread")); calls != 6000 || primitive != 6000 {
			t.Errorf("main thread: branch has %d/%d calls, want 6000/6000", calls, primitive)
		}
		if _, primitive := e.calls("deep", nil); primitive != 21 {
			t.Errorf("deep has %d primitive calls, want 21", primitive)
		}
		checkTimes(t, e)
	})
}

// checkTimes finds the marks of a stack shared by threads: own time above cumulative.
func checkTimes(t *testing.T, e ended) {
	t.Helper()
	for i := range e.processes {
		for j := range e.processes[i].Threads {
			for _, row := range e.processes[i].Threads[j].Stats(nil).Rows {
				if row.Own > row.Cumulative+1e-6 {
					t.Errorf("%s: own time %g s, cumulative %g s", row.Func, row.Own, row.Cumulative)
				}
			}
		}
	}
}

// TestFamilies follows children: forks, subprocesses, and multiprocessing in its three
// ways, for a script and for -m, with classes of __main__ pickled in each.
func TestFamilies(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("forks and shells of Unix; on Windows run the CLI transcripts")
	}
	cases := []struct {
		kind string
		want map[string]int64
	}{
		{"fork", map[string]int64{"ten": 3, "work": 30}},
		{"nested", map[string]int64{"ten": 3, "work": 30}},
		{"subprocess", map[string]int64{"work": 40}},
		{"killed", map[string]int64{"ten": 4, "work": 40}},
		{"spawn", map[string]int64{"ten": 5, "work": 50}},
		{"forkserver", map[string]int64{"ten": 5, "work": 50}},
		{"-m fork", map[string]int64{"ten": 3, "work": 30}},
		{"-m spawn", map[string]int64{"ten": 5, "work": 50}},
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		for _, c := range cases {
			t.Run(c.kind, func(t *testing.T) {
				t.Parallel()
				args := []string{testdata(t, "families.py"), c.kind}
				if kind, module := strings.CutPrefix(c.kind, "-m "); module {
					args = []string{"-m", "families", kind}
				}
				e := profiled(t, py, testdata(t, ""), []string{"PYTHONWARNINGS=error::DeprecationWarning:__main__", "PYTHONDONTWRITEBYTECODE=1"}, args...)
				if e.code != 0 || e.stderr != "" {
					t.Errorf("exit code %d, stderr:\n%s", e.code, e.stderr)
				}
				e.noneOfOurs(t)
				e.wantCalls(t, c.want)
			})
		}
	})
}

// TestMultiprocessingFork stands apart from the others: 3.12 and later warn of forks
// with several threads, which a Pool has of its own.
func TestMultiprocessingFork(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		native := plain(t, py, testdata(t, ""), nil, "families.py", "fork")
		e := profiled(t, py, testdata(t, ""), []string{"PYTHONDONTWRITEBYTECODE=1"}, testdata(t, "families.py"), "fork")
		if e.stderr != native.stderr {
			t.Errorf("stderr:\n%s\nwant that of plain Python:\n%s", e.stderr, native.stderr)
		}
	})
}

// TestOwnSitecustomize has the program's own sitecustomize run as ever.
func TestOwnSitecustomize(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "sitecustomize.py"), "import sys\nsys.customized = getattr(sys, 'customized', 0) + 1\n")
	write(t, filepath.Join(dir, "show.py"), "import subprocess, sys\nprint(sys.customized)\nsys.stdout.flush()\n"+
		"subprocess.check_call([sys.executable, '-c', 'import sys; print(sys.customized)'])\n")
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		e := profiled(t, py, dir, []string{"PYTHONPATH=" + dir, "PYTHONDONTWRITEBYTECODE=1"}, filepath.Join(dir, "show.py"))
		if e.stdout != "1\n1\n" {
			t.Errorf("sitecustomize ran %q times in program and child, want once each; stderr: %s", e.stdout, e.stderr)
		}
	})
}

// TestBusy refuses a Python that is being profiled already, in a sentence.
func TestBusy(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "sitecustomize.py"), "import sys\nsys.setprofile(lambda *args: None)\n")
	write(t, filepath.Join(dir, "x.py"), "print('ran')\n")
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		e := profiled(t, py, dir, []string{"PYTHONPATH=" + dir, "PYTHONDONTWRITEBYTECODE=1"}, filepath.Join(dir, "x.py"))
		if e.code != 125 || e.stdout != "" || !strings.Contains(e.stderr, "refused: another profiler is active") {
			t.Errorf("code %d, stdout %q, stderr %q", e.code, e.stdout, e.stderr)
		}
	})
}

// TestProgramProfilesItself says so where the program takes the profiler's place.
func TestProgramProfilesItself(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "x.py"), "import sys\ndef f(): pass\nf()\nsys.setprofile(lambda *args: None)\nf()\n")
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		if py.Minor >= 12 {
			return // sys.setprofile and the collector do not meet there
		}
		e := profiled(t, py, dir, nil, filepath.Join(dir, "x.py"))
		if len(e.processes) != 1 || len(e.processes[0].Warnings) != 1 || !strings.Contains(e.processes[0].Warnings[0], "profiler of its own") {
			t.Errorf("processes: %+v", e.processes)
		}
	})
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
