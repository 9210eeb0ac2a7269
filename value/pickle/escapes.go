package pickle

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

var errEscape = errors.New("a backslash begins no escape")

// unescape reads the escapes of a Python bytes literal, as codecs.escape_decode does.
func unescape(s string) (string, error) {
	if strings.IndexByte(s, '\\') < 0 {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) {
			return "", errEscape
		}
		skip, err := writeEscape(&b, s[i:])
		if err != nil {
			return "", err
		}
		i += skip
	}
	return b.String(), nil
}

// writeEscape writes what s, the rest after a backslash, stands for; skip is the
// number of bytes after its first.
func writeEscape(b *strings.Builder, s string) (skip int, err error) {
	const letters, meanings = "abfnrtv\\'\"", "\a\b\f\n\r\t\v\\'\""
	if i := strings.IndexByte(letters, s[0]); i >= 0 {
		b.WriteByte(meanings[i])
		return 0, nil
	}
	switch {
	case s[0] == 'x':
		if len(s) < 3 {
			return 0, errEscape
		}
		x, err := strconv.ParseUint(s[1:3], 16, 8)
		b.WriteByte(byte(x))
		return 2, err
	case s[0] >= '0' && s[0] <= '7':
		n := 1
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			n++
		}
		x, err := strconv.ParseUint(s[:n], 8, 16)
		b.WriteByte(byte(x))
		return n - 1, err
	case s[0] == '\n':
		return 0, nil
	}
	b.WriteByte('\\')
	b.WriteByte(s[0])
	return 0, nil
}

// rawUnescape reads Python's raw-unicode-escape: Latin-1 with \uXXXX and \UXXXXXXXX
// after an odd number of backslashes.
func rawUnescape(p []byte) (string, error) {
	var b strings.Builder
	for i := 0; i < len(p); i++ {
		if p[i] != '\\' {
			b.WriteRune(rune(p[i]))
			continue
		}
		run := i
		for run < len(p) && p[run] == '\\' {
			run++
		}
		digits := 0
		if run < len(p) && (run-i)%2 == 1 {
			digits = map[byte]int{'u': 4, 'U': 8}[p[run]]
		}
		if digits == 0 {
			b.Write(p[i:run])
			i = run - 1
			continue
		}
		b.Write(p[i : run-1])
		if run+1+digits > len(p) {
			return "", errEscape
		}
		r, err := strconv.ParseUint(string(p[run+1:run+1+digits]), 16, 32)
		if err != nil || r > utf8.MaxRune {
			return "", errEscape
		}
		writeRune(&b, rune(r))
		i = run + digits
	}
	return b.String(), nil
}

// writeRune writes r in UTF-8, and a surrogate as its three bytes.
func writeRune(b *strings.Builder, r rune) {
	if r >= 0xD800 && r < 0xE000 {
		b.Write([]byte{0xED, byte(0x80 | r>>6&0x3F), byte(0x80 | r&0x3F)})
		return
	}
	b.WriteRune(r)
}

// appendRawEscaped writes s as UNICODE has it: ASCII and Latin-1 as they are, but no
// backslash, NUL, line feed, carriage return or Ctrl-Z.
func appendRawEscaped(out []byte, s string) []byte {
	const hex = "0123456789abcdef"
	for len(s) > 0 {
		r, size := decodeRune(s)
		s = s[size:]
		switch {
		case r < 0x100 && r != '\\' && r != 0 && r != '\n' && r != '\r' && r != 0x1A:
			out = append(out, byte(r))
		case r < 0x10000:
			out = append(out, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		default:
			out = append(out, '\\', 'U', '0', '0', hex[r>>20&15], hex[r>>16&15], hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		}
	}
	return out
}
