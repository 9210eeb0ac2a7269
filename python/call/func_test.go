package call_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/python/call"
	"github.com/cantil-py/cantil/run"
	"github.com/cantil-py/cantil/value"
)

// enough is for calls that must end by themselves: a bound, on a busy machine as well.
const enough = 30 * time.Second

func unix(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("forks and signals of Unix")
	}
}

// eachOfTwo is for what takes seconds with each Python: the oldest and the newest, and all
// when CANTIL_SLOW=1.
func eachOfTwo(t *testing.T, f func(t *testing.T, py testpy.Python)) {
	t.Helper()
	some := testpy.Some(t)
	if os.Getenv("CANTIL_SLOW") != "1" && len(some) > 2 {
		t.Log("only with the oldest and the newest; CANTIL_SLOW=1 tests all")
		some = []testpy.Python{some[0], some[len(some)-1]}
	}
	for _, py := range some {
		t.Run("py"+py.Version, func(t *testing.T) { f(t, py) })
	}
}

// called is what became of a call in a process of its own.
type called struct {
	call.Result
	err            error
	stdout, stderr string
	took           time.Duration
}

func once(t *testing.T, py testpy.Python, r call.Request) called {
	t.Helper()
	if r.Timeout == 0 {
		r.Timeout = enough
	}
	if !strings.Contains(r.Target, ":") {
		r.Target = functions(r.Target)
	}
	var stdout, stderr bytes.Buffer
	began := time.Now()
	result, err := call.Func(t.Context(), call.Python{Path: py.Path, Stdout: &stdout, Stderr: &stderr}, r)
	return called{result, err, stdout.String(), stderr.String(), time.Since(began)}
}

func ints(list ...int) (args []value.Value) {
	for _, i := range list {
		args = append(args, value.Int(i))
	}
	return args
}

func kwargs(t *testing.T, key string, v value.Value) *value.Dict {
	t.Helper()
	d, err := value.NewDict(value.Pair{Key: value.Str(key), Value: v})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestNotes is the example of the notes, call_func_with_timeout, with its output: the
// prints of the function, then the value, or the default where it took too long.
func TestNotes(t *testing.T) {
	t.Parallel() // it sleeps
	requests := []call.Request{{Args: ints(2)}, {Args: ints(6)}, {Kwargs: kwargs(t, "x", value.Int(6))}}
	want := []string{"0\n1\n42\n", "0\n1\n2\n3\nNone\n", "0\n1\n2\n3\nNone\n"}
	pythons := []testpy.Python{testpy.Newest(t)}
	if os.Getenv("CANTIL_SLOW") == "1" {
		pythons = testpy.All(t)
	} else {
		t.Log("only with the newest; CANTIL_SLOW=1 tests all")
	}
	for _, py := range pythons {
		var all sync.WaitGroup
		for i, r := range requests {
			all.Go(func() {
				r.Target, r.Timeout, r.Want = "f", 4*time.Second, call.Str
				got := once(t, py, r)
				if errors.Is(got.err, call.ErrTimeout) {
					got.Str, got.err = "None", nil
				}
				if printed := got.stdout + got.Str + "\n"; got.err != nil || printed != want[i] || got.took > 6*time.Second {
					t.Errorf("Python %s, after %v: printed %q, want %q; error %v", py.Version, got.took, printed, want[i], got.err)
				}
			})
		}
		all.Wait()
	}
}

// TestReturns calls functions that return in the end, whatever else they do.
func TestReturns(t *testing.T) {
	unix(t)
	started := func(args ...value.Value) []value.Value { return args }
	cases := []struct {
		target, want, stdout, stderr string
		args                         []value.Value
	}{
		{target: "math:sqrt", args: ints(16), want: "4.0"},
		{target: "echo", args: started(value.Str("a"), value.None), want: "(('a', None), {})"},
		{target: "Class.static", args: ints(1), want: "['static', 1]"},
		{target: "Class.Inner.name", want: "'Class.Inner'"},
		{target: "os.path:basename", args: started(value.Str("/a/b")), want: "'b'"},
		{target: "wait", args: ints(1), want: "2"},
		{target: "prints", want: "'value'", stdout: "to stdout\npast Python\nno end of line", stderr: "to stderr\n"},
		{target: "prints_in_threads", want: "'before them'", stdout: "thread 0\nthread 1\nthread 2\n"},
		{target: "reads_stdin", want: "''"},
		{target: "closes_low_files", want: "'still there'"},
		{target: "replaces_streams", want: "1"},
		{target: "forks", want: "False", stdout: "child\nparent\n"},
		{target: "multiprocessing_pool", args: started(value.Str("fork")), want: "[1, 2, 2, 4]"},
		{target: "multiprocessing_pool", args: started(value.Str("spawn")), want: "[1, 2, 2, 4]"},
		{target: "surroundings", want: "('functions', 'functions.py', True, True, True)"},
		{target: "builtins:str", args: started(value.Bytes(strings.Repeat("x", 1<<20)), value.Str("ascii")), want: "'" + strings.Repeat("x", 1<<20) + "'"},
	}
	eachOfTwo(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		for _, c := range cases {
			got := once(t, py, call.Request{Target: c.target, Args: c.args, Want: call.Repr})
			stdout := got.stdout
			if c.target == "prints_in_threads" {
				stdout = sortedLines(stdout)
			}
			if strings.Contains(got.stderr, "DeprecationWarning") { // forks beside threads, from 3.12 on
				got.stderr = ""
			}
			if got.err != nil || got.Repr != c.want || stdout != c.stdout || got.stderr != c.stderr {
				t.Errorf("%s: error %v, value %.100s, stdout %q, stderr %q", c.target, got.err, got.Repr, got.stdout, got.stderr)
			}
		}
	})
}

