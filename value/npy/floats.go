package npy

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Float16 is the number of the bits of a half, IEEE 754's binary16.
func Float16(b uint16) float64 {
	exponent, mantissa := int(b>>10&0x1F), float64(b&0x3FF)
	var f float64
	switch exponent {
	case 0x1F:
		f = math.Inf(1)
		if mantissa != 0 {
			f = math.NaN()
		}
	case 0:
		f = math.Ldexp(mantissa, -24)
	default:
		f = math.Ldexp(mantissa+1024, exponent-25)
	}
	if b&0x8000 != 0 {
		return math.Copysign(f, -1)
	}
	return f
}

// ToFloat16 are the bits of the half nearest to f, the even one of two.
func ToFloat16(f float64) uint16 {
	var sign uint16
	if math.Signbit(f) {
		sign, f = 0x8000, -f
	}
	const overflow = 65520 // halfway between the largest half and what would follow
	switch {
	case f == 0:
		return sign
	case f != f:
		return sign | 0x7E00
	case f >= overflow:
		return sign | 0x7C00
	}
	_, exponent := math.Frexp(f)
	exponent = max(exponent, -13) // of the smallest numbers the mantissa gets shorter
	units := uint16(math.RoundToEven(math.Ldexp(f, 11-exponent)))
	return sign | uint16(exponent+13)<<10 + units // a mantissa of 2048 carries into the exponent
}

// Extended takes apart the long double of x86, 10 of 12 or 16 bytes: the mantissa, and
// the sign and exponent above it.
func Extended(p []byte, bigEndian bool) (mantissa uint64, head uint16) {
	if bigEndian {
		n := len(p)
		return binary.BigEndian.Uint64(p[n-8:]), binary.BigEndian.Uint16(p[n-10:])
	}
	return binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint16(p[8:])
}

// extended is a long double as the nearest float64.
func extended(mantissa uint64, head uint16) float64 {
	const bias, special = 16383 + 63, 0x7FFF
	var f float64
	switch e := int(head & special); {
	case e > 0 && mantissa>>63 == 0: // no number to an x87
		f = math.NaN()
	case e == special && mantissa<<1 == 0:
		f = math.Inf(1)
	case e == special:
		f = math.NaN()
	default:
		f = math.Ldexp(float64(mantissa), max(e, 1)-bias)
	}
	if head&0x8000 != 0 {
		return -f
	}
	return f
}

// Floats returns the elements of a in C order as float64, rounded where they do not
// fit: of Bool, Int, Uint and Float of any size and byte order.
func Floats(a *Array) ([]float64, error) {
	convert, err := toFloat(a.DType)
	if err != nil {
		return nil, err
	}
	out := make([]float64, 0, a.Len())
	a.offsets(func(at int) { out = append(out, convert(a.Data[at:])) })
	return out, nil
}

// toFloat is the function that reads an element of d as a float64.
func toFloat(d DType) (func(p []byte) float64, error) {
	var order binary.ByteOrder = binary.LittleEndian
	if d.Big {
		order = binary.BigEndian
	}
	bits := func(p []byte) uint64 {
		switch d.Size {
		case 1:
			return uint64(p[0])
		case 2:
			return uint64(order.Uint16(p))
		case 4:
			return uint64(order.Uint32(p))
		}
		return order.Uint64(p)
	}
	unused := 64 - 8*d.Size
	switch {
	case d.Kind == Bool:
		return func(p []byte) float64 { return float64(min(p[0], 1)) }, nil
	case d.Kind == Uint:
		return func(p []byte) float64 { return float64(bits(p)) }, nil
	case d.Kind == Int:
		return func(p []byte) float64 { return float64(int64(bits(p)<<unused) >> unused) }, nil
	case d.Kind != Float:
		return nil, fmt.Errorf("%w: they are of dtype %s", ErrNoNumbers, d)
	case d.Size == 2:
		return func(p []byte) float64 { return Float16(uint16(bits(p))) }, nil
	case d.Size == 4:
		return func(p []byte) float64 { return float64(math.Float32frombits(uint32(bits(p)))) }, nil
	case d.Size == 8:
		return func(p []byte) float64 { return math.Float64frombits(bits(p)) }, nil
	}
	return func(p []byte) float64 { return extended(Extended(p[:d.Size], d.Big)) }, nil
}
