package show

import (
	"strconv"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value/npy"
)

// From these on numpy writes all numbers of an array with exponents.
const (
	exponentFrom    = 1e8
	exponentBelow   = 1e-4
	exponentRatio   = 1000 // of the largest number to the smallest
	exponentFrom32  = 1e6  // for float32 from numpy 2.3 on
	exponentFrom16  = 1e3  // and for float16
	leastExpDigits  = 2    // 1e+05
	roomForExponent = 2    // e and the sign
)

// floatFormat writes real numbers with their points below each other.
type floatFormat struct {
	view
	o         Options
	exponents bool
	request   request
	zeros     bool // fill the fraction with zeros, else with spaces
	expDigits int
	left      int // columns before the point, the sign included
	right     int // columns after it; with exponents the width of the rest

	digits generator
}

// survey is what a first look at the numbers tells.
type survey struct {
	least, most             real // by absolute value, of those that are not zero
	highest, lowest         real // of those above zero and below it
	finite, nonzero, others int
	negative, negativeInf   bool
}

func newFloatFormat(v view, o Options) *floatFormat {
	o.Sign = o.floatSign(v)
	f := &floatFormat{view: v, o: o}
	f.request = request{cutoff: o.Precision, least: noMinimum, unique: o.FloatMode != Fixed}
	if o.FloatMode == Unique {
		f.request.cutoff = noCutoff
	}
	s := f.look()
	f.exponents = s.nonzero > 0 && f.needsExponents(s)
	f.request.total = f.exponents
	if f.exponents && o.is(Legacy113) && o.FloatMode != Unique {
		f.request.unique = false
	}
	if s.finite > 0 {
		f.measure(s)
	}
	if o.Sign == ' ' && !s.negative && !o.is(Legacy113) {
		f.left++
	}
	if s.others > 0 {
		inf := characters(o.Inf)
		if o.Sign != '-' || s.negativeInf {
			inf++
		}
		f.left = max(f.left, characters(o.NaN)-f.right-1, inf-f.right-1)
	}
	return f
}

// look takes the extremes.
func (f *floatFormat) look() survey {
	var s survey
	f.each(func(at int) {
		r := loadReal(f.data, at, f.numeral())
		if !r.finite() {
			s.others++
			s.negativeInf = s.negativeInf || r.inf() && r.negative()
			return
		}
		s.finite++
		s.negative = s.negative || r.negative()
		if r.zero() {
			return
		}
		if s.nonzero == 0 || r.less(s.least) {
			s.least = r
		}
		if s.nonzero == 0 || s.most.less(r) {
			s.most = r
		}
		if side := s.side(r.negative()); side.width == 0 || side.less(r) {
			*side = r
		}
		s.nonzero++
	})
	return s
}

// side is the farthest number from zero on one side of it.
func (s *survey) side(negative bool) *real {
	if negative {
		return &s.lowest
	}
	return &s.highest
}

func (f *floatFormat) needsExponents(s survey) bool {
	if s.most.atLeast(exponentLimit(f.dtype, f.o, exponentFrom)) {
		return true
	}
	return !f.o.Suppress && (s.least.below(exponentBelow, f.o.NumPy >= NumPy20) || s.most.quotientAbove(s.least, exponentRatio))
}

// exponentLimit is where exponents begin for a type, from numpy 2.3 on earlier for
// small ones.
func exponentLimit(d npy.DType, o Options, from float64) float64 {
	switch {
	case o.NumPy < NumPy23 || o.is(Legacy22):
	case d.Size == 4:
		return exponentFrom32
	case d.Size == 2:
		return exponentFrom16
	}
	return from
}

// measure takes the widths of all finite numbers, and turns the request into the one
// that gives them all the same.
func (f *floatFormat) measure(s survey) {
	f.measureLeft(s)
	if f.o.FloatMode == Fixed || !f.request.unique {
		f.right = f.o.Precision
	}
	f.each(func(at int) {
		if f.right == f.request.cutoff {
			return // it cannot get wider
		}
		r := loadReal(f.data, at, f.numeral())
		if !r.finite() {
			return
		}
		d := f.digits.decimal(r, f.request)
		if f.exponents {
			f.right = max(f.right, len(d.digits)-1)
		} else {
			f.right = max(f.right, d.fraction())
		}
	})
	switch {
	case f.exponents:
		f.zeros = true
		f.request.cutoff, f.request.least = f.right, f.right
		f.right += roomForExponent + f.expDigits
	case f.o.FloatMode == Fixed || f.o.FloatMode == MaxPrecEqual:
		f.zeros = true
		f.request.cutoff, f.request.least = f.right, f.right
	default:
		f.request.least = 0
	}
}

