package app

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/profile/sampler"
	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// TestUnreadable: a process that cannot be read is told in one line, with what to do.
func TestUnreadable(t *testing.T) {
	argv := []string{"cantil", "dump", "42", "--locals"}
	refused := &remote.PermissionError{PID: 42, Missing: "it belongs to user 0 and this is user 7", Fix: withSudo}
	got := unreadable(42, fmt.Errorf("opening: %w", refused), argv)
	var known *Unreadable
	if !errors.As(got, &known) {
		t.Fatalf("%T is no Unreadable", got)
	}
	if got.Error() != "process 42 may not be read: it belongs to user 0 and this is user 7" {
		t.Errorf("message %q", got)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if want := "sudo " + self + " dump 42 --locals"; known.Hint != want {
		t.Errorf("hint %q, want %q", known.Hint, want)
	}
	if plain := errors.New("a full disk"); unreadable(42, plain, argv) != plain {
		t.Error("an error of another kind is changed")
	}
}

// TestUnreadableReal: the errors of real processes.
func TestUnreadableReal(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reading processes is possible on Linux only")
	}
	sleeper := exec.Command("sleep", "60")
	if err := sleeper.Start(); err != nil {
		t.Fatal(err)
	}
	pid := sleeper.Process.Pid
	_, err := sampler.Open(pid, sampler.Options{})
	checkUnreadable(t, unreadable(pid, err, nil), "is no CPython")
	if err := sleeper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := sleeper.Wait(); err == nil {
		t.Fatal("the killed program ended well")
	}
	_, err = sampler.Open(pid, sampler.Options{})
	checkUnreadable(t, unreadable(pid, err, nil), "there is no process")
}

func checkUnreadable(t *testing.T, err error, want string) {
	t.Helper()
	var known *Unreadable
	if !errors.As(err, &known) || !strings.Contains(err.Error(), want) || known.Hint == "" {
		t.Errorf("got %T %v, want an Unreadable with a hint that says %q", err, err, want)
	}
}
