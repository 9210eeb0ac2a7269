//go:build unix

package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// marking is a program that notes its beginning and its end.
const marking = `import os, sys, time
def mark(what):
    f = os.open("marks", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(f, (what + " " + sys.argv[1] + "\n").encode())
    os.close(f)
mark("begin")
time.sleep(int(sys.argv[1]) % 7 * 0.005)
mark("end")
`

// killing is a sweep that is killed again and again.
type killing struct {
	*testing.T
	dir, python string
	points      int
	chance      *rand.Rand
}

// TestSweepIsKilled: a sweep whose front is killed at any moment, and resumed, runs each program once.
func TestSweepIsKilled(t *testing.T) {
	points, kills := 24, 3
	if os.Getenv("CANTIL_SLOW") == "1" {
		points, kills = 500, 10
	} else {
		t.Log("24 points and 3 kills here; CANTIL_SLOW=1 has 500 and 10")
	}
	k := newKilling(t, points)
	k.run(kills, func(front *exec.Cmd) { _ = front.Process.Kill() })
	marks := k.marks()
	for n := range points {
		for _, what := range []string{"begin", "end"} {
			if got := marks[fmt.Sprintf("%s %d", what, n)]; got != 1 {
				t.Errorf("point %d has %d marks of its %s", n, got, what)
			}
		}
	}
}

// TestSweepIsKilledWithItsShims: the same where all that keeps the runs is killed as well: what was lost is run again, and each
// point is done once.
func TestSweepIsKilledWithItsShims(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("finding the shims of a front is for Linux")
	}
	points, kills := 16, 2
	if os.Getenv("CANTIL_SLOW") == "1" {
		points, kills = 200, 10
	} else {
		t.Log("16 points and 2 kills here; CANTIL_SLOW=1 has 200 and 10")
	}
	k := newKilling(t, points)
	killed := 0
	k.run(kills, func(front *exec.Cmd) {
		shims := childrenOf(front.Process.Pid)
		_ = front.Process.Kill()
		for _, pid := range shims {
			if syscall.Kill(pid, syscall.SIGKILL) == nil { // else it has ended
				killed++
			}
		}
	})
	if killed == 0 {
		t.Error("no shim was killed")
	}
	marks := k.marks()
	for n := range points {
		if marks[fmt.Sprintf("end %d", n)] < 1 {
			t.Errorf("point %d has not come to its end", n)
		}
	}
}

// childrenOf are the processes that any thread of a process started.
func childrenOf(pid int) []int {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is good
	var pids []int
	for _, list := range lists {
		children, _ := os.ReadFile(list) // the thread may be gone
		for _, field := range strings.Fields(string(children)) {
			if n, err := strconv.Atoi(field); err == nil {
				pids = append(pids, n)
			}
		}
	}
	return pids
}

func newKilling(t *testing.T, points int) *killing {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("the seed of the moments is %d", seed)
	dir, err := os.MkdirTemp("", "sweep-kill-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for deadline := time.Now().Add(10 * time.Second); os.RemoveAll(dir) != nil && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond) // the last shims still tidy up
		}
	})
	if err := os.WriteFile(filepath.Join(dir, "marking.py"), []byte(marking), 0o600); err != nil {
		t.Fatal(err)
	}
	return &killing{t, dir, testpy.Newest(t).Path, points, rand.New(rand.NewPCG(seed, 0))}
}

// cantil is the real program.
func (k *killing) cantil(args ...string) *exec.Cmd {
	k.Helper()
	self, err := os.Executable() // with this name in front it is cantil, see TestMain
	if err != nil {
		k.Fatal(err)
	}
	cmd := &exec.Cmd{Path: self, Args: append([]string{"cantil"}, args...), Dir: k.dir}
	cmd.Env = append(os.Environ(), "CANTIL_DIR="+filepath.Join(k.dir, ".cantil"))
	return cmd
}

// run starts the sweep, kills it so many times after some more points, and lets it come to its end.
func (k *killing) run(kills int, kill func(*exec.Cmd)) {
	k.Helper()
	args := []string{"sweep", "--python", k.python, "--grid", fmt.Sprintf("n=0:%d", k.points-1), "--jobs", "2", "--no-check", "marking.py", "--", "{n}"}
	for i := range kills {
		before := len(k.marks())
		cmd := k.cantil(args...)
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			k.Fatal(err)
		}
		more := k.chance.IntN(2*k.points/kills + 1) // of the two marks that a point makes
		if i == 0 {
			more = max(1, more)
		}
		for deadline := time.Now().Add(30 * time.Second); len(k.marks()) < min(before+more, 2*k.points-2) && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(k.chance.IntN(30_000)) * time.Microsecond)
		kill(cmd)
		if err := cmd.Wait(); err == nil {
			k.Logf("it had come to its end before kill %d", i+1)
		} else if strings.Contains(said.String(), "cantil: ") && strings.Contains(err.Error(), "exit status 12") {
			k.Fatalf("%v\n%s", err, &said)
		}
		args = []string{"sweep", "--resume", "@last"}
	}
	if out, err := k.cantil(args...).CombinedOutput(); err != nil {
		k.Fatalf("resumed for the last time: %v\n%s", err, out)
	}
	k.check()
}

// check looks at what is kept: each point is done, by one run.
func (k *killing) check() {
	k.Helper()
	out, err := k.cantil("sweep", "show", "--json").Output()
	if err != nil {
		k.Fatal(err)
	}
	var report struct {
		Counts struct{ All, Done int }
		Points []struct{ ID, Run string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		k.Fatal(err)
	}
	if report.Counts.All != k.points || report.Counts.Done != k.points {
		k.Errorf("of %d points %d are done, should be %d", report.Counts.All, report.Counts.Done, k.points)
	}
	if out, err = k.cantil("runs", "list", "--status", "ok", "--json").Output(); err != nil {
		k.Fatal(err)
	}
	var runs []struct{ Tags []string }
	if err := json.Unmarshal(out, &runs); err != nil {
		k.Fatal(err)
	}
	done := map[string]int{}
	for _, r := range runs {
		done[r.Tags[0]]++ // point: comes before sweep:
	}
	for _, p := range report.Points {
		if done["point:"+p.ID] != 1 {
			k.Errorf("point %s has %d runs that are done", p.ID, done["point:"+p.ID])
		}
	}
}

// marks counts the lines of the file of marks.
func (k *killing) marks() map[string]int {
	k.Helper()
	data, err := os.ReadFile(filepath.Join(k.dir, "marks"))
	if err != nil && !os.IsNotExist(err) {
		k.Fatal(err)
	}
	counts := map[string]int{}
	for line := range strings.Lines(string(data)) {
		counts[strings.TrimSpace(line)]++
	}
	return counts
}
