package literal

import "strings"

// Texts that int() and float() take for numbers. Both pass over blanks at the ends and digits of other
// scripts, which is left to the caller, as is how long a number may be.

// IsInt says whether int() reads text as a decimal number.
func IsInt(text string) bool {
	rest, ok := digits(unsigned(text))
	return ok && rest == ""
}

// IsFloat says whether float() reads text. Where it does, strconv.ParseFloat reads it too, once the
// underscores are taken away, but gives an error where Python gives infinity.
func IsFloat(text string) bool {
	text = unsigned(text)
	switch strings.ToLower(text) {
	case "inf", "infinity", "nan":
		return true
	}
	rest, whole := digits(text)
	after, point := strings.CutPrefix(rest, ".")
	if !point {
		return whole && isExponent(rest)
	}
	rest, fraction := digits(after)
	return (whole || fraction) && isExponent(rest)
}

// isExponent says whether text is nothing or an exponent.
func isExponent(text string) bool {
	if text == "" {
		return true
	}
	if text[0] != 'e' && text[0] != 'E' {
		return false
	}
	rest, ok := digits(unsigned(text[1:]))
	return ok && rest == ""
}

func unsigned(text string) string {
	if text != "" && (text[0] == '+' || text[0] == '-') {
		return text[1:]
	}
	return text
}

// digits takes digits from the beginning of text, parted by single underscores, if there are any.
func digits(text string) (rest string, ok bool) {
	n := 0
	for n < len(text) && (isDigit(text[n]) || n > 0 && text[n] == '_' && n+1 < len(text) && isDigit(text[n+1]) && isDigit(text[n-1])) {
		n++
	}
	return text[n:], n > 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
