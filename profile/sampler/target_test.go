package sampler

import (
	"bufio"
	"io"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// maxLine bounds a line that a target writes: the stacks of 50,000 frames.
const maxLine = 64 << 20

// target is a Python program that tests look into.
type target struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines *bufio.Scanner
}

// start runs a program of testdata and returns it with the first line that it writes,
// which says that it is where the test wants it. It is ended with the test.
func start(t testing.TB, py testpy.Python, program string, args ...string) (*target, string) {
	t.Helper()
	cmd := exec.Command(py.Path, append([]string{filepath.Join("testdata", program)}, args...)...)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hung := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() })
	t.Cleanup(func() {
		hung.Stop()
		stdin.Close()
		cmd.Process.Kill()
		cmd.Wait()
	})
	p := &target{cmd, stdin, bufio.NewScanner(stdout)}
	p.lines.Buffer(nil, maxLine)
	return p, p.line(t)
}

// line is the next line that the program writes.
func (p *target) line(t testing.TB) string {
	t.Helper()
	if !p.lines.Scan() {
		t.Fatalf("%s ended without a word: %v", p.cmd, p.lines.Err())
	}
	return p.lines.Text()
}

func (p *target) pid() int { return p.cmd.Process.Pid }
