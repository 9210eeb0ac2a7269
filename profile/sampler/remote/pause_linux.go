package remote

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Pausing is by ptrace(2): every thread is seized, interrupted and, to go on, let go
// again, so that between two pauses nobody traces the process and its signals reach it
// as ever. When the thread that paused ends, and be it by SIGKILL, the kernel lets all go.

const (
	pauseRounds   = 64                     // listings of threads: those that still run may start others
	pausePatience = 100 * time.Millisecond // with a thread deep in the kernel, such as one that waits for vfork: it runs no Python there
	pauseLimit    = 5 * time.Second        // for others to stop: on a busy machine they wait for a processor first
	pauseSpin     = 200 * time.Microsecond // of that without sleeping; most take 20 us
	pauseNap      = 50 * time.Microsecond
)

// tracee is a thread that was seized.
type tracee struct {
	stopped bool
	over    bool // it has ended, or cannot be traced because it is ending
	slow    bool // to stop, or to end: not to be waited for again
	deep    bool // in the kernel, which is why it is slow
	signal  int  // that was on its way to the thread and is to be given to it
}

// Pause stops all threads of the process, until Resume. Both must be called by one
// goroutine that is locked to its thread, and that thread must end with it: the kernel
// then lets go what could not be let go in good order. Nobody may wait for the end of
// the process meanwhile (exec.Cmd.Wait) in the program that pauses it: the kernel would
// tell of the stops there. System calls that the process sleeps in go on afterwards, but
// for a few that return EINTR, such as epoll_wait; Python itself repeats them.
func (p *Process) Pause() error {
	if p.traced == nil {
		p.traced = map[int]*tracee{}
	}
	for range pauseRounds {
		grown, err := p.seizeAll()
		if err != nil {
			p.Resume()
			return err
		}
		if !grown {
			return nil
		}
		p.await(func(t *tracee) bool { return t.stopped || t.over })
		for tid, t := range p.traced {
			if t.slow && !t.deep && !t.stopped {
				p.Resume()
				return fmt.Errorf("pausing thread %d of process %d: it did not stop within %s", tid, p.pid, pauseLimit)
			}
		}
	}
	p.Resume()
	return fmt.Errorf("pausing process %d: it starts threads faster than they can be stopped", p.pid)
}

// Resume lets all threads go that Pause has stopped. Of one that was about to stop only
// now, it is waited that it does.
func (p *Process) Resume() {
	p.await(func(t *tracee) bool { return t.stopped || t.over })
	for tid, t := range p.traced {
		if t.stopped && ptrace(unix.PTRACE_DETACH, tid, uintptr(t.signal)) == nil {
			t.over = true
		}
		t.stopped = false // else it is being killed as it stands
	}
	// Who traces a thread that dies must take note, or its parent never hears of it.
	p.await(func(t *tracee) bool { return t.over })
	for tid, t := range p.traced {
		if t.over {
			delete(p.traced, tid)
		}
	}
}

// seizeAll makes every thread that is not traced yet stop, and says whether there was one.
func (p *Process) seizeAll() (grown bool, err error) {
	tids, err := p.Tasks()
	if err != nil {
		return false, err
	}
	for _, tid := range tids {
		if p.traced[tid] != nil {
			continue
		}
		t := &tracee{}
		err := unix.PtraceSeize(tid)
		switch {
		case errors.Is(err, unix.ESRCH), errors.Is(err, unix.EPERM) && p.ending(tid):
			t.over = true
		case err != nil:
			return false, p.explainPause(tid, err)
		default:
			grown = true
			_ = unix.PtraceInterrupt(tid) // fails only where it has ended, which await notices
		}
		p.traced[tid] = t
	}
	return grown, nil
}

// await waits until done says so of every thread that is not slow.
func (p *Process) await(done func(*tracee) bool) {
	for begin := time.Now(); ; {
		since, missing := time.Since(begin), false
		for tid, t := range p.traced {
			if !done(t) {
				p.look(tid, t)
				t.deep = since > pausePatience && p.state(tid) == 'D'
				t.slow = t.slow || t.deep || since > pauseLimit
				missing = missing || !done(t) && !t.slow
			}
		}
		if !missing {
			return
		}
		if since > pauseSpin {
			time.Sleep(pauseNap)
		}
	}
}

// Codes of what waitid tells, from sys/wait.h.
const (
	exited = 1 // CLD_EXITED
	dumped = 3 // CLD_DUMPED; between them CLD_KILLED
)

// look notes whether a thread has stopped or ended. The end of a process that this
// program has started is left to whoever waits for it here.
func (p *Process) look(tid int, t *tracee) {
	var info unix.Siginfo
	err := unix.Waitid(unix.P_PID, tid, &info, unix.WSTOPPED|unix.WEXITED|unix.WNOHANG|unix.WNOWAIT|unix.WALL, nil)
	switch {
	case errors.Is(err, unix.ECHILD):
		t.over = true
	case err != nil || info.Code == 0:
	case info.Code >= exited && info.Code <= dumped:
		t.over = true
		if tid != p.pid || !p.child() {
			_, _ = unix.Wait4(tid, nil, unix.WNOHANG|unix.WALL, nil) // it is there: it was just seen
		}
	default:
		t.stopped = true
		t.signal = stopSignal(tid)
	}
}

// stopSignal is the signal that a thread was stopped on receiving, or 0 where it is
// our own interruption, or a stop of the whole process, which goes on by itself.
func stopSignal(tid int) int {
	var info unix.Siginfo
	if ptrace(unix.PTRACE_GETSIGINFO, tid, uintptr(unsafe.Pointer(&info))) != nil || info.Code>>8 == unix.PTRACE_EVENT_STOP {
		return 0
	}
	return int(info.Signo)
}

// child says whether this program has started the process.
func (p *Process) child() bool { return status(p.root)["PPid"] == strconv.Itoa(os.Getpid()) }

// ending says whether a thread is about to vanish: it may be a zombie for as long as
// others of its process live.
func (p *Process) ending(tid int) bool {
	state := p.state(tid)
	return state == 0 || state == 'Z' || state == 'X'
}

// state is the letter of a thread's state, 0 where there is none.
func (p *Process) state(tid int) byte {
	state := status(filepath.Join(p.root, "task", strconv.Itoa(tid)))["State"]
	if state == "" {
		return 0
	}
	return state[0]
}

// explainPause finds out why a thread may not be traced. Who may read a process may
// trace it as well, but for filters, and but for one that traces it already.
func (p *Process) explainPause(tid int, err error) error {
	err = fmt.Errorf("pausing thread %d of process %d: %w", tid, p.pid, err)
	if tracer := status(filepath.Join(p.root, "task", strconv.Itoa(tid)))["TracerPid"]; tracer != "0" && tracer != "" {
		of := status(filepath.Join("/proc", tracer)) // a thread
		return &PermissionError{p.pid, fmt.Sprintf("it cannot be paused, because process %s (%s) traces it already", of["Tgid"], of["Name"]),
			"end that one, or sample without pausing", err}
	}
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) || errors.Is(err, unix.ENOSYS) {
		what, fix := p.missing()
		return &PermissionError{p.pid, "it cannot be paused (ptrace): " + what, fix + "; or sample without pausing", err}
	}
	return err
}

func ptrace(request, tid int, data uintptr) error {
	if _, _, errno := unix.Syscall6(unix.SYS_PTRACE, uintptr(request), uintptr(tid), 0, data, 0, 0); errno != 0 {
		return errno
	}
	return nil
}
