//go:build unix

package testuser

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	// nobody is a user who owns nothing, on every system.
	nobody = 65534
	// patience bounds a test in another process, which takes far less than a second.
	patience = time.Minute
)

// runAsOther runs the test once more, as nobody: this program, copied to where that user may read it.
func runAsOther(t *testing.T) {
	t.Helper()
	folder, err := os.MkdirTemp("", "testuser")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	program := filepath.Join(folder, "test")
	copyProgram(t, program)
	if err := os.Chown(folder, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, "-test.run", "^"+t.Name()+"$", "-test.v", "-test.timeout", patience.String())
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "TMPDIR="+folder, "HOME="+folder)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	switch {
	case err != nil:
		t.Fatalf("as user %d: %v\n%s", nobody, err, out)
	case strings.Contains(string(out), "--- SKIP: "+t.Name()):
		t.Skipf("as user %d:\n%s", nobody, out)
	case !strings.Contains(string(out), "--- PASS: "+t.Name()):
		t.Fatalf("as user %d it did not run:\n%s", nobody, out)
	}
}

func copyProgram(t *testing.T, to string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, from); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
