package value

import (
	"fmt"
	"strings"
	"unicode"
)

// str prints a text in pieces: its lines, and these between words, as pprint does.
func (f *format) str(s string, indent, allowance, level int) {
	if level == 1 {
		indent++
		allowance++
	}
	s, more := f.cutText(s)
	chunks := f.chunks(s, f.Width-indent, allowance)
	if more > 0 {
		chunks = append(chunks, fmt.Sprintf("... %d more characters", more))
	}
	if len(chunks) == 1 {
		f.text(chunks[0])
		return
	}
	if level == 1 {
		f.text("(")
	}
	for i, chunk := range chunks {
		if i > 0 {
			f.text("\n" + strings.Repeat(" ", indent))
		}
		f.text(chunk)
	}
	if level == 1 {
		f.text(")")
	}
}

// cutText is as much of s as is printed, and how many characters are not.
func (f *format) cutText(s string) (shown string, more int) {
	if f.Text <= 0 || len(s) <= f.Text {
		return s, 0
	}
	at := 0
	for range f.Text {
		_, size := DecodeRune(s[at:])
		at += size
	}
	return s[:at], width(s[at:])
}

// chunks are the reprs of the pieces, of at most room characters where words allow.
func (f *format) chunks(s string, room, allowance int) []string {
	var chunks []string
	lines := splitLines(s)
	for i, line := range lines {
		last := i == len(lines)-1
		fits := room
		if last {
			fits -= allowance
		}
		if r := ReprStr(line); width(r) <= fits {
			chunks = append(chunks, r)
			continue
		}
		current := ""
		words := splitWords(line)
		for j, word := range words {
			fits := room
			if last && j == len(words)-1 {
				fits -= allowance
			}
			if len(current)+len(word) > 4*room || width(ReprStr(current+word)) > fits {
				if current != "" {
					chunks = append(chunks, ReprStr(current))
				}
				current = word
			} else {
				current += word
			}
		}
		if current != "" {
			chunks = append(chunks, ReprStr(current))
		}
	}
	return chunks
}

// splitLines is str.splitlines(True).
func splitLines(s string) []string {
	var lines []string
	from := 0
	for i := 0; i < len(s); {
		r, size := DecodeRune(s[i:])
		i += size
		switch r {
		case '\r':
			if i < len(s) && s[i] == '\n' {
				i++
			}
		case '\n', '\v', '\f', 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029:
		default:
			continue
		}
		lines = append(lines, s[from:i])
		from = i
	}
	if from < len(s) {
		lines = append(lines, s[from:])
	}
	return lines
}

// isSpace is Python's \s of a str pattern.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1C && r <= 0x1F }

// splitWords parts s into words with the blanks behind them.
func splitWords(s string) []string {
	var words []string
	from, inBlank := 0, false
	for i := 0; i < len(s); {
		r, size := DecodeRune(s[i:])
		blank := isSpace(r)
		if inBlank && !blank {
			words = append(words, s[from:i])
			from = i
		}
		inBlank = blank
		i += size
	}
	return append(words, s[from:])
}

// bytes prints bytes in pieces of a multiple of four.
func (f *format) bytes(s string, indent, allowance, level int) {
	if len(s) <= 4 {
		f.text(ReprBytes([]byte(s)))
		return
	}
	if level == 1 {
		indent++
		allowance++
		f.text("(")
	}
	more := 0
	if f.Text > 0 && len(s) > f.Text {
		shown := f.Text / 4 * 4
		s, more = s[:shown], len(s)-shown
	}
	room := f.Width - indent
	current, delim := "", ""
	last := len(s) / 4 * 4
	for i := 0; i < len(s); i += 4 {
		part := s[i:min(i+4, len(s))]
		if i == last {
			room -= allowance
		}
		if len(ReprBytes([]byte(current+part))) > room && current != "" {
			f.text(delim + ReprBytes([]byte(current)))
			delim = "\n" + strings.Repeat(" ", indent)
			current = part
		} else {
			current += part
		}
	}
	f.text(delim + ReprBytes([]byte(current)))
	if more > 0 {
		f.text(fmt.Sprintf("\n%s... %d more bytes", strings.Repeat(" ", indent), more))
	}
	if level == 1 {
		f.text(")")
	}
}
