//go:build unix

package run

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// Show is the front of a run, until it has ended or ctx is done: it writes the output as it comes, passes on
// keys, changes of size, and signals that would end or stop this process, and stops this process where the program was stopped from the
// keyboard (Ctrl-Z). While it runs, our terminal is the program's: keys are not ours.
//
// Call it before Wait, which else takes what is for Show.
//
// When nobody reads a writer any more, the program finds that out as it would plainly. say is called with what the
// user should know; it may be nil. The error is about reading the output.
func (p *Process) Show(ctx context.Context, stdout, stderr io.Writer, say func(string)) error {
	f := &front{process: p, keys: newKeyboard(p), say: say, events: make(chan queued)}
	f.out = [2]io.Writer{&reader{to: stdout, process: p, stream: stdoutName}, &reader{to: stderr, process: p, stream: stderrName}}
	f.shown.folder = p.spec.Folder
	f.shown.streams[0] = followed{name: StdoutFile, to: f.out[0]}
	f.shown.streams[1] = followed{name: StderrFile, to: f.out[1]}
	defer f.shown.close()

	signals := f.catchSignals()
	defer func() { go signal.Stop(signals) }() // two turns of another thread for each: nobody needs to wait for that
	f.keys.begin()
	defer f.keys.end()
	over := make(chan struct{})
	var passing sync.WaitGroup
	passing.Go(func() { f.passSignals(signals, over) })
	passing.Go(func() { f.keys.pass(over) })
	defer passing.Wait()
	defer close(over)

	p.events.to(func(k kind, body []byte) {
		select {
		case f.events <- queued{k, body}:
		case <-over: // nobody shows any more
		}
	})
	f.process.begin()
	return f.follow(ctx)
}

// front is the state of Show.
type front struct {
	process *Process
	shown   follower
	out     [2]io.Writer
	keys    *keyboard
	say     func(string)
	events  chan queued
	passed  stopped
}

// stopped says whether we passed on a signal that stops.
type stopped struct {
	mu sync.Mutex
	is bool
}

func (s *stopped) set(is bool) (was bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was, s.is = s.is, is
	return was
}

// follow shows what comes until the end.
func (f *front) follow(ctx context.Context) error {
	if err := f.shown.show(math.MaxInt64); err != nil {
		return err
	}
	for {
		select {
		case e := <-f.events:
			if err := f.handle(e); err != nil {
				return err
			}
		case <-f.process.done:
			return f.last()
		case <-ctx.Done():
			return f.last()
		}
	}
}

// last shows all there is.
func (f *front) last() error {
	for {
		select {
		case e := <-f.events:
			if err := f.handle(e); err != nil {
				return err
			}
		default:
			return errors.Join(f.shown.show(math.MaxInt64), f.shown.rest())
		}
	}
}

// handle does what the shim tells, in its order.
func (f *front) handle(e queued) error {
	switch e.kind {
	case kindBell:
		if len(e.body) == 8 {
			return f.shown.show(int64(binary.LittleEndian.Uint64(e.body)))
		}
	case kindStdout:
		_, err := f.out[0].Write(e.body)
		return err
	case kindStderr:
		_, err := f.out[1].Write(e.body)
		return err
	case kindEcho:
		f.keys.write(e.body)
	case kindMode:
		var m modeMessage
		if err := json.Unmarshal(e.body, &m); err != nil {
			return fmt.Errorf("reading what the shim says of the terminal: %w", err)
		}
		f.keys.setRawOutput(m.Raw)
	case kindSay:
		if f.say != nil {
			f.say(string(e.body))
		}
	case kindPaused:
		f.pause()
	}
	return nil
}

// pause stops this process as the program was stopped: the shell that started us says so, and may continue us.
func (f *front) pause() {
	if !f.passed.set(false) && !f.keys.lent {
		return // not from the keyboard: nobody would continue us
	}
	f.keys.end()
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
}

// catchSignals catches what the program should get. SIGPIPE is caught so that it does not end us: a write fails instead.
func (f *front) catchSignals() chan os.Signal {
	signals := make(chan os.Signal, 16)
	for _, s := range []os.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGCONT,
		syscall.SIGWINCH, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGPIPE,
	} {
		if !signal.Ignored(s) { // nohup's choice is the program's too
			signal.Notify(signals, s)
		}
	}
	return signals
}

// passSignals passes them on: those that the terminal sends, to the program's group, as the terminal would.
func (f *front) passSignals(signals <-chan os.Signal, over <-chan struct{}) {
	for {
		select {
		case <-over:
			return
		case s := <-signals:
			f.passSignal(s.(syscall.Signal))
		}
	}
}

func (f *front) passSignal(s syscall.Signal) {
	switch s {
	case syscall.SIGPIPE:
	case syscall.SIGWINCH:
		f.keys.tellSize()
	case syscall.SIGCONT:
		f.passed.set(false)
		f.keys.begin()
		_ = f.process.send(kindGoOn, nil) // it may end at this moment
	case syscall.SIGTSTP:
		f.passed.set(true)
		_ = f.process.send(kindSignal, signalMessage{Number: int(s), Group: true})
	case syscall.SIGTERM, syscall.SIGUSR1, syscall.SIGUSR2:
		_ = f.process.send(kindSignal, signalMessage{Number: int(s)})
	default:
		_ = f.process.send(kindSignal, signalMessage{Number: int(s), Group: true})
	}
}

// reader is who reads a stream of ours. When it is gone, the program is told.
type reader struct {
	to      io.Writer
	process *Process
	stream  byte
	gone    bool
}

func (r *reader) Write(b []byte) (int, error) {
	if r.to == nil || r.gone {
		return len(b), nil
	}
	if _, err := r.to.Write(b); err != nil {
		r.gone = true
		_ = r.process.send(kindClose, []byte{r.stream}) // it may end at this moment
	}
	return len(b), nil
}
