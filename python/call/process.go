package call

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/cantil-py/cantil/run"
)

const (
	// grace is how long processes have to end by themselves once they were asked to.
	grace = time.Second
	// maxEarly bounds what Python prints before it runs a line of ours: why it cannot
	// start, or some lines of a sitecustomize.
	maxEarly = 64 << 10
)

// process is a running Python, under a shim that can end all that comes of it.
type process struct {
	run    *run.Process
	folder string // the shim's; gone after the end
	output streams

	stdout, stderr io.Writer // the caller's

	done     chan struct{} // closed when it has ended and its output was passed on; from then on
	outcome  run.Outcome
	err      error
	signaled atomic.Bool // a signal was passed on to it
}

// startProcess starts Python with the files as its descriptors from 3 on. After the last of
// them come stdout and stderr, which start.py puts into their place: so they are exactly the
// caller's, with nothing in between.
func startProcess(p Python, argv []string, timeout time.Duration, files ...*os.File) (*process, error) {
	folder, err := os.MkdirTemp("", "cantil-call-")
	if err != nil {
		return nil, err
	}
	proc := &process{folder: folder, stdout: p.Stdout, stderr: p.Stderr, done: make(chan struct{})}
	if err := proc.start(p, argv, timeout, files); err != nil {
		proc.output.abandon()
		_ = os.RemoveAll(folder) // the error that led here is the one to tell
		return nil, err
	}
	go proc.wait()
	if p.Signals != nil {
		go proc.passSignals(p.Signals)
	}
	return proc, nil
}

func (p *process) start(python Python, argv []string, timeout time.Duration, files []*os.File) error {
	if err := p.output.open(python); err != nil {
		return err
	}
	defer p.output.closeTheirs()
	var err error
	if argv[0], err = exec.LookPath(argv[0]); err != nil {
		return err
	}
	p.run, err = run.Start(context.Background(), run.Spec{
		Argv: argv, Dir: python.Dir, Env: python.Env, Folder: p.folder, Stdin: p.output.stdin, TTY: run.TTYNever,
		Timeout: timeout, Grace: grace, ExtraFiles: append(files, p.output.stdout, p.output.stderr),
	})
	return err
}

// wait waits for the end.
func (p *process) wait() {
	p.outcome, p.err = p.run.Wait()
	p.output.finish()
	p.passEarly()
	_ = os.RemoveAll(p.folder) // a temporary one: the system removes what is left
	close(p.done)
}

// passEarly passes on what Python printed before its streams were the caller's.
func (p *process) passEarly() {
	for name, to := range map[string]io.Writer{run.StdoutFile: p.stdout, run.StderrFile: p.stderr} {
		file, err := os.Open(filepath.Join(p.folder, name))
		if err != nil {
			continue // there was nothing
		}
		if to != nil {
			_, _ = io.Copy(to, io.LimitReader(file, maxEarly)) // to the caller's own writer
		}
		_ = file.Close()
	}
}

func (p *process) passSignals(signals <-chan os.Signal) {
	for {
		select {
		case s := <-signals:
			p.signaled.Store(true)
			_ = p.run.Signal(s) // it may end at this moment
		case <-p.done:
			return
		}
	}
}

// died tells how it ended; it must have.
func (p *process) died() error {
	switch {
	case p.err != nil:
		return fmt.Errorf("waiting for the function's process: %w", p.err)
	case p.outcome.Status == run.TimedOut:
		return ErrTimeout
	case p.outcome.Signal != "":
		return &Died{Code: -1, Signal: p.outcome.Code - 128, Name: p.outcome.Signal}
	}
	return &Died{Code: p.outcome.Code}
}

// stop ends it and all that came of it, unless it has ended by itself.
func (p *process) stop() {
	if !p.ended() {
		_ = p.run.Stop(grace) // it may end at this moment
		<-p.done
	}
}

// endLeft ends processes that outlived it.
func (p *process) endLeft() {
	for _, pid := range p.outcome.LeftRunning {
		if left, err := os.FindProcess(pid); err == nil {
			_ = left.Kill() // it may have ended
		}
	}
}

func (p *process) pid() int { return p.run.PID() }

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}
