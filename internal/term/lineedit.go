package term

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxHistory bounds the lines an [Editor] remembers, for a session that never ends.
const maxHistory = 1000

// ErrInterrupted is what [Editor.ReadLine] returns after Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

// Completer returns what may stand at the end of line: the candidates replace line[start:].
type Completer func(line string) (start int, candidates []string)

// Editor reads lines on a terminal: they can be edited, earlier ones come back with the
// arrow keys, and Tab completes them. The terminal is in raw mode only while a line is read.
type Editor struct {
	in       *os.File
	out      *os.File
	terminal *term.Terminal
	keys     *keyReader
	complete Completer
}

// NewEditor returns an editor on the terminal that in and out are; complete may be nil.
func NewEditor(in, out *os.File, complete Completer) (*Editor, error) {
	if !IsTerminal(in) || !IsTerminal(out) {
		return nil, errors.New("editing lines: not a terminal")
	}
	e := &Editor{in: in, out: out, keys: &keyReader{in: in}, complete: complete}
	e.terminal = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{e.keys, out}, "")
	e.terminal.History = &history{}
	e.terminal.AutoCompleteCallback = e.onKey
	return e, nil
}

// ReadLine shows the prompt and returns the line typed, io.EOF after Ctrl-D on an empty
// line, or [ErrInterrupted] after Ctrl-C.
func (e *Editor) ReadLine(prompt string) (string, error) {
	fd := int(e.in.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", fmt.Errorf("editing a line: %w", err)
	}
	defer term.Restore(fd, before)
	if width, height, err := term.GetSize(int(e.out.Fd())); err == nil && width > 0 {
		if err := e.terminal.SetSize(width, height); err != nil {
			return "", fmt.Errorf("editing a line: %w", err)
		}
	}
	e.terminal.SetPrompt(prompt)
	line, err := e.terminal.ReadLine()
	switch {
	case errors.Is(err, term.ErrPasteIndicator):
		return line, nil // pasted lines are lines
	case errors.Is(err, io.EOF) && e.keys.interrupted:
		fmt.Fprint(e.out, "^C\r\n")
		return "", ErrInterrupted
	case errors.Is(err, io.EOF):
		return "", io.EOF
	case err != nil:
		return "", fmt.Errorf("editing a line: %w", err)
	}
	return line, nil
}

// onKey is called for every key. Tab adds what all candidates have in common; where that
// is nothing it lists them.
func (e *Editor) onKey(line string, pos int, key rune) (newLine string, newPos int, ok bool) {
	if key != '\t' || e.complete == nil {
		return "", 0, false
	}
	start, candidates := e.complete(line[:pos])
	if len(candidates) == 0 {
		return line, pos, true
	}
	common := commonPrefix(candidates)
	if len(candidates) == 1 && !strings.HasSuffix(common, string(os.PathSeparator)) {
		common += " "
	}
	if len(common) > pos-start {
		return line[:start] + common + line[pos:], start + len(common), true
	}
	if len(candidates) > 1 {
		// An error to write would show at the next key too.
		_, _ = e.terminal.Write([]byte(strings.Join(candidates, "  ") + "\n"))
	}
	return line, pos, true
}

func commonPrefix(words []string) string {
	common := words[0]
	for _, word := range words[1:] {
		for !strings.HasPrefix(word, common) {
			common = common[:len(common)-1]
		}
	}
	return strings.ToValidUTF8(common, "") // cut between bytes of a character
}

// keyReader reads keys and notes Ctrl-C, which the terminal package tells as io.EOF.
type keyReader struct {
	in          io.Reader
	interrupted bool
}

const ctrlC = 3

func (r *keyReader) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	if bytes.IndexByte(p[:n], ctrlC) >= 0 {
		r.interrupted = true
	}
	return n, err
}

// history keeps lines for the arrow keys, but neither empty ones nor one twice in a row.
type history struct{ lines []string }

func (h *history) Add(line string) {
	if strings.TrimSpace(line) == "" || len(h.lines) > 0 && h.lines[len(h.lines)-1] == line {
		return
	}
	h.lines = append(h.lines, line)
	if len(h.lines) > maxHistory {
		h.lines = h.lines[1:]
	}
}

func (h *history) Len() int { return len(h.lines) }

// At returns a line, the latest for 0.
func (h *history) At(i int) string { return h.lines[len(h.lines)-1-i] }
