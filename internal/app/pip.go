package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/cantil-py/cantil/internal/store"
)

// PipOptions are a call of pip. Of the Launch the Program is set here.
type PipOptions struct {
	Launch
	Upgrade bool   // pip itself; Args are then for that
	Venv    string // a virtual environment to work in, made where there is none; "" for that in use
}

// PipResult is what became of it.
type PipResult struct {
	RunResult
	Changes []PackageChange `json:"changes"`
	Managed bool            `json:"managed"` // pip was to change a Python that the system's package manager looks after
	Venv    string          `json:"venv,omitempty"`
}

// Pip runs the pip of the Python that [Run] would use, as a run that is kept, with what
// was installed before and after. With a Venv and nothing to do it only makes that, and
// keeps no run. The error is a [NotFound] where there is no pip.
func Pip(ctx context.Context, opts PipOptions) (PipResult, error) {
	if err := opts.enterVenv(ctx); err != nil {
		return PipResult{}, err
	}
	if opts.Upgrade {
		opts.Args = append([]string{"install", "--upgrade", "pip"}, opts.Args...)
	}
	if opts.Venv != "" && len(opts.Args) == 0 {
		return PipResult{Venv: opts.Venv, Changes: []PackageChange{}}, nil
	}
	found, err := opts.findPip(ctx)
	if err != nil {
		return PipResult{}, err
	}
	return opts.runPip(ctx, found)
}

// findPip finds the Python, and what it has.
func (o *PipOptions) findPip(ctx context.Context) (installation, error) {
	python, err := o.findPython(ctx)
	if err != nil {
		return installation{}, err
	}
	o.Python = python.Path
	found, err := o.installedNow(ctx)
	if err == nil && !found.Pip {
		err = &NotFound{fmt.Errorf("%s has no pip; %s", python.Path, howToGetPip(python.Path, found))}
	}
	return found, err
}

func (o *PipOptions) installedNow(ctx context.Context) (installation, error) {
	return Asked{Python: o.Python, Dir: o.Dir, Env: o.Env}.installation(ctx)
}

// howToGetPip is the advice where there is none.
func howToGetPip(python string, found installation) string {
	switch {
	case found.Managed:
		return "on Debian and Ubuntu: sudo apt-get install python3-pip, or python3-venv and then cantil pip --venv"
	case found.Ensurepip:
		return python + " -m ensurepip makes it"
	case runtime.GOOS == "linux":
		return "on Debian and Ubuntu: sudo apt-get update && sudo apt-get install python3-pip"
	}
	return "install Python anew, with ensurepip"
}

// runPip is a run of pip, between two looks at what is installed.
func (o *PipOptions) runPip(ctx context.Context, found installation) (PipResult, error) {
	o.Module, o.Program = true, "pip"
	run := RunOptions{Launch: o.Launch}
	python, kept, err := run.open(ctx)
	if err != nil {
		return PipResult{}, err
	}
	packages := RunPackages{Before: found.Packages}
	if err := packages.write(kept); err != nil {
		o.Say(err.Error())
	}
	process, err := run.begin(ctx, python, kept)
	if err != nil {
		return PipResult{}, err
	}
	ended, err := run.watch(ctx, process, kept)
	if err != nil {
		return PipResult{}, err
	}
	o.lookAgain(ctx, &packages, kept)
	result, err := run.sum(ended, kept)
	return PipResult{RunResult: result, Changes: packages.Changes(), Managed: found.Managed && o.changes(), Venv: o.Venv}, err
}

// changes says whether pip is asked to install or remove something.
func (o *PipOptions) changes() bool {
	for _, word := range o.Args {
		if !strings.HasPrefix(word, "-") { // pip's command, behind flags
			return word == "install" || word == "uninstall"
		}
	}
	return false
}

// lookAgain keeps what is installed now. Where that cannot be told pip has still run.
func (o *PipOptions) lookAgain(ctx context.Context, packages *RunPackages, kept *store.Run) {
	now, err := o.installedNow(ctx)
	if err == nil {
		packages.After = now.Packages
		err = packages.write(kept)
	}
	if err != nil {
		o.Say(fmt.Sprintf("what pip changed is not kept: %v", err))
	}
}

// enterVenv makes the virtual environment that was asked for, unless it is there, and
// makes it the Python to use.
func (o *PipOptions) enterVenv(ctx context.Context) error {
	if o.Venv == "" {
		return nil
	}
	dir, err := filepath.Abs(o.path(o.Venv))
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	_, isVenv := os.Stat(filepath.Join(dir, "pyvenv.cfg"))
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return &BadInput{fmt.Errorf("making the virtual environment %s: %w", o.Venv, err)}
	case isVenv == nil && o.Python != "":
		return &BadInput{fmt.Errorf("the virtual environment %s is there, with its own Python: another cannot be chosen", o.Venv)}
	case isVenv != nil && len(entries) > 0:
		return &BadInput{fmt.Errorf("making the virtual environment %s: the folder has other files in it", o.Venv)}
	case isVenv != nil:
		if err := o.makeVenv(ctx, dir, err != nil); err != nil {
			return err
		}
	}
	o.Venv, o.Python = dir, dir
	return nil
}

// makeVenv makes one with the standard library's venv. What is left of a failure is
// removed, if the folder is new.
func (o *PipOptions) makeVenv(ctx context.Context, dir string, isNew bool) error {
	python, err := o.findPython(ctx)
	if err != nil {
		return err
	}
	o.Say(fmt.Sprintf("making the virtual environment %s with %s", o.Venv, python.Path))
	cmd := exec.CommandContext(ctx, python.Path, "-m", "venv", dir)
	cmd.Dir, cmd.Env = o.Dir, o.Env
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if isNew {
		err = errors.Join(err, os.RemoveAll(dir))
	}
	if strings.Contains(string(out), "No module named venv") || strings.Contains(string(out), "ensurepip") {
		return &NotExecutable{fmt.Errorf("making the virtual environment %s: %s has no venv; on Debian and Ubuntu: sudo apt-get install python3-venv", o.Venv, python.Path)}
	}
	return fmt.Errorf("making the virtual environment %s with %s: %w: %s", o.Venv, python.Path, err, lastLine(strings.TrimSpace(string(out))))
}
