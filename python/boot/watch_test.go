package boot_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/python/boot"
)

// watched runs a program with what w asks for; the folder is w's.
func watched(t *testing.T, py testpy.Python, w boot.Watch, args ...string) ended {
	t.Helper()
	p := boot.Program{Python: py.Path, Name: args[0], Args: args[1:]}
	if args[0] == "-m" {
		p = boot.Program{Python: py.Path, Module: true, Name: args[1], Args: args[2:]}
	}
	argv, env := boot.WatchCommand(home(t), w, p, append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1"))
	return execute(t, testdata(t, ""), argv, env)
}

// report is kept/report.json.
type report struct {
	How       string
	Variables []struct {
		Name, Type, File, Error string
		Bytes                   int64
	}
}

func readReport(t *testing.T, folder string) (r report) {
	t.Helper()
	readJSON(t, filepath.Join(folder, "kept", "report.json"), &r)
	return r
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}

// TestKeep ends a program in every way there is: its variable is kept, loads again, and the
// program's own end is that of plain Python.
func TestKeep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("ends by signals and forks of Unix; not written for Windows yet")
	}
	script := testdata(t, "watched.py")
	ends := []struct{ how, told, want string }{
		{"return", "return", "[0, 0, 1, 4]"},
		{"exit", "exit", "[0, 0, 1, 4]"},
		{"raise", "exception", "[0, 0, 1, 4]"},
		{"term", "SIGTERM", "[0, 0, 1, 4]"},
		{"interrupt", "exception", "[0, 0, 1, 4]"},
		{"_exit", "os._exit", "[0, 0, 1, 4]"},
		{"thread", "return", "[0, 0, 1, 4, 'late']"},
		{"fork", "return", "[0, 0, 1, 4]"},
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		for _, end := range ends {
			folder := t.TempDir()
			got := watched(t, py, boot.Watch{Folder: folder, Keep: []string{"results", "opened", "nothing"}}, script, end.how)
			plainly := plain(t, py, testdata(t, ""), nil, script, end.how)
			if got.code != plainly.code || got.state != plainly.state || got.stderr != plainly.stderr {
				t.Errorf("%s: %s, stderr:\n%s\nplain Python: %s, stderr:\n%s", end.how, got.state, got.stderr, plainly.state, plainly.stderr)
			}
			wantKept(t, py, folder, end.told, end.want)
		}
	})
}

// TestKeepLeavesChildren has children die of SIGTERM, however early, as under plain Python.
func TestKeepLeavesChildren(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("forks and signals of Unix")
	}
	script := testdata(t, "hunt/killed_children.py")
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		got := watched(t, py, boot.Watch{Folder: t.TempDir(), Keep: []string{"never"}}, script)
		native := plain(t, py, t.TempDir(), nil, script)
		if got.stdout != native.stdout || got.state != native.state {
			t.Errorf("%s, printed:\n%s\nplain Python %s:\n%s", got.state, got.stdout, native.state, native.stdout)
		}
	})
}

// wantKept looks at the variable, the one that cannot be pickled, and the one that is not there.
func wantKept(t *testing.T, py testpy.Python, folder, how, want string) {
	t.Helper()
	r := readReport(t, folder)
	if r.How != how || len(r.Variables) != 3 {
		t.Fatalf("the report is %+v, want three variables, ended by %s", r, how)
	}
	if loaded := unpickle(t, py, filepath.Join(folder, "kept", r.Variables[0].File)); loaded != want {
		t.Errorf("%s: kept %s, want %s", how, loaded, want)
	}
	if e := r.Variables[1].Error; r.Variables[1].File != "" || !strings.HasPrefix(e, "TypeError: cannot ") {
		t.Errorf("%s: of an open file the report says %q", how, e)
	}
	if e := r.Variables[2].Error; e != "the program has no variable of that name" {
		t.Errorf("%s: of a name that is not there the report says %q", how, e)
	}
	if names := filesOf(t, folder); !slices.Equal(names, []string{"kept/report.json", "kept/results.pkl"}) {
		t.Errorf("%s: the folder has %q", how, names)
	}
}

