package marshal

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"
)

// short8 reads an ASCII string with a length of one byte.
func (d *Decoder) short8(code byte) Kind {
	if d.pos >= len(d.data) {
		return d.short(1)
	}
	n := int(d.data[d.pos])
	d.pos++
	return d.characters(code, n)
}

// string32 reads a string with a length of four bytes.
func (d *Decoder) string32(code byte) Kind {
	n, ok := d.size()
	if !ok {
		return KindInvalid
	}
	if code == codeInterned && !d.replay {
		d.interned = append(d.interned, uint32(d.offset))
	}
	return d.characters(code, n)
}

// characters takes the n bytes of a string and makes text of them.
func (d *Decoder) characters(code byte, n int) Kind {
	if left := len(d.data) - d.pos; n > left {
		return d.fail(d.offset, "", fmt.Sprintf("a string of %d bytes with %d bytes left", n, left))
	}
	raw := d.str[d.pos : d.pos+n]
	d.pos += n
	d.text = raw
	switch {
	case code == codeBytes:
		return KindBytes
	case isASCII(raw):
		return KindString
	case code == codeUnicode && !isText(raw):
		return d.fail(d.offset, "a str in UTF-8", "other bytes")
	case code == codeUnicode, code == codeInterned && isText(raw):
		return KindString
	}
	// Python takes each byte of an "ASCII" string as a character, and so Python 2
	// text in an old encoding is read too.
	d.text = d.convert(d.offset, raw)
	return KindString
}

// TextOfBytes returns Bytes as text: Python 2 wrote its str so. They are taken
// as UTF-8 where they are, else each byte as a character (Latin-1).
func (d *Decoder) TextOfBytes() string {
	if d.kind != KindBytes || isASCII(d.text) || isText(d.text) {
		return d.text
	}
	at := d.offset
	if d.data[at]&^flagRef == codeRef {
		at = d.start(d.ref)
	}
	return d.convert(at, d.text)
}

// convert makes text of Latin-1 bytes, of long ones once for each offset.
func (d *Decoder) convert(at int, raw string) string {
	if s, ok := d.odd[at]; ok {
		return s
	}
	text := latin1(raw)
	if len(raw) > shortText {
		if d.odd == nil {
			d.odd = map[int]string{}
		}
		d.odd[at] = text
	}
	return text
}

// shortText is up to where making text again, for a reference of five bytes,
// costs less memory than keeping it.
const shortText = 32

func latin1(raw string) string {
	var b strings.Builder
	b.Grow(2 * len(raw))
	for i := range len(raw) {
		b.WriteRune(rune(raw[i]))
	}
	return b.String()
}

func isASCII(s string) bool {
	b := []byte(s)
	for len(b) >= 8 {
		if binary.LittleEndian.Uint64(b)&0x8080808080808080 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// isText reports whether s is UTF-8, where surrogates may stand as three bytes.
func isText(s string) bool {
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			if !startsWithSurrogate(s) {
				return false
			}
			n = 3
		}
		s = s[n:]
	}
	return true
}

// startsWithSurrogate matches the bytes ED A0..BF 80..BF.
func startsWithSurrogate(s string) bool {
	return len(s) >= 3 && s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80
}
