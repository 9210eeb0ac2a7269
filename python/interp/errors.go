package interp

import (
	"fmt"
	"os/exec"
	"runtime"
	"strings"
)

// OldestMinor is the oldest minor version of CPython 3 that cantil supports.
const OldestMinor = 6

var tooOldReason = fmt.Sprintf("it is too old: CPython 3.%d or newer is needed", OldestMinor)

func otherReason(implementation string) string {
	return fmt.Sprintf("it is %s, and CPython is needed", implementation)
}

// NotFoundError is the answer where no interpreter fits a request.
type NotFoundError struct {
	Request string   // as it was given; "" for the default
	Reason  string   // why, where there is one thing to name; else ""
	Places  []string // where it was looked for, in order
	Broken  []error  // interpreters that fitted by name but did not run
}

// Error says what was looked for, where, and what to do, in one line.
func (e *NotFoundError) Error() string {
	text := "no Python found"
	if e.Request != "" {
		text = fmt.Sprintf("no Python %q found", e.Request)
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	if len(e.Places) > 0 {
		text += "; looked in " + strings.Join(e.Places, ", ")
	}
	for _, err := range e.Broken {
		text += "; " + err.Error()
	}
	return text + "; " + e.advice()
}

// Is makes it an exec.ErrNotFound, as a program that is not on PATH is.
func (e *NotFoundError) Is(target error) bool { return target == exec.ErrNotFound }

func (e *NotFoundError) advice() string {
	if isPath(e.Request) {
		return "give the path of a python program, or of a virtual environment"
	}
	if s, ok := parseSpec(e.Request); ok && len(s.parts) > 1 {
		return fmt.Sprintf("install it (pyenv install %s, or uv python install %s), or name another", s, s)
	}
	return "install one (" + installCommand(runtime.GOOS) + "), or give the path of one"
}

func installCommand(goos string) string {
	switch goos {
	case "darwin":
		return "brew install python3"
	case "windows":
		return "winget install Python.Python.3.13"
	}
	return "Debian: apt-get install python3"
}

// UnsupportedError is the answer where a Python is there but cantil cannot run programs with it.
type UnsupportedError struct {
	What   string // "Python 2.7.18 at /usr/bin/python2"
	Reason string
}

func (e *UnsupportedError) Error() string {
	return e.What + " cannot be used: " + e.Reason + "; name another by its path or version"
}
