package call

import (
	"errors"
	"io"
	"os"
	"time"
)

// maxLeft bounds what is read after the deadline: the most that Linux lets a pipe hold
// unless root asks for more. Only a process that goes on writing gets there.
const maxLeft = 1 << 20

// pipeReader reads a pipe up to its deadline and then what lies in it already, which a file
// whose deadline has passed keeps to itself. A machine that stood still may have let it pass
// before anything was read.
type pipeReader struct {
	file *os.File
	left int // bytes read after the deadline
}

func (p *pipeReader) Read(b []byte) (int, error) {
	n, err := p.file.Read(b)
	if !errors.Is(err, os.ErrDeadlineExceeded) || p.left >= maxLeft {
		return n, err
	}
	if n, err = p.readNow(b); err == nil && n == 0 {
		err = io.EOF
	}
	p.left += n
	return n, err
}

// readNow reads without waiting. The error of an empty pipe that may be written to yet
// is [os.ErrDeadlineExceeded].
func (p *pipeReader) readNow(b []byte) (int, error) {
	raw, err := p.file.SyscallConn()
	if err != nil {
		return 0, err
	}
	if err := p.file.SetReadDeadline(time.Time{}); err != nil {
		return 0, err
	}
	n, readErr := 0, error(nil)
	err = raw.Read(func(fd uintptr) bool {
		n, readErr = readAtOnce(fd, b)
		return true
	})
	return n, errors.Join(err, readErr, p.file.SetReadDeadline(time.Unix(1, 0)))
}
