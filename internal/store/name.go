package store

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds a name, in bytes. With the time and a counter it stays under the 143 bytes
// that an encrypted home folder allows; most file systems allow 255.
const maxName = 80

// CleanName makes a name that every file system takes, and that a shell needs no quotes for.
// Letters, marks and digits of any script and - _ . stay; everything else becomes _. There is no dot
// at either end, no more than 80 bytes, and none of the names that Windows keeps for devices.
func CleanName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r != utf8.RuneError && (unicode.In(r, unicode.Letter, unicode.Mark, unicode.Digit) || strings.ContainsRune("-_.", r)) {
			return r
		}
		return '_'
	}, name)
	name = strings.TrimLeft(name, ".-") // a dash in front would be an option to other programs
	if len(name) > maxName {
		name = strings.ToValidUTF8(name[:maxName], "")
	}
	name = strings.TrimRight(name, ".")
	if name == "" {
		return "run"
	}
	if isDevice(name) {
		return "_" + name
	}
	return name
}

// isDevice: Windows opens a device for these, also with an extension ("con.txt").
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
	return ok && len(port) == 1 && strings.Contains("0123456789", port)
}
