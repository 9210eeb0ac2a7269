package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/python/boot"
	"github.com/cantil-py/cantil/python/interp"
	"github.com/cantil-py/cantil/run"
)

// profileFile is the merged profile in a run's folder.
const profileFile = "profile.prof"

// ProfileOptions are the program to profile and how its profile is shown.
type ProfileOptions struct {
	Python  string // a path, a name or a version; "" for the one in use here
	Module  bool   // Program is a module, as after -m
	Program string
	Args    []string

	View       StatsView
	Format     Format
	PerThread  bool   // a table for each thread, instead of the merged one
	PerProcess bool   // likewise for each process
	Out        string // where the merged profile is written as well; "" for nowhere

	Version        string   // cantil's own, for the record
	Argv           []string // cantil's command line, for the record
	Dir            string   // the working folder; "" for this process's
	Env            []string // what the program finds in its environment
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Say            func(line string) // what the user should know, as it comes up
}

// ProfileResult is what became of the program, and where its profile is kept.
type ProfileResult struct {
	ExitCode    int // the program's own; 128 and the number for a signal
	Signal      string
	Wall        time.Duration
	RunDir      string
	ProfilePath string // "" if there is none
}

// Profile runs a Python program under the exact profiler, keeps the run, and prints
// where the time went. A program that fails is no error here: its profile is printed
// and its code is in the result. The error is a [NotFound] or [NotExecutable] where
// the program or the Python was at fault.
func Profile(ctx context.Context, opts ProfileOptions) (ProfileResult, error) {
	if err := opts.check(); err != nil {
		return ProfileResult{}, err
	}
	python, err := opts.findPython(ctx)
	if err != nil {
		return ProfileResult{}, err
	}
	kept, err := opts.openRun(python)
	if err != nil {
		return ProfileResult{}, err
	}
	ended, err := opts.start(ctx, python, kept)
	if err != nil {
		return ProfileResult{}, err
	}
	result := ProfileResult{ExitCode: ended.ExitCode(), Signal: ended.SignalName, Wall: ended.Wall, RunDir: kept.Dir}
	profile, err := opts.gather(kept, python, ended)
	if err != nil {
		return result, err
	}
	if profile.merged == nil {
		return result, nil
	}
	result.ProfilePath = profile.path
	return result, opts.show(profile)
}

// check finds what is wrong before anything is started.
func (o *ProfileOptions) check() error {
	if err := o.View.Check(); err != nil {
		return err
	}
	if o.Module {
		return nil
	}
	_, err := os.Stat(o.path(o.Program))
	if errors.Is(err, fs.ErrNotExist) {
		return &NotFound{fmt.Errorf("finding %s: there is no such script or folder", o.Program)}
	}
	if err != nil {
		return &NotExecutable{err}
	}
	return nil
}

// path is a path as the program's working folder makes it.
func (o *ProfileOptions) path(p string) string {
	if filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(o.Dir, p)
}

func (o *ProfileOptions) findPython(ctx context.Context) (interp.Interpreter, error) {
	python, err := interp.Find(ctx, o.Python, interp.Options{Dir: o.Dir})
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
// cannot be written, a temporary one takes its place: the profile is still printed.
func (o *ProfileOptions) openRun(python interp.Interpreter) (*store.Run, error) {
	started := time.Now()
	home, err := store.Locate(o.Dir, os.Getenv)
	if err != nil {
		return nil, err
	}
	kept, err := home.NewRun(o.name(), started)
	if err != nil {
		o.Say(fmt.Sprintf("%v; this run is kept in a temporary folder", err))
		if home, err = store.Temp(); err != nil {
			return nil, err
		}
		if kept, err = home.NewRun(o.name(), started); err != nil {
			return nil, err
		}
	}
	asked := store.NewAsked(o.Argv, o.Dir, o.Env, started)
	asked.Cantil, asked.Script = o.Version, o.Program
	if !o.Module {
		asked.ScriptDir = filepath.Dir(o.path(o.Program))
	}
	asked.Interpreter.Path = python.Path
	return kept, kept.WriteJSON(store.AskedFile, asked)
}

// name is what the run is called: the script without its ending, or the module.
func (o *ProfileOptions) name() string {
	if o.Module {
		return o.Program
	}
	base := filepath.Base(o.path(o.Program))
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// start runs the program to its end and records what became of it.
func (o *ProfileOptions) start(ctx context.Context, python interp.Interpreter, kept *store.Run) (run.Result, error) {
	home, err := boot.Install(kept.Boot())
	if err != nil {
		return run.Result{}, err
	}
	program := boot.Program{Python: python.Path, Module: o.Module, Name: o.Program, Args: o.Args}
	argv, env := boot.Command(home, kept.Parts(), program, o.Env)
	ended, err := run.Run(ctx, run.Command{Argv: argv, Dir: o.Dir, Env: env, Stdin: o.Stdin, Stdout: o.Stdout, Stderr: o.Stderr})
	if err != nil {
		outcome := store.Outcome{Status: store.FailedToStart, Code: notStartedCode, Error: err.Error(), Ended: time.Now()}
		_ = kept.WriteJSON(store.OutcomeFile, outcome) // the error that led here is the one to tell
		return ended, &NotExecutable{err}
	}
	if reason, refused := boot.Refusal(kept.Parts()); refused {
		return ended, &NotExecutable{fmt.Errorf("profiling with %s: %s", python.Path, reason)}
	}
	if err := kept.WriteJSON(store.OutcomeFile, outcomeOf(ended)); err != nil {
		o.Say(err.Error()) // a full disk: the profile is still worth printing
	}
	return ended, nil
}

// notStartedCode is the exit code recorded for a Python that could not be started.
const notStartedCode = 126

func outcomeOf(r run.Result) store.Outcome {
	o := store.Outcome{
		Status: store.Exited, Code: r.ExitCode(), Signal: r.SignalName,
		Wall: r.Wall.Seconds(), User: r.User.Seconds(), System: r.System.Seconds(),
		MaxRSS: r.MaxRSS, Ended: r.Ended,
	}
	if r.Signal != 0 {
		o.Status = store.Signalled
	}
	return o
}
