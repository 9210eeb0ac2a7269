//go:build unix

package run

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// treeProgram makes a tree of processes as its arguments say, tells that it stands by a file, and sleeps. All have the
// last argument, by which the test finds them.
const treeProgram = `
import os, signal, sys, time
def nap():
    while True: time.sleep(60)
def child(f):
    if os.fork() == 0:
        try: f()
        finally: os._exit(0)
def daemon():
    os.setsid()
    child(lambda: os.execve(sys.executable, [sys.executable, "-c", "import time\nwhile True: time.sleep(60)", sys.argv[-1]], {}))
def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    nap()
def restless():
    while True:
        if os.fork(): os._exit(0)
        time.sleep(0.002)
def stopped():
    os.kill(os.getpid(), signal.SIGSTOP)
    nap()
for kind in sys.argv[1:-1]:
    if kind == "fork": child(nap)
    if kind == "setsid": child(lambda: (os.setsid(), nap()))
    if kind == "daemon": child(daemon)
    if kind == "deaf": child(deaf)
    if kind == "restless": child(restless)
    if kind == "stopped": child(stopped)
    if kind == "deaf-itself": signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if kind == "tells": signal.signal(signal.SIGTERM, lambda *a: (print("told", flush=True), os._exit(7)))
time.sleep(0.1)
print("stands", flush=True)
if "stops-itself" in sys.argv: os.kill(os.getpid(), signal.SIGSTOP)
if "returns" in sys.argv: sys.exit(0)
nap()
`

