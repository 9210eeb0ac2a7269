package pyre

import (
	"errors"
	"unicode"
	"unicode/utf8"
)

// surrogateEscape is what os.fsdecode adds to a byte that is not UTF-8.
const surrogateEscape = 0xDC00

// decode returns the characters of s; see the package comment for what is not UTF-8.
func decode(s string) []rune { return appendDecoded(nil, s) }

func appendDecoded(to []rune, s string) []rune {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 {
			r, size = decodeSurrogate(s[i:])
		}
		to = append(to, r)
		i += size
	}
	return to
}

func decodeSurrogate(s string) (rune, int) {
	if len(s) >= 3 && s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80 {
		return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return surrogateEscape + rune(s[0]), 1
}

// encode is the inverse of decode for one character.
func encode(r rune) string {
	if firstSurrogate <= r && r <= lastSurrogate {
		return string([]byte{0xED, byte(0x80 | r>>6&0x3F), byte(0x80 | r&0x3F)})
	}
	return string(r)
}

// The engine tells surrogates apart in a text but not in a pattern, where it keeps
// strings as UTF-8. So they change places with as many characters that nobody uses: of
// an unassigned plane, without case and in no class, as surrogates are themselves.
const (
	firstSurrogate = 0xD800
	lastSurrogate  = 0xDFFF
	firstStandIn   = 0xD0000
	lastStandIn    = 0xD07FF
)

// swap exchanges surrogates and stand-ins.
func swap(r rune) rune {
	switch {
	case firstSurrogate <= r && r <= lastSurrogate:
		return r - firstSurrogate + firstStandIn
	case firstStandIn <= r && r <= lastStandIn:
		return r - firstStandIn + firstSurrogate
	}
	return r
}

var errStandIn = errors.New("regular expression names one of the unassigned characters U+D0000 to U+D07FF")

// swapRanges is swap of every character of ranges. It is an error for a range to start
// or end among the stand-ins.
func swapRanges(ranges []charRange) ([]charRange, error) {
	var out []charRange
	for _, r := range ranges {
		for _, block := range []charRange{{0, firstSurrogate - 1}, {firstSurrogate, lastSurrogate},
			{lastSurrogate + 1, firstStandIn - 1}, {firstStandIn, lastStandIn}, {lastStandIn + 1, unicode.MaxRune}} {
			part := charRange{max(r.lo, block.lo), min(r.hi, block.hi)}
			if part.lo > part.hi {
				continue
			}
			if block.lo == firstStandIn && part != block {
				return nil, errStandIn
			}
			out = append(out, charRange{swap(part.lo), swap(part.hi)})
		}
	}
	return out, nil
}
