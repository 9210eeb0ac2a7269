package show

import (
	"encoding/binary"
	"strconv"

	"github.com/cantil-py/cantil/value/npy"
)

// order is the byte order of the elements of d.
func order(d npy.DType) binary.ByteOrder {
	if d.Big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// objectIndex is the place of an element's Python object.
func objectIndex(data []byte, at int) uint64 { return binary.LittleEndian.Uint64(data[at:]) }

// numeral is how a number lies in the data: what of a dtype is needed for each element.
type numeral struct {
	size int // bytes
	big  bool
}

func (v *view) numeral() numeral { return numeral{v.dtype.Size, v.dtype.Big} }

// bits reads the number at data[at] as it is, without a sign.
func bits(data []byte, at int, n numeral) uint64 {
	p := data[at : at+n.size]
	if n.big {
		var b uint64
		for _, c := range p {
			b = b<<8 | uint64(c)
		}
		return b
	}
	switch n.size {
	case 1:
		return uint64(p[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(p))
	case 4:
		return uint64(binary.LittleEndian.Uint32(p))
	}
	return binary.LittleEndian.Uint64(p)
}

// signed is bits as a number with a sign.
func signed(data []byte, at int, n numeral) int64 {
	unused := 64 - 8*n.size
	return int64(bits(data, at, n)<<unused) >> unused
}

// intFormat writes integers, right-justified.
type intFormat struct {
	view
	unsigned bool
	width    int
	sign     byte // before a number that is not negative: '-' for none, '+' or ' '
}

func newIntFormat(v view, o Options) format {
	f := &intFormat{view: v, unsigned: v.dtype.Kind == npy.Uint, sign: '-'}
	if o.NumPy >= NumPy20 {
		f.sign = o.Sign
	}
	negative := false
	if f.sign == ' ' && !f.unsigned {
		v.each(func(at int) { negative = negative || signed(v.data, at, v.numeral()) < 0 })
	}
	if negative {
		f.sign = '-' // the minus has the column
	}
	var buf []byte
	v.each(func(at int) {
		buf = f.number(buf[:0], at)
		f.width = max(f.width, len(buf))
	})
	return f
}

// number appends the number without padding.
func (f *intFormat) number(dst []byte, at int) []byte {
	if f.unsigned {
		return strconv.AppendUint(f.plus(dst), bits(f.data, at, f.numeral()), 10)
	}
	n := signed(f.data, at, f.numeral())
	if n >= 0 {
		dst = f.plus(dst)
	}
	return strconv.AppendInt(dst, n, 10)
}

func (f *intFormat) plus(dst []byte) []byte {
	if f.sign == '-' {
		return dst
	}
	return append(dst, f.sign)
}

func (f *intFormat) append(dst []byte, at int) []byte {
	return rightJustify(dst, f.width, func(dst []byte) []byte { return f.number(dst, at) })
}

// rightJustify appends what write writes, with spaces before it up to a width.
func rightJustify(dst []byte, width int, write func([]byte) []byte) []byte {
	start := len(dst)
	dst = write(dst)
	n := len(dst) - start
	if n >= width {
		return dst
	}
	dst = appendSpaces(dst, width-n)
	copy(dst[start+width-n:], dst[start:start+n])
	for i := start; i < start+width-n; i++ {
		dst[i] = ' '
	}
	return dst
}
