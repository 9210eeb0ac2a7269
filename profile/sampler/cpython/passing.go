package cpython

import (
	"fmt"
	"strings"
	"time"
)

// Modules, bodies of classes, what is given to exec, and the nameless functions among them are
// freed once they were run, and other code comes to lie at their places: while a
// program starts, within milliseconds. Such code is believed only while it stays on a
// thread's stack, and all that is below it; else it is compared with memory, which is a
// read more.

// isPassing says whether code with these flags and this name is freed once it was run.
func isPassing(flags uint32, name string) bool {
	return flags&optimized == 0 || strings.HasPrefix(name, "<")
}

// How long after a stack its code is still compared, and longer for each frame. Code
// that is made again and again takes turns at one place; where the sampler had to wait
// for a processor in between, it may be the former again.
const (
	confirmWithin = 100 * time.Microsecond
	confirmEach   = 20 * time.Microsecond // of which a comparison takes 2
)

// confirm makes sure that the passing code of a stack is still what it was when it was
// read first.
func (r *Reader) confirm() error {
	first := 0
	for first < len(r.codes) && !r.codes[first].passing {
		first++
	}
	stack := r.codes[first:] // from the innermost that is passing outwards
	stayed := 0
	for stayed < min(len(stack), len(r.stayed)) && stack[len(stack)-1-stayed] == r.stayed[len(r.stayed)-1-stayed] {
		stayed++
	}
	within := confirmWithin + time.Duration(len(r.codes))*confirmEach
	for _, c := range stack[:len(stack)-stayed] {
		if c.passing && !r.t.same(c) {
			r.stayed = r.stayed[:0]
			return fmt.Errorf("%w: a code object that is another by now", errTorn)
		}
		if c.passing && time.Since(r.t.read) > within {
			r.stayed = r.stayed[:0]
			return fmt.Errorf("%w: a code object that may have been another meanwhile", errTorn)
		}
	}
	r.stayed = append(r.stayed[:0], stack...)
	return nil
}

// same compares c with memory. If it is another by now, it is forgotten.
func (t *Target) same(c *code) bool {
	raw := make([]byte, t.layout.codeSize)
	if t.mem.Read(c.addr, raw) == nil && word(raw, objectType) == t.codeType && t.layout.fingerprint(raw) == c.print {
		return true
	}
	if t.codes[c.addr] == c {
		t.drop(c.addr)
	}
	return false
}

// compareFrom is the try of a stack from which on what could be other code is compared:
// a wrong size of a frame hides those above it.
const compareFrom = 3

// compare compares the passing code of all frames that were found.
func (r *Reader) compare() {
	for i := range r.frames {
		if c := r.frames[i].code; c != nil && c.passing {
			r.t.same(c)
		}
	}
}
