package name

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// MaxBytes is what Linux and macOS allow for a name. Windows allows 255 units of UTF-16, which is never less.
	MaxBytes = 255
	// MinBytes is the least bound that SafeWithin keeps: room for the start of a name and its extension.
	MinBytes = 16
)

// Safe makes a name that every file system takes and that shows all it holds. Beyond [Clean]:
//
//   - marks stay (the vowel signs of many scripts are marks), and the text is in Unicode's composed form, NFC;
//   - letters and marks that show nothing become _, as do controls and all that changes the direction of text;
//   - it does not end in a dot, is not empty, and does not start with a dash, which other programs take for an option;
//   - a name that Windows keeps for a device gets _ in front (_con.txt);
//   - it has at most 255 bytes, cut between two characters, with the extension kept.
//
// Safe of a safe name is that name.
func Safe(text string) string { return SafeWithin(text, MaxBytes) }

// SafeWithin is [Safe] with another bound in bytes, from MinBytes to MaxBytes; others are moved there.
func SafeWithin(text string, most int) string {
	most = max(MinBytes, min(most, MaxBytes))
	text = norm.NFC.String(show(text))
	text = show(text) // the composer parts more than 30 marks in a row by a character that cannot be seen
	text = strings.TrimRight(text, ".")
	if text == "" {
		return string(replacement)
	}
	if text[0] == '-' {
		text = string(replacement) + text[1:]
	}
	if isDevice(text) {
		text = string(replacement) + text
	}
	return cut(text, most)
}

// show replaces what is neither plain nor a mark, and what has no shape of its own.
func show(text string) string {
	return strings.Map(func(r rune) rune {
		if (isPlain(r) || unicode.Is(unicode.Mark, r)) && !isInvisible(r) {
			return r
		}
		return replacement
	}, text)
}

// isInvisible finds letters and marks that leave no trace on the screen: fillers, joiners, selectors.
func isInvisible(r rune) bool {
	return r >= utf8.RuneSelf && unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// isDevice: Windows opens a device for these, in any case, also with an extension ("con.txt").
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	port, ok := strings.CutPrefix(stem, "COM")
	if !ok {
		port, ok = strings.CutPrefix(stem, "LPT")
	}
	return ok && utf8.RuneCountInString(port) == 1 && strings.Contains("0123456789¹²³", port)
}

// cut shortens the part before the extension, if the extension is short enough to be one.
func cut(name string, most int) string {
	if len(name) <= most {
		return name
	}
	ext := extension(name)
	if len(ext) > most/2 {
		ext = ""
	}
	stem := cutBefore(name[:len(name)-len(ext)], most-len(ext))
	if ext == "" {
		stem = strings.TrimRight(stem, ".")
	}
	if stem == "" {
		stem = string(replacement)
	}
	return stem + ext
}

// cutBefore returns the start of text, at most so many bytes of it. A letter and its marks are one character to
// who reads it, so they stay or go together, unless there is nothing but marks.
func cutBefore(text string, most int) string {
	end := most
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	whole := end
	for whole > 0 {
		if r, _ := utf8.DecodeRuneInString(text[whole:]); !unicode.Is(unicode.Mark, r) {
			return text[:whole]
		}
		_, size := utf8.DecodeLastRuneInString(text[:whole])
		whole -= size
	}
	return text[:end]
}

// extension is the last dot and what follows; of "x.tar.gz" all that belongs together. A dot in front makes none.
func extension(name string) string {
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 {
		return ""
	}
	if stem := strings.TrimSuffix(name[:dot], ".tar"); stem != "" {
		return name[len(stem):]
	}
	return name[dot:]
}