func sortedLines(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i := range lines {
		for j := i; j > 0 && lines[j] != "" && lines[j] < lines[j-1]; j-- {
			lines[j], lines[j-1] = lines[j-1], lines[j]
		}
	}
	return strings.Join(lines, "")
}

// TestEnds calls functions that never return, and tells how their process ended.
func TestEnds(t *testing.T) {
	unix(t)
	cases := []struct {
		target string
		args   []value.Value
		want   error
	}{
		{"exits", ints(3), &call.Exit{Code: 3}},
		{"exits", ints(0), &call.Exit{}},
		{"exits", ints(-1), &call.Exit{Code: 255}},
		{"exits", []value.Value{nil}, &call.Exit{}},
		{"exits", []value.Value{value.Str("why")}, &call.Exit{Code: 1, Message: "why"}},
		{"leaves", ints(0), &call.Died{}},
		{"leaves", ints(5), &call.Died{Code: 5}},
		{"kills_itself", ints(9), &call.Died{Code: -1, Signal: 9, Name: "SIGKILL"}},
		{"kills_itself", ints(15), &call.Died{Code: -1, Signal: 15, Name: "SIGTERM"}},
		{"crashes", nil, &call.Died{Code: -1, Signal: 11, Name: "SIGSEGV"}},
		{"aborts", nil, &call.Died{Code: -1, Signal: 6, Name: "SIGABRT"}},
		{"closes_files", nil, &call.Died{Code: 113}},
		{"forks_and_dies", nil, &call.Died{Code: 7}},
	}
	eachOfTwo(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		for _, c := range cases {
			got := once(t, py, call.Request{Target: c.target, Args: c.args})
			if diff := cmp.Diff(c.want, got.err); diff != "" {
				t.Errorf("%s%v (-want +got):\n%s%s", c.target, c.args, diff, got.stderr)
			}
			if got.took > 10*time.Second {
				t.Errorf("%s took %v", c.target, got.took)
			}
		}
		if got := once(t, py, call.Request{Target: "kills_its_keeper"}); runtime.GOOS == "linux" && !errors.Is(got.err, run.ErrLost) {
			t.Errorf("killing the shim: %v after %v", got.err, got.took)
		}
		got := once(t, py, call.Request{Target: "writes_everywhere"})
		if got.err == nil || !strings.Contains(got.err.Error(), "damaged") {
			t.Errorf("writing to every descriptor: %v", got.err)
		}
	})
}

