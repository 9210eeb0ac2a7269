package remote

import (
	"errors"
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

// busyShell is a process that is never idle, ended with the test.
func busyShell(t *testing.T) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sh", "-c", "while :; do :; done")
	if err := cmd.Start(); err != nil {
		t.Skipf("no shell to run: %v", err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return cmd
}

// stateOf is the letter of a process's state: R, S, t where it is stopped by a tracer.
func stateOf(t *testing.T, pid int) byte {
	t.Helper()
	state := status(filepath.Join("/proc", strconv.Itoa(pid)))["State"]
	if state == "" {
		t.Fatalf("process %d has ended", pid)
	}
	return state[0]
}

// onThread runs f on a thread of its own, which ends with it.
func onThread(f func()) {
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		defer close(done)
		f()
	}()
	<-done
}

// TestPause stops a busy process and lets it go on; while it is traced nobody else may
// trace it, and is told who does.
func TestPause(t *testing.T) {
	cmd := busyShell(t)
	onThread(func() {
		p, q := open(t, cmd.Process.Pid), open(t, cmd.Process.Pid)
		if err := p.Pause(); err != nil {
			t.Error(err)
			return
		}
		if state := stateOf(t, p.pid); state != 't' {
			t.Errorf("paused, it is %c", state)
		}
		onThread(func() {
			var refused *PermissionError
			err := q.Pause()
			if !errors.As(err, &refused) || !strings.Contains(refused.Missing, "traces it already") || !strings.Contains(refused.Missing, strconv.Itoa(os.Getpid())) {
				t.Errorf("pausing what is traced: %v", err)
			}
		})
		p.Resume()
		if state := stateOf(t, p.pid); state != 'R' {
			t.Errorf("resumed, it is %c", state)
		}
	})
}

func open(t *testing.T, pid int) *Process {
	t.Helper()
	p, err := Open(pid)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// TestPauserDies: whoever dies while it pauses a process, by SIGKILL, leaves it running.
func TestPauserDies(t *testing.T) {
	if pid := os.Getenv("CANTIL_TEST_PAUSE"); pid != "" {
		n, err := strconv.Atoi(pid)
		if err != nil {
			t.Fatal(err)
		}
		runtime.LockOSThread()
		if err := open(t, n).Pause(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		return
	}
	cmd := busyShell(t)
	pauser := exec.Command(os.Args[0], "-test.run", "TestPauserDies")
	pauser.Env = append(os.Environ(), "CANTIL_TEST_PAUSE="+strconv.Itoa(cmd.Process.Pid))
	if err := pauser.Start(); err != nil {
		t.Fatal(err)
	}
	wait := func(want byte) {
		t.Helper()
		deadline := time.Now().Add(30 * time.Second)
		for stateOf(t, cmd.Process.Pid) != want {
			if time.Now().After(deadline) {
				t.Fatalf("it is %c, want %c", stateOf(t, cmd.Process.Pid), want)
			}
			time.Sleep(time.Millisecond)
		}
	}
	wait('t')
	if err := pauser.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	pauser.Wait()
	wait('R')
}

// TestPauseOfStopped: a process that was stopped by the user stays so.
func TestPauseOfStopped(t *testing.T) {
	cmd := busyShell(t)
	if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	onThread(func() {
		p := open(t, cmd.Process.Pid)
		for deadline := time.Now().Add(10 * time.Second); stateOf(t, p.pid) != 'T' && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		for range 20 {
			if err := p.Pause(); err != nil {
				t.Error(err)
			}
			p.Resume()
		}
		time.Sleep(50 * time.Millisecond)
		if state := stateOf(t, p.pid); state != 'T' {
			t.Errorf("after pauses it is %c, and was stopped before", state)
		}
		if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
			t.Error(err)
		}
		for deadline := time.Now().Add(10 * time.Second); stateOf(t, p.pid) != 'R'; {
			if time.Now().After(deadline) {
				t.Errorf("told to go on it is %c", stateOf(t, p.pid))
				return
			}
			time.Sleep(time.Millisecond)
		}
	})
}
