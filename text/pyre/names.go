package pyre

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

//go:generate python3.13 testdata/gen_names.py names.gz

// packedNames has a line for each name: the distance to the character before in
// hexadecimal, nothing for 1, a space and the name. Names that are made by a rule are
// left out.
//
//go:embed names.gz
var packedNames []byte

// lookupName finds the character \N{name} stands for, as unicodedata.lookup of CPython
// 3.13 does.
func lookupName(name string) (rune, bool) {
	if digits, ok := strings.CutPrefix(name, "CJK UNIFIED IDEOGRAPH-"); ok {
		return lookupIdeograph(digits)
	}
	names := allNames()
	if r, ok := names[name]; ok {
		return r, true
	}
	upper := upperASCII(name)
	if strings.HasPrefix(upper, hangulPrefix) {
		return 0, false // case is ignored in the table, not in the rules
	}
	r, ok := names[upper]
	return r, ok
}

func lookupIdeograph(digits string) (rune, bool) {
	if len(digits) < 4 || len(digits) > 5 || strings.Trim(digits, "0123456789ABCDEF") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 16, 32)
	r := rune(n)
	unified := unicode.Is(unicode.Unified_Ideograph, r) && !(r >= 0xF900 && r <= 0xFAFF) || inRanges(r, newLetters)
	return r, err == nil && unified
}

func upperASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// allNames unpacks the names once a pattern asks for one. The table is part of the
// program, so an error in it can only leave names out, which the tests would find.
var allNames = sync.OnceValue(func() map[string]rune {
	names := map[string]rune{}
	addHangul(names)
	unpacked, err := gzip.NewReader(bytes.NewReader(packedNames))
	if err != nil {
		return names
	}
	table, err := io.ReadAll(unpacked)
	if err != nil {
		return names
	}
	point := int64(0)
	for line := range strings.Lines(string(table)) {
		distance, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		step, err := strconv.ParseInt(distance, 16, 32)
		if err != nil {
			step = 1
		}
		point += step
		names[name] = rune(point)
	}
	return names
})

const hangulPrefix = "HANGUL SYLLABLE "

// addHangul makes the names of the syllables out of those of their letters (Unicode 3.12).
func addHangul(names map[string]rune) {
	leads := strings.Split("G,GG,N,D,DD,R,M,B,BB,S,SS,,J,JJ,C,K,T,P,H", ",")
	vowels := strings.Split("A,AE,YA,YAE,EO,E,YEO,YE,O,WA,WAE,OE,YO,U,WEO,WE,WI,YU,EU,YI,I", ",")
	tails := strings.Split(",G,GG,GS,N,NJ,NH,D,L,LG,LM,LB,LS,LT,LP,LH,M,B,BS,S,SS,NG,J,C,K,T,P,H", ",")
	r := rune(0xAC00)
	for _, lead := range leads {
		for _, vowel := range vowels {
			for _, tail := range tails {
				names[hangulPrefix+lead+vowel+tail] = r
				r++
			}
		}
	}
}
