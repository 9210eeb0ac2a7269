package app

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/cantil-py/cantil/run"
)

const (
	// longestRow is where a line without an end is cut, in bytes: more does not fit on any screen.
	longestRow = 4 << 10
	// rowsPerMark is how far apart the places are from which rows can be read: these many are read in a millisecond.
	rowsPerMark = 512
	// longestIndexLine bounds a line of output.idx: two numbers and a letter.
	longestIndexLine = 64
	// outputBuffer is what of each log is read at a time.
	outputBuffer = 64 << 10
)

// OutputRow is a line of what a run has printed, or a part of it where the other stream came between, or where it is very long.
type OutputRow struct {
	Stream string  `json:"stream"` // stdout or stderr
	At     float64 `json:"at"`     // seconds from the start of the program; of the chunk in which the row begins
	Text   string  `json:"text"`   // without its end
}

// outputPlace is where a row begins: what of the index is read, what of the chunk there is left, what of the two logs is read.
type outputPlace struct {
	index  int64
	left   int64
	stream int
	time   float64
	logs   [2]int64
}

// Output is what a run has printed, as rows in the order in which they came. It knows where every some hundredth begins, so that
// any can be read at once. Call [Site.Output]; it may be used by many at a time.
type Output struct {
	dir   string
	mu    sync.Mutex
	marks []outputPlace // of every rowsPerMark-th row
	end   outputPlace   // of the row after the last whole one
	whole int           // rows
}

// outputReader reads row by row.
type outputReader struct {
	place outputPlace
	over  bool // nothing more will come
	files [3]*os.File
	index *bufio.Reader
	logs  [2]*bufio.Reader
	text  []byte // of the last row
	ended bool   // the last row had its end
}

