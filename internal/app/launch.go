package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/python/boot"
	"github.com/cantil-py/cantil/python/interp"
	"github.com/cantil-py/cantil/run"
)

// Launch is a program to start, and where from. [Profile] and [Run] share it.
type Launch struct {
	Python  string // a path, a name or a version; "" for the one in use here
	Command bool   // Program is any command; no Python is looked for
	Module  bool   // Program is a module, as after -m
	Program string
	Args    []string

	Timeout time.Duration // 0 for none
	Grace   time.Duration // from asking to killing; 0 for run.DefaultGrace
	OnFull  run.OnFull
	TTY     run.TTY
	Name    string // of the run, a template; "" for that of the program

	Version        string   // cantil's own, for the record
	Argv           []string // cantil's command line, for the record
	Dir            string   // the working folder; "" for this process's
	Env            []string // what the program finds in its environment
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Say            func(line string) // what the user should know, as it comes up

	home *store.Store // where the run is kept; nil for the store of Dir
	tags []string     // of a run that is kept there, or not started

	spare  *run.Prepared // a shim for the next run; nil for one that is made then
	shim   *run.Prepared // of the run that is started
	called string        // what the user calls the command, whose path Program is by then
}

// SetTTY takes the word of a flag: auto, always or never.
func (l *Launch) SetTTY(word string) error {
	switch word {
	case "auto":
		l.TTY = run.TTYAuto
	case string(run.TTYAlways), string(run.TTYNever):
		l.TTY = run.TTY(word)
	default:
		return fmt.Errorf("whether the program has a terminal is auto, always or never, not %q", word)
	}
	return nil
}

// SetOnFull takes the word of a flag: stop or continue.
func (l *Launch) SetOnFull(word string) error {
	switch word {
	case "stop":
		l.OnFull = run.StopOnFull
	case string(run.ContinueOnFull):
		l.OnFull = run.ContinueOnFull
	default:
		return fmt.Errorf("what happens on a full disk is stop or continue, not %q", word)
	}
	return nil
}

// check finds what is wrong with the program's name before anything is started.
func (l *Launch) check() error {
	if l.Command {
		return l.findCommand()
	}
	if l.Module {
		return nil
	}
	_, err := os.Stat(l.path(l.Program))
	if errors.Is(err, fs.ErrNotExist) {
		return &NotFound{fmt.Errorf("finding %s: there is no such script or folder", l.Program)}
	}
	if err != nil {
		return &NotExecutable{err}
	}
	return nil
}

// findCommand puts the path of the command in the place of its name.
func (l *Launch) findCommand() error {
	l.called = l.Program
	path, err := exec.LookPath(l.Program)
	if errors.Is(err, exec.ErrDot) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("finding %s: %w", l.Program, errors.Unwrap(err))
		if errors.Is(err, fs.ErrPermission) {
			return &NotExecutable{err}
		}
		return &NotFound{err}
	}
	l.Program, err = filepath.Abs(path)
	return err
}

// path is a path as the program's working folder makes it.
func (l *Launch) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(l.Dir, p)
}

// open finds the interpreter and makes the run's folder. Where that fails, the shim is not needed.
func (l *Launch) open(ctx context.Context) (python interp.Interpreter, kept *store.Run, err error) {
	if l.shim, l.spare = l.spare, nil; l.shim == nil {
		if l.shim, err = run.Prepare(); err != nil { // it comes up while we do the rest
			return python, nil, err
		}
	}
	if python, err = l.findPython(ctx); err == nil {
		kept, err = l.openRun(python)
	}
	if err != nil {
		_ = l.shim.Close() // the error that led here is the one to tell
	}
	return python, kept, err
}

func (l *Launch) findPython(ctx context.Context) (interp.Interpreter, error) {
	if l.Command {
		return interp.Interpreter{}, nil
	}
	python, err := interp.Find(ctx, l.Python, interp.Options{Dir: l.Dir})
	var missing *interp.NotFoundError
	var unsupported *interp.UnsupportedError
	switch {
	case errors.As(err, &missing):
		return python, &NotFound{err}
	case errors.As(err, &unsupported):
		return python, &NotExecutable{err}
	}
	return python, err
}

