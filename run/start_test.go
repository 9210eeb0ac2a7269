package run

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// sh is a spec of a shell script in a new folder.
func sh(t *testing.T, script string) Spec {
	t.Helper()
	shell(t)
	return Spec{Argv: []string{"/bin/sh", "-c", script}, Folder: t.TempDir()}
}

func start(t *testing.T, spec Spec) *Process {
	t.Helper()
	p, err := Start(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ended runs a program to its end, and looks whether exit.json says what Wait does.
func ended(t *testing.T, spec Spec) Outcome {
	t.Helper()
	return wait(t, start(t, spec))
}

func wait(t *testing.T, p *Process) Outcome {
	t.Helper()
	o, err := p.Wait()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := ReadOutcome(p.spec.Folder)
	if err != nil {
		t.Fatal(err)
	}
	if !kept.Ended.Equal(o.Ended) || kept.Code != o.Code || kept.Status != o.Status || kept.Wall != o.Wall {
		t.Errorf("exit.json says %+v, Wait %+v", kept, o)
	}
	return o
}

func content(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never came: %s", what)
		}
	}
}

func TestWaysToEnd(t *testing.T) {
	shell(t)
	for script, want := range map[string]Outcome{
		"exit 0":                     {Status: Exited},
		"exit 3":                     {Status: Exited, Code: 3},
		"exit 255":                   {Status: Exited, Code: 255},
		"kill -TERM $$":              {Status: Signalled, Code: 143, Signal: "SIGTERM"},
		"kill -KILL $$":              {Status: Signalled, Code: 137, Signal: "SIGKILL"},
		"ulimit -c 0; kill -SEGV $$": {Status: Signalled, Code: 139, Signal: "SIGSEGV"},
	} {
		o := ended(t, sh(t, script))
		if o.Status != want.Status || o.Code != want.Code || o.Signal != want.Signal || o.Killed || o.LeftRunning != nil {
			t.Errorf("%q: %+v, want %+v", script, o, want)
		}
	}
}

func TestTheProgramIsStartedAsItWouldBePlainly(t *testing.T) {
	spec := sh(t, `pwd; echo "$A"; cat; cat <&3; echo "$CANTIL_RUN" >&2`)
	spec.Dir = t.TempDir()
	spec.Env = []string{"A=\xffx y", "PATH=" + os.Getenv("PATH")}
	for i, text := range []string{"from stdin\n", "from 3\n"} {
		file, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if _, err := file.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if _, err := file.Seek(0, 0); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			spec.Stdin = file
		} else {
			spec.ExtraFiles = []*os.File{file}
		}
	}
	ended(t, spec)
	want := spec.Dir + "\n\xffx y\nfrom stdin\nfrom 3\n"
	if got := content(t, spec.Folder, StdoutFile); got != want {
		t.Errorf("stdout %q, want %q", got, want)
	}
	if got := content(t, spec.Folder, StderrFile); got != spec.Folder+"\n" {
		t.Errorf("CANTIL_RUN=%q, want %q", got, spec.Folder)
	}
}

func TestNoDescriptorIsLeaked(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc: run it on Linux")
	}
	spec := Spec{Argv: []string{"/bin/ls", "/proc/self/fd"}, Folder: t.TempDir()}
	ended(t, spec)
	plainly, err := exec.Command(spec.Argv[0], spec.Argv[1:]...).Output() // it has what this process was started with
	if got := content(t, spec.Folder, StdoutFile); err != nil || got != string(plainly) {
		t.Errorf("the program has the descriptors %q, plainly %q, %v", got, plainly, err)
	}
}

func TestFiguresAreThoseOfTheKernel(t *testing.T) {
	o := ended(t, sh(t, "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; sleep 0.2"))
	if o.Wall < 0.2 || o.User+o.System < 0.005 || o.User+o.System > o.Wall || !o.Started.Before(o.Ended) {
		t.Errorf("%+v", o)
	}
	if o.PID <= 0 || o.MinorFaults == 0 || o.Waits == 0 {
		t.Errorf("%+v", o)
	}
}

