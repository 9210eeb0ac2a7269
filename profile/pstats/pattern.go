package pstats

import "regexp"

// pattern is a compiled regular expression.
type pattern struct{ *regexp.Regexp }

func compilePattern(s string) (pattern, error) {
	r, err := regexp.Compile(s)
	return pattern{r}, err
}

func (p pattern) MatchError(s string) (bool, error) { return p.MatchString(s), nil }
