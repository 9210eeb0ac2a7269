//go:build unix

package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

const (
	// shimName is the name that a shim is started under; "ps" shows it, with the run's folder.
	shimName   = "cantil-shim"
	shimSocket = 3 // the file descriptor of the socket to the front
	// sweepFor bounds how long processes that were killed are waited for: one that waits for a dead disk cannot die.
	sweepFor = 10 * time.Second
	// patience is for children that end with the program, a moment later.
	patience = 50 * time.Millisecond
)

// shim is the process that keeps one run.
type shim struct {
	spec    Spec
	shared  sharedSpec
	link    *link
	reaper  *reaper
	capture *capture
	term    *terminals // nil without any
	memory  *memory
	group   cgroup // that the program is in

	stops    chan time.Duration // someone asks to end all; the grace
	catching chan struct{}      // closed when signals are caught
	fullOnce sync.Once
	fullDisk string
	written  *os.File // exit.json, not yet synced
}

// ending is what the shim did to the run.
type ending struct {
	status Status // "" where the program ended by itself
	killed bool   // after the grace
}

// Shim must be the first call of main. In a process that [Start] made to be a shim it is the whole life of that
// process: is is true, and main exits with code. In all others it returns at once, is false. When
// the run has ended, its exit.json stands and the process that started it has been told, after is called with the
// run's folder; it may be nil.
func Shim(after func(folder string)) (code int, is bool) {
	shimCalled.Store(true)
	if len(os.Args) == 0 || os.Args[0] != shimName {
		return 0, false
	}
	s, files, err := receiveSpec()
	if err != nil {
		return 1, true // the front died before it said what to run; there is nobody to tell
	}
	if err := s.prepare(files); err != nil {
		s.fail(err)
	} else if err := s.begin(files); err != nil {
		s.fail(err)
	} else {
		s.live()
	}
	syncOutcome(s.spec.Folder, s.written)
	if after != nil {
		after(s.spec.Folder)
	}
	s.linger()
	s.group.remove()
	s.link.close()
	return 0, true
}

// receiveSpec waits for the front's first message.
func receiveSpec() (*shim, *passed, error) {
	head, files, err := receiveFiles(shimSocket)
	if err != nil {
		return nil, nil, err
	}
	syscall.CloseOnExec(shimSocket)
	socket := pollable(shimSocket, "front")
	k, body, err := readBody(socket, head)
	if err == nil && k != kindSpec {
		err = fmt.Errorf("a message %q came before the spec", k)
	}
	s := &shim{stops: make(chan time.Duration, 1)}
	if err == nil {
		err = json.Unmarshal(body, &s.shared)
	}
	if err != nil {
		return nil, nil, err
	}
	s.spec = s.shared.spec()
	s.link = newLink(socket)
	return s, &passed{files}, nil
}

// prepare makes all that the program needs.
func (s *shim) prepare(files *passed) error {
	nameProcess()
	adoptOrphans()
	s.catching = make(chan struct{})
	go s.catchSignals()
	var err error
	if s.capture, err = newCapture(s); err != nil {
		return err
	}
	if s.shared.Terminal != [3]bool{} {
		if s.term, err = newTerminals(s); err != nil {
			return err
		}
	}
	return s.capture.open(s)
}

// catchSignals: SIGTERM is a stop; the others that would end us are the front's business. One that is ignored stays
// so, for the program. Each takes two turns of another thread, so that this goes on beside the rest, until the front is told.
func (s *shim) catchSignals() {
	defer close(s.catching)
	signals := make(chan os.Signal, 4)
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(sig) {
			signal.Notify(signals, sig)
		}
	}
	go func() {
		for sig := range signals {
			if sig == syscall.SIGTERM {
				s.stop(s.spec.Grace)
			}
		}
	}()
}

// stop asks for the end of the run; the first grace counts.
func (s *shim) stop(grace time.Duration) {
	select {
	case s.stops <- grace:
	default:
	}
}

// begin starts the program, tells the front, and begins to listen to it.
func (s *shim) begin(files *passed) error {
	s.reaper = newReaper()
	s.group = newCgroup()
	stdin := files.stdin(s.shared.StdinIsPassed)
	err := s.reaper.start(&s.spec, s.capture.childFiles(s.term, stdin, files.extra(s.shared.StdinIsPassed)), s.group)
	files.close()
	s.capture.closeChildEnds()
	if err != nil {
		return err
	}
	s.capture.index.start(s.reaper.started)
	signal.Ignore(syscall.SIGTTOU) // not before the start: the program would ignore it, too
	if s.term != nil {
		s.term.foreground(s.reaper.pid)
	}
	s.reaper.onStop = s.paused
	<-s.catching
	s.link.sendJSON(kindStarted, startedMessage{s.reaper.pid, string(s.group)})
	go s.reaper.reap()
	s.capture.begin()
	s.memory = watchMemory(s.reaper.pid, s.reaper.ended)
	go s.link.read(s.handle)
	return nil
}

