package ints

import (
	"math"
	"math/big"
	"math/bits"
)

// Summary is what is known of a list, all of it exact but Mean and Stdev, which are
// the floats nearest to the exact values. Add numbers to its zero value.
type Summary struct {
	count    uint64
	min, max *big.Int // of those beyond 64 bits; nil for none
	low      int64    // of the others
	high     int64
	small    uint64 // how many others
	sum      wide   // of the others
	squares  wide   // likewise
	bigSum   big.Int
	bigSq    big.Int
}

// wide is a sum of 192 bits, in two's complement: room for 2**64 squares of 64 bits.
type wide [3]uint64

func (w *wide) add(hi, lo uint64, sign uint64) {
	var carry uint64
	w[0], carry = bits.Add64(w[0], lo, 0)
	w[1], carry = bits.Add64(w[1], hi, carry)
	w[2], _ = bits.Add64(w[2], sign, carry)
}

func (w *wide) value() *big.Int {
	v := new(big.Int).SetInt64(int64(w[2]))
	for _, word := range []uint64{w[1], w[0]} {
		v.Lsh(v, 64)
		v.Add(v, new(big.Int).SetUint64(word))
	}
	return v
}

// Add takes a number into account.
func (s *Summary) Add(n Number) {
	s.count++
	if n.Big != nil {
		s.addBig(n.Big)
		return
	}
	x := n.Int
	if s.small == 0 {
		s.low, s.high = x, x
	}
	s.small++
	s.low, s.high = min(s.low, x), max(s.high, x)
	sign := uint64(x >> 63)
	s.sum.add(sign, uint64(x), sign)
	size := (uint64(x) ^ sign) - sign
	hi, lo := bits.Mul64(size, size)
	s.squares.add(hi, lo, 0)
}

func (s *Summary) addBig(x *big.Int) {
	if s.min == nil || x.Cmp(s.min) < 0 {
		s.min = x
	}
	if s.max == nil || x.Cmp(s.max) > 0 {
		s.max = x
	}
	s.bigSum.Add(&s.bigSum, x)
	s.bigSq.Add(&s.bigSq, new(big.Int).Mul(x, x))
}

// Count is how many numbers there are.
func (s *Summary) Count() uint64 { return s.count }

// Sum is their sum, 0 of none.
func (s *Summary) Sum() *big.Int { return new(big.Int).Add(s.sum.value(), &s.bigSum) }

// Min is the smallest, nil of none.
func (s *Summary) Min() *big.Int {
	if s.small == 0 {
		return s.min
	}
	if low := big.NewInt(s.low); s.min == nil || low.Cmp(s.min) < 0 {
		return low
	}
	return s.min
}

// Max is the largest, nil of none.
func (s *Summary) Max() *big.Int {
	if s.small == 0 {
		return s.max
	}
	if high := big.NewInt(s.high); s.max == nil || high.Cmp(s.max) > 0 {
		return high
	}
	return s.max
}

// Mean is the arithmetic mean, NaN of none, infinite where no float holds it.
func (s *Summary) Mean() float64 {
	if s.count == 0 {
		return math.NaN()
	}
	mean, _ := new(big.Rat).SetFrac(s.Sum(), new(big.Int).SetUint64(s.count)).Float64()
	return mean
}

// Stdev is the standard deviation of a sample, by n-1, as Python's statistics.stdev;
// NaN of less than two.
func (s *Summary) Stdev() float64 {
	if s.count < 2 {
		return math.NaN()
	}
	n, sum := new(big.Int).SetUint64(s.count), s.Sum()
	squares := new(big.Int).Add(s.squares.value(), &s.bigSq)
	above := squares.Mul(squares, n)
	above.Sub(above, sum.Mul(sum, sum))
	below := new(big.Int).Sub(n, big.NewInt(1))
	below.Mul(below, n)
	// Twice 53 bits and some: the root of what is rounded there rounds as the exact root does, but for ties that cannot be told by more.
	const precision = 256
	root := new(big.Float).SetPrec(precision).SetRat(new(big.Rat).SetFrac(above, below))
	stdev, _ := root.Sqrt(root).Float64()
	return stdev
}
