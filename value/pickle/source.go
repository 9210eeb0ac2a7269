package pickle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

const (
	// window is how much of a stream is read at a time.
	window = 64 << 10
	// firstPiece is what is allocated for a long payload before any of it has come;
	// after that as much again as has come. A length alone costs no memory.
	firstPiece = 1 << 20
)

// source is the pickle's bytes: all in buf, or behind a window over a reader. It keeps
// frames: no opcode and no argument crosses the end of one.
type source struct {
	buf   []byte
	pos   int // of the next byte in buf
	limit int // the end of what may be read without asking: of buf, or of the frame
	frame int // the end of the frame, relative to buf, which may lie beyond it; -1 for none
	base  int64
	r     io.Reader // nil where buf is all
	err   error     // what ended r
}

func newSource(data []byte) source {
	return source{buf: data, limit: len(data), frame: -1}
}

// at is the offset of the next byte in the stream.
func (s *source) at() int64 { return s.base + int64(s.pos) }

// setLimit recomputes limit after buf or frame have changed.
func (s *source) setLimit() {
	s.limit = len(s.buf)
	if s.frame >= 0 && s.frame < s.limit {
		s.limit = s.frame
	}
}

// next returns the next n bytes, valid until the next call. n is at most a window.
func (s *source) next(n int) ([]byte, error) {
	if n > s.limit-s.pos {
		if err := s.ensure(n); err != nil {
			return nil, err
		}
	}
	p := s.buf[s.pos : s.pos+n]
	s.pos += n
	return p, nil
}

// opcode returns the next opcode, which may begin where a frame ends. The end of the
// stream is io.EOF.
func (s *source) opcode() (byte, error) {
	if s.pos < s.limit {
		c := s.buf[s.pos]
		s.pos++
		return c, nil
	}
	if s.frame == s.pos {
		s.frame = -1
		s.setLimit()
	}
	if err := s.ensure(1); err != nil {
		return 0, err
	}
	c := s.buf[s.pos]
	s.pos++
	return c, nil
}

// ensure makes n bytes readable at pos. An end is io.EOF if nothing is left at all.
func (s *source) ensure(n int) error {
	if s.frame >= 0 && s.pos+n > s.frame {
		return errCrossesFrame
	}
	for len(s.buf)-s.pos < n {
		if err := s.fill(n); err != nil {
			if err == io.EOF && len(s.buf) > s.pos {
				return io.ErrUnexpectedEOF
			}
			return err
		}
	}
	s.setLimit()
	return nil
}

// fill reads what the reader has, after moving what is unread to the front.
func (s *source) fill(n int) error {
	if s.err != nil {
		return s.err
	}
	if s.r == nil {
		return io.EOF
	}
	if s.pos > 0 {
		left := copy(s.buf, s.buf[s.pos:])
		s.base += int64(s.pos)
		if s.frame >= 0 {
			s.frame -= s.pos
		}
		s.buf, s.pos = s.buf[:left], 0
	}
	if cap(s.buf)-len(s.buf) < window/2 {
		grown := make([]byte, len(s.buf), max(window, 2*len(s.buf), min(n, window)))
		copy(grown, s.buf)
		s.buf = grown
	}
	got, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
	s.buf = s.buf[:len(s.buf)+got]
	s.setLimit()
	if err != nil {
		s.err = err
		if got > 0 {
			return nil
		}
		return err
	}
	if got == 0 {
		return io.ErrNoProgress
	}
	return nil
}

// payload returns the next n bytes as a piece of their own.
func (s *source) payload(n uint64) ([]byte, error) {
	if n <= uint64(s.limit-s.pos) {
		p := append(make([]byte, 0, int(n)), s.buf[s.pos:s.pos+int(n)]...)
		s.pos += int(n)
		return p, nil
	}
	if s.frame >= 0 && (n > uint64(s.frame) || s.pos+int(n) > s.frame) {
		return nil, errCrossesFrame
	}
	if s.r == nil || n > maxPayload {
		return nil, io.ErrUnexpectedEOF
	}
	p := append(make([]byte, 0, min(int(n), firstPiece)), s.buf[s.pos:]...)
	s.pos = len(s.buf)
	return s.rest(p, int(n))
}

// rest reads p up to n bytes, from the reader straight into p.
func (s *source) rest(p []byte, n int) ([]byte, error) {
	for len(p) < n {
		if s.err != nil {
			return nil, unexpected(s.err)
		}
		if len(p) == cap(p) {
			p = append(make([]byte, 0, min(n, 2*len(p))), p...)
		}
		got, err := s.r.Read(p[len(p):min(n, cap(p))])
		p = p[:len(p)+got]
		s.skipped(got)
		if err != nil {
			s.err = err
		} else if got == 0 {
			return nil, io.ErrNoProgress
		}
	}
	return p, nil
}

// skipped notes n bytes that were read past the window, which is empty.
func (s *source) skipped(n int) {
	s.base += int64(n)
	if s.frame >= 0 {
		s.frame -= n
		s.setLimit()
	}
}

// line returns the bytes up to the next line feed, without it.
func (s *source) line() ([]byte, error) {
	from := s.pos
	for {
		if i := bytes.IndexByte(s.buf[from:s.limit], '\n'); i >= 0 {
			p := s.buf[s.pos : from+i]
			s.pos = from + i + 1
			return p, nil
		}
		seen := s.limit - s.pos
		if err := s.ensure(seen + 1); err != nil {
			return nil, unexpected(err)
		}
		from = s.pos + seen
	}
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// beginFrame starts a frame of n bytes.
func (s *source) beginFrame(n uint64) error {
	switch {
	case s.frame >= 0 && s.pos != s.frame:
		return errFrameInFrame
	case n > maxPayload || s.r == nil && n > uint64(len(s.buf)-s.pos):
		return io.ErrUnexpectedEOF
	}
	s.frame = s.pos + int(n)
	s.setLimit()
	return nil
}

// endFrame is called after STOP.
func (s *source) endFrame() error {
	if s.frame >= 0 && s.pos != s.frame {
		return errFrameAfterStop
	}
	s.frame = -1
	s.setLimit()
	return nil
}

func (s *source) uint1() (int, error) {
	if s.pos < s.limit {
		c := s.buf[s.pos]
		s.pos++
		return int(c), nil
	}
	p, err := s.next(1)
	if err != nil {
		return 0, unexpected(err)
	}
	return int(p[0]), nil
}

func (s *source) uint2() (int, error) {
	p, err := s.next(2)
	if err != nil {
		return 0, unexpected(err)
	}
	return int(binary.LittleEndian.Uint16(p)), nil
}

func (s *source) uint4() (uint32, error) {
	p, err := s.next(4)
	if err != nil {
		return 0, unexpected(err)
	}
	return binary.LittleEndian.Uint32(p), nil
}

func (s *source) uint8() (uint64, error) {
	p, err := s.next(8)
	if err != nil {
		return 0, unexpected(err)
	}
	return binary.LittleEndian.Uint64(p), nil
}

// The ways in which frames are abused: what a reader that minds them sees is then not
// what one that does not mind them runs.
var (
	errCrossesFrame   = errors.New("an opcode or its argument crosses the end of its frame")
	errFrameInFrame   = errors.New("a frame begins within another")
	errFrameAfterStop = errors.New("the pickle ends before its frame")
)