func unpickle(t *testing.T, py testpy.Python, path string) string {
	t.Helper()
	out, err := exec.Command(py.Path, "-c", "import pickle, sys; print(pickle.load(open(sys.argv[1], 'rb')))", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func filesOf(t *testing.T, folder string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(folder), ".", func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// told is traceback.json.
type told struct {
	Type, Value, Text, Thread string
	Frames                    []struct {
		File, Name, Source string
		Line               int
		Locals             map[string]string
	}
}

// TestTraceback keeps the frames of an uncaught exception, and none of the secrets in them.
func TestTraceback(t *testing.T) {
	script := testdata(t, "watched.py")
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		folder := t.TempDir()
		watched(t, py, boot.Watch{Folder: folder, Traceback: true}, script, "raise")
		var e told
		readJSON(t, filepath.Join(folder, "traceback.json"), &e)
		if e.Type != "ValueError" || e.Value != "no more of 2, https://me:***@host/x" || len(e.Frames) != 4 {
			t.Fatalf("got %s: %s, %d frames; want a ValueError in 4", e.Type, e.Value, len(e.Frames))
		}
		last := e.Frames[3]
		if last.Name != "fail" || last.File != script || !strings.HasPrefix(last.Source, "raise ValueError") {
			t.Errorf("the last frame is %+v", last)
		}
		want := map[string]string{"depth": "0", "db_password": "***", "settings": "{'api_token': ***, 'size': 0}"}
		for name, value := range want {
			if last.Locals[name] != value {
				t.Errorf("%s is told as %s, want %s", name, last.Locals[name], value)
			}
		}
		if n := len(last.Locals["big"]); n == 0 || n > 1000 {
			t.Errorf("a million numbers are told in %d characters", n)
		}
		if module := e.Frames[0]; module.Locals["results"] != "[0, 0, 1, 4]" || module.Locals["Point"] != "" || module.Locals["os"] != "" {
			t.Errorf("the module's locals are %v", module.Locals)
		}
		data, _ := os.ReadFile(filepath.Join(folder, "traceback.json"))
		// The source line has it, as the file has; no value may.
		if text := strings.ReplaceAll(string(data), `db_password=\"hunter2\"`, ""); strings.Contains(text, "hunter2\"") {
			t.Errorf("a secret is in the file:\n%s", text)
		}
	})
}

// TestTracebackOfThread keeps the exception that ended a thread, where Python tells of it.
func TestTracebackOfThread(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		if py.Minor < 8 {
			t.Skip("threading.excepthook is new in 3.8")
		}
		folder := t.TempDir()
		watched(t, py, boot.Watch{Folder: folder, Traceback: true}, testdata(t, "watched.py"), "threadfails")
		var e told
		readJSON(t, filepath.Join(folder, "traceback.json"), &e)
		if e.Type != "ValueError" || e.Thread != "worker" {
			t.Errorf("got %s in thread %q", e.Type, e.Thread)
		}
	})
}

// TestTimed times functions of the program and of modules, of every kind.
func TestTimed(t *testing.T) {
	targets := []string{"work", "__main__:squares", "Point.origin", "json:dumps", "json.decoder:JSONDecoder.decode", "os:open", "nowhere"}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		for _, args := range [][]string{{testdata(t, "watched.py"), "exit"}, {"-m", "watched", "exit"}} {
			folder := t.TempDir()
			got := watched(t, py, boot.Watch{Folder: folder, Timed: targets}, args...)
			if got.code != 3 || got.stderr != "" {
				t.Errorf("%s, stderr:\n%s", got.state, got.stderr)
			}
			lines, sums := timings(t, folder)
			want := map[string]int{"__main__:work": 20, "__main__:squares": 1, "__main__:Point.origin": 1, "json:dumps": 20}
			for target, calls := range want {
				if sums[target] != calls {
					t.Errorf("%v: %d calls of %s, want %d", args, sums[target], target, calls)
				}
			}
			if told := strings.Join(lines, " "); !strings.Contains(told, "missing nowhere") && !strings.Contains(told, "missing __main__:nowhere") {
				t.Errorf("nothing is said of the function that is not there: %s", told)
			}
			if n := strings.Count(strings.Join(lines, " "), "finished work"); n != 10 {
				t.Errorf("%d calls of work are told one by one, want 10", n)
			}
		}
	})
}

func timings(t *testing.T, folder string) (lines []string, sums map[string]int) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "timings.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	sums = map[string]int{}
	for scanner := bufio.NewScanner(bytes.NewReader(data)); scanner.Scan(); {
		var line struct {
			Finished, Function, Missing string
			Calls                       int
		}
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("%v in %s", err, scanner.Text())
		}
		switch {
		case line.Finished != "":
			lines = append(lines, "finished "+line.Finished)
		case line.Missing != "":
			lines = append(lines, "missing "+line.Missing)
		default:
			sums[line.Function] = line.Calls
		}
	}
	return lines, sums
}
