package app

import (
	"errors"
	"io"
	"os"

	"github.com/cantil-py/cantil/internal/term"
	"github.com/cantil-py/cantil/profile/pstats/browser"
)

// Browse is the interactive browser on profile files: the commands of
// "python -m pstats", read from in until it ends, answered on out. On a terminal
// lines can be edited and completed.
func Browse(files []string, in io.Reader, out io.Writer) error {
	lines, err := lineReader(in, out)
	if err != nil {
		return err
	}
	return browser.Run(lines, out, files...)
}

func lineReader(in io.Reader, out io.Writer) (browser.LineReader, error) {
	if !term.IsTerminal(in) || !term.IsTerminal(out) {
		return browser.Lines(in, out), nil
	}
	keyboard, isFile := in.(*os.File)
	screen, toFile := out.(*os.File)
	if !isFile || !toFile {
		return browser.Lines(in, out), nil
	}
	editor, err := term.NewEditor(keyboard, screen, browser.Complete)
	return editedLines{editor}, err
}

// editedLines says "interrupted" in the browser's words.
type editedLines struct{ *term.Editor }

func (l editedLines) ReadLine(prompt string) (string, error) {
	line, err := l.Editor.ReadLine(prompt)
	if errors.Is(err, term.ErrInterrupted) {
		err = browser.ErrInterrupted
	}
	return line, err
}
