package show

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value"
)

// bytesFormat writes fixed-width bytes as Python writes bytes.
type bytesFormat struct {
	data []byte
	size int
}

func (f bytesFormat) bytes(at int) []byte { return bytes.TrimRight(f.data[at:at+f.size], "\x00") }

func (f bytesFormat) append(dst []byte, at int) []byte {
	return append(dst, value.ReprBytes(f.bytes(at))...)
}

// strFormat writes fixed-width text as Python writes str.
type strFormat struct{ view }

func newStrFormat(v view) (format, error) {
	f := strFormat{v}
	var err error
	v.each(func(at int) {
		for i := 0; i < v.dtype.Size; i += 4 {
			if c := f.char(at + i); c > utf8.MaxRune {
				err = fmt.Errorf("a text holds %#x, which is no character", c)
			}
		}
	})
	return f, err
}

func (f strFormat) char(at int) uint32 { return order(f.dtype).Uint32(f.data[at:]) }

// text is the text at a place, surrogates as package value has them.
func (f strFormat) text(at int) string {
	end := at + f.dtype.Size
	for end > at && f.char(end-4) == 0 {
		end -= 4
	}
	var s []byte
	for ; at < end; at += 4 {
		switch c := f.char(at); {
		case c >= 0xD800 && c <= 0xDFFF:
			s = append(s, 0xED, 0x80|byte(c>>6&0x3F), 0x80|byte(c&0x3F))
		default:
			s = utf8.AppendRune(s, rune(min(c, utf8.MaxRune)))
		}
	}
	return string(s)
}

func (f strFormat) append(dst []byte, at int) []byte {
	return append(dst, value.ReprStr(f.text(at))...)
}
