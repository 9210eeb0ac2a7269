package value

import (
	"fmt"
	"hash/maphash"
	"math"
	"math/big"
	"strings"
)

// Numbers of different types are compared exactly only up to this many digits before
// or after the point: Decimal('1E+999999999') is a short text and a very large number.
const maxExponent = 5000

// equalNumbers compares numbers of all types, as Python does: by their exact value.
func equalNumbers(a, b Value) bool {
	if x, ok := a.(Int); ok {
		if y, ok := b.(Int); ok {
			return x == y
		}
	}
	if x, ok := a.(Float); ok {
		if y, ok := b.(Float); ok {
			return x == y
		}
	}
	a, b = realOf(a), realOf(b)
	if x, ok := a.(Complex); ok {
		y, ok := b.(Complex)
		return ok && x == y
	}
	x, y := exactly(a), exactly(b)
	if x == nil || y == nil {
		i := infinity(a)
		return i != 0 && i == infinity(b) || a == b && isLarge(a)
	}
	return x.Cmp(y) == 0
}

// infinity is the sign of an infinite number, else 0.
func infinity(v Value) int {
	switch v {
	case Float(math.Inf(1)), Decimal("Infinity"):
		return 1
	case Float(math.Inf(-1)), Decimal("-Infinity"):
		return -1
	}
	return 0
}

// isLarge says whether v is a Decimal of more digits than are compared exactly, and so
// equal only to what is written as it is.
func isLarge(v Value) bool {
	d, ok := v.(Decimal)
	return ok && !strings.Contains(string(d), "N") // no NaN
}

// realOf is the real part of a complex number that has no other.
func realOf(v Value) Value {
	if c, ok := v.(Complex); ok && imag(c) == 0 {
		return Float(real(c))
	}
	return v
}

// exactly is the value of a number, or nil where it is infinite, no number, too large
// or not real.
func exactly(v Value) *big.Rat {
	switch v := v.(type) {
	case Bool:
		if v {
			return big.NewRat(1, 1)
		}
		return new(big.Rat)
	case Int:
		return new(big.Rat).SetInt64(int64(v))
	case BigInt:
		return new(big.Rat).SetInt(v.X)
	case Float:
		return new(big.Rat).SetFloat64(float64(v)) // nil if not finite
	case Fraction:
		return v.X
	case Decimal:
		return v.exactly()
	}
	return nil
}

// hashNumber is equal for numbers that are equal, whatever their types.
func hashNumber(v Value) uint64 {
	switch v := realOf(v).(type) {
	case Bool:
		if v {
			return maphash.Comparable(seed, int64(1))
		}
		return maphash.Comparable(seed, int64(0))
	case Int:
		return maphash.Comparable(seed, int64(v))
	case Float:
		if i, ok := whole(float64(v)); ok {
			return maphash.Comparable(seed, i)
		}
		if math.Abs(float64(v)) < 1<<63 {
			return maphash.Comparable(seed, float64(v))
		}
		return hashLarge(exactly(v))
	case Complex:
		return maphash.Comparable(seed, complex128(v))
	default:
		return hashLarge(exactly(v))
	}
}

func hashLarge(r *big.Rat) uint64 {
	if r == nil {
		return 1 // infinite, no number, or too large: few, and told apart by Equal
	}
	if r.IsInt() {
		if r.Num().IsInt64() {
			return maphash.Comparable(seed, r.Num().Int64())
		}
		return maphash.Bytes(seed, r.Num().Bytes())
	}
	if f, exact := r.Float64(); exact {
		return maphash.Comparable(seed, f)
	}
	return maphash.Bytes(seed, r.Num().Bytes())
}

// ReprComplex returns Python's repr of the complex c.
func ReprComplex(c complex128) string {
	re, im := real(c), imag(c)
	imText := strings.TrimSuffix(ReprFloat(im), ".0") + "j"
	if re == 0 && !math.Signbit(re) {
		return imText
	}
	if !strings.HasPrefix(imText, "-") {
		imText = "+" + imText
	}
	return "(" + strings.TrimSuffix(ReprFloat(re), ".0") + imText + ")"
}

