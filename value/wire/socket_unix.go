//go:build unix

package wire

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// socket is a connection that Go's poller does not know, so that a message wakes the one
// thread that sleeps for it and not one of the poller's too, which costs as much as the
// rest of a round trip. Its deadlines hold for the calls that begin after they are set;
// otherwise it is a net.Conn. A reader and a writer may use it at a time.
type socket struct {
	fd          int // does not block
	here, there net.Addr
	readBy      atomic.Int64 // in ns since 1970; 0 for ever
	writeBy     atomic.Int64
	drained     bool // the last read took all that had come
	look        looks
	mu          sync.Mutex
	users       int // calls that use fd, which must not be closed under them
	closed      bool
}

// outside takes a connection from Go's poller, or returns it as it is where it is no socket
// of the system or no descriptor is left.
func outside(c net.Conn) net.Conn {
	known, ok := c.(syscall.Conn)
	if !ok {
		return c
	}
	raw, err := known.SyscallConn()
	if err != nil {
		return c
	}
	fd, failed := -1, error(nil)
	if err := raw.Control(func(old uintptr) { fd, failed = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0) }); err != nil || failed != nil {
		return c
	}
	s := &socket{fd: fd, here: c.LocalAddr(), there: c.RemoteAddr(), drained: true}
	_ = c.Close() // its descriptor; the connection goes on in ours
	return s
}

func (s *socket) LocalAddr() net.Addr  { return s.here }
func (s *socket) RemoteAddr() net.Addr { return s.there }

func (s *socket) SetReadDeadline(t time.Time) error {
	s.readBy.Store(stamp(t))
	return nil
}

func (s *socket) SetWriteDeadline(t time.Time) error {
	s.writeBy.Store(stamp(t))
	return nil
}

func (s *socket) SetDeadline(t time.Time) error {
	return errors.Join(s.SetReadDeadline(t), s.SetWriteDeadline(t))
}

func stamp(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func (s *socket) Read(p []byte) (int, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.leave()
	if len(p) == 0 {
		return 0, nil
	}
	for {
		if s.drained {
			if err := s.awaitInput(len(p) <= readAhead); err != nil {
				return 0, s.told("read", err)
			}
		}
		n, err := unix.Read(s.fd, p)
		s.drained = n < len(p)
		switch {
		case n > 0:
			return n, nil
		case err == nil:
			return 0, s.end()
		case err != unix.EINTR && err != unix.EAGAIN:
			return 0, s.told("read", os.NewSyscallError("read", err))
		}
	}
}

// end is io.EOF where the other side has ended the connection.
func (s *socket) end() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return s.told("read", net.ErrClosed)
	}
	return io.EOF
}

// awaitInput looks for a moment, if that may be worth it, and sleeps. For much at a time
// it only sleeps: meanwhile more comes together.
func (s *socket) awaitInput(little bool) error {
	if little && s.look.now(s.fd) {
		return nil
	}
	return s.sleep(unix.POLLIN, s.readBy.Load())
}

func (s *socket) Write(p []byte) (n int, err error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.leave()
	for n < len(p) {
		more, err := unix.Write(s.fd, p[n:])
		n += max(more, 0)
		if err != nil && err != unix.EINTR && err != unix.EAGAIN {
			return n, s.told("write", os.NewSyscallError("write", err))
		}
		if n < len(p) && err != unix.EINTR {
			if err := s.sleep(unix.POLLOUT, s.writeBy.Load()); err != nil {
				return n, s.told("write", err)
			}
		}
	}
	return n, nil
}

// told is an error as those of package net.
func (s *socket) told(op string, err error) error {
	return &net.OpError{Op: op, Net: s.here.Network(), Source: s.here, Addr: s.there, Err: err}
}

// CloseWrite ends one direction.
func (s *socket) CloseWrite() error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	return os.NewSyscallError("shutdown", unix.Shutdown(s.fd, unix.SHUT_WR))
}

// Close wakes who waits, and closes when the last has left.
func (s *socket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return net.ErrClosed
	}
	s.closed = true
	if s.users > 0 {
		_ = unix.Shutdown(s.fd, unix.SHUT_RDWR) // fails if the peer has gone, which has woken them
		return nil
	}
	return os.NewSyscallError("close", unix.Close(s.fd))
}

func (s *socket) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("using the connection: %w", net.ErrClosed)
	}
	s.users++
	return nil
}

func (s *socket) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users--; s.users == 0 && s.closed {
		_ = unix.Close(s.fd) // nothing more can be done with it
	}
}
