//go:build unix

package run

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	logMode = 0o600
	// blockSize is copied at a time where the bytes go through us; terminals give less.
	blockSize = 64 << 10
)

// capture copies what the program writes into the logs and keeps the index.
type capture struct {
	index   *index
	streams [2]*stream
	room    *os.File // for exit.json
	ready   *readiness
	running chan struct{} // closed when copying has ended
}

// stream is one of stdout and stderr.
type stream struct {
	name  byte
	log   *os.File
	size  int64
	from  int      // our end of the pipe or the terminal: never waits
	child *os.File // the program's end
	index *index
	ready *readiness
	copy  func(*stream) (int64, error) // some bytes from "from" to "log", 0 if there are none; the error may be io.EOF
	lost  func(*stream, error)         // told once, when the log cannot be written any more
	pass  func(body []byte)            // where output goes then
	full  bool
	block []byte // for bytes that are copied through us

	mu     sync.Mutex
	closed bool
}

// newCapture makes the files of the run. The index comes first: by its lock others know that the shim lives.
func newCapture(s *shim) (*capture, error) {
	file, err := createIndex(s.spec.Folder)
	if err != nil {
		return nil, err
	}
	c := &capture{index: newIndex(file, s.link.ring)}
	for i, name := range []string{StdoutFile, StderrFile} {
		log, err := createLog(s.spec.Folder, name)
		if err != nil {
			return nil, err
		}
		k := [2]kind{kindStdout, kindStderr}[i]
		c.streams[i] = &stream{
			name: [2]byte{stdoutName, stderrName}[i], log: log, index: c.index, lost: s.diskIsFull,
			pass: func(body []byte) { s.link.pass(k, body) },
		}
	}
	c.room, err = reserveRoom(s.spec.Folder)
	return c, err
}

// createIndex locks the index before anyone can find it.
func createIndex(folder string) (*os.File, error) {
	file, err := createLog(folder, "."+IndexFile+".tmp")
	if err != nil {
		return nil, err
	}
	if err := hold(file); err != nil {
		return nil, err
	}
	return file, os.Rename(file.Name(), filepath.Join(folder, IndexFile))
}

func createLog(folder, name string) (*os.File, error) {
	return os.OpenFile(filepath.Join(folder, name), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, logMode)
}

// open makes the pipes of the streams that are no terminals.
func (c *capture) open(s *shim) (err error) {
	for i, stream := range c.streams {
		if s.shared.Terminal[i+1] {
			t := s.term.outputs[i]
			stream.from, stream.child, stream.copy = t.fd(), t.slave, t.copy
		} else {
			stream.copy = copyPipe
			if stream.from, stream.child, err = newPipe(); err != nil {
				return fmt.Errorf("making a pipe for the program's output: %w", err)
			}
		}
	}
	c.ready, err = newReadiness(c.streams[0].from, c.streams[1].from)
	c.streams[0].ready, c.streams[1].ready = c.ready, c.ready
	return err
}

// childFiles are the program's descriptors from 0 on.
func (c *capture) childFiles(t *terminals, stdin *os.File, extra []*os.File) []uintptr {
	if t != nil && t.stdin {
		stdin = t.input.slave
	}
	files := []uintptr{0, c.streams[0].child.Fd(), c.streams[1].child.Fd()} // 0 is the null device
	if stdin != nil {
		files[0] = stdin.Fd()
	}
	for _, file := range extra {
		files = append(files, file.Fd())
	}
	return files
}

func (c *capture) closeChildEnds() {
	for _, s := range c.streams {
		s.child.Close()
	}
}

// begin copies until the streams end, or finish is called.
func (c *capture) begin() {
	c.running = make(chan struct{})
	go func() {
		defer close(c.running)
		c.pump()
	}()
}

// pump is one loop for both streams, which takes them in the order in which they became readable.
func (c *capture) pump() {
	for c.anyOpen() {
		ready, err := c.ready.wait()
		if err != nil || ready == nil {
			return
		}
		for _, fd := range ready {
			for _, s := range c.streams {
				if s.from == fd {
					s.step()
				}
			}
		}
	}
}

// finish stops copying, once what the program wrote is copied: what is in the pipes now, not what others may write
// into them for ever.
func (c *capture) finish() {
	c.ready.interrupt()
	<-c.running
	for _, s := range c.streams {
		for left := int64(pipeSize); left > 0; {
			n := s.step()
			if n == 0 {
				break
			}
			left -= n
		}
	}
	c.index.flush()
}

func (c *capture) anyOpen() bool {
	return !c.streams[0].isClosed() || !c.streams[1].isClosed()
}

// hangUp closes our end: the program finds that nobody reads, as it would plainly.
func (c *capture) hangUp(name string) {
	for _, s := range c.streams {
		if name == string(s.name) {
			s.close()
		}
	}
}

// step copies some bytes, and closes the stream at its end, which for a terminal is EIO.
func (s *stream) step() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0
	}
	n, err := s.next()
	if err != nil {
		s.closeLocked()
	}
	return n
}

// next copies some bytes; n are taken from the pipe.
func (s *stream) next() (n int64, err error) {
	if s.full {
		return copyBytes(s)
	}
	n, err = s.copy(s)
	if isFull(err) {
		s.overflow(err)
		return copyBytes(s)
	}
	return n, err
}

// noted counts bytes that are in the log by now.
func (s *stream) noted(n int64) {
	if n > 0 {
		s.size += n
		s.index.add(s.name, n)
	}
}

// copyBytes copies through us: where the kernel cannot, and where the log is full.
func copyBytes(s *stream) (int64, error) {
	if s.block == nil {
		s.block = make([]byte, blockSize)
	}
	n, err := readSome(s.from, s.block)
	s.keep(s.block[:n])
	return int64(n), err
}

// readSome returns 0 and no error where there is nothing yet, and io.EOF at the end.
func readSome(fd int, block []byte) (int, error) {
	n, err := unix.Read(fd, block)
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		return 0, nil
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// keep writes to the log, or passes on what it has no room for.
func (s *stream) keep(bytes []byte) {
	if !s.full {
		n, err := s.log.Write(bytes)
		s.noted(int64(n))
		if err == nil {
			return
		}
		s.overflow(err)
		bytes = bytes[n:]
	}
	if len(bytes) > 0 {
		s.pass(slices.Clone(bytes))
	}
}

func (s *stream) overflow(err error) {
	s.full = true
	s.index.flush() // what was kept is shown first
	s.lost(s, err)
}

func (s *stream) isClosed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closeLocked()
}

func (s *stream) closeLocked() {
	if !s.closed {
		s.closed = true
		s.ready.remove(s.from) // a terminal has other descriptors, which would keep it there
		unix.Close(s.from)
	}
}

// isFull tells the errors of a place that has no room for more.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