// TestTimeouts ends what does not end by itself.
func TestTimeouts(t *testing.T) {
	unix(t)
	py := testpy.Newest(t)
	for _, target := range []string{"sleeps", "stops_itself", "never_returns_from_c"} {
		t.Run(target, func(t *testing.T) {
			t.Parallel()
			r := call.Request{Target: target, Timeout: time.Second}
			if target == "never_returns_from_c" {
				r.Args = []value.Value{value.Str(filepath.Join(t.TempDir(), "started"))}
			}
			got := once(t, py, r)
			if !errors.Is(got.err, call.ErrTimeout) || got.took > 10*time.Second {
				t.Errorf("after %v: %v", got.took, got.err)
			}
		})
	}
	t.Run("a thread goes on", func(t *testing.T) {
		t.Parallel()
		got := once(t, py, call.Request{Target: "thread_goes_on", Timeout: 2 * time.Second, Want: call.Repr})
		if got.err != nil || got.Repr != "1" || got.took > 10*time.Second {
			t.Errorf("after %v: %s, %v", got.took, got.Repr, got.err)
		}
	})
	t.Run("the context ends first", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		_, err := call.Func(ctx, call.Python{Path: py.Path}, call.Request{Target: functions("sleeps"), Timeout: enough})
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, call.ErrTimeout) {
			t.Errorf("error %v", err)
		}
	})
}

var indicators = regexp.MustCompile(`(?m)^ +[~^]+\n`)

// TestTracebacks compares the text with what Python prints by itself, its first frame aside.
func TestTracebacks(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		dir, err := filepath.Abs("testdata")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ call, target, kind, message string }{
			{"fails(0)", "fails", "KeyError", "'there'"},
			{"unprintable()", "unprintable", "functions.unprintable.<locals>.Bad", "<unprintable Bad object>"},
			{"print(bad_str())", "bad_str", "RuntimeError", "no text"},
		} {
			program := "import sys; sys.path.insert(0, sys.argv[1]); from functions import *; " + c.call
			cmd := exec.CommandContext(t.Context(), py.Path, "-c", program, dir)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			_ = cmd.Run() // it fails
			r := call.Request{Target: c.target, Want: call.Str}
			if c.target == "fails" {
				r.Args = ints(0)
			}
			got := once(t, py, r)
			raised, ok := got.err.(*call.Exception)
			if !ok {
				t.Errorf("%s: %v", c.call, got.err)
				continue
			}
			if raised.Message != c.message || raised.Type != c.kind {
				t.Errorf("%s: type %s, message %s", c.call, raised.Type, raised.Message)
			}
			if c.target == "unprintable" && py.Minor < 11 {
				continue // Python itself prints it otherwise than its module traceback
			}
			want := withoutFirstFrame(stderr.String())
			if diff := cmp.Diff(want, indicators.ReplaceAllString(raised.Traceback, "")); diff != "" {
				t.Errorf("%s (-python +ours):\n%s", c.call, diff)
			}
		}
	})
}

func withoutFirstFrame(text string) string {
	own := regexp.MustCompile(`  File "<string>", line 1, in <module>\n(    .*\n)*`)
	return indicators.ReplaceAllString(own.ReplaceAllString(text, ""), "")
}

