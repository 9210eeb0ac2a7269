package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/windows"

	"github.com/cantil-py/cantil/durable"
)

// On Windows there is no shim: this process keeps the run itself, which ends with it. The program shares our console.

// drainFor is how long output is waited for that others may still write, once the program has ended.
const drainFor = time.Second

// Shim returns false: there are no shims on Windows. after is not called.
func Shim(func(folder string)) (code int, is bool) {
	shimCalled.Store(true)
	return 0, false
}

// Prepared is nothing that takes time here.
type Prepared struct{}

// Prepare makes a Prepared.
func Prepare() (*Prepared, error) {
	if !shimCalled.Load() {
		return nil, errNoShim
	}
	return &Prepared{}, nil
}

// ShimPID is this process, which keeps the run.
func (p *Prepared) ShimPID() int { return os.Getpid() }

// Close does nothing.
func (p *Prepared) Close() error { return nil }

// Process is a run that this process started.
type Process struct {
	spec    Spec
	cmd     *exec.Cmd
	job     job
	logs    [2]*windowsLog
	index   *index
	bell    chan struct{}
	ending  sync.Once
	reason  Status // why it was ended
	done    chan struct{}
	outcome Outcome
	err     error
}

// Start starts the program; see the function [Start].
func (*Prepared) Start(ctx context.Context, spec Spec) (*Process, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	if len(spec.ExtraFiles) > 0 {
		return nil, fmt.Errorf("starting %s with extra files: %w", spec.Argv[0], errors.ErrUnsupported)
	}
	p := &Process{spec: spec, bell: make(chan struct{}, 1), done: make(chan struct{})}
	if err := p.openLogs(); err != nil {
		return nil, err
	}
	p.cmd = &exec.Cmd{
		Path: spec.Path, Args: spec.Argv, Dir: spec.Dir, Env: append(spec.Env, FolderVariable+"="+spec.Folder),
		Stdout: p.logs[0], Stderr: p.logs[1], WaitDelay: drainFor,
	}
	if spec.Stdin != nil {
		p.cmd.Stdin = spec.Stdin
	}
	var err error
	if p.job, err = newJob(); err != nil {
		return nil, err
	}
	started := time.Now()
	p.index.start(started)
	if err := p.cmd.Start(); err != nil {
		p.fail(err)
		return nil, err
	}
	if err := p.job.add(p.cmd.Process.Pid); err != nil {
		_ = p.cmd.Process.Kill() // it could not be bounded
		return nil, err
	}
	go p.keep(started)
	go p.watch(ctx)
	return p, nil
}

func (p *Process) openLogs() error {
	file, err := os.Create(filepath.Join(p.spec.Folder, IndexFile))
	if err != nil {
		return err
	}
	p.index = newIndex(file, func(int64) { p.ring() })
	for i, name := range []string{StdoutFile, StderrFile} {
		log, err := os.Create(filepath.Join(p.spec.Folder, name))
		if err != nil {
			return err
		}
		p.logs[i] = &windowsLog{file: log, index: p.index, name: [2]byte{stdoutName, stderrName}[i]}
	}
	return nil
}

// windowsLog is a log that tells the index.
type windowsLog struct {
	file  *os.File
	index *index
	name  byte
	size  int64
}

func (l *windowsLog) Write(b []byte) (int, error) {
	n, err := l.file.Write(b)
	l.size += int64(n)
	if n > 0 {
		l.index.add(l.name, int64(n))
	}
	return n, err
}

func (p *Process) ring() {
	select {
	case p.bell <- struct{}{}:
	default:
	}
}

func (p *Process) fail(err error) {
	o := Outcome{Status: FailedToStart, Code: CodeNotExecutable, Error: err.Error(), Started: time.Now(), Ended: time.Now()}
	if errors.Is(err, os.ErrNotExist) {
		o.Code = CodeNotFound
	}
	_ = p.write(&o) // the error that led here is the one to tell
}

