package run

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	maxRSSUnit = 1        // macOS counts ru_maxrss in bytes
	pipeSize   = 64 << 10 // the most that a pipe holds
)

func shimPath() (string, error) { return os.Executable() }

// adoptOrphans does nothing: macOS gives all orphans to launchd.
func adoptOrphans() {}

func nameProcess() {}

func programAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func enlarge(int) {}

func copyPipe(s *stream) (int64, error) { return copyBytes(s) }

// readiness says which of some descriptors can be read. macOS does not say which was first.
type readiness struct {
	fds           []unix.PollFd // the first is woken
	woken, waking int
}

func newReadiness(fds ...int) (*readiness, error) {
	var wake [2]int
	if err := syscall.Pipe(wake[:]); err != nil {
		return nil, fmt.Errorf("waiting for output: %w", err)
	}
	r := &readiness{woken: wake[0], waking: wake[1]}
	for _, fd := range append([]int{r.woken}, fds...) {
		r.fds = append(r.fds, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	syscall.CloseOnExec(r.woken)
	syscall.CloseOnExec(r.waking)
	return r, nil
}

// wait returns none when it was interrupted.
func (r *readiness) wait() ([]int, error) {
	for {
		_, err := unix.Poll(r.fds, -1)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		if r.fds[0].Revents != 0 {
			_, _ = unix.Read(r.woken, make([]byte, 1)) // it is ready, and reads at once
			return nil, nil
		}
		var ready []int
		for i := range r.fds {
			if r.fds[i].Revents&unix.POLLNVAL != 0 {
				r.fds[i].Fd = -1 // closed: not looked at any more
			} else if r.fds[i].Revents != 0 {
				ready = append(ready, int(r.fds[i].Fd))
			}
		}
		return ready, nil
	}
}

// remove does nothing: wait finds what is closed.
func (r *readiness) remove(int) {}

func (r *readiness) interrupt() { _, _ = unix.Write(r.waking, []byte{1}) }
