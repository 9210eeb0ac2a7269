package live

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// paint makes text stand out, if that is wanted. Nothing on the screen is told by it alone.
type paint bool

func (p paint) sgr(code, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (p paint) bold(text string) string    { return p.sgr("1", text) }
func (p paint) dim(text string) string     { return p.sgr("2", text) }
func (p paint) reverse(text string) string { return p.sgr("7", text) }

// clean keeps text on its line, and harmless to the terminal.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, text)
}

// cut shortens text to a width, with its end left out.
func cut(text string, width int) string {
	if utf8.RuneCountInString(text) <= width {
		return text
	}
	if width <= 0 {
		return ""
	}
	return string([]rune(text)[:width-1]) + "…"
}

// cutFront shortens text to a width, with its beginning left out: files are told apart
// by how their names end.
func cutFront(text string, width int) string {
	n := utf8.RuneCountInString(text)
	if n <= width {
		return text
	}
	if width <= 0 {
		return ""
	}
	return "…" + string([]rune(text)[n-width+1:])
}

// fill makes text exactly as wide.
func fill(text string, width int) string {
	text = cut(text, width)
	return text + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(text)))
}

// share is n of all as "12.3%", six characters.
func share(n, all int64) string {
	if all == 0 {
		return "     -"
	}
	return fmt.Sprintf("%5.1f%%", 100*float64(n)/float64(all))
}

// thousands is a number with commas: 12,034.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
