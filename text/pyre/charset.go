package pyre

// charRange is a range of characters, both ends in it.
type charRange struct{ lo, hi rune }

func inRanges(r rune, ranges []charRange) bool {
	for _, c := range ranges {
		if c.lo <= r && r <= c.hi {
			return true
		}
	}
	return false
}

// newLetters are the letters of Unicode 15.1, which CPython 3.13 has, that the tables of
// Go, of 15.0, lack.
var newLetters = []charRange{{0x2EBF0, 0x2EE5D}}

var (
	asciiWord  = []charRange{{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'_', '_'}}
	asciiDigit = []charRange{{'0', '9'}}
	asciiSpace = []charRange{{'\t', '\r'}, {' ', ' '}}

	unicodeSpace = []charRange{{'\t', '\r'}, {0x1C, ' '}, {0x85, 0x85}, {0xA0, 0xA0}, {0x1680, 0x1680},
		{0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}}
)

// class is a set of characters in a form that can be written for the engine: ranges
// and general categories of Unicode.
type class struct {
	ranges     []charRange
	categories string // one letter or two each, as in \p{L}, split by spaces
}

// classOf returns what \d, \s or \w (letter is in lower case) stand for.
func classOf(letter rune, f flags) class {
	ascii := f&flagASCII != 0
	switch {
	case letter == 'w' && ascii:
		return class{ranges: asciiWord}
	case letter == 'w':
		return class{append(append([]charRange{}, asciiWord...), newLetters...), "L N"}
	case letter == 'd' && ascii:
		return class{ranges: asciiDigit}
	case letter == 'd':
		return class{asciiDigit, "Nd"}
	case ascii:
		return class{ranges: asciiSpace}
	}
	return class{ranges: unicodeSpace}
}

// withCase adds to ranges the characters that match one of them when case is ignored.
func withCase(ranges []charRange, f flags) []charRange {
	if f&flagIgnoreCase == 0 {
		return ranges
	}
	others := unicodeCases()
	if f&flagASCII != 0 {
		others = asciiCases()
	}
	var more []charRange
	for _, r := range ranges {
		if n := int(r.hi-r.lo) + 1; n < len(others) {
			for c := r.lo; c <= r.hi; c++ {
				more = appendOthers(more, others[c])
			}
			continue
		}
		for c, other := range others {
			if r.lo <= c && c <= r.hi {
				more = appendOthers(more, other)
			}
		}
	}
	return sortRanges(append(append([]charRange{}, ranges...), more...))
}

func appendOthers(ranges []charRange, others []rune) []charRange {
	for _, c := range others {
		ranges = append(ranges, charRange{c, c})
	}
	return ranges
}