// read opens the files of the output at a place. What is not there yet is empty.
func (o *Output) read(from outputPlace, over bool) (*outputReader, error) {
	r := &outputReader{place: from, over: over}
	offsets := [3]int64{from.index, from.logs[0], from.logs[1]}
	var readers [3]*bufio.Reader
	for i, name := range []string{run.IndexFile, run.StdoutFile, run.StderrFile} {
		file, err := os.Open(filepath.Join(o.dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			readers[i] = bufio.NewReader(bytes.NewReader(nil))
			continue
		}
		if err != nil {
			r.close()
			return nil, err
		}
		r.files[i] = file
		if _, err := file.Seek(offsets[i], io.SeekStart); err != nil {
			r.close()
			return nil, err
		}
		readers[i] = bufio.NewReaderSize(file, outputBuffer)
	}
	r.index, r.logs = readers[0], [2]*bufio.Reader{readers[1], readers[2]}
	return r, nil
}

func (r *outputReader) close() {
	for _, file := range r.files {
		if file != nil {
			file.Close()
		}
	}
}

// next reads a row into text. The error is io.EOF where there is none.
func (r *outputReader) next() (row OutputRow, err error) {
	r.text, r.ended = r.text[:0], false
	stream, at := -1, 0.0
	for {
		if r.place.left == 0 {
			if err := r.nextChunk(); err == io.EOF {
				break
			} else if err != nil {
				return row, err
			}
		}
		if stream >= 0 && stream != r.place.stream {
			r.ended = true // the other stream came between
			break
		}
		if stream < 0 {
			stream, at = r.place.stream, r.place.time
		}
		if done, err := r.take(); err != nil {
			return row, err
		} else if done {
			break
		}
	}
	if stream < 0 {
		return row, io.EOF
	}
	if r.over {
		r.ended = true
	}
	return OutputRow{Stream: [2]string{"stdout", "stderr"}[stream], At: at}, nil
}

// take takes what of the chunk belongs to the row, and says whether the row is whole then.
func (r *outputReader) take() (done bool, err error) {
	log := r.logs[r.place.stream]
	room := longestRow - len(r.text)
	piece, err := log.Peek(int(min(r.place.left, int64(room)+1)))
	if err != nil && err != io.EOF {
		return false, fmt.Errorf("reading the output: %w", err)
	}
	n := len(piece)
	if at := bytes.IndexByte(piece[:min(n, room)], '\n'); at >= 0 {
		n, done = at+1, true
	} else if n > room {
		n, done = room-cutRune(piece, room), true
	}
	if n == 0 && !done { // a log that is shorter than its index says lost its end in a power cut
		r.place.left = 0
		return false, nil
	}
	r.text = append(r.text, piece[:n]...)
	_, _ = log.Discard(n) // it was peeked at
	r.place.left -= int64(n)
	r.place.logs[r.place.stream] += int64(n)
	r.ended = done
	return done, nil
}

// cutRune is how many bytes before at begin a character that goes on after it.
func cutRune(piece []byte, at int) int {
	for back := 0; back < utf8.UTFMax && back < at; back++ {
		if utf8.RuneStart(piece[at-back]) {
			return back
		}
	}
	return 0
}

// nextChunk goes on to the next line of the index; after the last, to what no line names.
func (r *outputReader) nextChunk() error {
	for r.place.left == 0 {
		line, err := r.index.ReadSlice('\n')
		if err == io.EOF {
			return r.restOfLogs()
		}
		if err != nil || len(line) > longestIndexLine {
			return fmt.Errorf("reading %s at %d: %.60q is no line of it", run.IndexFile, r.place.index, line)
		}
		fields := bytes.Fields(line)
		if len(fields) != 3 || len(fields[1]) != 1 {
			return fmt.Errorf("reading %s at %d: %.60q is no line of it", run.IndexFile, r.place.index, line)
		}
		at, err1 := strconv.ParseFloat(string(fields[0]), 64)
		length, err2 := strconv.ParseInt(string(fields[2]), 10, 64)
		if err := errors.Join(err1, err2); err != nil || length < 0 {
			return fmt.Errorf("reading %s at %d: %.60q has no length", run.IndexFile, r.place.index, line)
		}
		r.place.index += int64(len(line))
		r.place.left, r.place.time, r.place.stream = length, at, 0
		if fields[1][0] == 'e' {
			r.place.stream = 1
		}
	}
	return nil
}

// restOfLogs: a shim that was killed wrote bytes, and no line about them. While it lives, the line may yet come.
func (r *outputReader) restOfLogs() error {
	for stream := range r.logs {
		file := r.files[1+stream]
		if !r.over || file == nil {
			continue
		}
		info, err := file.Stat()
		if err != nil {
			return err
		}
		if more := info.Size() - r.place.logs[stream]; more > 0 {
			r.place.stream, r.place.left = stream, more
			return nil
		}
	}
	return io.EOF
}

// Output is what the run has printed up to now.
func (s *Site) Output(e RunEntry) *Output {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.outputs[e.ID]; o != nil {
		return o
	}
	for id := range s.outputs {
		if len(s.outputs) >= mostOutputs {
			delete(s.outputs, id) // any: to know its rows again costs some hundred milliseconds
		}
	}
	o := &Output{dir: e.Dir}
	s.outputs[e.ID] = o
	return o
}

// mostOutputs bounds how many outputs are known at a time: of a million rows, 2,000 places.
const mostOutputs = 32

// OutputPart is a part of an output.
type OutputPart struct {
	From  int         `json:"from"`  // the number of the first row here, counted from 0
	Rows  []OutputRow `json:"rows"`  // never nil
	Total int         `json:"total"` // how many rows are known
	More  bool        `json:"more"`  // there are more, which are not counted yet: ask again
	Over  bool        `json:"over"`  // the run has ended, nothing will come
}

const (
	// mostRows bounds a part.
	mostRows = 2000
	// countTime bounds the counting of rows for one answer: some hundred MB.
	countTime = 500 * time.Millisecond
)

// Part returns count rows, from one on; with a negative from, the last ones.
func (o *Output) Part(ctx context.Context, over bool, from, count int) (OutputPart, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	part := OutputPart{Rows: []OutputRow{}, Over: over}
	var tail int
	var err error
	if tail, part.More, err = o.count(ctx, over); err != nil {
		return part, err
	}
	part.Total = o.whole + tail
	count = max(0, min(count, mostRows))
	if from < 0 {
		from = part.Total - count
	}
	part.From = max(0, min(from, part.Total))
	err = o.rows(part.From, over, func(row OutputRow, text []byte) bool {
		if len(part.Rows) == count {
			return false
		}
		row.Text = string(trimEnd(text))
		part.Rows = append(part.Rows, row)
		return true
	})
	return part, err
}

func trimEnd(text []byte) []byte { return bytes.TrimRight(text, "\r\n") }

// count learns where the rows are that came since. It returns how many there are after the whole ones, one at most, and
// whether there was no time for all.
func (o *Output) count(ctx context.Context, over bool) (tail int, more bool, err error) {
	r, err := o.read(o.end, over)
	if err != nil {
		return 0, false, err
	}
	defer r.close()
	until := time.Now().Add(countTime)
	for n := 1; ; n++ {
		start := r.place
		_, err := r.next()
		switch {
		case err == io.EOF:
			return 0, false, nil
		case err != nil:
			return 0, false, err
		case !r.ended:
			o.end = start
			return 1, false, nil
		}
		if o.whole%rowsPerMark == 0 {
			o.marks = append(o.marks, start)
		}
		o.whole++
		o.end = r.place
		if n%rowsPerMark == 0 && (ctx.Err() != nil || time.Now().After(until)) {
			return 0, true, ctx.Err()
		}
	}
}

// rows tells the rows from one on, until tell has enough.
func (o *Output) rows(from int, over bool, tell func(row OutputRow, text []byte) bool) error {
	at, skip := o.end, from-o.whole
	if from < o.whole {
		at, skip = o.marks[from/rowsPerMark], from%rowsPerMark
	}
	r, err := o.read(at, over)
	if err != nil {
		return err
	}
	defer r.close()
	for {
		row, err := r.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if skip--; skip >= 0 {
			continue
		}
		if !tell(row, r.text) {
			return nil
		}
	}
}

// OutputHits are the rows that have a text.
type OutputHits struct {
	Rows []int `json:"rows"` // their numbers, counted from 0; never nil
	More bool  `json:"more"` // there are more
}

// mostHits bounds what a search tells.
const mostHits = 10_000

// Search finds the rows that have a text, small or large. What stands across the cut of a very long line is not found.
func (o *Output) Search(ctx context.Context, over bool, text string) (OutputHits, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	hits := OutputHits{Rows: []int{}}
	if text == "" {
		return hits, nil
	}
	m, n := newMatcher(text, true), 0
	err := o.rows(0, over, func(_ OutputRow, row []byte) bool {
		if m.find(row) >= 0 {
			if len(hits.Rows) == mostHits {
				hits.More = true
				return false
			}
			hits.Rows = append(hits.Rows, n)
		}
		n++
		return n%rowsPerMark != 0 || ctx.Err() == nil
	})
	return hits, errors.Join(err, ctx.Err())
}
