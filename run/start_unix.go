//go:build unix

package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Prepared is a shim that waits for what to run. It takes a few milliseconds to come up, so that it is
// worth preparing it before other work.
type Prepared struct {
	cmd    *exec.Cmd
	socket int // our end; blocking until the spec is sent
	gone   chan struct{}
}

// Prepare starts a shim. Either Start or Close must be called.
func Prepare() (*Prepared, error) {
	if !shimCalled.Load() {
		return nil, errNoShim
	}
	path, err := shimPath()
	if err != nil {
		return nil, fmt.Errorf("finding our own executable: %w", err)
	}
	ours, theirs, err := socketPair()
	if err != nil {
		return nil, fmt.Errorf("making a socket to the shim: %w", err)
	}
	defer theirs.Close()
	cmd := &exec.Cmd{Path: path, Args: []string{shimName}, Dir: "/", ExtraFiles: []*os.File{theirs}}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Env = os.Environ()
	if err := cmd.Start(); err != nil {
		unix.Close(ours)
		return nil, fmt.Errorf("starting the shim: %w", err)
	}
	p := &Prepared{cmd: cmd, socket: ours, gone: make(chan struct{})}
	go func() {
		_ = cmd.Wait() // how a shim ends says nothing that it has not told
		close(p.gone)
	}()
	return p, nil
}

// socketPair returns two ends that no program inherits.
func socketPair() (ours int, theirs *os.File, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return 0, nil, err
	}
	unix.CloseOnExec(fds[0])
	unix.CloseOnExec(fds[1])
	return fds[0], os.NewFile(uintptr(fds[1]), "shim"), nil
}

// ShimPID is the process id of the shim.
func (p *Prepared) ShimPID() int { return p.cmd.Process.Pid }

// Close ends a shim that was not used.
func (p *Prepared) Close() error { return unix.Close(p.socket) }

// Start starts the program; see the function [Start]. The Prepared is used up, also by an error.
func (p *Prepared) Start(ctx context.Context, spec Spec) (*Process, error) {
	if err := spec.check(); err != nil {
		p.Close()
		return nil, err
	}
	if spec.Adopt {
		adoptOrphans()
	}
	if err := p.sendSpec(&spec); err != nil {
		p.Close()
		return nil, err
	}
	process := &Process{
		spec: spec, shim: p.ShimPID(), gone: p.gone, socket: pollable(p.socket, "shim"),
		bell: make(chan struct{}, 1), done: make(chan struct{}),
	}
	if err := process.started(ctx); err != nil {
		process.socket.Close()
		return nil, err
	}
	go process.stopWhen(ctx)
	return process, nil
}

func (p *Prepared) sendSpec(spec *Spec) error {
	shared := newSharedSpec(spec)
	shared.Terminal, shared.Size = terminalsOf(spec)
	var files []*os.File
	if spec.Stdin != nil && !shared.Terminal[0] {
		files = append(files, spec.Stdin)
		shared.StdinIsPassed = true
	}
	body, err := json.Marshal(shared)
	if err != nil {
		return fmt.Errorf("encoding what to run: %w", err)
	}
	if err := sendFiles(p.socket, kindSpec, body, append(files, spec.ExtraFiles...)); err != nil {
		return err
	}
	for len(body) > 0 {
		n, err := unix.Write(p.socket, body)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return fmt.Errorf("telling the shim what to run: %w", err)
		}
		body = body[n:]
	}
	return nil
}

// Process is a run that this process started.
type Process struct {
	spec   Spec
	pid    int
	shim   int
	group  cgroup          // that the program is in
	gone   <-chan struct{} // closed when the shim has ended and was waited for
	socket *os.File
	bell   chan struct{}

	writing sync.Mutex
	events  events
	reading sync.Once

	done    chan struct{} // closed when the run has ended; from then on these stand:
	outcome Outcome
	err     error
}

// started waits for the program's start.
func (p *Process) started(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = p.socket.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	for {
		k, body, err := readMessage(p.socket)
		switch {
		case ctx.Err() != nil:
			_ = p.Stop(p.spec.Grace) // the program may run by now
			return ctx.Err()
		case err != nil:
			p.lost() // the program may run by now
			return fmt.Errorf("starting %s: %w", p.spec.Argv[0], ErrLost)
		case k == kindStarted:
			var m startedMessage
			err := json.Unmarshal(body, &m)
			p.pid, p.group = m.PID, cgroup(m.Group)
			return err
		case k == kindFailed:
			return p.failure(body)
		}
	}
}

// failure is the error that the shim had, of this process's system.
func (p *Process) failure(body []byte) error {
	var m failedMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	if m.Errno == 0 {
		return errors.New(m.Text)
	}
	return &startError{text: m.Text, errno: syscall.Errno(m.Errno)}
}

