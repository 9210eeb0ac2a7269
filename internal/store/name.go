package store

import (
	"strings"

	"github.com/cantil-py/cantil/text/name"
)

// maxName bounds a name, in bytes. With the time and a counter it stays under the 143 bytes
// that an encrypted home folder allows; most file systems allow 255.
const maxName = 80

// CleanName makes the name of a run: a safe name (see text/name) with no dot or dash in front, and "run"
// where nothing else is left.
func CleanName(text string) string {
	text = strings.TrimLeft(text, ".-")
	if text == "" {
		return "run"
	}
	return name.SafeWithin(text, maxName)
}
