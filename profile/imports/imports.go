// Package imports reads profiles of any kind, cantil's own and those of other tools, by what
// is in the file and not by its name.
//
// Call [Open]. What other tools sampled becomes a profile of package stacks; what they counted, one
// of package pstats. [Formats] lists what is read. Nothing read is executed; sizes, counts and
// depths are bounded.
package imports

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

const (
	// maxFile bounds a file of another tool, compressed and again uncompressed.
	maxFile = 512 << 20
	// headSize is what a format is told by.
	headSize = 4 << 10
)

// Profile is what was read: exactly one of the two is there.
type Profile struct {
	Exact   *pstats.Stats   // calls, counted
	Sampled *stacks.Profile // stacks, sampled
}

// Format is one that is read.
type Format struct {
	Name    string // as cantil export calls it
	Summary string
	is      func(head []byte) bool
	read    func(data []byte) (Profile, error)
}

// Formats are those of other tools, in the order in which they are tried.
func Formats() []Format { return []Format{pprof(), speedscope(), callgrind(), collapsed()} }

// ErrUnknown is wrapped by the error about a file that is of no format that is read.
var ErrUnknown = errors.New("not a profile of a known kind: pstats, profile.proto, speedscope, callgrind, collapsed stacks")

// The names of cantil's own formats, as [Detect] tells them.
const (
	Pstats  = "pstats"  // Python's own, read by package pstats
	Samples = "samples" // compressed profile.proto: ours, or another tool's
	Pprof   = "pprof"   // profile.proto that is not compressed: another tool's
)

// Detect is the name of the format that the file at path seems to be of: [Pstats] where it is no other.
func Detect(path string) (string, error) {
	head, err := headOf(path)
	if err != nil {
		return "", err
	}
	if stacks.Is(head) {
		return Samples, nil
	}
	for _, f := range Formats() {
		if f.is(head) {
			return f.Name, nil
		}
	}
	return Pstats, nil
}

// Open reads the file at path. Its errors name the path.
func Open(path string) (Profile, error) {
	name, err := Detect(path)
	if err != nil {
		return Profile{}, err
	}
	if name == Samples {
		p, err := stacks.Open(path)
		if err == nil || !errors.Is(err, stacks.ErrForeign) {
			return Profile{Sampled: p}, err
		}
		name = Pprof
	}
	for _, f := range Formats() {
		if f.Name == name {
			return openForeign(path, f)
		}
	}
	stats, err := pstats.Open(path)
	return Profile{Exact: stats}, err
}

// headOf is the beginning of the file, as it is.
func headOf(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return head[:n], nil
}

func openForeign(path string, f Format) (Profile, error) {
	data, err := readFile(path)
	if err != nil {
		return Profile{}, fmt.Errorf("reading %s as %s: %w", path, f.Name, err)
	}
	p, err := f.read(data)
	if err != nil {
		return Profile{}, fmt.Errorf("reading %s as %s: %w", path, f.Name, err)
	}
	if p.Exact != nil {
		p.Exact.Sources = []pstats.Source{sourceOf(path)}
	}
	return p, nil
}

func sourceOf(path string) pstats.Source {
	s := pstats.Source{Path: path}
	if info, err := os.Stat(path); err == nil {
		s.Modified = info.ModTime()
	}
	return s
}

// readFile reads a file of at most maxFile bytes.
func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(file)
}

func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = errTooLong
	}
	return data, err
}

var errTooLong = fmt.Errorf("longer than %d MiB", maxFile>>20)

// unzipped is data, decompressed if gzip compressed it.
func unzipped(data []byte) ([]byte, error) {
	if !stacks.Is(data) {
		return data, nil
	}
	zipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return readAll(zipped)
}
