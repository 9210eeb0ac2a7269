package browser

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/cantil-py/cantil/value/literal"
)

// isSpace is str.isspace of one character. Go counts four control characters less.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1C && r <= 0x1F }

func strip(s string) string    { return strings.TrimFunc(s, isSpace) }
func fields(s string) []string { return strings.FieldsFunc(s, isSpace) }

// maxIntDigits is the length from which int() refuses a text, since CPython 3.11.
const maxIntDigits = 4300

// parseInt is int(word). Numbers that do not fit are cut to the nearest that does.
func parseInt(word string) (int64, bool) {
	word = asciiDigits(word)
	if !literal.IsInt(word) {
		return 0, false
	}
	digits := strings.ReplaceAll(word, "_", "")
	if len(strings.TrimLeft(digits, "+-")) > maxIntDigits {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil && n == 0 {
		return 0, false
	}
	return n, true
}

// parseFloat is float(word).
func parseFloat(word string) (float64, bool) {
	word = asciiDigits(word)
	if !literal.IsFloat(word) {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(word, "_", ""), 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// asciiDigits puts decimal digits of every script in ASCII.
func asciiDigits(word string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 {
			return r
		}
		for _, block := range unicode.Nd.R16 {
			if rune(block.Lo) <= r && r <= rune(block.Hi) {
				return '0' + (r-rune(block.Lo))%10
			}
		}
		for _, block := range unicode.Nd.R32 {
			if rune(block.Lo) <= r && r <= rune(block.Hi) {
				return '0' + (r-rune(block.Lo))%10
			}
		}
		return r
	}, word)
}
