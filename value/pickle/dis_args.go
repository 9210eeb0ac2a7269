package pickle

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/value"
)

func decodeRune(s string) (rune, int) { return value.DecodeRune(s) }

// argument reads an opcode's argument; text is Python's repr of it, "" for none, and
// number what it is for the opcodes of the memo.
func (m *machine) argument(kind argument) (text string, number uint64, err error) {
	switch kind {
	case argNone:
		return "", 0, nil
	case argUint1:
		n, err := m.uint1()
		return numberText(uint64(n), err)
	case argUint2:
		n, err := m.uint2()
		return numberText(uint64(n), err)
	case argUint4:
		n, err := m.uint4()
		return numberText(uint64(n), err)
	case argUint8:
		n, err := m.uint8()
		return numberText(n, err)
	case argInt4:
		n, err := m.uint4()
		return fmt.Sprint(int32(n)), 0, err
	case argDecimal:
		return m.decimalArgument()
	case argLine, argTwoLines, argQuoted:
		text, err := m.lineArgument(kind)
		return text, 0, err
	}
	if err := m.pushArgument(kind); err != nil {
		return "", 0, err
	}
	v, err := m.pop()
	if err != nil {
		return "", 0, err
	}
	return v.String(), 0, nil
}

// decimalArgument also reads the numbers of GET and PUT.
func (m *machine) decimalArgument() (text string, number uint64, err error) {
	if err := m.intLine(); err != nil {
		return "", 0, err
	}
	v, err := m.pop()
	if err != nil {
		return "", 0, err
	}
	if i, ok := v.(value.Int); ok {
		number = uint64(i)
	}
	return v.String(), number, nil
}

// lineArgument reads the lines of text, in which Python's pickletools undoes escapes.
func (m *machine) lineArgument(kind argument) (string, error) {
	lines := 1
	if kind == argTwoLines {
		lines = 2
	}
	var parts []string
	for range lines {
		p, err := m.line()
		if err != nil {
			return "", err
		}
		if kind == argQuoted {
			if p, err = unquote(p); err != nil {
				return "", err
			}
		}
		s, err := unescape(string(p))
		if err != nil {
			return "", err
		}
		parts = append(parts, s)
	}
	if kind == argQuoted {
		return asciiLatin1(parts[0]), nil
	}
	return value.ReprStr(strings.Join(parts, " ")), nil
}

// unquote takes the quotes away, as pickletools does: either kind, on both ends.
func unquote(p []byte) ([]byte, error) {
	if len(p) == 0 || p[0] != '"' && p[0] != '\'' || !bytes.HasSuffix(p, p[:1]) {
		return nil, errNotQuoted
	}
	if len(p) == 1 {
		return nil, nil
	}
	return p[1 : len(p)-1], nil
}

// asciiLatin1 is Python's ascii() of bytes taken as Latin-1.
func asciiLatin1(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(rune(s[i]))
	}
	text := value.ReprStr(b.String())
	b.Reset()
	for _, r := range text {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, `\x%02x`, r)
		}
	}
	return b.String()
}

// pushArgument reads an argument that is a value.
func (m *machine) pushArgument(kind argument) error {
	switch kind {
	case argDecimalLong:
		return m.longLine()
	case argLong1:
		return m.scalar(opLong1)
	case argLong4:
		return m.scalar(opLong4)
	case argBytes1:
		return m.sized1(m.bytes)
	case argBytes4:
		return m.sized4(m.bytes)
	case argBytes8:
		return m.sized8(m.bytes)
	case argByteArray8:
		return m.sized8(m.byteArray)
	case argUnicodeLine:
		return m.unicodeLine()
	case argUnicode1:
		return m.sized1(m.unicode)
	case argUnicode4:
		return m.sized4(m.unicode)
	case argUnicode8:
		return m.sized8(m.unicode)
	case argFloatLine:
		return m.floatLine()
	case argFloat:
		return m.float()
	case argText1:
		return m.sized1(m.latin1)
	case argText4:
		return m.signed4(m.latin1)
	}
	return fmt.Errorf("argument kind %d is not known", kind)
}

// printed is text that is already a repr.
type printed string

func (printed) Type() string     { return "str" }
func (p printed) String() string { return string(p) }

// latin1 is the text of Python 2, of which pickletools shows the bytes.
func (m *machine) latin1(n uint64) error {
	s, err := m.stringOf(n)
	if err == nil {
		m.push(printed(asciiLatin1(s)))
	}
	return err
}