// openRun makes the run's folder and records what was asked. Where the project's folder
// cannot be written, a temporary one takes its place: the program is still run.
func (l *Launch) openRun(python interp.Interpreter) (*store.Run, error) {
	started := time.Now()
	called, err := l.fill(l.Name, started)
	if err != nil {
		return nil, err
	}
	if called == "" {
		called = l.name()
	}
	kept, err := l.newRun(called, started)
	if err != nil {
		return nil, err
	}
	asked := store.NewAsked(l.shim.ShimPID(), l.Argv, l.Dir, l.Env, started)
	asked.Cantil, asked.Script = l.Version, l.Program
	if !l.Module && !l.Command {
		asked.ScriptDir = filepath.Dir(l.path(l.Program))
	}
	asked.Interpreter.Path = python.Path
	return kept, kept.WriteAsked(asked)
}

// newRun makes the folder. A run that must be found again by its tags has them from the beginning, and no other place.
func (l *Launch) newRun(called string, started time.Time) (*store.Run, error) {
	if l.home != nil {
		kept, err := l.home.NewRun(called, started)
		if err != nil {
			return nil, err
		}
		return kept, kept.TagNew(l.tags)
	}
	home, err := store.Locate(l.Dir, os.Getenv)
	if err != nil {
		return nil, err
	}
	kept, err := home.NewRun(called, started)
	if err == nil {
		return kept, nil
	}
	l.Say(fmt.Sprintf("%v; this run is kept in a temporary folder", err))
	if home, err = store.Temp(); err != nil {
		return nil, err
	}
	return home.NewRun(called, started)
}

// name is that of the program: the script without its ending, the module, or the command.
func (l *Launch) name() string {
	if l.Module {
		return l.Program
	}
	base := filepath.Base(l.path(l.Program))
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// program is the Python program of the launch.
func (l *Launch) program(python interp.Interpreter) boot.Program {
	return boot.Program{Python: python.Path, Module: l.Module, Name: l.Program, Args: l.Args}
}

// start starts argv under a shim that keeps its output in the run's folder.
func (l *Launch) start(ctx context.Context, argv, env []string, kept *store.Run) (*run.Process, error) {
	stdin, err := fileOf(l.Stdin)
	if err != nil {
		return nil, err
	}
	stdout, _ := l.Stdout.(*os.File)
	stderr, _ := l.Stderr.(*os.File)
	path := ""
	if l.Command {
		path = l.Program
	}
	process, err := l.shim.Start(ctx, run.Spec{
		Argv: argv, Path: path, Dir: l.Dir, Env: env, Folder: kept.Dir,
		Timeout: l.Timeout, Grace: l.Grace, OnFull: l.OnFull, TTY: l.TTY,
		Stdin: stdin, Stdout: stdout, Stderr: stderr, Adopt: true,
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &NotFound{err}
	case err != nil:
		return nil, &NotExecutable{err}
	}
	return process, nil
}

// fileOf is what a program can read from: a file as it is, any other reader by way of a pipe.
func fileOf(r io.Reader) (*os.File, error) {
	file, ok := r.(*os.File)
	if r == nil || ok {
		return file, nil
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	go func() {
		_, _ = io.Copy(write, r) // a program that reads no more ends it
		write.Close()
	}()
	return read, nil
}

// follow shows the output as it comes and passes on keys and signals, until the program has ended. The writers may be nil.
func (l *Launch) follow(ctx context.Context, process *run.Process, stdout, stderr io.Writer) (run.Outcome, error) {
	if err := process.Show(ctx, stdout, stderr, l.Say); err != nil {
		l.Say(err.Error()) // a closed pipe for example: the program goes on, and all is kept
	}
	return process.Wait()
}

// Short is the path from the working folder, where it is below it.
func (l *Launch) Short(path string) string {
	dir, err := filepath.Abs(l.Dir)
	if err != nil {
		return path
	}
	short, err := filepath.Rel(dir, path)
	if err != nil || strings.HasPrefix(short, "..") {
		return path
	}
	return short
}