// measureLeft takes the columns before the point, and those of the exponents: the
// numbers at the ends have the most.
func (f *floatFormat) measureLeft(s survey) {
	f.left = 1
	if f.o.Sign == '+' || s.negative {
		f.left = 2 // zero has a sign as well
	}
	if f.exponents {
		for _, r := range []real{s.least, s.most} {
			d := f.digits.decimal(r, f.request)
			f.expDigits = max(f.expDigits, leastExpDigits, digitsOf(d.exponent()))
		}
		if f.o.is(Legacy113) {
			f.left = 3
		}
		return
	}
	signless := f.o.is(Legacy113) // and a column for the sign, whatever that is
	if signless {
		f.left = 2
	}
	for _, r := range []real{s.highest, s.lowest} {
		if r.width == 0 {
			continue // there is none
		}
		sign := 0
		if signless || r.negative() || f.o.Sign == '+' {
			sign = 1
		}
		d := f.digits.decimal(r, f.request)
		f.left = max(f.left, sign+max(d.point, 1))
	}
}

// exponent is the power of ten of the first digit; zero has none.
func (d decimal) exponent() int {
	if len(d.digits) == 0 {
		return 0
	}
	return d.point - 1
}

// characters is Python's len.
func characters(s string) int { return utf8.RuneCountInString(s) }

// digitsOf is the number of digits of n without its sign.
func digitsOf(n int) int {
	count := 1
	for n /= 10; n != 0; n /= 10 {
		count++
	}
	return count
}

func (f *floatFormat) append(dst []byte, at int) []byte {
	r := loadReal(f.data, at, f.numeral())
	if !r.finite() {
		return f.appendWord(dst, r)
	}
	d := f.digits.decimal(r, f.request)
	if f.exponents {
		return f.appendScientific(dst, r.negative(), d)
	}
	return f.appendPositional(dst, r.negative(), d)
}

// appendWord writes nan and inf.
func (f *floatFormat) appendWord(dst []byte, r real) []byte {
	word, sign := f.o.NaN, ""
	if f.o.Sign == '+' {
		sign = "+"
	}
	if !r.nan() {
		word = f.o.Inf
		if r.negative() {
			sign = "-"
		}
	}
	dst = appendSpaces(dst, f.left+f.right+1-len(sign)-characters(word))
	return append(append(dst, sign...), word...)
}

// appendSign writes the sign, and before it the spaces that bring n columns up to f.left.
func (f *floatFormat) appendSign(dst []byte, negative bool, n int) []byte {
	sign := byte(0)
	switch {
	case negative:
		sign = '-'
	case f.o.Sign == '+':
		sign = '+'
	}
	if sign == 0 {
		return appendSpaces(dst, f.left-n)
	}
	return append(appendSpaces(dst, f.left-n-1), sign)
}

func (f *floatFormat) appendPositional(dst []byte, negative bool, d decimal) []byte {
	dst = f.appendSign(dst, negative, max(d.point, 1))
	dst, n := appendPoint(dst, d)
	fill := byte(' ')
	if f.zeros {
		fill = '0'
	}
	for ; n < f.right; n++ {
		dst = append(dst, fill)
	}
	return dst
}

// appendPoint writes d with a point, and returns how many digits follow that.
func appendPoint(dst []byte, d decimal) ([]byte, int) {
	switch {
	case d.point <= 0:
		dst = append(dst, '0', '.')
		if len(d.digits) == 0 {
			return dst, 0
		}
		for range -d.point {
			dst = append(dst, '0')
		}
		return append(dst, d.digits...), len(d.digits) - d.point
	case d.point >= len(d.digits):
		dst = append(dst, d.digits...)
		for range d.point - len(d.digits) {
			dst = append(dst, '0')
		}
		return append(dst, '.'), 0
	}
	dst = append(dst, d.digits[:d.point]...)
	dst = append(dst, '.')
	return append(dst, d.digits[d.point:]...), len(d.digits) - d.point
}

func (f *floatFormat) appendScientific(dst []byte, negative bool, d decimal) []byte {
	dst = f.appendSign(dst, negative, 1)
	first, rest := byte('0'), []byte(nil)
	if len(d.digits) > 0 {
		first, rest = d.digits[0], d.digits[1:]
	}
	dst = append(append(dst, first, '.'), rest...)
	for n := len(rest); n < f.request.least; n++ {
		dst = append(dst, '0')
	}
	return appendExponent(dst, d.exponent(), f.expDigits)
}

// appendExponent writes e+05 with at least so many digits.
func appendExponent(dst []byte, exponent, digits int) []byte {
	sign := byte('+')
	if exponent < 0 {
		sign, exponent = '-', -exponent
	}
	dst = append(dst, 'e', sign)
	for n := digitsOf(exponent); n < digits; n++ {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(exponent), 10)
}