// TestTargets that are not there, or cannot be imported.
func TestTargets(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"broken.py": "x = (\n", "raises.py": "def f(): pass\nraise ValueError('at import')\n", "needs.py": "import no_such_thing\n",
		"json.py": "def f():\n    import decimal\n    return __name__\n", "sys.py": "def f(): return __name__\n",
		"no_ending": "def f(): return 'found'\n", "pkg/__init__.py": "", "pkg/inner.py": "from . import other\nf = other.f\n", "pkg/other.py": "def f(): return __name__\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cases := map[string]string{
		"absent.py:f": "there is no such file", "absent:f": "there is no module absent", "pkg.absent:f": "there is no module pkg.absent",
		"json.py:g": "json.py has no g", "math:sqrt.x.y": "module math has no sqrt.x", "json.py:__name__": "cannot be called: it is a value of type str",
		"json.py:": "a function is named as", ":f": "a function is named as", "json.py": "a function is named as", "math:a..b": "a part of", "pkg/:f": "no such file",
		"broken.py:f": "SyntaxError", "raises.py:f": "ValueError: at import", "needs.py:f": "ModuleNotFoundError: No module named 'no_such_thing'",
		"pkg/inner.py:f": "ImportError", "json.py:f": "'json'", "sys.py:f": "'_called_sys'", "./no_ending:f": "'found'", "pkg.inner:f": "'pkg.other'", "pkg.other:f": "'pkg.other'",
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		pool := call.NewPool(call.Python{Path: py.Path, Dir: dir}, call.PoolOptions{Size: 1})
		defer pool.Close()
		for target, want := range cases {
			result, err := pool.Call(t.Context(), call.Request{Target: target, Want: call.Repr, Timeout: enough})
			got := result.Repr
			if err != nil {
				got = err.Error()
			}
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s, want %s", target, got, want)
			}
			if raised, ok := err.(*call.Exception); ok && (strings.Contains(raised.Traceback, "cantil") || strings.Contains(raised.Traceback, "<frozen")) {
				t.Errorf("%s: frames of ours in\n%s", target, raised.Traceback)
			}
		}
	})
}

// TestNoPython tells that it cannot be started.
func TestNoPython(t *testing.T) {
	_, err := call.Func(t.Context(), call.Python{Path: filepath.Join(t.TempDir(), "absent")}, call.Request{Target: "math:sqrt"})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one that is fs.ErrNotExist", err)
	}
}

// TestLargeResults of some hundred megabytes arrive whole.
func TestLargeResults(t *testing.T) {
	const size = 1 << 27
	got := once(t, testpy.Newest(t), call.Request{Target: "operator:mul", Args: []value.Value{value.Bytes("x"), value.Int(size)}})
	data, ok := got.Value.(value.Bytes)
	if back := once(t, testpy.Newest(t), call.Request{Target: "builtins:len", Args: []value.Value{data}}); back.Value != value.Value(value.Int(size)) {
		t.Errorf("sent back: %v bytes, %v", back.Value, back.err)
	}
	if got.err != nil || !ok || len(data) != size || strings.Trim(string(data), "x") != "" {
		t.Errorf("%d bytes, %v", len(data), got.err)
	}
}

// TestEarlyOutput: what Python prints before it runs our code is not lost.
func TestEarlyOutput(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "sitecustomize.py"), []byte("import sys\nprint('early')\nsys.stderr.write('and late\\n')\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		for variable, want := range map[string]string{"PYTHONPATH=" + dir: "early\nand late\n", "PYTHONHOME=" + dir: "encodings"} {
			var stdout, stderr bytes.Buffer
			python := call.Python{Path: py.Path, Env: append(os.Environ(), variable), Stdout: &stdout, Stderr: &stderr}
			_, err := call.Func(t.Context(), python, call.Request{Target: "math:sqrt", Args: ints(4), Timeout: enough})
			if all := stdout.String() + stderr.String(); !strings.Contains(all, want) || (err == nil) != (want != "encodings") {
				t.Errorf("%s: %v, printed %q", variable, err, all)
			}
		}
	})
}

// openFiles prints the files that a program finds open.
const openFiles = "import os; print([fd for fd in range(3, 8192) if os.path.exists('/proc/self/fd/%d' % fd)][:-1])"

