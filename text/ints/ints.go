// Package ints reads and writes lists of whole numbers as text: "1, 2, 3, 4, 5".
//
// Call [ReadFile] and [WriteFile] for a file, [Read] and [Append] for streams and
// memory, and [NewScanner] for lists that are too long to be kept or whose numbers are
// too large for 64 bits. [Summary] adds up what a scanner finds.
//
// Between two numbers stand a comma, or space, or both; spaces, tabs and line ends
// count the same. A number is what Python's int takes in base 10: digits, a sign before
// them, single underscores between them, but for the digits of other scripts. An item
// that is none is a [SyntaxError]; so is what stands between two commas when that is
// nothing.
package ints

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// SyntaxError is an item that is no number.
type SyntaxError struct {
	Line, Column int    // from 1; the column in bytes
	Item         string // what stands there, shortened to [MaxItem] bytes
	Reason       string
}

func (e *SyntaxError) Error() string {
	const shown = 40
	item := e.Item
	if len(item) > shown {
		item = item[:shown] + "..."
	}
	return fmt.Sprintf("line %d, column %d: %q %s", e.Line, e.Column, item, e.Reason)
}

// Read reads all numbers of r. One beyond 64 bits is an error that says where it is.
func Read(r io.Reader) ([]int64, error) {
	var list []int64
	s := NewScanner(r)
	for s.Scan() {
		if s.big != nil {
			return nil, s.wrong(s.big.String(), "is beyond 64 bits")
		}
		if cap(list)-len(list) <= batch {
			list = slices.Grow(list, max(batch+1, len(list))) // twofold: append itself is more sparing, and copies more
		}
		list = append(append(list, s.value), s.ready...)
		s.ready = nil
	}
	return list, s.Err()
}

// ReadFile is [Read] of the file at path, which the error names.
func ReadFile(path string) ([]int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list, err := Read(file)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return list, nil
}

// Append adds the text of list to text: its numbers with ", " between them.
func Append(text []byte, list ...int64) []byte {
	for i, n := range list {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = strconv.AppendInt(text, n, 10)
	}
	return text
}

// WriteFile writes the text of list to the file at path, as [WriteText] does.
func WriteFile(path string, list []int64) error { return WriteText(path, Append(nil, list...)) }

// WriteText makes text the whole of the file at path. Readers see the old text or the
// new, never a part, also when this fails: it is written beside the file, synced and
// renamed. A new file may be read by all whom the umask leaves; an old one keeps its
// mode. A link is followed. The folder is made where it is missing.
func WriteText(path string, text []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	temp, err := tempFile(dir, filepath.Base(path))
	if err != nil {
		return err
	}
	err = fill(temp, path, text)
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

// tempFile makes a new file with the mode that the umask leaves, which os.CreateTemp does not.
func tempFile(dir, base string) (*os.File, error) {
	const tries = 1000 // each name is taken only if an earlier process died
	for i := 0; ; i++ {
		name := filepath.Join(dir, fmt.Sprintf(".%s.%d-%d.tmp", base, os.Getpid(), i))
		file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || !errors.Is(err, os.ErrExist) || i == tries {
			return file, err
		}
	}
}

func fill(temp *os.File, path string, text []byte) error {
	if info, err := os.Stat(path); err == nil {
		if !info.Mode().IsRegular() {
			return fmt.Errorf("writing %s: it is no regular file", path)
		}
		if err := temp.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	}
	if _, err := temp.Write(text); err != nil {
		return err
	}
	return temp.Sync()
}

// Number is a number of any size, as [Scanner] finds it.
type Number struct {
	Int int64
	Big *big.Int // not nil where Int cannot hold it
}

// String is the number in base 10.
func (n Number) String() string {
	if n.Big != nil {
		return n.Big.String()
	}
	return strconv.FormatInt(n.Int, 10)
}
