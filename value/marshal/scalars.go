package marshal

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Python's int is written in digits of 15 bits, each in two bytes.
const (
	digitBits = 15
	// maxDigits bounds an int at 16 million bits: far above any int in use,
	// far below what would make its conversion slow.
	maxDigits = 1 << 20
	// bigDigits of 15 bits, the first not zero, never fit an int64.
	bigDigits = 6

	pythonNaN = 0x7ff8_0000_0000_0000 // the bits of float("nan")

	wordBits = strconv.IntSize // of a big.Word
)

func (d *Decoder) int32() Kind {
	if len(d.data)-d.pos < 4 {
		return d.short(4)
	}
	d.int = int64(int32(binary.LittleEndian.Uint32(d.data[d.pos:])))
	d.pos += 4
	return KindInt
}

func (d *Decoder) int64() Kind {
	if len(d.data)-d.pos < 8 {
		return d.short(8)
	}
	d.int = int64(binary.LittleEndian.Uint64(d.data[d.pos:]))
	d.pos += 8
	return KindInt
}

// long reads an int of any size. Those beyond 63 bits are only checked here:
// the method BigInt makes the number, so that a reference to one costs nothing.
func (d *Decoder) long() Kind {
	if len(d.data)-d.pos < 4 {
		return d.short(4)
	}
	n := int(int32(binary.LittleEndian.Uint32(d.data[d.pos:])))
	negative := n < 0
	if negative {
		n = -n
	}
	if n > maxDigits || n < 0 {
		return d.fail(d.offset, fmt.Sprintf("an int of at most %d digits", maxDigits), fmt.Sprint(n))
	}
	if left := len(d.data) - d.pos - 4; 2*n > left {
		return d.fail(d.offset, "", fmt.Sprintf("an int of %d bytes with %d bytes left", 2*n, left))
	}
	d.pos += 4
	digits := d.data[d.pos : d.pos+2*n]
	d.pos += 2 * n
	if n == 0 {
		d.int = 0
		return KindInt
	}
	for i := 0; i < len(digits); i += 2 {
		if digits[i+1] > 0x7f {
			return d.fail(d.offset, "digits of 15 bits", "one of 16")
		}
	}
	if top := len(digits) - 2; digits[top] == 0 && digits[top+1] == 0 {
		return d.fail(d.offset, "an int without leading zeros", "one with")
	}
	return d.smallLong(digits, negative)
}

// smallLong computes an int that fits 64 bits, else says KindBigInt.
func (d *Decoder) smallLong(digits []byte, negative bool) Kind {
	var magnitude uint64
	for i := len(digits) - 2; i >= 0; i -= 2 {
		if magnitude>>(63-digitBits) != 0 {
			return KindBigInt
		}
		magnitude = magnitude<<digitBits | uint64(binary.LittleEndian.Uint16(digits[i:]))
	}
	d.int = int64(magnitude)
	if negative {
		d.int = -d.int
	}
	return KindInt
}

// BigInt returns the int of a KindBigInt, and of a KindInt as well.
func (d *Decoder) BigInt() *big.Int {
	if d.kind != KindBigInt {
		return big.NewInt(d.int)
	}
	at := d.offset
	if d.data[at]&^flagRef == codeRef {
		at = d.start(d.ref)
	}
	n := int(int32(binary.LittleEndian.Uint32(d.data[at+1:])))
	negative := n < 0
	if negative {
		n = -n
	}
	z := new(big.Int).SetBits(words(d.data[at+5 : at+5+2*n]))
	if negative {
		z.Neg(z)
	}
	return z
}

// words packs digits of 15 bits, least first, into words.
func words(digits []byte) []big.Word {
	out := make([]big.Word, (len(digits)/2*digitBits+wordBits-1)/wordBits)
	for i := 0; i < len(digits); i += 2 {
		bit := i / 2 * digitBits
		digit := big.Word(binary.LittleEndian.Uint16(digits[i:]))
		out[bit/wordBits] |= digit << (bit % wordBits)
		if bit%wordBits > wordBits-digitBits && bit/wordBits+1 < len(out) {
			out[bit/wordBits+1] |= digit >> (wordBits - bit%wordBits)
		}
	}
	return out
}

func (d *Decoder) binaryFloat() Kind {
	if len(d.data)-d.pos < 8 {
		return d.short(8)
	}
	d.float = math.Float64frombits(binary.LittleEndian.Uint64(d.data[d.pos:]))
	d.pos += 8
	return KindFloat
}

func (d *Decoder) binaryComplex() Kind {
	if len(d.data)-d.pos < 16 {
		return d.short(16)
	}
	d.float = math.Float64frombits(binary.LittleEndian.Uint64(d.data[d.pos:]))
	d.imag = math.Float64frombits(binary.LittleEndian.Uint64(d.data[d.pos+8:]))
	d.pos += 16
	return KindComplex
}

func (d *Decoder) textFloat() Kind {
	f, ok := d.floatText()
	if !ok {
		return KindInvalid
	}
	d.float = f
	return KindFloat
}

func (d *Decoder) textComplex() Kind {
	re, ok := d.floatText()
	if !ok {
		return KindInvalid
	}
	im, ok := d.floatText()
	if !ok {
		return KindInvalid
	}
	d.float, d.imag = re, im
	return KindComplex
}

// floatText reads a float written in decimals after its length in one byte.
func (d *Decoder) floatText() (float64, bool) {
	start := d.pos
	if start >= len(d.data) {
		d.short(1)
		return 0, false
	}
	n := int(d.data[start])
	if len(d.data)-start < 1+n {
		d.short(1 + n)
		return 0, false
	}
	text := d.str[d.pos+1 : d.pos+1+n]
	d.pos += 1 + n
	f, err := strconv.ParseFloat(text, 64)
	overflow := err != nil && math.IsInf(f, 0) // Python takes 1e999 as inf too
	if (err != nil && !overflow) || strings.ContainsAny(text, "xX_") {
		d.fail(start, "a float in decimals", strconv.Quote(text))
		return 0, false
	}
	if math.IsNaN(f) {
		f = math.Float64frombits(pythonNaN) // Go's own has another bit set
	}
	return f, true
}
