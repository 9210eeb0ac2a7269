//go:build unix

package launch

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"
)

// Launcher is the other end of a process that starts programs. One program runs at a time.
type Launcher struct {
	mu       sync.Mutex
	process  *os.Process
	requests *os.File
	life     *os.File
	answers  *bufio.Scanner
	close    []*os.File
	added    int
}

// Open starts a launcher, which must be closed. Programs that are to show their output write to stdout and
// stderr; nil is the null device.
func Open(stdout, stderr *os.File) (*Launcher, error) {
	path, err := launcherPath()
	if err != nil {
		return nil, fmt.Errorf("starting a launcher: %w", err)
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("starting a launcher: %w", err)
	}
	defer null.Close()
	standard := []*os.File{null, cmp.Or(stdout, null), cmp.Or(stderr, null)}
	var ours, theirs [3]*os.File
	for i := range ours {
		r, w, err := os.Pipe()
		if err != nil {
			return nil, fmt.Errorf("starting a launcher: %w", err)
		}
		ours[i], theirs[i] = w, r
		if i+requestFD == answerFD {
			ours[i], theirs[i] = r, w
		}
		defer theirs[i].Close()
	}
	process, err := os.StartProcess(path, []string{launcherName}, &os.ProcAttr{
		Env:   launcherEnv(),
		Files: append(standard, theirs[:]...),
		Sys:   &syscall.SysProcAttr{Setsid: true}, // Ctrl-C is for us, who then end the program
	})
	if err != nil {
		for _, f := range ours {
			f.Close()
		}
		return nil, fmt.Errorf("starting a launcher: %w", err)
	}
	// A read that blocks its thread wakes up sooner than one through the runtime's poller. Life goes first at the end, so that
	// a read that still waits ends.
	if err := syscall.SetNonblock(int(ours[1].Fd()), false); err != nil {
		err = fmt.Errorf("starting a launcher: %w", err)
		for _, f := range ours {
			f.Close()
		}
		return nil, err
	}
	return &Launcher{process: process, requests: ours[0], answers: lines(ours[1]), life: ours[2], close: []*os.File{ours[2], ours[0], ours[1]}}, nil
}

// Close ends the launcher, and a program that runs.
func (l *Launcher) Close() error {
	for _, f := range l.close {
		_ = f.Close() // pipes
	}
	_, err := l.process.Wait()
	return err
}

// Add makes a command known and returns its number, counted from 0.
func (l *Launcher) Add(c Command) (int, error) {
	if len(c.Argv) == 0 {
		return 0, errors.New("adding a command: it has no program")
	}
	if _, err := l.ask(request{Add: &c}); err != nil {
		return 0, fmt.Errorf("adding %s: %w", c.Argv[0], err)
	}
	l.added++
	return l.added - 1, nil
}

// Run runs a command that was added, with pad bytes in [PadVariable], or without it where pad is below 0. The error
// is about starting it; it wraps fs.ErrNotExist or fs.ErrPermission where that was the reason. When ctx is done
// the program is killed, with its process group.
func (l *Launcher) Run(ctx context.Context, command, pad int) (Usage, error) {
	if command < 0 || command >= l.added {
		return Usage{}, fmt.Errorf("running command %d: there are %d", command, l.added)
	}
	if err := ctx.Err(); err != nil {
		return Usage{}, err
	}
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		_, _ = l.life.Write([]byte{'k'}) // if the launcher is gone, so is the program
		close(done)
	})
	u, err := l.ask(request{Run: command, Pad: min(pad, MaxPad)})
	if !stop() {
		<-done
		return u, ctx.Err()
	}
	return u, err
}

// Cost is what each of n starts and ends took by themselves: processes are made that fail to become a program. It is in
// the Wall of every Usage.
func (l *Launcher) Cost(ctx context.Context, n int) ([]time.Duration, error) {
	list := make([]time.Duration, 0, n)
	for range n {
		if err := ctx.Err(); err != nil {
			return list, err
		}
		u, err := l.ask(request{Try: true})
		if err != nil {
			return list, fmt.Errorf("measuring what a start costs: %w", err)
		}
		list = append(list, u.Wall)
	}
	return list, nil
}

// ask sends a request and waits for its answer.
func (l *Launcher) ask(r request) (Usage, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := send(l.requests, r); err != nil {
		if errors.Is(err, syscall.EPIPE) {
			err = ErrGone
		}
		return Usage{}, err
	}
	if !l.answers.Scan() {
		return Usage{}, ErrGone
	}
	var a answer
	if err := json.Unmarshal(l.answers.Bytes(), &a); err != nil {
		return Usage{}, fmt.Errorf("reading what the launcher said: %w", err)
	}
	if a.Error != "" {
		return a.Usage, &startError{a.Error, syscall.Errno(a.Errno)}
	}
	return a.Usage, nil
}

// startError is an error from the launcher's process.
type startError struct {
	text  string
	errno syscall.Errno
}

func (e *startError) Error() string { return e.text }

func (e *startError) Is(target error) bool {
	return e.errno != 0 && (target == fs.ErrNotExist || target == fs.ErrPermission) && errors.Is(e.errno, target)
}
