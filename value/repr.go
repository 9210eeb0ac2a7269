package value

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

const hexDigits = "0123456789abcdef"

// ReprStr returns Python's repr of the str s.
func ReprStr(s string) string {
	quote := reprQuote(s)
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte(quote)
	for i := 0; i < len(s); {
		r, size := DecodeRune(s[i:])
		switch {
		case isPrintable(r) && r != rune(quote) && r != '\\':
			b.WriteString(s[i : i+size])
		case r < 0x80:
			writeEscapedByte(&b, byte(r), quote)
		case r < 0x100:
			writeHex(&b, 'x', r, 2)
		case r < 0x10000:
			writeHex(&b, 'u', r, 4)
		default:
			writeHex(&b, 'U', r, 8)
		}
		i += size
	}
	b.WriteByte(quote)
	return b.String()
}

// ReprBytes returns Python's repr of the bytes p.
func ReprBytes(p []byte) string {
	quote := reprQuote(string(p))
	var b strings.Builder
	b.Grow(len(p) + 3)
	b.WriteByte('b')
	b.WriteByte(quote)
	for _, c := range p {
		if c >= ' ' && c < 0x7F && c != quote && c != '\\' {
			b.WriteByte(c)
		} else {
			writeEscapedByte(&b, c, quote)
		}
	}
	b.WriteByte(quote)
	return b.String()
}

// reprByteArray is what stands in the repr of a bytearray. Unlike that of bytes it
// escapes the single quote within double ones.
func reprByteArray(p []byte) string {
	text := ReprBytes(p)
	if strings.HasPrefix(text, `b"`) {
		return strings.ReplaceAll(text, "'", `\'`)
	}
	return text
}

// reprQuote picks the quote Python puts around s: the double one only where that
// saves an escape.
func reprQuote(s string) byte {
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		return '"'
	}
	return '\''
}

func writeEscapedByte(b *strings.Builder, c, quote byte) {
	switch c {
	case '\t':
		b.WriteString(`\t`)
	case '\n':
		b.WriteString(`\n`)
	case '\r':
		b.WriteString(`\r`)
	case quote, '\\':
		b.WriteByte('\\')
		b.WriteByte(c)
	default:
		writeHex(b, 'x', rune(c), 2)
	}
}

func writeHex(b *strings.Builder, letter byte, r rune, digits int) {
	b.WriteByte('\\')
	b.WriteByte(letter)
	for shift := 4 * (digits - 1); shift >= 0; shift -= 4 {
		b.WriteByte(hexDigits[r>>shift&0xF])
	}
}

// isPrintable is str.isprintable of one character. Go's tables are of Unicode 15.0;
// the characters that 15.1, which CPython 3.13 follows, has added are listed.
func isPrintable(r rune) bool {
	if unicode.IsPrint(r) {
		return true
	}
	return r >= 0x2EBF0 && r <= 0x2EE5D || r >= 0x2FFC && r <= 0x2FFF || r == 0x31EF
}

// Python's repr of a float turns to the exponent form at these powers of ten.
const (
	floatExponentFrom  = 16 // 1e+16, but 9999999999999998.0
	floatExponentBelow = -4 // 1e-05, but 0.0001
)

// ReprFloat returns Python's repr of the float f: the shortest decimal that reads
// back as f. A NaN has no sign.
func ReprFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f == 0:
		if math.Signbit(f) {
			return "-0.0"
		}
		return "0.0"
	}
	scientific := strconv.FormatFloat(f, 'e', -1, 64)
	exponent, err := strconv.Atoi(scientific[strings.IndexByte(scientific, 'e')+1:])
	if err != nil || exponent >= floatExponentFrom || exponent < floatExponentBelow {
		return scientific
	}
	plain := strconv.FormatFloat(f, 'f', -1, 64)
	if strings.IndexByte(plain, '.') < 0 {
		plain += ".0"
	}
	return plain
}

// ReprInt returns Python's repr of the int i.
func ReprInt(i int64) string {
	return strconv.FormatInt(i, 10)
}
