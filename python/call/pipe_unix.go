//go:build unix

package call

import (
	"os"
	"syscall"
)

// readAtOnce reads from a descriptor that does not block.
func readAtOnce(fd uintptr, b []byte) (int, error) {
	for {
		n, err := syscall.Read(int(fd), b)
		switch err {
		case nil:
			return n, nil
		case syscall.EINTR:
		case syscall.EAGAIN:
			return 0, os.ErrDeadlineExceeded
		default:
			return 0, err
		}
	}
}
