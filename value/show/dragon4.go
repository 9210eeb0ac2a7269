package show

import (
	"bytes"
	"math"
	"math/big"
)

// noCutoff asks for as many digits as it takes.
const noCutoff = -1

// noMinimum lets a whole number end before the point: 65504 as a half is 6.55e4.
const noMinimum = math.MinInt32

// decimal is a number without its sign: 0.d1d2d3... * 10**point. Zero has no digits.
type decimal struct {
	digits []byte // '0' to '9', the first not '0'
	point  int
}

// fraction is the number of digits after the point.
func (d decimal) fraction() int { return max(0, len(d.digits)-d.point) }

// request says which digits are wanted.
type request struct {
	cutoff int  // digits after the point, or noCutoff
	total  bool // the cutoff and least count from the first digit, not from the point
	least  int  // so many at least, or noMinimum; 0 goes up to the point
	unique bool // stop once the number is told from its neighbours
}

// dragon4 generates the digits of r, which is finite and not zero, from integers of
// any size: value / scale is what is left of the number, and the margins are half the
// way to its neighbours below and above.
func dragon4(r real, q request) decimal {
	mantissa, exponent, uneven := r.binary()
	value, scale, low, high := ratio(mantissa, exponent, uneven)
	point := scaleTo(value, scale, low, high)
	origin := 0 // the power of ten of the digit before those that are counted
	if q.total {
		origin = point - 1
	}
	cutoff, least := math.MinInt32, math.MaxInt32 // as powers of ten
	if q.cutoff >= 0 {
		cutoff = origin - q.cutoff
	}
	if q.least >= 0 {
		least = origin - q.least
	}
	if point < cutoff {
		return decimal{}
	}
	if point == cutoff { // not one digit fits: up to one unit of the last place, or nothing
		if new(big.Int).Lsh(value, 1).Cmp(scale) > 0 {
			return decimal{[]byte{'1'}, point + 1}
		}
		return decimal{}
	}
	return generate(value, scale, low, high, point, cutoff, least, q.unique, mantissa%2 == 0)
}

// ratio is the number as value / scale, and its margins over the same scale.
func ratio(mantissa uint64, exponent int, uneven bool) (value, scale, low, high *big.Int) {
	value, scale = new(big.Int).SetUint64(mantissa), big.NewInt(1)
	low = big.NewInt(1)
	up, down := uint(max(exponent, 0)), uint(max(-exponent, 0))
	// Twice as much of both makes the margins, half a unit, whole.
	value.Lsh(value, up+1)
	scale.Lsh(scale, down+1)
	low.Lsh(low, up)
	high = new(big.Int).Set(low)
	if uneven { // the gap below is the half of the one above
		value.Lsh(value, 1)
		scale.Lsh(scale, 1)
		high.Lsh(high, 1)
	}
	return value, scale, low, high
}

// scaleTo makes value / scale at least 0.1 and below 1, and returns the power of ten
// by which the number is larger.
func scaleTo(value, scale, low, high *big.Int) (point int) {
	const log10of2 = 0.30102999566398114
	point = int(math.Ceil(float64(value.BitLen()-scale.BitLen()-1)*log10of2 - 1e-9))
	if point > 0 {
		scale.Mul(scale, pow10(point))
	} else {
		by := pow10(-point)
		for _, x := range []*big.Int{value, low, high} {
			x.Mul(x, by)
		}
	}
	ten := big.NewInt(10)
	for value.Cmp(scale) >= 0 {
		scale.Mul(scale, ten)
		point++
	}
	return point
}

func pow10(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }

// generate takes one digit after the other off value / scale, and rounds the last.
func generate(value, scale, low, high *big.Int, point, cutoff, least int, unique, even bool) decimal {
	d := decimal{point: point}
	ten, digit, sum := big.NewInt(10), new(big.Int), new(big.Int)
	var isLow, isHigh bool
	for place := point - 1; ; place-- {
		value.Mul(value, ten)
		low.Mul(low, ten)
		high.Mul(high, ten)
		digit.QuoRem(value, scale, value)
		d.digits = append(d.digits, '0'+byte(digit.Int64()))
		if unique {
			isLow = within(value.Cmp(low), even)
			isHigh = within(scale.Cmp(sum.Add(value, high)), even)
		}
		if place == cutoff || (isLow || isHigh) && place <= least || !unique && value.Sign() == 0 {
			break
		}
	}
	down := isLow
	if isLow == isHigh {
		half := value.Lsh(value, 1).Cmp(scale)
		down = half < 0 || half == 0 && d.digits[len(d.digits)-1]%2 == 0
	}
	if !down {
		d = d.up()
	}
	d.digits = bytes.TrimRight(d.digits, "0")
	return d
}

// within says whether a comparison came out as at most; ties belong to even numbers.
func within(order int, even bool) bool { return order < 0 || even && order == 0 }

// up adds one to the last digit.
func (d decimal) up() decimal {
	n := len(d.digits)
	for n > 0 && d.digits[n-1] == '9' {
		n--
	}
	if n == 0 {
		return decimal{[]byte{'1'}, d.point + 1}
	}
	d.digits = d.digits[:n]
	d.digits[n-1]++
	return d
}
