package run

import (
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
	raw, err := s.from.SyscallConn()
	if err != nil {
		return 0, err
	}
	var moved int64
	var failed error
	err = raw.Read(func(fd uintptr) bool {
		for {
			moved, failed = unix.Splice(int(fd), nil, int(s.log.Fd()), nil, pipeSize, unix.SPLICE_F_NONBLOCK|unix.SPLICE_F_MOVE)
			if failed != unix.EINTR {
				return failed != unix.EAGAIN
			}
		}
	})
	if err != nil {
		return 0, err
	}
	if failed != nil {
		return 0, &os.PathError{Op: "writing", Path: s.log.Name(), Err: failed}
	}
	if moved == 0 {
		return 0, io.EOF
	}
	s.noted(moved)
	return moved, nil
}
