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
	Text   string `json:"text"`   // the line without its end; of a very long one the part with the text
}

// searchBuffer is the part of a line that is looked at in one piece; longer lines are shown by the piece.
const searchBuffer = 64 << 10

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

func (m matcher) in(piece []byte) bool {
	if m.anyCase {
		piece = bytes.ToLower(piece)
	}
	return bytes.Contains(piece, m.text)
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
		if !told && len(whole) > 0 && m.in(whole) {
			if err := tell(line, bytes.TrimRight(whole, "\r")); err != nil {
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
