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

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
)

// Logs writes what a run has printed, in the order in which it came, to the two writers, of which one may be nil.
// With follow it goes on until the run has ended or ctx is done.
func (r Runs) Logs(ctx context.Context, e RunEntry, follow bool, stdout, stderr io.Writer) error {
	if _, err := os.Stat(filepath.Join(e.Dir, run.IndexFile)); errors.Is(err, fs.ErrNotExist) && e.HasEnded() {
		return &NoRun{fmt.Errorf("reading the output of run %s: none was kept", e.ID)}
	}
	if !follow { // all that is there now
		done, cancel := context.WithCancel(ctx)
		cancel()
		ctx = done
	}
	err := run.Follow(ctx, e.Dir, stdout, stderr, nil)
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil
	}
	if err != nil {
		return fmt.Errorf("reading the output of run %s: %w", e.ID, err)
	}
	return nil
}

// Attach shows what a run has printed and prints, until it has ended or ctx is done, and returns what became
// of it. The run goes on when ctx is done. The error is a [NoRun] where it does not run.
func (r Runs) Attach(ctx context.Context, e RunEntry, stdout, stderr io.Writer) (RunEntry, error) {
	if e = store.ReadEntry(e.Dir); e.Status != store.StatusRunning {
		return e, &NoRun{fmt.Errorf("attaching to run %s: it is not running here: %s", e.ID, e.Status)}
	}
	if err := r.Logs(ctx, e, true, stdout, stderr); err != nil {
		return e, err
	}
	return store.ReadEntry(e.Dir), nil
}

// Hit is a line of a run's output in which a text was found.
type Hit struct {
	Run    string `json:"run"`    // its ID
	Stream string `json:"stream"` // stdout or stderr
	Line   int    `json:"line"`   // counted from 1
	Text   string `json:"text"`   // the line without its end; of a long one the part with the text
}

const (
	// searchBuffer is the part of a line that is looked at in one piece.
	searchBuffer = 64 << 10
	// longLine is what is told of a line at most, in bytes, lead what of it may stand before the text: enough to
	// know the line by.
	longLine = 1000
	lead     = 200
)

// Search looks for a text in the outputs of runs, in their order, and tells each line that has it. Logs of any
// size are streamed.
func (r Runs) Search(ctx context.Context, list []RunEntry, text string, anyCase bool, tell func(Hit) error) error {
	for _, e := range list {
		for _, stream := range []struct{ name, file string }{{"stdout", run.StdoutFile}, {"stderr", run.StderrFile}} {
			hit := Hit{Run: e.ID, Stream: stream.name}
			err := searchFile(ctx, filepath.Join(e.Dir, stream.file), newMatcher(text, anyCase), func(line int, piece []byte) error {
				hit.Line, hit.Text = line, string(piece)
				return tell(hit)
			})
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// matcher finds a text in bytes.
type matcher struct {
	text    []byte
	anyCase bool
}

func newMatcher(text string, anyCase bool) matcher {
	m := matcher{[]byte(text), anyCase}
	if anyCase {
		m.text = bytes.ToLower(m.text)
	}
	return m
}

// find returns the place of the text in a piece, or -1. Lower letters of other scripts may be longer or shorter:
// then the place is about right.
func (m matcher) find(piece []byte) int {
	if m.anyCase {
		piece = bytes.ToLower(piece)
	}
	return bytes.Index(piece, m.text)
}

// part is what is told of a piece with the text at that place.
func (m matcher) part(piece []byte, at int) []byte {
	if len(piece) <= longLine {
		return piece
	}
	from := max(0, min(at-lead, len(piece)-longLine))
	return piece[from:min(len(piece), max(from+longLine, at+len(m.text)))]
}

// searchFile calls tell once for each line that matches. A line is looked at in pieces that overlap by the text.
func searchFile(ctx context.Context, path string, m matcher, tell func(line int, piece []byte) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	reader := bufio.NewReaderSize(file, searchBuffer)
	var before []byte // the end of the line's last piece
	told := false
	for line := 1; ctx.Err() == nil; {
		piece, err := reader.ReadSlice('\n')
		whole := bytes.TrimRight(piece, "\n")
		if len(before) > 0 {
			whole = append(before, whole...)
		}
		if at := m.find(whole); !told && at >= 0 {
			if err := tell(line, bytes.TrimRight(m.part(whole, at), "\r")); err != nil {
				return err
			}
			told = true
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			before = append(before[:0], whole[max(0, len(whole)-len(m.text)):]...)
			continue
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("searching %s: %w", path, err)
		}
		line, before, told = line+1, before[:0], false
	}
	return ctx.Err()
}
