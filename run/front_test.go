//go:build unix

package run

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// frontCommand is a front of the tests in a session of its own, so that no terminal of ours meddles.
func frontCommand(t *testing.T, spec Spec) *exec.Cmd {
	t.Helper()
	encoded, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), frontVariable+"="+string(encoded))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd
}

func TestSignalsArePassedOn(t *testing.T) {
	for signal, name := range map[syscall.Signal]string{
		syscall.SIGINT: "INT", syscall.SIGTERM: "TERM", syscall.SIGHUP: "HUP", syscall.SIGQUIT: "QUIT", syscall.SIGUSR1: "USR1",
	} {
		front := frontCommand(t, sh(t, `trap 'echo `+name+`; exit 9' `+name+`; echo ready; while :; do sleep 0.02; done`))
		out, err := front.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := front.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewReader(out)
		if line, err := lines.ReadString('\n'); line != "ready\n" || err != nil {
			t.Fatalf("%q, %v", line, err)
		}
		if err := front.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		rest, _ := io.ReadAll(lines) // an error shows in what was read
		_ = front.Wait()             // the exit code is looked at
		if string(rest) != name+"\n" || front.ProcessState.ExitCode() != 9 {
			t.Errorf("%s: the program printed %q, exit code %d", name, rest, front.ProcessState.ExitCode())
		}
	}
}

// TestIgnoredSignals: under nohup the program ignores SIGHUP, too.
func TestIgnoredSignals(t *testing.T) {
	front := frontCommand(t, sh(t, `kill -HUP $$; echo lives`))
	front.Args = append([]string{"nohup"}, front.Args...)
	var err error
	if front.Path, err = exec.LookPath("nohup"); err != nil {
		t.Skip("NOT TESTED: there is no nohup")
	}
	if out, err := front.Output(); string(out) != "lives\n" || err != nil {
		t.Errorf("%q, %v", out, err)
	}
}

// TestHead: when the reader of our stdout has seen enough, the program ends as it would plainly.
func TestHead(t *testing.T) {
	spec := sh(t, "exec yes")
	front := frontCommand(t, spec)
	out, err := front.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := front.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	out.Close()
	ended := make(chan error, 1)
	go func() { ended <- front.Wait() }()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		_ = front.Process.Kill()
		t.Fatal("the front does not end")
	}
	if o, err := ReadOutcome(spec.Folder); err != nil || o.Signal != "SIGPIPE" || front.ProcessState.ExitCode() != 128+int(syscall.SIGPIPE) {
		t.Errorf("%+v, %v, exit code %d", o, err, front.ProcessState.ExitCode())
	}
}

// TestTheRunOutlivesItsFront, and can be followed and stopped without it.
func TestTheRunOutlivesItsFront(t *testing.T) {
	spec := sh(t, `echo one; while [ ! -e go ]; do sleep 0.01; done; echo two; exit 6`)
	spec.Dir = t.TempDir()
	front := frontCommand(t, spec)
	if err := front.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the first line", func() bool {
		out, _ := os.ReadFile(spec.Folder + "/" + StdoutFile)
		return string(out) == "one\n"
	})
	_ = front.Process.Kill()
	_ = front.Wait() // it was killed
	var shown strings.Builder
	followed := make(chan error, 1)
	go func() { followed <- Follow(t.Context(), spec.Folder, &shown, nil, nil) }()
	if err := os.WriteFile(spec.Dir+"/go", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := <-followed; err != nil || shown.String() != "one\ntwo\n" {
		t.Errorf("%q, %v", shown.String(), err)
	}
	if o, err := ReadOutcome(spec.Folder); err != nil || o.Code != 6 {
		t.Errorf("%+v, %v", o, err)
	}
}
