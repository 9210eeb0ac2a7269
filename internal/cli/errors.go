package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode"

	"github.com/cantil-py/cantil/internal/app"
)

// cantil's own exit codes, as timeout and env have them. Any other code is the
// program's own.
const (
	codeOK            = 0
	codeBadInput      = 1   // a file that is no profile, a process that cannot be read; a bad verdict
	codeFailed        = 125 // cantil itself failed, or was asked for something it does not know
	codeNotExecutable = 126
	codeNotFound      = 127
)

// failure is an error as the user sees it: one line, an optional hint, an exit code.
type failure struct {
	err  error
	hint string
	code int
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// usageError says that the command line cannot be understood.
func usageError(hint, format string, args ...any) error {
	return &failure{err: fmt.Errorf(format, args...), hint: hint, code: codeFailed}
}

// exitStatus ends cantil silently with the program's own exit code.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// report prints err, if it has anything to say, and returns its exit code.
// It is the only place where errors become text and codes.
func report(env Env, err error) int {
	var status exitStatus
	switch {
	case err == nil:
		return codeOK
	case errors.As(err, &status):
		return int(status)
	}
	message, hint := explain(err)
	env.sayError(message, hint)
	return exitCode(err)
}

// exitCode is the code of an error: its own if it has one, else by its cause.
func exitCode(err error) int {
	var known *failure
	var input *app.BadInput
	var profile *app.BadProfile
	var missing *app.NotFound
	var refused *app.NotExecutable
	var unreadable *app.Unreadable
	switch {
	case errors.As(err, &known):
		return known.code
	case errors.As(err, &unreadable), errors.As(err, &input), errors.As(err, &profile):
		return codeBadInput
	case errors.As(err, &missing):
		return codeNotFound
	case errors.As(err, &refused):
		return codeNotExecutable
	}
	return codeFailed
}

// explain is what failed, and what the user can do about it, or "".
func explain(err error) (message, hint string) {
	message = err.Error()
	var known *failure
	var profile *app.BadProfile
	var missing *app.NotFound
	var refused *app.NotExecutable
	var unreadable *app.Unreadable
	switch {
	case errors.As(err, &known):
		hint = known.hint
	case errors.As(err, &unreadable):
		hint = unreadable.Hint
	case errors.As(err, &profile):
		hint = profileHint(err)
	case errors.As(err, &missing), errors.As(err, &refused):
		// The errors of python/interp end in their advice.
		if i := strings.LastIndex(message, "; "); i >= 0 {
			message, hint = message[:i], message[i+len("; "):]
		}
	}
	return message, hint
}

// profileHint tells where profiles come from.
func profileHint(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "cantil profile -o FILE SCRIPT makes a profile"
	}
	return "a profile is what cantil profile -o FILE or python -m cProfile -o FILE writes"
}

// sayError writes the error line and its hint to stderr.
func (env Env) sayError(message, hint string) {
	style := env.styleErr()
	fmt.Fprintf(env.Stderr, "%s %s\n", style.Bad("cantil:"), oneLine(message))
	if hint != "" {
		fmt.Fprintf(env.Stderr, "%s %s\n", style.Dim("cantil: hint:"), oneLine(hint))
	}
}

// say writes one line that is not an answer to stderr.
func (env Env) say(format string, args ...any) {
	fmt.Fprintf(env.Stderr, "%s %s\n", env.styleErr().Dim("cantil:"), fmt.Sprintf(format, args...))
}

// oneLine keeps a message on one line, and harmless to a terminal, whatever a file
// name or a library put into it.
func oneLine(text string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(text) {
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.IsControl(r):
			fmt.Fprintf(&b, "\\x%02x", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
