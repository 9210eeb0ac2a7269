package pickle

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value"
)

func (m *machine) float() error {
	p, err := m.next(8)
	if err != nil {
		return unexpected(err)
	}
	m.push(m.boxes.float(value.Float(math.Float64frombits(binary.BigEndian.Uint64(p)))))
	return nil
}

// intLine is INT: an int, or 00 and 01 for what protocol 0 had for bools.
func (m *machine) intLine() error {
	p, err := m.line()
	if err != nil {
		return err
	}
	switch string(p) {
	case "00":
		m.push(value.Bool(false))
		return nil
	case "01":
		m.push(value.Bool(true))
		return nil
	}
	return m.decimal(p)
}

func (m *machine) longLine() error {
	p, err := m.line()
	if err != nil {
		return err
	}
	return m.decimal(bytes.TrimSuffix(p, []byte("L")))
}

// decimal pushes an int in decimal. Python's int() also takes blanks around it and
// underscores, which no pickler writes.
func (m *machine) decimal(p []byte) error {
	text := string(bytes.TrimSpace(p))
	if len(text) > maxDigits {
		return fmt.Errorf("an int of %d digits; at most %d are taken, as in Python", len(text), maxDigits)
	}
	if i, err := strconv.ParseInt(text, 10, 64); err == nil {
		m.push(value.Int(i))
		return nil
	}
	x, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return errNotInteger
	}
	m.push(value.NewInt(x))
	return nil
}

// long is an int in two's complement, lowest byte first.
func (m *machine) long(n int) error {
	if n <= 8 {
		p, err := m.next(n)
		if err != nil {
			return unexpected(err)
		}
		m.push(m.boxes.int(value.Int(smallLong(p))))
		return nil
	}
	p, err := m.payload(uint64(n))
	if err != nil {
		return err
	}
	m.push(value.NewInt(bigLong(p)))
	return nil
}

// smallLong reads at most 8 bytes of two's complement.
func smallLong(p []byte) int64 {
	if len(p) == 0 {
		return 0
	}
	var raw [8]byte
	copy(raw[:], p)
	shift := 64 - 8*len(p)
	return int64(binary.LittleEndian.Uint64(raw[:])<<shift) >> shift
}

// bigLong reads two's complement, lowest byte first. It changes p.
func bigLong(p []byte) *big.Int {
	negative := p[len(p)-1] >= 0x80
	slices.Reverse(p)
	x := new(big.Int).SetBytes(p)
	if negative {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(p))))
	}
	return x
}

func (m *machine) floatLine() error {
	p, err := m.line()
	if err != nil {
		return err
	}
	f, err := strconv.ParseFloat(strings.TrimSpace(string(p)), 64)
	if err != nil && !math.IsInf(f, 0) { // too large is infinite, as in Python
		return errNotFloat
	}
	if f != f {
		f = math.Float64frombits(0x7FF8 << 48) // Python's NaN; Go's has another bit
	}
	m.push(value.Float(f))
	return nil
}

// number is the line of GET and PUT.
func (m *machine) number() (uint32, error) {
	p, err := m.line()
	if err != nil {
		return 0, err
	}
	i, err := strconv.ParseUint(string(bytes.TrimSpace(p)), 10, 32)
	if err != nil {
		return 0, errNotInteger
	}
	return uint32(i), nil
}

func (m *machine) sized1(run func(uint64) error) error {
	n, err := m.uint1()
	if err != nil {
		return err
	}
	return run(uint64(n))
}

func (m *machine) sized4(run func(uint64) error) error {
	n, err := m.uint4()
	if err != nil {
		return err
	}
	return run(uint64(n))
}

// signed4 is for the opcodes of Python 2, whose lengths have a sign.
func (m *machine) signed4(run func(uint64) error) error {
	n, err := m.uint4()
	if err != nil {
		return err
	}
	if int32(n) < 0 {
		return errNegative
	}
	return run(uint64(n))
}

func (m *machine) sized8(run func(uint64) error) error {
	n, err := m.uint8()
	if err != nil {
		return err
	}
	return run(n)
}

// unicode pushes a str of n bytes of UTF-8, in which surrogates may stand.
func (m *machine) unicode(n uint64) error {
	s, err := m.stringOf(n)
	if err != nil {
		return err
	}
	if !validText(s) {
		return errNotText
	}
	m.push(m.boxes.text(value.Str(s)))
	return nil
}

// stringOf returns the next n bytes.
func (m *machine) stringOf(n uint64) (string, error) {
	if n <= window/4 {
		p, err := m.next(int(n))
		if err != nil {
			return "", unexpected(err)
		}
		return m.text.string(p), nil
	}
	if n <= uint64(m.limit-m.pos) {
		s := string(m.buf[m.pos : m.pos+int(n)])
		m.pos += int(n)
		return s, nil
	}
	p, err := m.payload(n)
	return string(p), err
}

// validText says whether s is UTF-8 but for surrogates, Python's "surrogatepass".
func validText(s string) bool {
	if utf8.ValidString(s) {
		return true
	}
	for s != "" {
		r, size := value.DecodeRune(s)
		if size == 1 && r >= utf8.RuneSelf {
			return false
		}
		s = s[size:]
	}
	return true
}

func (m *machine) bytes(n uint64) error {
	s, err := m.stringOf(n)
	if err == nil {
		m.push(value.Bytes(s))
	}
	return err
}

func (m *machine) byteArray(n uint64) error {
	p, err := m.payload(n)
	if err == nil {
		m.push(&value.ByteArray{Data: p})
	}
	return err
}

// text2 pushes what Python 2 had for text: a str if it is ASCII, else bytes.
func (m *machine) text2(n uint64) error {
	s, err := m.stringOf(n)
	if err == nil {
		m.pushText2(s)
	}
	return err
}

func (m *machine) pushText2(s string) {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			m.push(value.Bytes(s))
			return
		}
	}
	m.push(value.Str(s))
}

// stringLine is STRING: a literal of Python 2.
func (m *machine) stringLine() error {
	p, err := m.line()
	if err != nil {
		return err
	}
	p = bytes.TrimRight(p, " \t\r\v\f")
	if len(p) < 2 || p[0] != p[len(p)-1] || p[0] != '\'' && p[0] != '"' {
		return errNotQuoted
	}
	s, err := unescape(string(p[1 : len(p)-1]))
	if err == nil {
		m.pushText2(s)
	}
	return err
}

// unicodeLine is UNICODE, with \u escapes of which Latin-1 is free.
func (m *machine) unicodeLine() error {
	p, err := m.line()
	if err != nil {
		return err
	}
	s, err := rawUnescape(p)
	if err == nil {
		m.push(value.Str(s))
	}
	return err
}

func (m *machine) nextBuffer() error {
	b := &value.Buffer{Index: m.buffers}
	if m.Buffers != nil {
		if m.buffers >= len(m.Buffers) {
			return errNoBuffer
		}
		b.Data = m.Buffers[m.buffers]
	}
	m.buffers++
	m.push(b)
	return nil
}

func (m *machine) readonlyBuffer() error {
	v, err := m.pop()
	if err != nil {
		return err
	}
	b, ok := v.(*value.Buffer)
	if !ok {
		return fmt.Errorf("a %s is no buffer", v.Type())
	}
	readOnly := *b
	readOnly.ReadOnly = true
	m.push(&readOnly)
	return nil
}
