package literal

import (
	"errors"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/cantil-py/cantil/value"
)

// The forms of numbers, digits parted by single underscores.
var (
	realForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:\d(?:_?\d)*)?\.?(?:\d(?:_?\d)*)?(?:[eE][+-]?\d(?:_?\d)*)?`)
	})
	decimalForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:0(?:_?0)*|[1-9](?:_?\d)*)$`) })
	radixForm   = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)`)
	})
)

// maxDigits bounds decimal ints, which take time that grows with the square of their
// length; it is CPython's own bound.
const maxDigits = 4300

// number reads a number with its sign, and a sum of a real and an imaginary one.
func (p *parser) number() (value.Value, error) {
	v, err := p.signed()
	if err != nil {
		return nil, err
	}
	c := p.next()
	if c != '+' && c != '-' {
		return v, nil
	}
	p.at++
	if d := p.next(); d != '.' && (d < '0' || d > '9') {
		return nil, p.fail("no number after the sign")
	}
	imaginary, err := p.unsigned()
	if err != nil {
		return nil, err
	}
	im, ok := imaginary.(value.Complex)
	re, real := realPart(v)
	if !ok || !real {
		return nil, p.fail("only a real and an imaginary number may be added")
	}
	if c == '-' {
		return value.Complex(complex(re, 0-imag(complex128(im)))), nil
	}
	return value.Complex(complex(re+0, imag(complex128(im)))), nil
}

func realPart(v value.Value) (float64, bool) {
	switch v := v.(type) {
	case value.Int:
		return float64(v), true
	case value.BigInt:
		f, _ := new(big.Float).SetInt(v.X).Float64()
		return f, true
	case value.Float:
		return float64(v), true
	}
	return 0, false
}

func (p *parser) signed() (value.Value, error) {
	minus := p.next() == '-'
	if minus || p.next() == '+' {
		p.at++
	}
	if c := p.next(); c != '.' && (c < '0' || c > '9') {
		return nil, p.fail("no number after the sign")
	}
	v, err := p.unsigned()
	if err != nil || !minus {
		return v, err
	}
	switch v := v.(type) {
	case value.Int:
		return value.NewInt(new(big.Int).Neg(v.Big())), nil
	case value.BigInt:
		return value.NewInt(new(big.Int).Neg(v.X)), nil
	case value.Float:
		return -v, nil
	case value.Complex:
		return -v, nil
	}
	return nil, p.fail("a sign before what is no number")
}

func (p *parser) unsigned() (value.Value, error) {
	rest := p.text[p.at:]
	if strings.HasPrefix(rest, "...") {
		p.at += 3
		return value.Ellipsis, nil
	}
	if digits := radixForm().FindString(rest); digits != "" {
		return p.whole(digits, digits, 0)
	}
	digits := realForm().FindString(rest)
	if strings.Trim(digits, ".") == "" {
		return nil, p.fail("no number")
	}
	plain := strings.ReplaceAll(digits, "_", "")
	if len(rest) > len(digits) && rest[len(digits)]|0x20 == 'j' {
		f, err := p.float(digits+"j", plain)
		return value.Complex(complex(0, f)), err
	}
	if strings.ContainsAny(digits, ".eE") {
		f, err := p.float(digits, plain)
		return value.Float(f), err
	}
	if !decimalForm().MatchString(digits) {
		return nil, p.fail("a whole number does not begin with 0")
	}
	if len(plain) > maxDigits {
		return nil, p.fail("a whole number has more than 4300 digits")
	}
	return p.whole(digits, plain, 10)
}

// whole moves behind digits and returns their number.
func (p *parser) whole(digits, plain string, base int) (value.Value, error) {
	n, ok := new(big.Int).SetString(plain, base)
	if !ok {
		return nil, p.fail("no number")
	}
	return value.NewInt(n), p.behind(digits)
}

func (p *parser) float(digits, plain string) (float64, error) {
	f, err := strconv.ParseFloat(plain, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) { // too large is inf, as in Python
		return 0, p.fail("no number")
	}
	return f, p.behind(digits)
}

// behind moves behind a number, which ends there.
func (p *parser) behind(digits string) error {
	p.at += len(digits)
	if word := p.word(); word != "" {
		p.at -= len(word)
		return p.fail("a number goes on with letters")
	}
	return nil
}
