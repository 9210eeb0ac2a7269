//go:build unix

package wire

import (
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// lookFor is how long an answer is looked for without sleeping: about what it costs to
	// wake a thread.
	lookFor = 20 * time.Microsecond
	// maxMisses bounds how rare such looking becomes where it is of no use: 2^6 waits apart.
	maxMisses = 6
	// sleepFor is how long a thread sleeps in the kernel, which wakes it sooner than Go's
	// poller. After that the poller waits, and no thread is held.
	sleepFor = 100 * time.Millisecond
)

// looks remembers whether looking was of use.
type looks struct {
	misses int // times in a row that it was in vain
	skip   int // waits until it is tried again
}

// now looks again and again for a moment. The less it was of use, the less often it does.
func (l *looks) now(fd int) bool {
	if l.skip > 0 {
		l.skip--
		return false
	}
	for began := time.Now(); time.Since(began) < lookFor; runtime.Gosched() {
		if poll(fd, unix.POLLIN, 0) {
			l.misses = 0
			return true
		}
	}
	l.misses = min(l.misses+1, maxMisses)
	l.skip = 1 << l.misses
	return false
}

// sleep returns when fd is ready for events, or os.ErrDeadlineExceeded; or it returns too
// early, which reading or writing tells.
func (s *socket) sleep(events int16, by int64) error {
	left := sleepFor
	if by != 0 {
		left = min(left, time.Until(time.Unix(0, by)))
	}
	if left <= 0 {
		return os.ErrDeadlineExceeded
	}
	if left == sleepFor && !poll(s.fd, events, left) {
		return s.park(events, by)
	}
	poll(s.fd, events, left)
	return nil
}

func poll(fd int, events int16, most time.Duration) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
	n, err := unix.Poll(fds, int((most + time.Millisecond - 1).Milliseconds()))
	return n > 0 && err == nil
}

// park waits with Go's poller, by a descriptor of its own.
func (s *socket) park(events int16, by int64) error {
	fd, err := unix.FcntlInt(uintptr(s.fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil // no descriptor is left: the thread goes on sleeping
	}
	f := os.NewFile(uintptr(fd), "socket")
	defer f.Close()
	if by != 0 {
		if err := f.SetDeadline(time.Unix(0, by)); err != nil {
			return err
		}
	}
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	ready := func(fd uintptr) bool { return poll(int(fd), events, 0) }
	if events == unix.POLLIN {
		return raw.Read(ready)
	}
	return raw.Write(ready)
}
