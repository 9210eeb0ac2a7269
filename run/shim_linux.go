package run

import (
	"fmt"
	"io"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// maxRSSUnit: Linux counts ru_maxrss in KiB.
	maxRSSUnit = 1 << 10
	// pipeSize is the most that a pipe holds without privileges (/proc/sys/fs/pipe-max-size).
	pipeSize = 1 << 20
)

// shimPath is this executable, also after its file was replaced.
func shimPath() (string, error) { return "/proc/self/exe", nil }

// adoptOrphans makes this process the parent of all that its descendants leave behind, and names it.
func adoptOrphans() {
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) // since Linux 3.4
}

func nameProcess() {
	name, err := unix.BytePtrFromString(shimName)
	if err == nil {
		_ = unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(name)), 0, 0, 0)
	}
}

// programAttr: a group of its own, as a shell would give it, in the shim's session; SIGTERM when the shim dies.
func programAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// enlarge may fail: all pipes of a user have a bound, too.
func enlarge(fd int) { _, _ = unix.FcntlInt(uintptr(fd), unix.F_SETPIPE_SZ, pipeSize) }

// copyPipe moves what a pipe holds to the log, within the kernel.
func copyPipe(s *stream) (int64, error) {
	moved, err := unix.Splice(s.from, nil, int(s.log.Fd()), nil, pipeSize, unix.SPLICE_F_NONBLOCK|unix.SPLICE_F_MOVE)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		return 0, nil
	case err != nil:
		return 0, &os.PathError{Op: "writing", Path: s.log.Name(), Err: err}
	case moved == 0:
		return 0, io.EOF
	}
	s.noted(moved)
	return moved, nil
}

// readiness says which of some descriptors can be read, in the order in which they became so: it is the
// nearest to the order in which a program wrote to them.
type readiness struct {
	epoll int
	wake  int // an eventfd
}

func newReadiness(fds ...int) (*readiness, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("waiting for output: %w", err)
	}
	wake, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("waiting for output: %w", err)
	}
	for _, fd := range append(fds, wake) {
		event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}
		if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
			return nil, fmt.Errorf("waiting for output: %w", err)
		}
	}
	return &readiness{epoll, wake}, nil
}

// wait returns none when it was interrupted.
func (r *readiness) wait() ([]int, error) {
	var events [4]unix.EpollEvent
	for {
		n, err := unix.EpollWait(r.epoll, events[:], -1)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		var ready []int
		for _, e := range events[:n] {
			if int(e.Fd) == r.wake {
				_, _ = unix.Read(r.wake, make([]byte, 8)) // it is ready, and reads at once
				return nil, nil
			}
			ready = append(ready, int(e.Fd))
		}
		return ready, nil
	}
}

func (r *readiness) remove(fd int) {
	_ = unix.EpollCtl(r.epoll, unix.EPOLL_CTL_DEL, fd, nil) // it is there
}

func (r *readiness) interrupt() {
	_, _ = unix.Write(r.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0}) // an eventfd takes it
}
