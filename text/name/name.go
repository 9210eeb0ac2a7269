// Package name makes file names out of any text.
//
// Call [Clean] for the plain rule: letters and digits of any script and - _ . , stay, every other
// character becomes _. Call [Safe] where the name must do on every system: it also knows the names
// that Windows keeps for devices, characters that cannot be seen, and how long a name may be.
// [Stamp] and [StampMicros] write a time as part of a name, [Move] renames and never overwrites.
//
// Clean answers, character for character, as this line of Python does, whose table of Unicode may
// only be older or newer:
//
//	"".join(c if (c.isalnum() or c in "-_.,") else "_" for c in text)
package name

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	replacement = '_'
	// punctuation stays beside letters and digits. None of it means anything to a file system,
	// or, within a word, to a shell.
	punctuation = "-_.,"
)

// Clean replaces each character of text but letters and digits (of any script, Roman numerals and
// fractions among them) and - _ . , by _. What is not UTF-8 becomes one _ per byte.
// The result may still be no good as a name: "", "..", "con", 1,000 letters; [Safe] sees to these.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		if isPlain(r) {
			return r
		}
		return replacement
	}, text)
}

// isPlain is Python's str.isalnum of a character, or one of the punctuation that stays. The
// replacement character that stands for broken UTF-8 is neither.
func isPlain(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(punctuation, r)
	}
	return unicode.In(r, unicode.Letter, unicode.Number)
}
