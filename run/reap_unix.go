//go:build unix

package run

import (
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// reaper starts the program and waits for it and for all orphans of its tree; nothing else in the shim may wait.
// It does both on one thread that lives as long as the shim: the program is told when that thread dies.
type reaper struct {
	pid     int
	started time.Time
	onStop  func(syscall.Signal) // the program was stopped by that signal

	ended  chan struct{} // closed when the program has ended; from then on status and at stand
	alone  chan struct{} // closed when no descendant is left
	at     time.Time
	status syscall.WaitStatus

	mu    sync.Mutex
	usage usage

	do chan func() // what the thread shall do
}

// usage is the sum of what ended processes used; of the memory, the most that one had.
type usage struct {
	user, system                           time.Duration
	maxRSS                                 int64 // of the program alone
	othersRSS                              int64
	minor, major, waits, preempts, in, out int64
}

func newReaper() *reaper {
	r := &reaper{ended: make(chan struct{}), alone: make(chan struct{}), do: make(chan func())}
	go func() {
		runtime.LockOSThread()
		for work := range r.do { // never closed: the thread must not end
			work()
		}
	}()
	return r
}

// start starts the program with the files as its descriptors from 0 on, in the group if that is possible.
func (r *reaper) start(spec *Spec, files []uintptr, group cgroup) error {
	attr := &syscall.ProcAttr{
		Dir: spec.Dir, Env: append(withoutFolder(spec.Env), FolderVariable+"="+spec.Folder),
		Files: files, Sys: programAttr(),
	}
	dir := group.startIn(attr.Sys)
	defer dir.Close()
	failed := make(chan error)
	r.do <- func() {
		r.started = time.Now()
		pid, err := syscall.ForkExec(spec.Path, spec.Argv, attr)
		if err != nil && dir != nil { // the system refuses what it seemed to offer, or has nothing of that name
			attr.Sys = programAttr()
			r.started = time.Now()
			pid, err = syscall.ForkExec(spec.Path, spec.Argv, attr)
		}
		r.pid = pid
		failed <- err
	}
	if err := <-failed; err != nil {
		return &os.PathError{Op: "starting", Path: spec.Path, Err: err}
	}
	return nil
}

// reap waits for all children until there are none.
func (r *reaper) reap() {
	r.do <- func() {
		for {
			var status syscall.WaitStatus
			var used syscall.Rusage
			pid, err := syscall.Wait4(-1, &status, syscall.WUNTRACED, &used)
			now := time.Now()
			switch {
			case err == syscall.EINTR:
			case err != nil: // ECHILD: no descendant is left, for orphans become our children
				close(r.alone)
				return
			case status.Stopped():
				if pid == r.pid {
					r.onStop(status.StopSignal())
				}
			default:
				r.note(pid, status, &used, now)
			}
		}
	}
}

func (r *reaper) note(pid int, status syscall.WaitStatus, used *syscall.Rusage, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := &r.usage
	u.user += time.Duration(used.Utime.Nano())
	u.system += time.Duration(used.Stime.Nano())
	u.minor += int64(used.Minflt)
	u.major += int64(used.Majflt)
	u.waits += int64(used.Nvcsw)
	u.preempts += int64(used.Nivcsw)
	u.in += int64(used.Inblock)
	u.out += int64(used.Oublock)
	rss := int64(used.Maxrss) * maxRSSUnit
	if pid != r.pid {
		u.othersRSS = max(u.othersRSS, rss)
		return
	}
	u.maxRSS = rss
	r.status, r.at = status, now
	close(r.ended)
}

func (r *reaper) hasEnded() bool {
	select {
	case <-r.ended:
		return true
	default:
		return false
	}
}

func (r *reaper) used() usage {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.usage
}