// keep waits for the program and writes down what became of it.
func (p *Process) keep(started time.Time) {
	defer close(p.done)
	err := p.cmd.Wait()
	ended := time.Now()
	p.index.flush()
	state := p.cmd.ProcessState
	o := Outcome{
		Status: Exited, Code: state.ExitCode(), PID: state.Pid(), Started: started, Ended: ended,
		Wall: ended.Sub(started).Seconds(), User: state.UserTime().Seconds(), System: state.SystemTime().Seconds(),
		StdoutBytes: p.logs[0].size, StderrBytes: p.logs[1].size,
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		o.FullDisk = err.Error()
	}
	p.ending.Do(func() {}) // from here on nothing ends it
	if p.reason != "" {
		o.Status, o.Killed = p.reason, true
	}
	if p.reason == TimedOut {
		o.Code = CodeTimedOut
	}
	p.outcome, p.err = o, p.write(&o)
}

func (p *Process) write(o *Outcome) error {
	return durable.WriteFile(filepath.Join(p.spec.Folder, OutcomeFile), func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(o)
	})
}

// watch ends the run when its time is up.
func (p *Process) watch(ctx context.Context) {
	var clock <-chan time.Time
	if p.spec.Timeout > 0 {
		clock = time.After(p.spec.Timeout)
	}
	select {
	case <-p.done:
	case <-clock:
		p.end(TimedOut)
	case <-ctx.Done():
		p.end(Stopped)
	}
}

// end kills all: Windows has no way to ask a console program from outside its console.
func (p *Process) end(why Status) {
	p.ending.Do(func() {
		p.reason = why
		p.job.kill()
	})
}

// PID is the process id of the program.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// ShimPID is this process, which keeps the run.
func (p *Process) ShimPID() int { return os.Getpid() }

// Bell is sent to when there is new output in the logs; see [Follow].
func (p *Process) Bell() <-chan struct{} { return p.bell }

// Wait waits for the end of the run. It may be called more than once.
func (p *Process) Wait() (Outcome, error) {
	<-p.done
	return p.outcome, p.err
}

// Stop ends all processes of the run, at once on Windows.
func (p *Process) Stop(time.Duration) error {
	p.end(Stopped)
	return nil
}

// Signal sends a signal to the program alone: on Windows os.Kill is the one there is.
func (p *Process) Signal(sig os.Signal) error { return p.cmd.Process.Signal(sig) }

// Show shows the output as it comes. Ctrl-C reaches the program by the console that it shares with us.
func (p *Process) Show(ctx context.Context, stdout, stderr io.Writer, _ func(string)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		<-p.done
		cancel()
	}()
	defer holdSignals()()
	err := Follow(ctx, p.spec.Folder, stdout, stderr, p.bell)
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// Stop ends a run of another process: on Windows it ends the process that keeps it, and with it the program. start is
// what tells it from a later process of that id: its creation, in nanoseconds since 1970.
func Stop(shim int, start string) error {
	handle, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION|windows.PROCESS_TERMINATE, false, uint32(shim))
	if err != nil {
		return fmt.Errorf("stopping the run kept by process %d: %w", shim, os.ErrProcessDone)
	}
	defer windows.CloseHandle(handle)
	var created, exited, kernel, user windows.Filetime
	if err := windows.GetProcessTimes(handle, &created, &exited, &kernel, &user); err != nil {
		return fmt.Errorf("stopping the run kept by process %d: %w", shim, err)
	}
	if strconv.FormatInt(created.Nanoseconds(), 10) != start {
		return fmt.Errorf("stopping the run kept by process %d: %w", shim, os.ErrProcessDone)
	}
	return windows.TerminateProcess(handle, 1)
}

// isHeld is not known on Windows, where a run ends with its front.
func isHeld(string) (bool, error) { return false, errors.ErrUnsupported }