// Decimal is Python's decimal.Decimal, as the text that its str gives. [ParseDecimal]
// makes one.
type Decimal string

// ParseDecimal returns the Decimal that Python makes of text, which must be a plain
// number, without blanks or underscores.
func ParseDecimal(text string) (Decimal, error) {
	d, ok := splitDecimal(text)
	if !ok {
		return "", fmt.Errorf("reading a Decimal: %.40q is no number", text)
	}
	return Decimal(d.text()), nil
}

// Type implements [Value].
func (Decimal) Type() string { return "decimal.Decimal" }

func (d Decimal) String() string { return "Decimal('" + string(d) + "')" }

// exactly is the number's value, or nil as for [exactly].
func (d Decimal) exactly() *big.Rat {
	parts, ok := splitDecimal(string(d))
	if !ok || parts.special != "" || parts.exponent > maxExponent || parts.exponent < -maxExponent || len(parts.digits) > maxExponent {
		return nil
	}
	r, ok := new(big.Rat).SetString(fmt.Sprintf("%s%se%d", parts.sign, parts.digits, parts.exponent))
	if !ok {
		return nil
	}
	return r
}

// decimalParts are sign, coefficient and exponent; special is "Infinity", or "NaN" or
// "sNaN" with digits as its payload.
type decimalParts struct {
	sign, digits, special string
	exponent              int
}

// splitDecimal reads the grammar of Python's decimal, restricted to ASCII.
func splitDecimal(text string) (d decimalParts, ok bool) {
	if text != "" && (text[0] == '-' || text[0] == '+') {
		d.sign = strings.TrimPrefix(text[:1], "+")
		text = text[1:]
	}
	lower := strings.ToLower(text)
	for prefix, name := range map[string]string{"nan": "NaN", "snan": "sNaN"} {
		if payload, is := strings.CutPrefix(lower, prefix); is && onlyDigits(payload) {
			d.special, d.digits = name, strings.TrimLeft(payload, "0")
			return d, true
		}
	}
	if lower == "inf" || lower == "infinity" {
		d.special = "Infinity"
		return d, true
	}
	number, exponent, hasExponent := strings.Cut(lower, "e")
	if hasExponent {
		if _, err := fmt.Sscanf(exponent, "%d", &d.exponent); err != nil || !onlyDigits(strings.TrimLeft(exponent, "+-")) || len(exponent) > 12 {
			return d, false
		}
	}
	before, after, _ := strings.Cut(number, ".")
	d.digits = strings.TrimLeft(before+after, "0")
	d.exponent -= len(after)
	if before+after == "" || !onlyDigits(before+after) {
		return d, false
	}
	if d.digits == "" {
		d.digits = "0"
	}
	return d, true
}

func onlyDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// text is the "to-scientific-string" of the General Decimal Arithmetic specification,
// which Python's str follows.
func (d decimalParts) text() string {
	if d.special != "" {
		return d.sign + d.special + d.digits
	}
	adjusted := d.exponent + len(d.digits) - 1
	if d.exponent > 0 || adjusted < -6 {
		mantissa := d.digits[:1]
		if len(d.digits) > 1 {
			mantissa += "." + d.digits[1:]
		}
		return fmt.Sprintf("%s%sE%+d", d.sign, mantissa, adjusted)
	}
	point := len(d.digits) + d.exponent
	switch {
	case d.exponent == 0:
		return d.sign + d.digits
	case point > 0:
		return d.sign + d.digits[:point] + "." + d.digits[point:]
	}
	return d.sign + "0." + strings.Repeat("0", -point) + d.digits
}

// Fraction is Python's fractions.Fraction. The number is never changed.
type Fraction struct{ X *big.Rat }

// Type implements [Value].
func (Fraction) Type() string { return "fractions.Fraction" }

func (f Fraction) String() string {
	return fmt.Sprintf("Fraction(%s, %s)", f.X.Num(), f.X.Denom())
}
