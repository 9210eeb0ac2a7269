package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

const (
	// lookEvery is how often Follow looks for new output where no bell rings.
	lookEvery = 50 * time.Millisecond
	// indexBlock is how much of the index is read at a time; longestLine bounds one of its lines.
	indexBlock  = 64 << 10
	longestLine = 64
)

// Follow writes the output of the run in folder, in the order in which it came, and what is new as it
// comes, until the run has ended or ctx is done; in both cases all that is there by then is written. It looks when
// the bell rings (see [Process.Bell]); with a nil bell, 20 times a second. A writer may be nil.
// The error is of reading or of a writer; that of a ctx that is done is ctx.Err(). A run whose shim was killed
// has ended as well, for Follow; one that has no index was not started yet.
func Follow(ctx context.Context, folder string, stdout, stderr io.Writer, bell <-chan struct{}) error {
	f := &follower{folder: folder}
	f.streams[0] = followed{name: StdoutFile, to: stdout}
	f.streams[1] = followed{name: StderrFile, to: stderr}
	defer f.close()
	var clock <-chan time.Time
	if bell == nil {
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		clock = ticker.C
	}
	for {
		over := hasEnded(folder) // asked first: what is shown after it is then all there is
		if err := f.show(math.MaxInt64); err != nil {
			return err
		}
		if over {
			return f.rest()
		}
		select {
		case <-bell:
		case <-clock:
		case <-ctx.Done():
			return errors.Join(f.show(math.MaxInt64), f.rest(), ctx.Err())
		}
	}
}

// hasEnded says whether the run in folder has its outcome, or has lost its shim.
func hasEnded(folder string) bool {
	if _, err := os.Stat(filepath.Join(folder, OutcomeFile)); err == nil {
		return true
	}
	held, err := isHeld(filepath.Join(folder, IndexFile))
	return err == nil && !held
}

// follower shows the ranges of the logs that the index names.
type follower struct {
	folder  string
	index   *os.File
	at      int64 // in the index, of the first line not yet shown
	streams [2]followed
}

type followed struct {
	name string
	to   io.Writer
	log  *os.File
	at   int64
}

func (f *follower) close() {
	for _, file := range []*os.File{f.index, f.streams[0].log, f.streams[1].log} {
		if file != nil {
			file.Close()
		}
	}
}

// open opens what is there by now: the shim makes its files a moment after it was started.
func (f *follower) open() error {
	err := openIfThere(&f.index, filepath.Join(f.folder, IndexFile))
	for i := range f.streams {
		s := &f.streams[i]
		err = errors.Join(err, openIfThere(&s.log, filepath.Join(f.folder, s.name)))
	}
	return err
}

func openIfThere(file **os.File, path string) error {
	if *file != nil {
		return nil
	}
	opened, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	*file = opened
	return err
}

// show writes what the whole lines of the index name, up to an end in the index.
func (f *follower) show(end int64) error {
	if err := f.open(); err != nil || f.index == nil {
		return err
	}
	block := make([]byte, indexBlock)
	for {
		n, err := f.index.ReadAt(block[:max(0, min(indexBlock, end-f.at))], f.at)
		if err != nil && err != io.EOF {
			return err
		}
		whole := bytes.LastIndexByte(block[:n], '\n') + 1
		if whole == 0 && n > longestLine {
			return fmt.Errorf("reading %s: a line of more than %d bytes", f.index.Name(), longestLine)
		}
		if whole == 0 {
			return nil
		}
		if err := f.showLines(block[:whole]); err != nil {
			return err
		}
	}
}

// showLines joins neighbouring lines of one stream.
func (f *follower) showLines(lines []byte) error {
	stream, length := -1, int64(0)
	for line := range bytes.Lines(lines) {
		s, n, err := parseLine(line)
		if err != nil {
			return fmt.Errorf("reading %s at %d: %w", f.index.Name(), f.at, err)
		}
		f.at += int64(len(line))
		if s != stream {
			if err := f.copy(stream, length); err != nil {
				return err
			}
			stream, length = s, 0
		}
		length += n
	}
	return f.copy(stream, length)
}

// parseLine reads "1.234567 o 512\n": the stream as an index of follower.streams, and the length.
func parseLine(line []byte) (stream int, length int64, err error) {
	fields := bytes.Fields(line)
	if len(fields) != 3 || len(fields[1]) != 1 {
		return 0, 0, fmt.Errorf("%.60q is not a time, a stream and a length", line)
	}
	length, err = strconv.ParseInt(string(fields[2]), 10, 64)
	if err != nil || length < 0 {
		return 0, 0, fmt.Errorf("%.60q has no length", line)
	}
	switch fields[1][0] {
	case stdoutName:
		return 0, length, nil
	case stderrName:
		return 1, length, nil
	}
	return 0, 0, fmt.Errorf("%.60q names no stream", line)
}

// copy writes the next bytes of a log. A log may be shorter than the index says, after a power cut.
func (f *follower) copy(stream int, length int64) error {
	if stream < 0 || length == 0 {
		return nil
	}
	s := &f.streams[stream]
	if s.to == nil || s.log == nil {
		s.at += length
		return nil
	}
	if _, err := s.log.Seek(s.at, io.SeekStart); err != nil {
		return err
	}
	n, err := io.CopyN(s.to, s.log, length)
	s.at += n
	if err == io.EOF {
		return nil
	}
	return err
}

// rest writes what no line of the index names: a shim that was killed wrote the bytes, but not the line.
func (f *follower) rest() error {
	if err := f.open(); err != nil {
		return err
	}
	for i := range f.streams {
		s := &f.streams[i]
		if s.log == nil {
			continue
		}
		info, err := s.log.Stat()
		if err != nil {
			return err
		}
		if err := f.copy(i, max(0, info.Size()-s.at)); err != nil {
			return err
		}
	}
	return nil
}
