package pyre

import (
	"cmp"
	"slices"
	"sync"
	"unicode"
)

// How case is ignored, in Python's terms: a character of a pattern, put in lower case,
// matches a character of the text whose lower case is that or an extra case of it. Extra
// cases are other lower-case characters with the same upper case. Only 1:1 mappings count.

// unicodeCases maps a character to the others that match it when case is ignored.
var unicodeCases = sync.OnceValue(func() map[rune][]rune {
	byLower := map[rune][]rune{} // lower case -> all characters with that lower case
	byUpper := map[rune][]rune{} // upper case -> the lower-case characters that have it
	var cased []rune
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if lower, upper := unicode.ToLower(r), unicode.ToUpper(r); lower != r || upper != r {
			cased = append(cased, r)
		}
	}
	cased = append(cased, extraCased...)
	for _, r := range cased {
		byLower[unicode.ToLower(r)] = appendNew(byLower[unicode.ToLower(r)], r)
	}
	for lower := range byLower {
		byLower[lower] = appendNew(byLower[lower], lower)
		byUpper[upperOf(lower)] = append(byUpper[upperOf(lower)], lower)
	}
	cases := map[rune][]rune{}
	for _, lowers := range byUpper {
		var all []rune
		for _, lower := range lowers {
			all = append(all, byLower[lower]...)
		}
		for _, r := range all {
			cases[r] = without(all, r)
		}
	}
	return cases
})

// extraCased are pairs whose common upper case is of several characters, which Go's
// tables leave out. The second of each stands for it.
var extraCased = []rune{0x0390, 0x1FD3, 0x03B0, 0x1FE3, 0xFB05, 0xFB06}

func upperOf(lower rune) rune {
	switch lower {
	case 0x0390, 0x03B0, 0xFB05:
		return extraCased[slices.Index(extraCased, lower)+1]
	}
	return unicode.ToUpper(lower)
}

// asciiCases is the same under (?a).
var asciiCases = sync.OnceValue(func() map[rune][]rune {
	cases := map[rune][]rune{}
	for upper := 'A'; upper <= 'Z'; upper++ {
		lower := upper + 'a' - 'A'
		cases[upper], cases[lower] = []rune{lower}, []rune{upper}
	}
	return cases
})

func appendNew(runes []rune, r rune) []rune {
	if slices.Contains(runes, r) {
		return runes
	}
	return append(runes, r)
}

func without(runes []rune, r rune) []rune {
	var rest []rune
	for _, c := range runes {
		if c != r {
			rest = append(rest, c)
		}
	}
	return rest
}

// sortRanges orders ranges and joins those that touch.
func sortRanges(ranges []charRange) []charRange {
	slices.SortFunc(ranges, func(a, b charRange) int { return cmp.Compare(a.lo, b.lo) })
	joined := ranges[:0]
	for _, r := range ranges {
		if n := len(joined); n > 0 && r.lo <= joined[n-1].hi+1 {
			joined[n-1].hi = max(joined[n-1].hi, r.hi)
		} else {
			joined = append(joined, r)
		}
	}
	return joined
}