// TestMemoryIsTheProgramsOwn: a large front or shim does not count, a small program is seen as such, and
// a tree adds up.
func TestMemoryIsTheProgramsOwn(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("what is seen of memory while a program runs is told on Linux only")
	}
	t.Parallel()
	ballast := make([]byte, 64<<20)
	for i := range ballast {
		ballast[i] = 1
	}
	if small := ended(t, sh(t, "sleep 0.1")); small.MaxRSS < 500<<10 || small.MaxRSS > 4<<20 {
		t.Errorf("a shell has a peak of %d bytes", small.MaxRSS)
	}
	runtime.KeepAlive(ballast)
	if o := ended(t, sh(t, `x=$(head -c 30000000 /dev/zero | tr '\0' x); sleep 0.3`)); o.MaxRSS < 30e6 || o.MaxRSS > 90e6 {
		t.Errorf("a shell that holds 30 MB has a peak of %d bytes", o.MaxRSS)
	}
	script := `one() { x=$(head -c 30000000 /dev/zero | tr '\0' x); sleep 0.6; }; one & one & wait`
	if o := ended(t, sh(t, script)); o.TreePeak < 60e6 || o.TreePeak > 200e6 || o.MaxRSS > 100e6 {
		t.Errorf("two shells that hold 30 MB each have a peak of %d bytes, the larger one %d", o.TreePeak, o.MaxRSS)
	}
}

func TestAProgramThatCannotBeStarted(t *testing.T) {
	dir := t.TempDir()
	plain := filepath.Join(dir, "plain")
	if err := os.WriteFile(plain, []byte("text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		spec Spec
		want error
		code int
	}{
		{Spec{Argv: []string{filepath.Join(dir, "absent")}, Folder: t.TempDir()}, fs.ErrNotExist, CodeNotFound},
		{Spec{Argv: []string{plain}, Folder: t.TempDir()}, fs.ErrPermission, CodeNotExecutable},
		{Spec{Argv: []string{plain}, Dir: filepath.Join(dir, "absent"), Folder: t.TempDir()}, fs.ErrNotExist, 0},
		{Spec{Argv: []string{plain}, Folder: filepath.Join(dir, "absent")}, fs.ErrNotExist, 0},
		{Spec{Argv: []string{plain}}, nil, 0},
		{Spec{Folder: dir}, nil, 0},
	} {
		p, err := Start(t.Context(), c.spec)
		if err == nil || p != nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%+v: error %v, want one that is %v", c.spec, err, c.want)
		}
		if c.code == 0 {
			continue
		}
		if o, err := ReadOutcome(c.spec.Folder); err != nil || o.Status != FailedToStart || o.Code != c.code || o.Error == "" {
			t.Errorf("%+v: exit.json says %+v, %v", c.spec, o, err)
		}
		assertOnly(t, c.spec.Folder, OutcomeFile, StdoutFile, StderrFile, IndexFile)
	}
}

// assertOnly fails where there is more in a folder, such as temporary files.
func assertOnly(t *testing.T, folder string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.Contains("\n"+strings.Join(want, "\n")+"\n", "\n"+e.Name()+"\n") {
			t.Errorf("%s is left in the folder", e.Name())
		}
	}
}

func TestAfter(t *testing.T) {
	spec := sh(t, "exit 0")
	if runtime.GOOS == "windows" {
		t.Skip("there are no shims on Windows")
	}
	if err := os.WriteFile(filepath.Join(spec.Folder, "want-after"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ended(t, spec)
	eventually(t, "the call after the end", func() bool {
		_, err := os.Stat(filepath.Join(spec.Folder, afterFile))
		return err == nil
	})
}

// TestWithoutShim: a program that does not call Shim must not start itself for ever.
func TestWithoutShim(t *testing.T) {
	shell(t)
	dir, err := os.MkdirTemp(".", "testdata-noshim") // inside the module, so that it finds this package
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	program := `package main
import ("context"; "fmt"; "github.com/cantil-py/cantil/run")
func main() {
	_, err := run.Start(context.Background(), run.Spec{Argv: []string{"/bin/true"}, Folder: "."})
	fmt.Print(err)
}`
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "run", "./"+dir).CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("run.Shim was not called")) {
		t.Errorf("%s, %v", out, err)
	}
}

// TestPath: a program may be called otherwise than its file.
func TestPath(t *testing.T) {
	spec := sh(t, "echo $0")
	spec.Path, spec.Argv[0] = spec.Argv[0], "-called"
	if _, err := start(t, spec).Wait(); err != nil {
		t.Fatal(err)
	}
	out, err := os.ReadFile(filepath.Join(spec.Folder, StdoutFile))
	if err != nil || string(out) != "-called\n" {
		t.Errorf("it is called %q, %v", out, err)
	}
}
