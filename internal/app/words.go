package app

import (
	"fmt"
	"strings"
)

// splitWords splits a line into words as a shell does: blanks part them, quotes and backslashes keep
// blanks. Nothing else means anything: no variable, no wildcard, no pipe.
func splitWords(line string) ([]string, error) {
	var words []string
	var word strings.Builder
	inWord := false
	var quote rune
	runes := []rune(line)
	for i := 0; i < len(runes); i++ {
		c := runes[i]
		switch {
		case quote == '\'' && c != '\'', quote == '"' && c != '"' && c != '\\':
			word.WriteRune(c)
		case c == quote && quote != 0:
			quote = 0
		case c == '\\':
			if i+1 == len(runes) {
				return nil, fmt.Errorf("splitting %q into words: it ends in a backslash", line)
			}
			i++
			if quote == '"' && !strings.ContainsRune("\"\\$`", runes[i]) {
				word.WriteRune('\\')
			}
			word.WriteRune(runes[i])
			inWord = true
		case c == '\'' || c == '"':
			quote, inWord = c, true
		case c == ' ' || c == '\t':
			if inWord {
				words = append(words, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteRune(c)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("splitting %q into words: the quote %c is not closed", line, quote)
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}
