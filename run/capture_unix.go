//go:build unix

package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
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
	running sync.WaitGroup
}

// stream is one of stdout and stderr.
type stream struct {
	name  byte
	log   *os.File
	size  int64
	from  *os.File // the shim's end of the pipe or the terminal
	child *os.File // the program's
	index *index
	copy  func(*stream) (int64, error) // some bytes from "from" to "log"; the error may be io.EOF
	lost  func(*stream, error)         // told once, when the log cannot be written any more
	pass  func(body []byte)            // where output goes then
	full  bool
	block []byte // for bytes that are copied through us

	mu     sync.Mutex
	closed bool
}

// newCapture makes the files of the run. The index comes last: who finds it finds all.
func newCapture(s *shim) (*capture, error) {
	c := &capture{}
	for i, name := range []string{StdoutFile, StderrFile} {
		log, err := createLog(s.spec.Folder, name)
		if err != nil {
			return nil, err
		}
		c.streams[i] = &stream{name: [2]byte{stdoutName, stderrName}[i], log: log, lost: s.diskIsFull}
		k := [2]kind{kindStdout, kindStderr}[i]
		c.streams[i].pass = func(body []byte) { s.link.pass(k, body) }
	}
	var err error
	if c.room, err = reserveRoom(s.spec.Folder); err != nil {
		return nil, err
	}
	file, err := createIndex(s.spec.Folder)
	if err != nil {
		return nil, err
	}
	c.index = newIndex(file, s.link.ring)
	for _, stream := range c.streams {
		stream.index = c.index
	}
	return c, nil
}

// createIndex locks the index before anyone can find it.
func createIndex(folder string) (*os.File, error) {
	const hidden = "." + IndexFile + ".tmp"
	file, err := createLog(folder, hidden)
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
func (c *capture) open(s *shim) error {
	for i, stream := range c.streams {
		if s.shared.Terminal[i+1] {
			stream.from, stream.child, stream.copy = s.term.outputs[i].master, s.term.outputs[i].slave, s.term.outputs[i].copy
			continue
		}
		var err error
		if stream.from, stream.child, err = newPipe(); err != nil {
			return fmt.Errorf("making a pipe for the program's output: %w", err)
		}
		stream.copy = copyPipe
	}
	return nil
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
	for _, s := range c.streams {
		if s.isClosed() {
			continue
		}
		_ = s.from.SetReadDeadline(time.Time{}) // pipes and terminals have deadlines
		c.running.Go(s.pump)
	}
}

// done is closed when all streams have ended.
func (c *capture) done() <-chan struct{} {
	done := make(chan struct{})
	go func() { c.running.Wait(); close(done) }()
	return done
}

// finish stops copying, once what the program wrote is copied: what is in the pipes now, not what others may write
// into them for ever.
func (c *capture) finish() {
	for _, s := range c.streams {
		_ = s.from.SetReadDeadline(time.Unix(1, 0))
	}
	c.running.Wait()
	for _, s := range c.streams {
		s.drain()
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

func (s *stream) pump() {
	for {
		_, err := s.next()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
		if err != nil { // the end, which for a terminal is EIO
			s.close()
			return
		}
	}
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

// drain copies what is there, at most as much as a pipe holds.
func (s *stream) drain() {
	if s.isClosed() {
		return
	}
	_ = s.from.SetReadDeadline(time.Time{})
	for left := int64(pipeSize); left > 0 && waiting(s.from) > 0; {
		n, err := s.next()
		if err != nil {
			s.close()
			return
		}
		left -= n
	}
}

// copyBytes copies through us: where the kernel cannot, and where the log is full.
func copyBytes(s *stream) (int64, error) {
	if s.block == nil {
		s.block = make([]byte, blockSize)
	}
	n, err := s.from.Read(s.block)
	s.keep(s.block[:n])
	return int64(n), err
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
	if !s.closed {
		s.closed = true
		s.from.Close()
	}
}

// isFull tells the errors of a place that has no room for more.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}