// fail tells that the program could not be started.
func (s *shim) fail(err error) {
	o := Outcome{Status: FailedToStart, Code: CodeNotExecutable, Error: err.Error(), Started: time.Now(), Ended: time.Now()}
	var errno syscall.Errno
	errors.As(err, &errno)
	if errors.Is(err, os.ErrNotExist) {
		o.Code = CodeNotFound
	}
	s.written, _ = writeOutcome(s.spec.Folder, nil, &o) // the front is told the same
	s.link.sendJSON(kindFailed, failedMessage{Errno: int(errno), Text: err.Error()})
}

// handle does what the front asks for.
func (s *shim) handle(k kind, body []byte) {
	switch k {
	case kindKeys:
		if s.term != nil {
			s.term.keys(body)
		}
	case kindSize:
		var size windowSize
		if json.Unmarshal(body, &size) == nil && s.term != nil {
			s.term.resize(size)
		}
	case kindSignal:
		var m signalMessage
		if json.Unmarshal(body, &m) == nil {
			s.signal(syscall.Signal(m.Number), m.Group)
		}
	case kindStop:
		var m stopMessage
		if json.Unmarshal(body, &m) == nil {
			s.stop(time.Duration(m.Grace))
		}
	case kindClose:
		s.capture.hangUp(string(body))
	case kindGoOn:
		s.signal(syscall.SIGCONT, true)
	}
}

// signal passes a signal on to the program, or to the group that the terminal would send it to.
func (s *shim) signal(sig syscall.Signal, group bool) {
	target := s.reaper.pid
	if group {
		target = -target
		if s.term != nil {
			if inFront := s.term.foregroundGroup(); inFront > 0 {
				target = -inFront
			}
		}
	}
	if !s.reaper.hasEnded() {
		_ = syscall.Kill(target, sig) // it may end at this moment
	}
}

// paused is called when the program was stopped by a signal.
func (s *shim) paused(sig syscall.Signal) {
	if (sig == syscall.SIGTTIN || sig == syscall.SIGTTOU) && s.term != nil && s.term.foregroundGroup() == s.reaper.pid {
		s.signal(syscall.SIGCONT, true) // it was quicker than we with making it the foreground
		return
	}
	s.link.send(kindPaused, nil)
}

// live waits for the end of the run and writes it down.
func (s *shim) live() {
	how := s.waitForEnd()
	left := s.left(patience)
	s.capture.finish()
	o := s.outcome(how, left)
	var err error
	if s.written, err = writeOutcome(s.spec.Folder, s.capture.room, &o); err != nil {
		s.link.send(kindSay, []byte(err.Error()))
	}
	s.link.sendJSON(kindEnded, o)
}

// waitForEnd returns when the program has ended, and after a timeout or a stop, all others.
func (s *shim) waitForEnd() ending {
	var clock <-chan time.Time
	if s.spec.Timeout > 0 {
		timer := time.NewTimer(s.spec.Timeout - time.Since(s.reaper.started))
		defer timer.Stop()
		clock = timer.C
	}
	select {
	case <-s.reaper.ended:
		return ending{}
	case <-clock:
		return ending{TimedOut, s.endTree(s.spec.Grace)}
	case grace := <-s.stops:
		return ending{Stopped, s.endTree(grace)}
	}
}

// endTree asks all processes of the run to end, kills those that are there after the grace, and says whether there were any.
func (s *shim) endTree(grace time.Duration) (killed bool) {
	signalAll(syscall.SIGTERM)
	signalAll(syscall.SIGCONT) // a stopped process sees no SIGTERM
	select {
	case <-s.reaper.alone:
		return false
	case <-time.After(grace):
	}
	s.group.kill()
	sweep(s.reaper.alone)
	return true
}

// sweep kills the descendants of this process, and those they made meanwhile, until there are none.
func sweep(alone <-chan struct{}) {
	deadline := time.After(sweepFor)
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		signalAll(syscall.SIGKILL)
		select {
		case <-alone:
			return
		case <-deadline:
			return
		case <-time.After(pause):
		}
	}
}

// left lists the processes of the run that live on after a while.
func (s *shim) left(after time.Duration) []int {
	select {
	case <-s.reaper.alone:
		return nil
	case <-time.After(after):
	}
	var pids []int
	for _, p := range descendants(os.Getpid()) {
		pids = append(pids, p.pid)
	}
	return pids
}

// linger keeps on reading what processes write that outlive the program, so that it does not end them; and
// ends them when we are asked to.
func (s *shim) linger() {
	if s.reaper == nil || s.reaper.pid == 0 || !s.capture.anyOpen() {
		return
	}
	s.capture.begin()
	select {
	case <-s.reaper.alone:
	case <-s.capture.running:
	case grace := <-s.stops:
		s.endTree(grace)
	}
}
