//go:build unix

package cli

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// waiting is a program that waits for a file, and notes how it is.
const waiting = `import os, sys, time
def mark(what):
    with open("marks", "a") as f:
        f.write(what + " " + sys.argv[1] + "\n")
mark("begin")
while not os.path.exists("gate"):
    time.sleep(0.01)
mark("end")
`

// TestSweepIsInterrupted: Ctrl-C ends the programs, starts no more, and the sweep can be resumed.
func TestSweepIsInterrupted(t *testing.T) {
	k := newKilling(t, 5)
	if err := os.WriteFile(filepath.Join(k.dir, "waiting.py"), []byte(waiting), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := k.cantil("sweep", "--python", k.python, "--grid", "n=1:5", "--jobs", "2", "--no-check", "waiting.py", "--", "{n}")
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); len(k.marks()) < 2 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != codeInterrupted {
		t.Fatalf("it ended with %v\n%s", err, &said)
	}
	if want := "cantil: 0 of 5 points are done, 2 stopped, 3 not started; to go on: cantil sweep --resume "; !strings.Contains(said.String(), want) {
		t.Errorf("it said\n%s and not %q", &said, want)
	}
	if marks := k.marks(); len(marks) != 2 {
		t.Errorf("when it had ended there were the marks %v", marks)
	}
	if err := os.WriteFile(filepath.Join(k.dir, "gate"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := k.cantil("sweep", "--resume", "@last").CombinedOutput(); err != nil {
		t.Fatalf("resumed: %v\n%s", err, out)
	}
	k.check()
}

// TestOneSweepAtATime: a sweep that runs cannot be resumed by another.
func TestOneSweepAtATime(t *testing.T) {
	k := newKilling(t, 1)
	if err := os.WriteFile(filepath.Join(k.dir, "waiting.py"), []byte(waiting), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := k.cantil("sweep", "--python", k.python, "--repeat", "1", "--no-check", "waiting.py", "--", "{repeat}")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); len(k.marks()) < 1 && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	out, err := k.cantil("sweep", "--resume", "@last").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "another cantil runs this sweep") {
		t.Errorf("while it ran another one took it up: %v\n%s", err, out)
	}
	if err := os.WriteFile(filepath.Join(k.dir, "gate"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	k.check()
}
