package app

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/cantil-py/cantil/value/npy"
)

// ShowOptions are a file of values and how to print it.
type ShowOptions struct {
	File   string
	JSON   bool
	Array  ArrayOptions // of files of arrays, and of arrays in pickles
	Pickle PickleOptions
}

// headSize is how much of a file tells what it is.
const headSize = 16

// shown is a kind of file that can be shown, known by how it begins.
type shown struct {
	begins string
	show   func(opts ShowOptions, w io.Writer) error
}

// shownKinds are tried in order.
func shownKinds() []shown {
	return []shown{
		{npy.Magic, showNpy},
		{"PK\x03\x04", showNpz},
		{"PK\x05\x06", showNpz}, // an empty one
		{"\x1f\x8b", showGzip},
	}
}

// Show prints a file of values to w. What it is, its first bytes say, not its name.
// A file that cannot be read is a [BadInput].
func Show(opts ShowOptions, w io.Writer) error {
	head, err := headOf(opts.File)
	if err != nil {
		return &BadInput{fmt.Errorf("reading %s: %w", opts.File, err)}
	}
	for _, kind := range shownKinds() {
		if strings.HasPrefix(head, kind.begins) {
			return kind.show(opts, w)
		}
	}
	return showPickle(opts, w) // which may begin with anything
}

// headOf returns the first bytes of a file.
func headOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		var inner *os.PathError
		if errors.As(err, &inner) {
			err = inner.Err // the path is told by the caller
		}
		return "", err
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	var inner *os.PathError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		err = nil
	case errors.As(err, &inner):
		err = inner.Err
	}
	return string(head[:n]), err
}
