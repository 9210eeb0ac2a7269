package run

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

func shell(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a Unix shell: run it on Linux or macOS")
	}
}

func TestResults(t *testing.T) {
	shell(t)
	for script, want := range map[string]int{"exit 0": 0, "exit 3": 3, "kill -TERM $$": 143, "kill -KILL $$": 137} {
		result, err := Run(t.Context(), Command{Argv: []string{"/bin/sh", "-c", script}})
		if err != nil {
			t.Fatal(err)
		}
		if result.ExitCode() != want {
			t.Errorf("%q: exit code %d, want %d", script, result.ExitCode(), want)
		}
		if want > 128 && (result.SignalName == "" || result.Code != -1) {
			t.Errorf("%q: %+v", script, result)
		}
	}
}

func TestFigures(t *testing.T) {
	shell(t)
	var out bytes.Buffer
	var pid int
	result, err := Run(t.Context(), Command{
		Argv: []string{"/bin/sh", "-c", "echo $HERE; pwd; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; sleep 0.2"},
		Dir:  t.TempDir(), Env: []string{"HERE=there", "PATH=" + os.Getenv("PATH")}, Stdout: &out, Started: func(p int) { pid = p },
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "there\n") || pid != result.PID {
		t.Errorf("output %q, pid %d and %d", out.String(), pid, result.PID)
	}
	if result.Wall < 200*time.Millisecond || result.User+result.System <= 0 || result.User+result.System > result.Wall {
		t.Errorf("wall %v, user %v, system %v", result.Wall, result.User, result.System)
	}
	if result.MaxRSS < 100<<10 || !result.Ended.After(result.Started) {
		t.Errorf("%+v", result)
	}
}

func TestCannotStart(t *testing.T) {
	_, err := Run(t.Context(), Command{Argv: []string{filepath.Join(t.TempDir(), "absent")}})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want one that is fs.ErrNotExist", err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), Command{Argv: []string{plain}}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("error %v, want one that is fs.ErrPermission", err)
	}
}

// TestCancel ends a program that does not end by itself.
func TestCancel(t *testing.T) {
	shell(t)
	ctx, cancel := context.WithCancel(t.Context())
	result, err := Run(ctx, Command{Argv: []string{"/bin/sh", "-c", "exec sleep 60"}, Started: func(int) { cancel() }})
	if err != nil || result.SignalName != "SIGTERM" {
		t.Errorf("%+v, %v", result, err)
	}
}

// TestRelay passes signals on, so that the program ends first and we can tell how.
func TestRelay(t *testing.T) {
	shell(t)
	for _, signal := range []string{"INT", "TERM", "HUP"} {
		script := `trap 'echo ` + signal + `; exit 9' ` + signal + `; echo ready; while :; do sleep 0.05; done`
		front := exec.Command(os.Args[0])
		front.Env = append(os.Environ(), "RUN_TEST_FRONT="+script)
		newSession(front) // no terminal of ours, which would have sent the signal itself
		out, err := front.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := front.Start(); err != nil {
			t.Fatal(err)
		}
		read := make([]byte, 100)
		if _, err := out.Read(read); err != nil {
			t.Fatal(err)
		}
		if err := exec.Command("kill", "-"+signal, strconv.Itoa(front.Process.Pid)).Run(); err != nil {
			t.Fatal(err)
		}
		n, _ := out.Read(read)
		_ = front.Wait()
		if got := string(read[:n]); got != signal+"\n" || front.ProcessState.ExitCode() != 9 {
			t.Errorf("%s: the program printed %q, exit code %d", signal, got, front.ProcessState.ExitCode())
		}
	}
}

func TestAlive(t *testing.T) {
	if !Alive(os.Getpid()) || Alive(0) || Alive(-1) {
		t.Error("this process lives; 0 and -1 are none")
	}
	shell(t)
	cmd := exec.Command("/bin/sh", "-c", "exit 0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for Alive(cmd.Process.Pid) { // it ends, and nobody has collected it: a zombie
		time.Sleep(time.Millisecond)
	}
	_ = cmd.Wait()
	if Alive(cmd.Process.Pid) {
		t.Error("alive after its end")
	}
}
