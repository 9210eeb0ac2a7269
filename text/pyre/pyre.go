package pyre

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/dlclark/regexp2"
)

// MatchTimeout bounds one [Regexp.Match], give or take a tenth of a second: a pattern
// such as (?=(a+)+$) takes time that doubles with every character of the text.
const MatchTimeout = 2 * time.Second

// MaxText bounds, in bytes, the text of one match. The backtracking engine looks at its
// clock only now and then, and may pass over the whole text in between.
const MaxText = 1 << 20

// Errors of [Regexp.Match].
var (
	ErrTimeout = errors.New("match took too long")
	ErrTooLong = errors.New("text too long to match")
)

// Regexp is a compiled pattern. It may be used by several goroutines at once.
type Regexp struct {
	pattern string
	literal string          // what to look for where engine is nil
	needed  needed          // what every match has in it
	linear  *linear         // nil where the pattern needs the other engine
	engine  *regexp2.Regexp // nil for a pattern of plain characters
	runes   sync.Pool       // *[]rune, the decoded texts
}

// Compile reads a pattern of Python's re. See the package comment for its errors.
func Compile(pattern string) (*Regexp, error) {
	tree, f, err := parse(decode(pattern))
	if err != nil {
		return nil, fmt.Errorf("compiling regular expression %q: %w", pattern, err)
	}
	re := &Regexp{pattern: pattern}
	if literal, ok := wholeLiteral(tree, f); ok {
		re.literal = literal
		return re, nil
	}
	translated, err := translate(tree, f)
	if err != nil {
		return nil, fmt.Errorf("compiling regular expression %q: %w", pattern, err)
	}
	re.engine, err = regexp2.Compile(translated, regexp2.None)
	if err != nil {
		return nil, fmt.Errorf("compiling regular expression %q: %w", pattern, err)
	}
	re.engine.MatchTimeout = MatchTimeout
	re.needed, re.linear = neededLiterals(tree, f), newLinear(tree, f)
	return re, nil
}

// String returns the pattern as it was given to [Compile].
func (re *Regexp) String() string { return re.pattern }

// Match reports whether the pattern matches anywhere in s. Its errors are [ErrTimeout]
// and [ErrTooLong].
func (re *Regexp) Match(s string) (bool, error) {
	switch {
	case re.engine == nil:
		return strings.Contains(s, re.literal), nil
	case len(s) > MaxText:
		return false, fmt.Errorf("matching %q: %w: %d bytes", re.pattern, ErrTooLong, len(s))
	case !mayMatch(s, re.needed):
		return false, nil
	case re.linear.takes(s):
		return re.linear.match(s), nil
	}
	return re.backtrack(s)
}

// backtrack matches with the engine that has all of Python's syntax.
func (re *Regexp) backtrack(s string) (bool, error) {
	buffer, ok := re.runes.Get().(*[]rune)
	if !ok {
		buffer = new([]rune)
	}
	defer re.runes.Put(buffer)
	*buffer = appendDecoded((*buffer)[:0], s)
	for i, r := range *buffer {
		(*buffer)[i] = swap(r)
	}
	found, err := re.engine.MatchRunes(*buffer)
	if err != nil {
		// The engine's only error is its timeout; its text quotes all of s.
		return false, fmt.Errorf("matching %q: %w: over %v", re.pattern, ErrTimeout, MatchTimeout)
	}
	return found, nil
}
