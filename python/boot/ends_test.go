package boot_test

import (
	"archive/zip"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/profile/parts"
)

// TestEnds ends a program in every way there is, and compares what it printed and its
// exit code with those of plain Python; the profile must have all its calls.
func TestEnds(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals of Unix")
	}
	all := map[string]int64{"work": 15, "side": 1, "main": 1}
	cases := []struct {
		how, saved string
		want       map[string]int64
	}{
		{"return", "exit", all},
		{"exit", "exit", all},
		{"message", "exit", all},
		{"exception", "exit", all},
		{"chain", "exit", all},
		{"hook", "exit", all},
		{"interrupt", "exit", all},
		{"terminate", "SIGTERM", all},
		{"hangup", "SIGHUP", all},
		{"os_exit", "os._exit", all},
		{"exec", "exec", all},
		{"exec_python", "exec", map[string]int64{"work": 15, "second": 1}},
		{"daemon", "exit", all},
		{"late_thread", "exit", map[string]int64{"work": 20, "late": 1}},
		{"kill", "snapshot", map[string]int64{"work": 15, "main": 1, "end_by_kill": 1}},
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		for _, c := range cases {
			t.Run(c.how, func(t *testing.T) {
				t.Parallel()
				script, dir := testdata(t, "ends.py"), t.TempDir()
				native := plain(t, py, dir, nil, script, c.how)
				e := profiled(t, py, dir, nil, script, c.how)
				if e.code != native.code || e.state != native.state {
					t.Errorf("ended with %d (%s), plain Python with %d (%s)", e.code, e.state, native.code, native.state)
				}
				if diff := cmp.Diff(native.stdout+native.stderr, e.stdout+e.stderr); diff != "" {
					t.Errorf("output differs (-plain +profiled):\n%s", diff)
				}
				if len(e.processes) == 0 || e.processes[0].Ended != c.saved {
					t.Fatalf("saved by %+v, want %s", e.processes, c.saved)
				}
				e.wantCalls(t, c.want)
				e.noneOfOurs(t)
				checkTimes(t, e)
				if c.how == "kill" {
					checkOpen(t, e)
				}
			})
		}
	})
}

// checkOpen checks the times told of calls that a SIGKILL found open.
func checkOpen(t *testing.T, e ended) {
	t.Helper()
	var open []parts.OpenCall
	for _, thread := range e.processes[0].Threads {
		if thread.Main {
			open = thread.Open
		}
	}
	var names []string
	for _, call := range open {
		names = append(names, call.Func.Name)
	}
	if got := strings.Join(names, " "); got != "<module> main end_by_kill" {
		t.Fatalf("open calls: %q", got)
	}
	// The call had run for 1.5 s; the last snapshot is at most two seconds old.
	if s := open[2].Seconds; s < 0.1 || s > 3 {
		t.Errorf("end_by_kill was open for %.3f s", s)
	}
	if open[0].Seconds < open[2].Seconds {
		t.Errorf("<module> was open for %.3f s, a call it made for %.3f", open[0].Seconds, open[2].Seconds)
	}
}

// TestLargeProfile kills a program whose profile was too large to be saved so early: it
// is known nevertheless, by its open calls.
func TestLargeProfile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals of Unix")
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		e := profiled(t, py, t.TempDir(), nil, testdata(t, "large.py"))
		if len(e.processes) != 1 || !e.processes[0].Cut() || e.processes[0].Snapshots != 0 {
			t.Fatalf("want one process, killed before its first whole snapshot: %+v; stderr: %s", e.processes, e.stderr)
		}
		if open := e.processes[0].Threads[0].Open; len(open) == 0 || open[0].Func.Name != "<module>" {
			t.Errorf("open calls: %v", open)
		}
	})
}

// TestSignalNotes has a process that was told of a SIGTERM by a relative end by it, even
// if it slept on, unless it meets the signal itself; no note is left in the end.
func TestSignalNotes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("signals of Unix")
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		e := profiled(t, py, t.TempDir(), nil, testdata(t, "notes.py"))
		if want := "noted only: 15\nignoring: 1024\nkilled: 15\n"; e.stdout != want || e.stderr != "" {
			t.Errorf("printed %q, want %q; stderr: %s", e.stdout, want, e.stderr)
		}
		e.wantCalls(t, map[string]int64{"work": 3})
		ends := map[string]int{}
		for _, p := range e.processes {
			ends[p.Ended]++
		}
		if diff := cmp.Diff(map[string]int{"SIGTERM": 2, "os._exit": 1, "exit": 1}, ends); diff != "" {
			t.Errorf("how processes ended (-want +got):\n%s", diff)
		}
		if left, err := filepath.Glob(filepath.Join(e.folder, "*.signal")); err != nil || len(left) > 0 {
			t.Errorf("notes were left: %v, %v", left, err)
		}
	})
}

// TestErrorsBeforeTheStart are told as Python tells them.
func TestErrorsBeforeTheStart(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		for _, args := range [][]string{{testdata(t, "broken.py")}, {"-m", "no_such_module_anywhere"}, {"-m", "json"}} {
			native := plain(t, py, t.TempDir(), nil, args...)
			e := profiled(t, py, t.TempDir(), nil, args...)
			if diff := cmp.Diff(native.stderr, e.stderr); diff != "" || e.code != native.code {
				t.Errorf("%v: code %d, want %d; stderr (-plain +profiled):\n%s", args, e.code, native.code, diff)
			}
		}
	})
}

// TestSurroundings compares what the program sees of its start with plain Python, for
// a script, a module, a package, a folder, a zip and a compiled file.
func TestSurroundings(t *testing.T) {
	dir := t.TempDir()
	copyFile(t, testdata(t, "surroundings.py"), filepath.Join(dir, "surroundings.py"))
	copyFile(t, testdata(t, "surroundings.py"), filepath.Join(dir, "pkg", "__main__.py"))
	write(t, filepath.Join(dir, "pkg", "__init__.py"), "")
	makeZip(t, filepath.Join(dir, "app.zip"), testdata(t, "surroundings.py"))
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		compiled := filepath.Join(dir, "c"+py.Version+".pyc")
		testpy.Run(t, py, "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2])", filepath.Join(dir, "surroundings.py"), compiled)
		for _, args := range [][]string{
			{"surroundings.py", "a", "-b"}, {"./surroundings.py"}, {filepath.Join(dir, "surroundings.py")},
			{"-m", "surroundings", "--x"}, {"-m", "pkg", "1"}, {"pkg", "2"}, {"app.zip", "3"}, {filepath.Base(compiled)},
		} {
			env := []string{"PYTHONDONTWRITEBYTECODE=1"}
			native := plain(t, py, dir, env, args...)
			e := profiled(t, py, dir, env, args...)
			if diff := cmp.Diff(lines(native.stdout), lines(e.stdout)); diff != "" || native.code != 0 {
				t.Errorf("%v (-plain +profiled):\n%s%s", args, diff, e.stderr)
			}
		}
	})
}

// lines breaks JSON up for a readable difference.
func lines(text string) []string {
	return strings.Split(regexp.MustCompile(`, "`).ReplaceAllString(text, ",\n\""), "\n")
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, to, string(data))
}

func makeZip(t *testing.T, path, script string) {
	t.Helper()
	data, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z := zip.NewWriter(f)
	w, err := z.Create("__main__.py")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
}
