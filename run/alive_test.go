package run

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

func shell(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a Unix shell: run it on Linux or macOS")
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
