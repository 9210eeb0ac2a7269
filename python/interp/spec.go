package interp

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

const cpython = "cpython"

// spec is what a name says of an interpreter: "3.12", "cpython@3.12.1", "3.13t",
// "python3.8", "pypy3.10-7.3.12", "cpython-3.13.0+freethreaded-linux-x86_64-gnu".
// The zero spec says nothing.
type spec struct {
	impl         string // "cpython", "pypy"...; "" where not said
	parts        []int  // of the version: none to three
	pre          string // "a1", "b2", "rc1"
	freeThreaded bool
	named        bool // starts with the name of a program, as "python3.8" does and "3.8" does not
}

// One pattern reads requests, pyenv's names and uv's names: all have a version after an optional implementation.
var specPattern = sync.OnceValue(func() *regexp.Regexp { // once it is needed: every start of the program would pay for it
	return regexp.MustCompile(
		`^(?:(cpython|python|pypy|graalpy)[-@]?)?(?:(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?((?:a|b|rc)\d{1,3})?(t|\+freethreaded)?)?(?:-[-.+\w]*)?$`)
})

// parseSpec returns false for a name that says nothing of a version or an implementation.
func parseSpec(name string) (spec, bool) {
	m := specPattern().FindStringSubmatch(strings.ToLower(name))
	if m == nil || m[1] == "" && m[2] == "" {
		return spec{}, false
	}
	s := spec{impl: m[1], pre: m[5], freeThreaded: m[6] != "", named: m[1] != ""}
	if s.impl == "python" {
		s.impl = ""
	}
	for _, digits := range m[2:5] {
		if n, err := strconv.Atoi(digits); err == nil {
			s.parts = append(s.parts, n)
		}
	}
	return s, true
}

// String is the version in short: "3.13.0rc1t".
func (s spec) String() string {
	words := make([]string, len(s.parts))
	for i, n := range s.parts {
		words[i] = strconv.Itoa(n)
	}
	text := strings.Join(words, ".") + s.pre
	if s.freeThreaded {
		text += "t"
	}
	return text
}

func (s spec) empty() bool { return s.impl == "" && len(s.parts) == 0 }

// mayBe reports whether an interpreter of which the hint is known may satisfy s.
func (s spec) mayBe(hint spec) bool {
	if hint.empty() {
		return true
	}
	if hint.impl != "" && hint.impl != s.wantedImpl() {
		return false
	}
	for i, n := range s.parts {
		if i < len(hint.parts) && hint.parts[i] != n {
			return false
		}
	}
	return len(hint.parts) < 2 || s.freeThreaded == hint.freeThreaded
}

// is reports whether the interpreter satisfies s.
func (s spec) is(info Info) bool {
	v := info.Version
	have := []int{v.Major, v.Minor, v.Micro}
	for i, n := range s.parts {
		if have[i] != n {
			return false
		}
	}
	return info.Implementation == s.wantedImpl() && s.freeThreaded == info.FreeThreaded && (s.pre == "" || s.pre == v.Pre)
}

// wantedImpl: a bare version means CPython.
func (s spec) wantedImpl() string {
	if s.impl == "" {
		return cpython
	}
	return s.impl
}

// tooOld reports whether nothing that satisfies s can be supported.
func (s spec) tooOld() bool {
	switch {
	case len(s.parts) == 0:
		return false
	case s.parts[0] < 3:
		return true
	}
	return s.parts[0] == 3 && len(s.parts) > 1 && s.parts[1] < OldestMinor
}

// newerThan orders names, the newest version first; names without one come last.
func (s spec) newerThan(other spec) bool {
	for i := range 3 {
		if a, b := part(s, i), part(other, i); a != b {
			return a > b
		}
	}
	if s.pre != other.pre {
		return s.pre == "" || other.pre != "" && s.pre > other.pre
	}
	return !s.freeThreaded && other.freeThreaded
}

// part is the i-th number, -1 where the name does not say it.
func part(s spec, i int) int {
	if i < len(s.parts) {
		return s.parts[i]
	}
	return -1
}
