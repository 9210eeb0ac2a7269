package show

import (
	"math"
	"math/big"

	"github.com/cantil-py/cantil/value/npy"
)

// real is a floating point number of 16, 32, 64 or 80 bits.
type real struct {
	f        float64 // the number, unless width is 80; then only its class and sign
	width    uint8
	exponent int32  // of 80 bits: the number is mantissa * 2**exponent
	mantissa uint64 // of 80 bits
}

func (r real) negative() bool { return math.Signbit(r.f) }
func (r real) nan() bool      { return r.f != r.f }
func (r real) inf() bool      { return math.IsInf(r.f, 0) }
func (r real) finite() bool   { return r.f-r.f == 0 }
func (r real) zero() bool     { return r.f == 0 }

// loadReal reads the number at data[at].
func loadReal(data []byte, at int, n numeral) real {
	switch n.size {
	case 2:
		return real{f: npy.Float16(uint16(bits(data, at, n))), width: 16}
	case 4:
		return real{f: float64(math.Float32frombits(uint32(bits(data, at, n)))), width: 32}
	case 8:
		return real{f: math.Float64frombits(bits(data, at, n)), width: 64}
	}
	return loadExtended(data[at:at+n.size], n.big)
}

// The 80 bits of the x87: a sign, 15 bits of exponent, 64 of mantissa with no bit implied.
const (
	extendedBias = 16383 + 63
	extendedMax  = 0x7FFF
	topBit       = 1 << 63
)

// loadExtended reads the long double of x86; in big-endian files all of its bytes,
// the unused ones too, are the other way round.
func loadExtended(p []byte, bigEndian bool) real {
	mantissa, head := npy.Extended(p, bigEndian)
	r := real{f: 1, width: 80, mantissa: mantissa}
	e := int32(head & extendedMax)
	switch {
	case e > 0 && mantissa&topBit == 0: // no number to an x87
		r.f = math.NaN()
	case e == extendedMax && mantissa == topBit:
		r.f = math.Inf(1)
	case e == extendedMax:
		r.f = math.NaN()
	case mantissa == 0:
		r.f = 0
	}
	r.exponent = max(e, 1) - extendedBias
	if head&0x8000 != 0 {
		r.f = math.Copysign(r.f, -1)
	}
	return r
}

// binary is a finite number as mantissa * 2**exponent, and says whether the gap to the
// number below is half the gap to the one above.
func (r real) binary() (mantissa uint64, exponent int, uneven bool) {
	switch r.width {
	case 80:
		return r.mantissa, int(r.exponent), r.mantissa == topBit && r.exponent > 1-extendedBias
	case 64:
		return split(math.Float64bits(r.f), 52, 11)
	case 32:
		return split(uint64(math.Float32bits(float32(r.f))), 23, 8)
	}
	return split(uint64(npy.ToFloat16(r.f)), 10, 5)
}

// split takes an IEEE 754 number apart.
func split(b uint64, mantissaBits, exponentBits int) (mantissa uint64, exponent int, uneven bool) {
	bias := 1<<(exponentBits-1) - 1 + mantissaBits
	mantissa = b & (1<<mantissaBits - 1)
	exponent = int(b>>mantissaBits) & (1<<exponentBits - 1)
	if exponent == 0 {
		return mantissa, 1 - bias, false
	}
	return mantissa | 1<<mantissaBits, exponent - bias, mantissa == 0 && exponent > 1
}

// less compares the absolute values of two numbers that are finite and not zero.
func (r real) less(s real) bool {
	if r.width != 80 {
		return math.Abs(r.f) < math.Abs(s.f)
	}
	return r.big().Cmp(s.big()) < 0
}

// big is the absolute value with the precision of the 80 bits.
func (r real) big() *big.Float {
	x := new(big.Float).SetPrec(64).SetUint64(r.mantissa)
	return x.SetMantExp(x, int(r.exponent))
}

// atLeast says whether the absolute value is x or more, x being a power of ten.
func (r real) atLeast(x float64) bool {
	if r.width != 80 {
		return math.Abs(r.f) >= x
	}
	return r.big().Cmp(big.NewFloat(x)) >= 0
}

// below says whether the absolute value is less than x. numpy 2 rounds x to the
// type of the number first, numpy 1 does not.
func (r real) below(x float64, rounded bool) bool {
	switch {
	case r.width == 80:
		return r.big().Cmp(big.NewFloat(x)) < 0
	case r.width == 32 && rounded:
		x = float64(float32(x))
	case r.width == 16 && rounded:
		x = npy.Float16(npy.ToFloat16(x))
	}
	return math.Abs(r.f) < x
}

// quotientAbove says whether r / s, of absolute values and divided in their own type, is above x.
func (r real) quotientAbove(s real, x float64) bool {
	a, b := math.Abs(r.f), math.Abs(s.f)
	switch r.width {
	case 80:
		return new(big.Float).SetPrec(64).Quo(r.big(), s.big()).Cmp(big.NewFloat(x)) > 0
	case 64:
		return a/b > x
	case 32:
		return float64(float32(a)/float32(b)) > x
	}
	return npy.Float16(npy.ToFloat16(float64(float32(a)/float32(b)))) > x
}
