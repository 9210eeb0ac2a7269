// Package term knows the terminal: whether there is one, how wide it is, and how
// to colour text on it.
//
// [StyleOf] gives the colours for a writer, which are none unless it is a
// terminal; [Width] its columns; [IsTerminal] whether it is one at all.
package term

import (
	"io"

	"golang.org/x/term"
)

// DefaultWidth is the width in columns where there is no terminal.
const DefaultWidth = 80

// maxWidth bounds text: longer lines are hard to read, however wide the window.
const maxWidth = 120

// descriptor is what *os.File has and a buffer has not.
type descriptor interface{ Fd() uintptr }

// IsTerminal says whether stream, a reader or a writer, is a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(descriptor)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Width is the number of columns to write text in on w, at most 120.
func Width(w io.Writer) int {
	f, ok := w.(descriptor)
	if !ok {
		return DefaultWidth
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil || columns <= 0 {
		return DefaultWidth
	}
	return min(columns, maxWidth)
}

// Columns is the true width of the terminal that w is; 0 where it is none.
func Columns(w io.Writer) int {
	f, ok := w.(descriptor)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return max(columns, 0)
}

// Style colours text, or leaves it alone. The zero Style leaves it alone.
type Style struct{ on bool }

// StyleOf is the style for w: colours on a terminal, unless NO_COLOR is set
// (no-color.org) or the terminal is "dumb".
func StyleOf(w io.Writer, getenv func(string) string) Style {
	return Style{on: getenv("NO_COLOR") == "" && getenv("TERM") != "dumb" && IsTerminal(w)}
}

// Bold makes text stand out.
func (s Style) Bold(text string) string { return s.wrap("1", text) }

// Dim makes text recede.
func (s Style) Dim(text string) string { return s.wrap("2", text) }

// Bad marks text as bad news.
func (s Style) Bad(text string) string { return s.wrap("1;31", text) }

// wrap puts an SGR sequence (ECMA-48, 8.3.117) around text.
func (s Style) wrap(sgr, text string) string {
	if !s.on || text == "" {
		return text
	}
	return "\x1b[" + sgr + "m" + text + "\x1b[0m"
}
