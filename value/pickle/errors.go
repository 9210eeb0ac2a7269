package pickle

import (
	"errors"
	"fmt"
)

// Bounds on what is read.
const (
	// maxPayload is the largest str, bytes or frame: more than any memory.
	maxPayload = 1 << 46
	// maxDigits bounds an int written in decimal, which takes time that grows with
	// the square of its length; it is CPython's own bound.
	maxDigits = 4300
	// MaxDepth bounds values within values where something walks them: encoding and
	// filling Go values.
	MaxDepth = 10_000
)

// SyntaxError says where in the data something is wrong.
type SyntaxError struct {
	Offset int64  // of the opcode, from the start of the stream
	Op     string // its name; "" where it has none
	Err    error
}

func (e *SyntaxError) Error() string {
	if e.Op == "" {
		return fmt.Sprintf("pickle: at byte %d: %v", e.Offset, e.Err)
	}
	return fmt.Sprintf("pickle: %s at byte %d: %v", e.Op, e.Offset, e.Err)
}

func (e *SyntaxError) Unwrap() error { return e.Err }

// What a pickle may get wrong, beside its frames.
var (
	errUnderflow  = errors.New("the stack holds too few values")
	errNoMark     = errors.New("there is no mark on the stack")
	errNotOne     = errors.New("the stack does not hold a value")
	errOddPairs   = errors.New("a key has no value")
	errNotText    = errors.New("the text is not UTF-8")
	errNoBuffer   = errors.New("there is no such buffer")
	errNegative   = errors.New("the length is negative")
	errNotNames   = errors.New("module and name are not text")
	errNotInteger = errors.New("not an integer")
	errNotFloat   = errors.New("not a float")
	errNotQuoted  = errors.New("the text is not between quotes")
)
