package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/cantil-py/cantil/run"
)

// mostDiffed bounds what is compared of an output, in bytes: two of these are compared in a second.
const mostDiffed = 2 << 20

// OutputDiff is how what two runs printed differs.
type OutputDiff struct {
	Stream string     `json:"stream"`
	Same   bool       `json:"same"`
	Cut    bool       `json:"cut,omitempty"` // only the beginnings were compared
	Lines  []DiffLine `json:"lines"`         // never nil
}

// DiffLine is a line of a comparison: in both, only before or only after, or, with Kind "at", where a part of it begins.
type DiffLine struct {
	Kind string `json:"kind"` // same, before, after or at
	Text string `json:"text"`
}

// DiffOutputs compares the stdout and the stderr of two runs, line by line.
func DiffOutputs(before, after RunEntry) ([]OutputDiff, error) {
	var list []OutputDiff
	for _, stream := range []struct{ name, file string }{{"stdout", run.StdoutFile}, {"stderr", run.StderrFile}} {
		a, cutA, err := beginning(filepath.Join(before.Dir, stream.file))
		if err != nil {
			return nil, err
		}
		b, cutB, err := beginning(filepath.Join(after.Dir, stream.file))
		if err != nil {
			return nil, err
		}
		d := OutputDiff{Stream: stream.name, Cut: cutA || cutB, Lines: []DiffLine{}}
		text := diff.Diff(before.ID, a, after.ID, b)
		d.Same = len(text) == 0
		d.addLines(string(text))
		list = append(list, d)
	}
	return list, nil
}

// beginning is the first part of a file; a file that is not there is empty.
func beginning(path string) (data []byte, cut bool, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	data, err = io.ReadAll(io.LimitReader(file, mostDiffed+1))
	if err != nil {
		return nil, false, fmt.Errorf("reading %s: %w", path, err)
	}
	if len(data) > mostDiffed {
		return data[:mostDiffed], true, nil
	}
	return data, false, nil
}

// addLines reads a unified diff, after its three lines of heading.
func (d *OutputDiff) addLines(text string) {
	n := 0
	for line := range strings.Lines(text) {
		if n++; n <= 3 {
			continue
		}
		line = strings.TrimRight(line, "\r\n")
		kind := map[byte]string{' ': "same", '-': "before", '+': "after", '@': "at"}[(line + " ")[0]]
		if kind == "" {
			kind = "at" // that there is no newline at the end
		} else if kind != "at" {
			line = line[min(1, len(line)):]
		}
		d.Lines = append(d.Lines, DiffLine{kind, line})
	}
}