// tree is a spec of treeProgram, and the word by which its processes are found.
func tree(t *testing.T, kinds ...string) (Spec, string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("finds the processes of a tree in /proc: run it on Linux")
	}
	word := "cantil-test-" + rand.Text()
	t.Cleanup(func() {
		for _, pid := range living(word) {
			t.Errorf("process %d of the tree is left", pid)
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	argv := append([]string{testpy.Newest(t).Path, "-c", treeProgram}, kinds...)
	return Spec{Argv: append(argv, word), Folder: t.TempDir(), Grace: 300 * time.Millisecond}, word
}

// living lists the processes with a word among their arguments. One in state Z is dead.
func living(word string) []int {
	all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var pids []int
	for _, path := range all {
		args, err := os.ReadFile(path)
		pid, _ := strconv.Atoi(strings.Split(path, "/")[2])
		if err == nil && bytes.HasSuffix(args, []byte(word+"\x00")) && Alive(pid) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// stands waits until the tree is complete.
func stands(t *testing.T, spec Spec) {
	t.Helper()
	eventually(t, "the tree", func() bool {
		out, _ := os.ReadFile(filepath.Join(spec.Folder, StdoutFile))
		return bytes.Contains(out, []byte("stands"))
	})
}

func assertNone(t *testing.T, word string) {
	t.Helper()
	if left := living(word); left != nil {
		t.Errorf("processes %d are left", left)
	}
}

func TestATimeoutEndsTheWholeTree(t *testing.T) {
	for _, c := range []struct {
		kinds  string
		code   int
		signal string
		killed bool
	}{
		{"fork setsid daemon", CodeTimedOut, "SIGTERM", false},
		{"tells fork", CodeTimedOut, "", false},
		{"stopped stops-itself", CodeTimedOut, "SIGTERM", false},
		{"deaf daemon", CodeTimedOut, "SIGTERM", true},
		{"deaf-itself fork", 137, "SIGKILL", true},
		{"restless restless deaf", CodeTimedOut, "SIGTERM", true},
	} {
		t.Run(c.kinds, func(t *testing.T) {
			t.Parallel()
			spec, word := tree(t, strings.Fields(c.kinds)...)
			spec.Timeout = 700 * time.Millisecond
			o := ended(t, spec)
			assertNone(t, word)
			if o.Status != TimedOut || o.Code != c.code || o.Signal != c.signal || o.LeftRunning != nil {
				t.Errorf("%+v", o)
			}
			if o.Killed != c.killed && !strings.Contains(c.kinds, "restless") { // which may be seen at the right moment, or not
				t.Errorf("killed: %v", o.Killed)
			}
			if o.Wall < 0.7 || o.Wall > 5 {
				t.Errorf("it took %v s", o.Wall)
			}
		})
	}
}

func TestAStopEndsTheWholeTree(t *testing.T) {
	stops := map[string]func(*Process) error{
		"by its process":   func(p *Process) error { return p.Stop(p.spec.Grace) },
		"by the shim's id": func(p *Process) error { s, _ := processOf(p.ShimPID()); return Stop(p.ShimPID(), s.start) },
	}
	for name, stop := range stops {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, word := tree(t, "fork", "daemon", "deaf", "stopped", "tells")
			p := start(t, spec)
			stands(t, spec)
			if err := stop(p); err != nil {
				t.Fatal(err)
			}
			o := wait(t, p)
			assertNone(t, word)
			if o.Status != Stopped || o.Code != 7 || !o.Killed || !strings.HasSuffix(content(t, spec.Folder, StdoutFile), "told\n") {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestStopKnowsTheShimFromALaterProcess(t *testing.T) {
	if err := Stop(os.Getpid(), "another start"); err == nil {
		t.Error("stopped a process that started at another time")
	}
	if err := Stop(1<<30, "1"); err == nil {
		t.Error("stopped a process that there is not")
	}
}

// TestWhatOutlivesTheProgramIsLeftAlone: it is not waited for, it is told of, what it writes is kept, and can still be stopped.
func TestWhatOutlivesTheProgramIsLeftAlone(t *testing.T) {
	spec := sh(t, `(sleep 0.6; echo later; sleep 60) & echo now`)
	spec.Grace = 100 * time.Millisecond
	began := time.Now()
	p := start(t, spec)
	o := wait(t, p)
	if o.Code != 0 || o.Wall > 0.5 || time.Since(began) > 2*time.Second || len(o.LeftRunning) == 0 || o.StdoutBytes != 4 {
		t.Errorf("after %v: %+v", time.Since(began), o)
	}
	eventually(t, "what is written later", func() bool { return content(t, spec.Folder, StdoutFile) == "now\nlater\n" })
	shim, _ := processOf(p.ShimPID())
	if err := Stop(p.ShimPID(), shim.start); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of what is left", func() bool { return !Alive(o.LeftRunning[0]) && !Alive(p.ShimPID()) })
}

// TestAHeldPipeHangsNobody: a child that holds the pipe, and floods it, does not keep the run from ending.
func TestAHeldPipeHangsNobody(t *testing.T) {
	spec := sh(t, `(yes & echo $! >&2; exec >&-); echo first`)
	spec.Grace = 50 * time.Millisecond
	began := time.Now()
	p := start(t, spec)
	o := wait(t, p)
	if took := time.Since(began); took > 5*time.Second || o.Code != 0 || len(o.LeftRunning) == 0 {
		t.Errorf("after %v: %+v", took, o)
	}
	shim, _ := processOf(p.ShimPID())
	if err := Stop(p.ShimPID(), shim.start); err != nil {
		t.Error(err)
	}
	eventually(t, "the end of what is left", func() bool { return !Alive(p.ShimPID()) })
}

// TestChildrenThatEndWithTheProgram are neither left running nor lost.
func TestChildrenThatEndWithTheProgram(t *testing.T) {
	spec := sh(t, `(sleep 0.01; echo last) & echo first`)
	if o := ended(t, spec); o.LeftRunning != nil || content(t, spec.Folder, StdoutFile) != "first\nlast\n" {
		t.Errorf("%+v", o)
	}
}

func TestAKilledShimLeavesNothingRunning(t *testing.T) {
	spec, word := tree(t, "fork", "setsid", "deaf", "stopped", "tells")
	spec.Adopt = true
	p := start(t, spec)
	stands(t, spec)
	if err := syscall.Kill(p.ShimPID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(); err != ErrLost {
		t.Errorf("error %v, want ErrLost", err)
	}
	assertNone(t, word)
	if _, err := ReadOutcome(spec.Folder); !os.IsNotExist(err) {
		t.Errorf("a lost run has an outcome: %v", err)
	}
}
