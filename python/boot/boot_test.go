package boot_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/profile/parts"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/python/boot"
)

// ended is what became of a program, and the profile it left.
type ended struct {
	stdout, stderr string
	code           int // -1 for a signal
	state          string
	processes      []parts.Process
	folder         string // of the parts
}

// home installs the bootstrap once for the tests of this package.
func home(t *testing.T) string {
	t.Helper()
	dir, err := boot.Install(filepath.Join(os.TempDir(), "cantil-boot-test"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// testdata is absolute: programs are started in folders of their own.
func testdata(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// profiled runs a program under the bootstrap; args begin with -m for a module.
func profiled(t *testing.T, py testpy.Python, dir string, env []string, args ...string) ended {
	t.Helper()
	p := boot.Program{Python: py.Path, Name: args[0], Args: args[1:]}
	if args[0] == "-m" {
		p = boot.Program{Python: py.Path, Module: true, Name: args[1], Args: args[2:]}
	}
	folder := t.TempDir()
	argv, environ := boot.Command(home(t), folder, p, append(os.Environ(), env...))
	result := execute(t, dir, argv, environ)
	result.folder = folder
	var err error
	if result.processes, err = parts.Read(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("reading the parts of %v: %v", args, err)
	}
	if reason, refused := boot.Refusal(folder); refused {
		result.stderr += "refused: " + reason
	}
	return result
}

// plain runs the program as Python itself does.
func plain(t *testing.T, py testpy.Python, dir string, env []string, args ...string) ended {
	t.Helper()
	return execute(t, dir, append([]string{py.Path}, args...), append(os.Environ(), env...))
}

func execute(t *testing.T, dir string, argv, env []string) ended {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, &stdout, &stderr
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("running %q: %v", argv, err)
	}
	if ctx.Err() != nil {
		t.Fatalf("%q did not end in a minute; stderr:\n%s", argv, stderr.String())
	}
	return ended{stdout: stdout.String(), stderr: stderr.String(), code: cmd.ProcessState.ExitCode(), state: cmd.ProcessState.String()}
}

// calls sums the calls of the functions of a name, over all threads that pass.
func (e ended) calls(name string, pass func(*parts.Process, *parts.Thread) bool) (calls, primitive int64) {
	for i := range e.processes {
		p := &e.processes[i]
		for j := range p.Threads {
			if pass != nil && !pass(p, &p.Threads[j]) {
				continue
			}
			for _, row := range p.Threads[j].Stats(nil).Rows {
				if row.Listed && row.Func.Name == name {
					calls += row.Calls
					primitive += row.Primitive
				}
			}
		}
	}
	return calls, primitive
}

func inThread(name string) func(*parts.Process, *parts.Thread) bool {
	return func(_ *parts.Process, t *parts.Thread) bool { return t.Name == name }
}

// wantCalls checks exact counts of functions.
func (e ended) wantCalls(t *testing.T, want map[string]int64) {
	t.Helper()
	for name, n := range want {
		if got, _ := e.calls(name, nil); got != n {
			t.Errorf("%s was called %d times in the profile, %d times in truth; stderr: %s", name, got, n, e.stderr)
		}
	}
}

// noneOfOurs checks that no row or caller of the profile is the bootstrap's.
func (e ended) noneOfOurs(t *testing.T) {
	t.Helper()
	ours := home(t)
	for i := range e.processes {
		for j := range e.processes[i].Threads {
			for _, row := range e.processes[i].Threads[j].Stats(nil).Rows {
				if strings.HasPrefix(row.Func.File, ours) {
					t.Errorf("the profile has a row of the bootstrap: %s", row.Func)
				}
			}
		}
	}
}

func mainStats(t *testing.T, e ended) *pstats.Stats {
	t.Helper()
	for i := range e.processes {
		for j := range e.processes[i].Threads {
			if e.processes[i].Role == "main" && e.processes[i].Threads[j].Main {
				return e.processes[i].Threads[j].Stats(nil)
			}
		}
	}
	t.Fatalf("no profile of the main thread; stderr: %s", e.stderr)
	return nil
}
