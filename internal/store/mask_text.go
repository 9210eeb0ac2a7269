package store

import (
	"regexp"
	"strings"
	"sync"
)

// textShapes find secrets in text that Python prints: 'password': 'x' and password='x',
// and an address whose end was cut off within its password.
var textShapes = sync.OnceValue(func() struct{ pair, cutURL *regexp.Regexp } {
	const name = `([A-Za-z_][\w.-]*)`
	return struct{ pair, cutURL *regexp.Regexp }{
		pair: regexp.MustCompile(`(?:'` + name + `'|"` + name + `"|` + name + `)\s*[:=]\s*` +
			`(b?'[^']*'|b?"[^"]*"|[^\s,)}\]]+)`),
		cutURL: regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@]*):[^\s/]+$`),
	}
})

// IsSecret says whether a variable or key of that name holds a secret.
func IsSecret(name string) bool { return isSecretName(name) }

// MaskText masks secrets in lines of source or in the repr of a value, by the rules that
// the bootstrap applies to the variables of a traceback (docs/formats/kept.md).
func MaskText(text string) string {
	text = maskShapes(text)
	var out strings.Builder
	done := 0
	for _, at := range textShapes().pair.FindAllStringSubmatchIndex(text, -1) {
		name, value := "", at[8:10]
		for group := 2; group < 8; group += 2 {
			if at[group] >= 0 {
				name = text[at[group]:at[group+1]]
			}
		}
		if isSecretName(name) {
			out.WriteString(text[done:value[0]] + masked)
			done = value[1]
		}
	}
	return out.String() + text[done:]
}

// MaskCut is MaskText for the beginning of a text whose end is not known.
func MaskCut(text string) string {
	return MaskText(textShapes().cutURL.ReplaceAllString(text, "${1}:"+masked))
}
