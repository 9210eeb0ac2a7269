package show

import (
	"fmt"
	"strings"

	"github.com/cantil-py/cantil/value/npy"
)

// Legacy is numpy's print option of that name: to print, roughly, as an older version did.
// The empty one is none.
type Legacy string

// The modes. Each undoes what was changed after its version; the first one ignores Sign.
const (
	Legacy113 Legacy = "1.13" // a column for the sign, exact digits with exponents, other breaks of lines
	Legacy121 Legacy = "1.21" // the dtypes of structures without spaces
	Legacy125 Legacy = "1.25" // scalars without their types; in numpy 2 only
	Legacy21  Legacy = "2.1"  // no shape of what is summarised, and all that 2.2 undoes
	Legacy22  Legacy = "2.2"  // exponents from 1e8 on for all types; no shape either, as numpy has it
)

// legacyModes are the modes, oldest first, with the numpy that has brought each.
func legacyModes() []legacyMode {
	return []legacyMode{{Legacy113, NumPy1}, {Legacy121, NumPy1}, {Legacy125, NumPy20}, {Legacy21, NumPy22}, {Legacy22, NumPy23}}
}

type legacyMode struct {
	mode  Legacy
	since NumPy
}

// ParseLegacy reads a mode: one of those above, or "" or "False" for none.
func ParseLegacy(text string) (Legacy, error) {
	if text == "" || text == "False" {
		return "", nil
	}
	var names []string
	for _, m := range legacyModes() {
		if Legacy(text) == m.mode {
			return m.mode, nil
		}
		names = append(names, string(m.mode))
	}
	return "", fmt.Errorf("the legacy mode %q is none of %s", text, strings.Join(names, ", "))
}

// within says whether that numpy has the mode.
func (l Legacy) within(n NumPy) bool {
	for _, m := range legacyModes() {
		if l == m.mode {
			return n >= m.since
		}
	}
	return false
}

// is says whether the mode is m or an older one.
func (o Options) is(m Legacy) bool {
	if o.Legacy == "" {
		return false
	}
	for _, mode := range legacyModes() {
		if o.Legacy == mode.mode {
			return true
		}
		if m == mode.mode {
			return false
		}
	}
	return false
}

// oldScalars says whether scalars are without their types, as in numpy 1.
func (o Options) oldScalars() bool { return o.NumPy < NumPy20 || o.is(Legacy125) }

// tellsShape says whether repr tells the shape of what is summarised.
func (o Options) tellsShape() bool { return o.NumPy >= NumPy22 && !o.is(Legacy22) }

// dtypeStyle is how repr tells a dtype.
func (o Options) dtypeStyle() npy.ReprStyle {
	return npy.ReprStyle{Orders: o.NumPy >= NumPy20, Dense: o.is(Legacy121)}
}

// settled is o as numpy.set_printoptions keeps it.
func (o Options) settled() Options {
	if o.is(Legacy113) {
		o.Sign = '-'
	}
	return o
}

// floatSign is the sign of floats: in arrays the mode 1.13 has a column for it.
func (o Options) floatSign(v view) byte {
	if o.is(Legacy113) && o.Sign == '-' && len(v.shape) > 0 {
		return ' '
	}
	return o.Sign
}
