package show

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/value/npy"
)

// FloatMode is numpy's floatmode: what Precision means.
type FloatMode string

// The modes of floats.
const (
	Fixed        FloatMode = "fixed"         // always Precision digits after the point
	Unique       FloatMode = "unique"        // as many as tell the number apart; no Precision
	MaxPrec      FloatMode = "maxprec"       // as Unique, but at most Precision
	MaxPrecEqual FloatMode = "maxprec_equal" // as MaxPrec, but all elements as many
)

// NumPy is the version of numpy that is followed, as 100 * major + minor.
type NumPy int

// The versions in which printing changed.
const (
	NumPy1  NumPy = 124 // 1.24
	NumPy20 NumPy = 200 // dtypes of another byte order are told; signs of ints
	NumPy22 NumPy = 202 // repr tells the shape of what is summarised
	NumPy23 NumPy = 203 // exponents for float32 from 1e6, for float16 from 1e3
	NumPy24 NumPy = 204 // repr of a single NaT tells its unit
)

// Options are numpy's print options.
type Options struct {
	Precision int  // digits after the point
	Threshold int  // more elements than these are summarised
	EdgeItems int  // elements at each end of an axis that a summary shows
	LineWidth int  // columns of a line
	Suppress  bool // no exponents for the sake of small numbers
	Sign      byte // '-' where negative, '+' always, ' ' a column for it
	FloatMode FloatMode
	NaN, Inf  string
	NumPy     NumPy
	Legacy    Legacy // to print as an older numpy did

	scalars bool     // floats are written as scalars are
	general int      // scalars have so many digits, as Legacy113 has them; 0 is all they need
	nested  *nesting // within an array of Python objects
}

// Defaults are the options that numpy 2 starts with.
func Defaults() Options {
	return Options{Precision: 8, Threshold: 1000, EdgeItems: 3, LineWidth: 75, Sign: '-', FloatMode: MaxPrec, NaN: "nan", Inf: "inf", NumPy: NumPy24}
}

// Wide are options for looking at rows of numbers: three digits, no exponents for
// small numbers, rows on one line, everything up to 10,000 elements.
func Wide() Options {
	o := Defaults()
	o.Precision, o.LineWidth, o.Suppress, o.Threshold = 3, 10000, true, 10000
	return o
}

// Bounds of the options. numpy's own are not narrower in practice: its digits come
// from a buffer of 16 KiB.
const (
	maxPrecision = 4000
	maxWidth     = 1 << 40
	maxSpecial   = 1000 // characters of NaN and Inf
)

// Check says what is wrong with the options, or nil.
func (o Options) Check() error {
	switch o.FloatMode {
	case Fixed, Unique, MaxPrec, MaxPrecEqual:
	default:
		return fmt.Errorf("floatmode %q is none of fixed, unique, maxprec and maxprec_equal", o.FloatMode)
	}
	switch {
	case o.Precision < 0 || o.Precision > maxPrecision:
		return fmt.Errorf("precision %d is not within 0 and %d", o.Precision, maxPrecision)
	case o.Threshold < 0:
		return fmt.Errorf("threshold %d is negative", o.Threshold)
	case o.EdgeItems < 0 || o.EdgeItems > maxWidth:
		return fmt.Errorf("edgeitems %d is not within 0 and %d", o.EdgeItems, maxWidth)
	case o.LineWidth < 0 || o.LineWidth > maxWidth:
		return fmt.Errorf("linewidth %d is not within 0 and %d", o.LineWidth, maxWidth)
	case o.Sign != '-' && o.Sign != '+' && o.Sign != ' ':
		return fmt.Errorf("sign %q is none of '-', '+' and ' '", o.Sign)
	case o.Legacy != "" && !o.Legacy.within(o.NumPy):
		return fmt.Errorf("numpy %s has no legacy mode %q", o.NumPy, o.Legacy)
	case len(o.NaN) > maxSpecial || len(o.Inf) > maxSpecial:
		return fmt.Errorf("the words for nan and inf must be of at most %d bytes", maxSpecial)
	}
	return nil
}

// implied says whether repr leaves the dtype out.
func (o Options) implied(d npy.DType) bool {
	if o.NumPy >= NumPy20 && !d.Native() || len(d.Fields) > 0 {
		return false
	}
	switch d.Kind {
	case npy.Bool:
		return !o.is(Legacy113)
	case npy.Int, npy.Float:
		return d.Size == 8
	case npy.Complex:
		return d.Size == 16
	}
	return false
}

func (n NumPy) String() string { return fmt.Sprintf("%d.%d", n/100, n%100) }

// ParseNumPy reads a version of numpy: "1.24" or "2.3.1", "2.x" and "2" for the newest
// of that line. 1.24 stands for all before 2.0.
func ParseNumPy(version string) (NumPy, error) {
	first, rest, _ := strings.Cut(version, ".")
	second, _, _ := strings.Cut(rest, ".")
	minor, err := strconv.Atoi(second)
	switch {
	case first == "1" && (err == nil || second == "" || second == "x"):
		return NumPy1, nil
	case first == "2" && (second == "" || second == "x"):
		return NumPy24, nil
	case first == "2" && err == nil && minor >= 0 && minor < 100:
		return NumPy20 + NumPy(minor), nil
	}
	return 0, fmt.Errorf("numpy %q is neither 1.24 nor a version of 2", version)
}
