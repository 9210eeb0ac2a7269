package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/cantil-py/cantil/internal/app"
)

func TestReport(t *testing.T) {
	const profileHint = "cantil: hint: a profile is what cantil profile -o FILE or python -m cProfile -o FILE writes\n"
	for _, c := range []struct {
		name   string
		err    error
		code   int
		stderr string
	}{
		{"nothing", nil, 0, ""},
		{"the program's own code", exitStatus(3), 3, ""},
		{"any error", errors.New("disk full"), 125, "cantil: disk full\n"},
		{"usage", usageError("try this", "bad %q", "x"), 125, "cantil: bad \"x\"\ncantil: hint: try this\n"},
		{"bad input", &app.BadInput{Err: errors.New("byte 7")}, 1, "cantil: byte 7\n"},
		{"bad profile", &app.BadProfile{Err: errors.New("byte 7")}, 1, "cantil: byte 7\n" + profileHint},
		{"missing profile", &app.BadProfile{Err: fs.ErrNotExist}, 1,
			"cantil: file does not exist\ncantil: hint: cantil profile -o FILE SCRIPT makes a profile\n"},
		{"wrapped", fmt.Errorf("run: %w", &app.NotExecutable{Err: errors.New("too old")}), 126, "cantil: run: too old\n"},
		{"advice at its end", &app.NotFound{Err: errors.New("no Python found; install one")}, 127, "cantil: no Python found\ncantil: hint: install one\n"},
		{"one line", errors.New("open a\nb\tc  d: no\n"), 125, "cantil: open a b c  d: no\n"},
		{"no escape sequences", errors.New("open \x1b[31mred"), 125, "cantil: open \\x1b[31mred\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			env := Env{Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }}
			if got := report(env, c.err); got != c.code {
				t.Errorf("exit code %d, want %d", got, c.code)
			}
			if stderr.String() != c.stderr || stdout.Len() > 0 {
				t.Errorf("stderr %q, want %q; stdout %q, want none", stderr.String(), c.stderr, stdout.String())
			}
		})
	}
}
