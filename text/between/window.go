package between

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"
)

const (
	// firstRead suits the many texts that are short.
	firstRead = 4 << 10
	// windowSize is what is read at a time in the end. A pipe hands over 64 KiB at most;
	// more spares system calls on files.
	windowSize = 256 << 10
)

// window is the part of the text that is in memory.
type window struct {
	r      io.Reader
	buf    []byte
	lo, hi int   // what was read and not passed by is buf[lo:hi]
	line   int   // so many bytes before lo, at most [utf8.UTFMax], are of the same line: regular expressions look back at them
	offset int64 // of lo in the text
	err    error // of the reader, io.EOF at the end
}

func newWindow(r io.Reader) *window { return &window{r: r, buf: make([]byte, firstRead)} }

// data is what was read and not passed by.
func (w *window) data() []byte { return w.buf[w.lo:w.hi] }

// more reads on. False is the end, or a failure.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	w.makeRoom()
	for range 100 { // as bufio has it: a reader that reads nothing, again and again, is broken
		var got int
		got, w.err = w.r.Read(w.buf[w.hi:])
		w.hi += got
		if got > 0 {
			return true
		}
		if w.err != nil {
			return false
		}
	}
	w.err = io.ErrNoProgress
	return false
}

// makeRoom moves what is there to the front, into a larger buffer if the reader filled
// this one or most of it is still wanted; markers bound how much that is.
func (w *window) makeRoom() {
	kept := w.buf[w.lo-w.line : w.hi]
	if len(kept) > len(w.buf)/2 || w.hi == len(w.buf) && len(w.buf) < windowSize {
		w.buf = make([]byte, 2*len(w.buf))
	}
	w.hi = copy(w.buf, kept)
	w.lo = w.line
}

// pass leaves n bytes behind, which go to out, and returns them; they hold until more.
func (w *window) pass(n int, out io.Writer) ([]byte, error) {
	passed := w.buf[w.lo : w.lo+n]
	w.lo += n
	w.offset += int64(n)
	w.line = min(w.line+n, utf8.UTFMax)
	if at := bytes.LastIndexByte(w.buf[w.lo-w.line:w.lo], '\n'); at >= 0 {
		w.line -= at + 1
	}
	if n == 0 {
		return passed, nil
	}
	_, err := out.Write(passed)
	return passed, err
}

// drain passes all that is left to out.
func (w *window) drain(out io.Writer) error {
	for {
		if _, err := w.pass(len(w.data()), out); err != nil {
			return err
		}
		if !w.more() {
			return w.failure()
		}
	}
}

// atEnd says whether nothing is left.
func (w *window) atEnd() bool { return len(w.data()) == 0 && !w.more() }

// failure is the reader's error, if it was not the end.
func (w *window) failure() error {
	if errors.Is(w.err, io.EOF) {
		return nil
	}
	return w.err
}
