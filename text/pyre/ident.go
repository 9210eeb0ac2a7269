package pyre

import "unicode"

// isIdentifier is str.isidentifier: the names Python allows for groups.
func isIdentifier(name string) bool {
	for i, r := range decode(name) {
		if i == 0 && !isIDStart(r) || !isIDStart(r) && !isIDContinue(r) {
			return false
		}
	}
	return name != ""
}

func isIDStart(r rune) bool {
	if inRanges(r, notIDStart) {
		return false
	}
	return r == '_' || unicode.In(r, unicode.L, unicode.Nl, unicode.Other_ID_Start) || inRanges(r, newLetters)
}

func isIDContinue(r rune) bool {
	if inRanges(r, notIDContinue) {
		return false
	}
	if inRanges(r, newIDContinue) {
		return true
	}
	return unicode.In(r, unicode.L, unicode.Nl, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc,
		unicode.Other_ID_Start, unicode.Other_ID_Continue) || inRanges(r, newLetters)
}

// newIDContinue are characters that Unicode 15.1 let into identifiers.
var newIDContinue = []charRange{{0x200C, 0x200D}, {0x30FB, 0x30FB}, {0xFF65, 0xFF65}}

// Characters that Unicode takes out of identifiers because their compatibility forms
// would not be identifiers (UAX 31, 5.1.3): out of the start only, or altogether.
var (
	notIDStart = []charRange{{0x037A, 0x037A}, {0x0E33, 0x0E33}, {0x0EB3, 0x0EB3}, {0x2E2F, 0x2E2F}, {0x309B, 0x309C},
		{0xFC5E, 0xFC63}, {0xFDFA, 0xFDFB}, {0xFE70, 0xFE70}, {0xFE72, 0xFE72}, {0xFE74, 0xFE74}, {0xFE76, 0xFE76},
		{0xFE78, 0xFE78}, {0xFE7A, 0xFE7A}, {0xFE7C, 0xFE7C}, {0xFE7E, 0xFE7E}, {0xFF9E, 0xFF9F}}
	notIDContinue = []charRange{{0x037A, 0x037A}, {0x2E2F, 0x2E2F}, {0x309B, 0x309C}, {0xFC5E, 0xFC63}, {0xFDFA, 0xFDFB},
		{0xFE70, 0xFE70}, {0xFE72, 0xFE72}, {0xFE74, 0xFE74}, {0xFE76, 0xFE76}, {0xFE78, 0xFE78}, {0xFE7A, 0xFE7A},
		{0xFE7C, 0xFE7C}, {0xFE7E, 0xFE7E}}
)
