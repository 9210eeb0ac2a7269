//go:build unix

package wire

import (
	"net"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// spinFor is how long an answer is looked for without sleeping: about what it costs to
	// wake a thread.
	spinFor = 20 * time.Microsecond
	// maxMisses bounds how rare such looking becomes where it is of no use: 2^6 waits apart.
	maxMisses = 6
	// sleepFor is how long a thread sleeps in the kernel for a message, which wakes it
	// sooner than Go's poller. After that the poller waits, and no thread is held.
	sleepFor = 100 * time.Millisecond
)

// waiter waits for the beginning of a message with less delay than Go's poller.
type waiter struct {
	raw    syscall.RawConn
	misses int // times in a row that spinning was in vain
	skip   int // waits until it is tried again
}

// newWaiter is nil for connections that are no sockets of the system.
func newWaiter(c net.Conn) *waiter {
	s, ok := c.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return nil
	}
	return &waiter{raw: raw}
}

// wait returns when there is something to read, or after at most sleepFor (and the time
// idle, if it is not 0), for the poller to go on. What is wrong the next read tells.
func (w *waiter) wait(idle time.Duration) {
	most := sleepFor
	if idle > 0 {
		most = min(most, idle)
	}
	_ = w.raw.Read(func(fd uintptr) bool {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if !w.spin(fds) {
			_, _ = unix.Poll(fds, int(most.Milliseconds()))
		}
		return true
	})
}

// spin looks again and again for a moment. The less it was of use, the less often it does.
func (w *waiter) spin(fds []unix.PollFd) bool {
	if w.skip > 0 {
		w.skip--
		return ready(fds)
	}
	for began := time.Now(); time.Since(began) < spinFor; runtime.Gosched() {
		if ready(fds) {
			w.misses = 0
			return true
		}
	}
	w.misses = min(w.misses+1, maxMisses)
	w.skip = 1 << w.misses
	return false
}

func ready(fds []unix.PollFd) bool {
	n, err := unix.Poll(fds, 0)
	return n > 0 && err == nil
}