// TestPrograms that the function starts do not get our pipes.
func TestPrograms(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("looks into /proc of Linux")
	}
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		want := value.Bytes(testpy.Run(t, py, openFiles))
		got := once(t, py, call.Request{Target: "starts_programs", Args: []value.Value{value.Str(openFiles)}})
		if got.err != nil || got.Value != value.Value(want) {
			t.Errorf("a program has the files %v, without a call %v; %v", got.Value, want, got.err)
		}
	})
}

// TestTrees: past the timeout no process is left, also none that left the session or whose
// parent has ended, and that ignores SIGTERM.
func TestTrees(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems cannot tell all that comes of a process")
	}
	py := testpy.Newest(t)
	pool := poolOf(t, py)
	for name, do := range map[string]func(call.Request) error{
		"alone":     func(r call.Request) error { return once(t, py, r).err },
		"in a pool": func(r call.Request) error { _, err := pool.Call(context.Background(), r); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "pids")
			err := do(call.Request{Target: functions("starts_a_tree"), Args: []value.Value{value.Str(path)}, Timeout: 1500 * time.Millisecond})
			if !errors.Is(err, call.ErrTimeout) {
				t.Errorf("error %v", err)
			}
			wantEnded(t, path, 3)
		})
	}
}

// TestLeftBehind: what a function leaves when it returns goes on, but ends with a pool.
func TestLeftBehind(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems cannot tell all that comes of a process")
	}
	py := testpy.Newest(t)
	path := filepath.Join(t.TempDir(), "pid")
	r := call.Request{Target: "leaves_a_child", Args: []value.Value{value.Str(path)}}
	if got := once(t, py, r); got.err != nil {
		t.Fatal(got.err)
	}
	pid := pidsIn(t, path, 1)[0]
	if !run.Alive(pid) {
		t.Error("what the function left behind was ended")
	}
	if left, err := os.FindProcess(pid); err == nil {
		_ = left.Kill()
	}
	path = filepath.Join(t.TempDir(), "pid")
	pool := poolOf(t, py)
	must(t, pool, call.Request{Target: functions(r.Target), Args: []value.Value{value.Str(path)}})
	_ = pool.Close()
	wantEnded(t, path, 1)
}

func pidsIn(t *testing.T, path string, want int) (pids []int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, field := range strings.Fields(string(text)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	if len(pids) != want {
		t.Fatalf("processes %v, want %d", pids, want)
	}
	return pids
}

func wantEnded(t *testing.T, path string, want int) {
	t.Helper()
	for _, pid := range pidsIn(t, path, want) {
		for tries := 0; run.Alive(pid); tries++ {
			if tries == 100 {
				t.Errorf("process %d lives on", pid)
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
}

// TestSignals: a signal that is passed on ends the function as Python ends.
func TestSignals(t *testing.T) {
	unix(t)
	py := testpy.Newest(t)
	for sig, want := range map[os.Signal]error{
		os.Interrupt:    &call.Exception{Type: "KeyboardInterrupt"},
		syscall.SIGTERM: &call.Died{Code: -1, Signal: 15, Name: "SIGTERM"},
	} {
		signals := make(chan os.Signal, 1)
		out, in := io.Pipe()
		go func() {
			_, _ = out.Read(make([]byte, 1)) // it prints: the function runs
			signals <- sig
			_, _ = io.Copy(io.Discard, out)
		}()
		_, err := call.Func(t.Context(), call.Python{Path: py.Path, Stdout: in, Signals: signals}, call.Request{Target: functions("f"), Args: ints(60), Timeout: enough})
		_ = out.Close()
		if raised, ok := err.(*call.Exception); ok {
			raised.Traceback = ""
		}
		if diff := cmp.Diff(want, err); diff != "" {
			t.Errorf("%v (-want +got):\n%s", sig, diff)
		}
	}
}
