package app

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// pythonString is text as a JSON string. A byte that is no UTF-8 becomes the escape of
// the lone surrogate by which Python stands for it (PEP 383): what json.loads gives,
// os.fsencode turns back into the same bytes.
func pythonString(text []byte) json.RawMessage {
	if utf8.Valid(text) {
		quoted, err := json.Marshal(string(text))
		if err == nil {
			return quoted
		}
	}
	quoted := []byte{'"'}
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			quoted = fmt.Appendf(quoted, `\udc%02x`, text[0])
		} else if part, err := json.Marshal(string(text[:size])); err == nil {
			quoted = append(quoted, part[1:len(part)-1]...)
		}
		text = text[size:]
	}
	return append(quoted, '"')
}
