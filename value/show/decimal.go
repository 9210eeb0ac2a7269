package show

import (
	"bytes"
	"math"
	"strconv"
)

// generator makes decimals; it keeps the memory of the last one.
type generator struct {
	buf  [32]byte
	long []byte
}

// Digits that strconv rounds without integers of any size: more take it long.
const fastDigits = 16

// decimal generates the digits of r, which is finite, as dragon4 does. The digits are
// those of the generator until its next call.
func (g *generator) decimal(r real, q request) decimal {
	if r.zero() {
		return decimal{}
	}
	if d, ok := g.scaled(r, q); ok {
		return d
	}
	switch {
	case r.width != 64 && r.width != 32, powerOfTwo(r):
		return dragon4(r, q)
	case !q.unique:
		return g.rounded(r, q, g.shortest(r).point)
	case q.total && q.cutoff >= 0 && q.cutoff < digitsKept(r): // too large or small for scaled
		return g.rounded(r, q, 0)
	}
	d := g.shortest(r)
	n := d.fraction()
	switch {
	case q.total:
		n = len(d.digits) - 1
	case !whole(r):
		n = len(d.digits) - d.point
	}
	switch {
	case q.cutoff >= 0 && n > q.cutoff:
		return g.rounded(r, q, d.point)
	case n < q.least:
		q.cutoff = q.least
		return g.rounded(r, q, d.point)
	}
	return d
}

// digitsKept is how many digits every decimal keeps on its way into a number like r
// and back; the smallest numbers keep fewer. When no more are asked for, the fewest digits that tell the number
// from its neighbours, cut off, are the same as the exact ones, rounded.
func digitsKept(r real) int {
	x := math.Abs(r.f)
	switch {
	case r.width == 64 && x >= 0x1p-1022:
		return digits64
	case r.width == 32 && x >= 0x1p-126:
		return 6
	case r.width == 16 && x >= 0x1p-14:
		return 2
	}
	return 0
}

const digits64 = 15

// exactPowers are the powers of ten that a float64 holds exactly.
var exactPowers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// scaled takes the digits from r * 10**power as a whole number, where that gives the
// right ones: for the digits that people ask for, and for numbers not too far from 1.
func (g *generator) scaled(r real, q request) (decimal, bool) {
	kept := digits64 // where the digits are to be the exact ones
	if q.unique {
		kept = digitsKept(r)
	}
	x := math.Abs(r.f)
	if q.cutoff < 0 || q.cutoff >= digits64 || r.width == 80 {
		return decimal{}, false
	}
	if q.total {
		return g.scaledTotal(x, q.cutoff, kept)
	}
	product, lost := scale(x, q.cutoff)
	if product >= exactPowers[kept] {
		return decimal{}, false
	}
	return g.whole(product, lost, q.cutoff), true
}

// scaledTotal is scaled for a number of digits behind the first one: the power has to be
// found that leaves so many before the point.
func (g *generator) scaledTotal(x float64, cutoff, kept int) (decimal, bool) {
	const log10of2 = 0.30102999566398114
	if cutoff >= kept {
		return decimal{}, false
	}
	power := cutoff - int(math.Floor(float64(math.Ilogb(x))*log10of2))
	for range 2 { // the logarithm is one off at most
		if power <= -len(exactPowers) || power >= len(exactPowers) {
			return decimal{}, false
		}
		product, lost := scale(x, power)
		switch least := exactPowers[cutoff]; {
		case product < least || product == least && lost < 0:
			power++
		case product > 10*least:
			power--
		default:
			return g.whole(product, lost, power), true
		}
	}
	return decimal{}, false
}

// scale is x * 10**power, rounded, and the sign of what the rounding lost.
func scale(x float64, power int) (product, lost float64) {
	if power < 0 {
		by := exactPowers[-power]
		product = x / by
		return product, math.FMA(-product, by, x)
	}
	by := exactPowers[power]
	product = x * by
	return product, math.FMA(x, by, -product)
}

// whole rounds a product to a whole number, half to even, and takes its digits.
func (g *generator) whole(product, lost float64, power int) decimal {
	floor := math.Floor(product)
	n := uint64(floor)
	if rest := product - floor; rest > 0.5 || rest == 0.5 && (lost > 0 || lost == 0 && n%2 == 1) {
		n++
	}
	if n == 0 {
		return decimal{}
	}
	digits := strconv.AppendUint(g.buf[:0], n, 10)
	return decimal{bytes.TrimRight(digits, "0"), len(digits) - power}
}

// powerOfTwo says whether the gaps below and above r differ, for which Dragon4 has
// rules of its own. Whole numbers have few digits, and those exactly.
func powerOfTwo(r real) bool {
	_, _, uneven := r.binary()
	return uneven && (!whole(r) || r.f != math.Trunc(r.f))
}

// whole says whether r lies where there are all whole numbers: the shortest digits of
// those are all their digits, up to zeros.
func whole(r real) bool {
	if r.width == 32 {
		return math.Abs(r.f) < 1<<24
	}
	return math.Abs(r.f) < 1<<53
}

// shortest are the fewest digits that read back as r.
func (g *generator) shortest(r real) decimal {
	return scientific(strconv.AppendFloat(g.buf[:0], math.Abs(r.f), 'e', -1, int(r.width)))
}

// rounded is the exact value of r rounded at the cutoff, half to even. point is that
// of its shortest form, which can be one too high.
func (g *generator) rounded(r real, q request, point int) decimal {
	f := math.Abs(r.f)
	n := point + q.cutoff // digits in all
	if q.total {
		n = q.cutoff + 1
		g.long = strconv.AppendFloat(g.long[:0], f, 'e', n-1, 64)
		return scientific(g.long)
	}
	if n >= 1 && n <= fastDigits {
		d := scientific(strconv.AppendFloat(g.buf[:0], f, 'e', n-1, 64))
		if d.point >= point {
			return d
		}
	}
	g.long = strconv.AppendFloat(g.long[:0], f, 'f', q.cutoff, 64)
	return positional(g.long)
}

// scientific reads what strconv writes: d.ddde-dd. It uses the memory of text.
func scientific(text []byte) decimal {
	e := len(text) - 1
	exponent := 0
	for scale := 1; text[e] >= '0'; e-- {
		exponent += scale * int(text[e]-'0')
		scale *= 10
	}
	if text[e] == '-' {
		exponent = -exponent
	}
	digits := text[:e-1]
	if len(digits) > 1 {
		digits[1] = digits[0]
		digits = digits[1:]
	}
	return decimal{bytes.TrimRight(digits, "0"), exponent + 1}
}

// positional reads what strconv writes: ddd.ddd. It uses the memory of text.
func positional(text []byte) decimal {
	point := bytes.IndexByte(text, '.')
	if point < 0 {
		point = len(text)
	} else {
		copy(text[point:], text[point+1:])
		text = text[:len(text)-1]
	}
	digits := bytes.TrimLeft(text, "0")
	point -= len(text) - len(digits)
	digits = bytes.TrimRight(digits, "0")
	if len(digits) == 0 {
		return decimal{}
	}
	return decimal{digits, point}
}
