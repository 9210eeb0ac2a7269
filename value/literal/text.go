package literal

import (
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value"
)

// texts reads one str or bytes, written in one or several pieces.
func (p *parser) texts() (value.Value, error) {
	var all strings.Builder
	var isBytes bool
	for first := true; ; first = false {
		start := p.at
		prefix := strings.ToLower(p.word())
		if p.at == len(p.text) || p.text[p.at] != '"' && p.text[p.at] != '\'' {
			p.at = start
			if first {
				return nil, p.fail("no text")
			}
			break
		}
		bytesHere, raw, ok := prefixOf(prefix)
		if !ok || !first && bytesHere != isBytes {
			p.at = start
			return nil, p.fail("a text with a prefix that cannot be read here")
		}
		isBytes = bytesHere
		if err := p.quoted(&all, isBytes, raw); err != nil {
			return nil, err
		}
		p.next()
	}
	if isBytes {
		return value.Bytes(all.String()), nil
	}
	return value.Str(all.String()), nil
}

func prefixOf(prefix string) (isBytes, raw, ok bool) {
	switch prefix {
	case "", "u":
		return false, false, true
	case "r":
		return false, true, true
	case "b":
		return true, false, true
	case "br", "rb":
		return true, true, true
	}
	return false, false, false
}

// quoted reads one piece between quotes.
func (p *parser) quoted(out *strings.Builder, isBytes, raw bool) error {
	quote := p.text[p.at : p.at+1]
	if strings.HasPrefix(p.text[p.at:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	p.at += len(quote)
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case strings.HasPrefix(p.text[p.at:], quote):
			p.at += len(quote)
			return nil
		case c == '\n' && len(quote) == 1:
			return p.fail("the line ends within a text")
		case isBytes && c >= utf8.RuneSelf:
			return p.fail("bytes are written in ASCII")
		case c == '\\' && raw && p.at+1 < len(p.text):
			out.WriteString(p.text[p.at : p.at+2])
			p.at += 2
		case c == '\\':
			if err := p.escape(out, isBytes); err != nil {
				return err
			}
		default:
			out.WriteByte(c)
			p.at++
		}
	}
	return p.fail("a text without its closing quote")
}

// escape reads what follows a backslash. One that Python does not know stays as it is.
func (p *parser) escape(out *strings.Builder, isBytes bool) error {
	p.at++
	if p.at == len(p.text) {
		return p.fail("a text without its closing quote")
	}
	c := p.text[p.at]
	p.at++
	const from, to = `\'"abfnrtv`, "\\'\"\a\b\f\n\r\t\v"
	switch i := strings.IndexByte(from, c); {
	case i >= 0:
		out.WriteByte(to[i])
	case c == '\n':
	case c >= '0' && c <= '7':
		p.at--
		return p.code(out, isBytes, 1, 3, 8)
	case c == 'x':
		return p.code(out, isBytes, 2, 2, 16)
	case c == 'u' && !isBytes:
		return p.code(out, isBytes, 4, 4, 16)
	case c == 'U' && !isBytes:
		return p.code(out, isBytes, 8, 8, 16)
	case c == 'N' && !isBytes:
		return p.fail(`characters by name, \N{...}, are not read here`)
	default:
		out.WriteByte('\\')
		p.at--
	}
	return nil
}

// code reads a character's number.
func (p *parser) code(out *strings.Builder, isBytes bool, least, most int, base rune) error {
	var n rune
	count := 0
	for count < most && p.at < len(p.text) {
		digit := rune(strings.IndexByte("0123456789abcdef", p.text[p.at]|0x20))
		if c := p.text[p.at]; c >= '0' && c <= '9' {
			digit = rune(c - '0')
		}
		if digit < 0 || digit >= base || n > utf8.MaxRune {
			break
		}
		n = n*base + digit
		count++
		p.at++
	}
	switch {
	case count < least:
		return p.fail("an escape with too few digits")
	case isBytes:
		out.WriteByte(byte(n))
	case n > utf8.MaxRune:
		return p.fail("there is no such character")
	case n >= 0xD800 && n <= 0xDFFF: // package value tells how it is held
		out.Write([]byte{0xED, byte(0x80 | n>>6&0x3F), byte(0x80 | n&0x3F)})
	default:
		out.WriteRune(n)
	}
	return nil
}
