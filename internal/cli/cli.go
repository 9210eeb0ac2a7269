// Package cli is cantil's command line: flags, help, output and exit codes.
//
// [Main] runs one command line and returns its exit code; [WriteMarkdown] and
// [WriteMan] write the manual from the same data as --help. Each command has a
// file of its own with the same parts: newX, its usage, its flags and runX.
// Nothing outside this package prints to the user or decides an exit code.
//
// The rules of what is written where:
//   - stdout has the program's output and the answer asked for, nothing else;
//   - everything else goes to stderr, each line with the prefix "cantil:";
//   - an error is one line and, where something can be done, a line with a hint;
//   - colour appears only on a terminal, and never when NO_COLOR is set.
package cli

import (
	"context"
	"io"
	"os"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

// Env is the outside world of one command line.
type Env struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Environ        []string // what programs find in their environment, as "name=value"
	Web            WebServer

	argv []string // the command line, for the record of a run
}

// WebServer shows a site in the browser until ctx is done, and tells ready the address: Serve of internal/web. The command
// line and the browser's side do not know each other; main, which knows both, hands over the one to the other.
type WebServer func(ctx context.Context, site *app.Site, port int, ready func(address string)) error

// System is the environment of this process.
func System() Env {
	return Env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Environ: os.Environ()}
}

// Shim must be the first call of main: it is all there is to do if this process was started to keep a run,
// and returns at once with false if not.
func Shim() (code int, is bool) { return app.Shim() }

// Main runs the command line args, without the program's name, and returns the
// exit code: the profiled program's own, or one of those listed in [exitCode].
func Main(args []string, env Env) int {
	env.argv = append([]string{"cantil"}, args...)
	root := newRoot(env, commandsFor(env, args))
	root.SetArgs(pipArgs(root, env.argv[1:])) // never nil: cobra would then read os.Args
	return report(env, root.ExecuteContext(context.Background()))
}

func (env Env) styleOut() term.Style { return term.StyleOf(env.Stdout, env.Getenv) }
func (env Env) styleErr() term.Style { return term.StyleOf(env.Stderr, env.Getenv) }