// startError has the shim's words, and is what the system said.
type startError struct {
	text  string
	errno syscall.Errno
}

func (e *startError) Error() string { return e.text }
func (e *startError) Unwrap() error { return e.errno }

// begin begins to read what the shim tells: not before someone wants to know, so that Show gets all of it.
func (p *Process) begin() { p.reading.Do(func() { go p.read() }) }

// read takes the shim's messages until it hangs up.
func (p *Process) read() {
	defer close(p.done)
	defer p.socket.Close()
	for {
		k, body, err := readMessage(p.socket)
		if err != nil {
			p.lost()
			return
		}
		switch k {
		case kindBell:
			p.ring()
			p.events.add(k, body)
		case kindEnded:
			p.err = json.Unmarshal(body, &p.outcome)
			return
		default:
			p.events.add(k, body)
		}
	}
}

func (p *Process) ring() {
	select {
	case p.bell <- struct{}{}:
	default:
	}
}

// lost is the end of a run whose shim was killed.
func (p *Process) lost() {
	p.err = ErrLost
	<-p.gone
	if p.spec.Adopt {
		endOrphans(p.spec.Folder, p.shim, p.group, p.spec.Grace)
		p.group.remove()
	}
}

func (p *Process) stopWhen(ctx context.Context) {
	select {
	case <-ctx.Done():
		_ = p.Stop(p.spec.Grace) // it may end at this moment
	case <-p.done:
	}
}

// PID is the process id of the program.
func (p *Process) PID() int { return p.pid }

// ShimPID is the process id of the shim, which ends after the program.
func (p *Process) ShimPID() int { return p.shim }

// Bell is sent to when there is new output in the logs; see [Follow].
func (p *Process) Bell() <-chan struct{} {
	p.begin()
	return p.bell
}

// Wait waits for the end of the run: of the program, and after a timeout or a stop of all its processes. The
// error is [ErrLost], or about reading what the shim told. It may be called more than once.
func (p *Process) Wait() (Outcome, error) {
	p.begin()
	<-p.done
	return p.outcome, p.err
}

// Stop ends all processes of the run: asks them with SIGTERM, and kills those that are left after the grace. It does not wait.
func (p *Process) Stop(grace time.Duration) error {
	return p.send(kindStop, stopMessage{int64(grace)})
}

// Signal sends a signal to the program alone.
func (p *Process) Signal(sig os.Signal) error {
	number, ok := sig.(syscall.Signal)
	if !ok {
		return fmt.Errorf("sending %v to the program: not a signal of this system", sig)
	}
	return p.send(kindSignal, signalMessage{Number: int(number)})
}

func (p *Process) send(k kind, body any) error {
	p.writing.Lock()
	defer p.writing.Unlock()
	if raw, ok := body.([]byte); ok {
		return writeMessage(p.socket, k, raw)
	}
	return writeJSON(p.socket, k, body)
}

// events go to Show, and to nobody where there is none.
type events struct {
	mu     sync.Mutex
	handle func(kind, []byte)
}

func (e *events) add(k kind, body []byte) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.handle != nil {
		e.handle(k, body)
	}
}

func (e *events) to(handle func(kind, []byte)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.handle = handle
}

// endOrphans ends what a killed shim left behind, which has become ours.
func endOrphans(folder string, shim int, group cgroup, grace time.Duration) {
	deadline := time.Now().Add(grace)
	sig := syscall.SIGTERM
	none := 0 // how often in a row there were none: one that is just starting another program shows nothing of itself
	for pause := time.Millisecond; none < 4; pause = min(2*pause, 50*time.Millisecond) {
		left := orphansOf(folder, shim)
		if none++; len(left) > 0 {
			none = 0
		}
		if time.Now().After(deadline) {
			sig = syscall.SIGKILL
			group.kill()
		}
		for _, p := range left {
			signalOne(p, sig)
			signalOne(p, syscall.SIGCONT)
		}
		if time.Now().After(deadline.Add(sweepFor)) {
			return
		}
		time.Sleep(pause)
	}
}

// Stop ends a run of another process, from its shim's id and start: it asks all processes of the run to end, and
// kills those that are left after their grace. start is what tells the shim from a later process of that id:
// on Linux its start in clock ticks since boot. It does not wait.
func Stop(shim int, start string) error {
	p, ok := processOf(shim)
	if !ok || p.zombie || p.start != start {
		return fmt.Errorf("stopping the run kept by process %d: %w", shim, os.ErrProcessDone)
	}
	signalOne(p, syscall.SIGTERM)
	return nil
}

// hold and isHeld tell whether a shim lives: it keeps the lock on its index, whatever kills it.
func hold(file *os.File) error {
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("locking %s: %w", filepath.Base(file.Name()), err)
	}
	return nil
}

func isHeld(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	err = unix.Flock(int(file.Fd()), unix.LOCK_SH|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}
