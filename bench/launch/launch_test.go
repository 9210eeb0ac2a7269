//go:build unix

package launch

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if code, is := Main(); is {
		os.Exit(code)
	}
	if role := os.Getenv(treeVariable); role != "" {
		tree(role)
		return
	}
	os.Exit(m.Run())
}

func open(t testing.TB) *Launcher {
	t.Helper()
	l, err := Open(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// shell adds a script for sh.
func shell(t testing.TB, l *Launcher, c Command, script string) int {
	t.Helper()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("NOT TESTED, there is no sh")
	}
	c.Argv, c.Env = []string{sh, "-c", script}, os.Environ()
	n, err := l.Add(c)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCodes(t *testing.T) {
	l := open(t)
	for _, c := range []struct {
		script string
		code   int
	}{{"exit 0", 0}, {"exit 7", 7}, {"kill -9 $$", 137}, {"kill -TERM $$", 143}} {
		u, err := l.Run(t.Context(), shell(t, l, Command{}, c.script), -1)
		if err != nil || u.Code != c.code || u.Wall <= 0 {
			t.Errorf("%s: %+v, %v; want code %d", c.script, u, err, c.code)
		}
	}
}

func TestPadAndInput(t *testing.T) {
	l := open(t)
	input := filepath.Join(t.TempDir(), "input")
	if err := os.WriteFile(input, []byte("hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	n := shell(t, l, Command{Input: input}, `read word; test "$word" = hello && exit ${#CANTIL_PAD}`)
	for _, pad := range []int{0, 1, 77} {
		if u, err := l.Run(t.Context(), n, pad); err != nil || u.Code != pad {
			t.Errorf("pad %d: the program saw %d (%v)", pad, u.Code, err)
		}
	}
	unset := shell(t, l, Command{}, `exit ${CANTIL_PAD+5}`)
	if u, err := l.Run(t.Context(), unset, -1); err != nil || u.Code != 0 {
		t.Errorf("pad -1: %d, %v", u.Code, err)
	}
}

func TestShow(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	l, err := Open(out, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, show := range []bool{false, true} {
		if u, err := l.Run(t.Context(), shell(t, l, Command{Show: show}, "echo shown; echo lost >&2"), -1); err != nil || u.Code != 0 {
			t.Errorf("%+v, %v", u, err)
		}
	}
	if text, err := os.ReadFile(out.Name()); err != nil || string(text) != "shown\n" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestNotStarted(t *testing.T) {
	l := open(t)
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{"/no/such/program": fs.ErrNotExist, text: fs.ErrPermission} {
		n, err := l.Add(Command{Argv: []string{path}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Run(t.Context(), n, -1); !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := l.Add(Command{}); err == nil {
		t.Error("a command without a program was added")
	}
	if _, err := l.Run(t.Context(), 99, -1); err == nil {
		t.Error("a command that was never added ran")
	}
}

// TestTimeout: the whole tree is gone, on Linux also a process that left the session.
func TestTimeout(t *testing.T) {
	l := open(t)
	note := filepath.Join(t.TempDir(), "pid")
	script := "sleep 60 & echo $! > " + note + "; wait"
	if _, err := exec.LookPath("setsid"); err == nil && runtime.GOOS == "linux" {
		script = "setsid sh -c 'echo $$ > " + note + "; exec sleep 60' & wait"
	}
	n := shell(t, l, Command{Timeout: 500 * time.Millisecond}, script)
	began := time.Now()
	u, err := l.Run(t.Context(), n, -1)
	if err != nil || !u.TimedOut || u.Killed || u.Code != 137 || time.Since(began) > 10*time.Second {
		t.Errorf("%+v, %v", u, err)
	}
	gone(t, note)
	if u, err := l.Run(t.Context(), shell(t, l, Command{Timeout: time.Minute}, "true"), -1); err != nil || u.Code != 0 || u.TimedOut {
		t.Errorf("the next run: %+v, %v", u, err)
	}
}

func TestCancel(t *testing.T) {
	l := open(t)
	note := filepath.Join(t.TempDir(), "pid")
	n := shell(t, l, Command{}, "echo $$ > "+note+"; sleep 60")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		waitFor(note)
		cancel()
	}()
	u, err := l.Run(ctx, n, -1)
	if !errors.Is(err, context.Canceled) || !u.Killed {
		t.Errorf("%+v, %v", u, err)
	}
	gone(t, note)
	if u, err := l.Run(t.Context(), shell(t, l, Command{}, "exit 3"), -1); err != nil || u.Code != 3 {
		t.Errorf("the next run: %+v, %v", u, err)
	}
}

// TestOrphan: when nobody is left to ask, the program ends, too.
func TestOrphan(t *testing.T) {
	l, err := Open(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(t.TempDir(), "pid")
	n := shell(t, l, Command{}, "echo $$ > "+note+"; sleep 60")
	go func() { _, _ = l.Run(context.Background(), n, -1) }() // it ends with the launcher
	waitFor(note)
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	gone(t, note)
}

// waitFor waits for a line in a file.
func waitFor(path string) string {
	for range 1000 {
		if text, err := os.ReadFile(path); err == nil && strings.HasSuffix(string(text), "\n") {
			return strings.TrimSpace(string(text))
		}
		time.Sleep(10 * time.Millisecond)
	}
	return ""
}

// gone fails unless the process named in the file ends within seconds.
func gone(t *testing.T, note string) {
	t.Helper()
	pid, err := strconv.Atoi(waitFor(note))
	if err != nil {
		t.Fatal(err)
	}
	for range 500 {
		if syscall.Kill(pid, 0) != nil || zombie(pid) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d still runs", pid)
}

func zombie(pid int) bool {
	stat, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return strings.Contains(string(stat), ") Z ")
}

// TestPeak: a parent that holds much, and a large program before, leave no trace in the peak of a small one.
func TestPeak(t *testing.T) {
	const large = 300 << 20
	held := make([]byte, large)
	for i := 0; i < len(held); i += 4096 {
		held[i] = 1
	}
	l := open(t)
	big := shell(t, l, Command{}, `x=$(head -c 60000000 /dev/zero | tr '\0' x); exit 0`)
	small := shell(t, l, Command{}, "exit 0")
	first, err := l.Run(t.Context(), big, -1)
	if err != nil || first.Code != 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	second, err := l.Run(t.Context(), small, -1)
	if err != nil {
		t.Fatal(err)
	}
	if first.Peak < 60_000_000 || second.Peak > 20<<20 || second.Floor > 20<<20 {
		t.Errorf("peaks of %d and %d bytes, floor %d", first.Peak, second.Peak, second.Floor)
	}
	t.Logf("large: %d, small: %d, floor %d", first.Peak, second.Peak, second.Floor)
	runtime.KeepAlive(held)
}

// TestFloor: the peak of a program that is smaller than the launcher is never taken for its own.
func TestFloor(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: only Linux counts the parent's memory into a child's")
	}
	l := open(t)
	small := shell(t, l, Command{}, "exit 0")
	const margin = 256 << 10 // the kernel counts pages in batches
	for i := range 200 {
		u, err := l.Run(t.Context(), small, i)
		if err != nil || u.Peak > u.Floor+margin {
			t.Fatalf("run %d: a peak of %d, the launcher's is %d (%v)", i, u.Peak, u.Floor, err)
		}
	}
}

func TestTimes(t *testing.T) {
	l := open(t)
	busy := shell(t, l, Command{}, "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done")
	idle := shell(t, l, Command{}, "sleep 0.2")
	b, err := l.Run(t.Context(), busy, -1)
	if err != nil {
		t.Fatal(err)
	}
	i, err := l.Run(t.Context(), idle, -1)
	if err != nil {
		t.Fatal(err)
	}
	if i.Wall < 200*time.Millisecond || i.User+i.System > i.Wall/2 || b.User == 0 || b.User+b.System > b.Wall*11/10 {
		t.Errorf("busy %+v\nidle %+v", b, i)
	}
	cost, err := l.Cost(t.Context(), 20)
	if err != nil || len(cost) != 20 || cost[0] <= 0 {
		t.Errorf("%v, %v", cost, err)
	}
}

// BenchmarkRun is a program that does nothing, started and collected.
func BenchmarkRun(b *testing.B) {
	l := open(b)
	path, err := exec.LookPath("true")
	if err != nil {
		b.Skip("NOT MEASURED, there is no program true")
	}
	n, err := l.Add(Command{Argv: []string{path}, Env: os.Environ()})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := l.Run(b.Context(), n, 100); err != nil {
			b.Fatal(err)
		}
	}
}
