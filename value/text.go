package value

import (
	"unicode/utf8"
)

// surrogateEscape is what os.fsdecode adds to a byte that is not UTF-8.
const surrogateEscape = 0xDC00

// DecodeRune returns the first code point of s and the number of bytes it takes, as
// [utf8.DecodeRuneInString] does, but reads the three bytes of a surrogate as that
// surrogate and any other invalid byte as the surrogate os.fsdecode makes of it.
// It returns (0, 0) for an empty s.
func DecodeRune(s string) (r rune, size int) {
	if len(s) == 0 {
		return 0, 0
	}
	r, size = utf8.DecodeRuneInString(s)
	if r != utf8.RuneError || size > 1 {
		return r, size
	}
	if len(s) >= 3 && s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return surrogateEscape + rune(s[0]), 1
}
