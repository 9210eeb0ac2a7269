package app

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/profile/sampler/cpython"
	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// Unreadable is a process whose stacks cannot be read. Err says why in one line, Hint
// what to do about it; it may be "".
type Unreadable struct {
	Err  error
	Hint string
}

func (e *Unreadable) Error() string { return e.Err.Error() }
func (e *Unreadable) Unwrap() error { return e.Err }

// withSudo is what package remote advises where another user may do it.
const withSudo = "run the same command with sudo"

// unreadable tells people what an error of profile/sampler about a process means. argv
// is the command line of cantil itself, so that the advice can be copied. Errors that are
// not about access to the process are returned as they are.
func unreadable(pid int, err error, argv []string) error {
	var refused *remote.PermissionError
	var other *cpython.NotPythonError
	switch {
	case errors.As(err, &refused):
		fix := strings.ReplaceAll(refused.Fix, withSudo, sudo(argv))
		return &Unreadable{fmt.Errorf("process %d may not be read: %s", pid, refused.Missing), fix}
	case errors.As(err, &other):
		return &Unreadable{fmt.Errorf("process %d is no CPython 3.6 to 3.14 that can be read: %s", pid, other.Detail),
			"pgrep -a python lists the Pythons that run; a program that is just starting becomes one a moment later"}
	case errors.Is(err, remote.ErrKernel):
		return &Unreadable{fmt.Errorf("process %d is no CPython: %w", pid, remote.ErrKernel), "pgrep -a python lists the Pythons that run"}
	case errors.Is(err, remote.ErrGone):
		return &Unreadable{fmt.Errorf("there is no process %d, or %w", pid, remote.ErrGone), "pgrep -a python lists the Pythons that run"}
	case errors.Is(err, remote.ErrSystem):
		return &Unreadable{err, "cantil profile SCRIPT measures a program on every system"}
	}
	return err
}

// sudo is the command line argv for another user. The path is whole, because the PATH
// under sudo is another.
func sudo(argv []string) string {
	if len(argv) == 0 {
		return withSudo
	}
	words := append([]string{}, argv...)
	if self, err := os.Executable(); err == nil {
		words[0] = self
	}
	return "sudo " + store.Quote(words)
}
