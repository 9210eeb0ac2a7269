package interp

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// finder is one search: the options, made definite.
type finder struct {
	dir  string
	env  func(string) string
	root string
	home string
}

func newFinder(opts Options) (*finder, error) {
	f := &finder{dir: opts.Dir, env: opts.Env, root: opts.Root}
	if f.env == nil {
		f.env = os.Getenv
	}
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		return nil, fmt.Errorf("finding the working folder: %w", err)
	}
	f.dir, f.home = dir, f.folder(homeVariable)
	if f.home == "" {
		f.home = string(filepath.Separator) // never the working folder
	}
	return f, nil
}

// folder is the folder that a variable names, absolute; "" where it is not set.
func (f *finder) folder(variable string) string {
	dir := f.env(variable)
	if dir == "" || filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(f.dir, dir)
}

// byDefault goes through the order that the package states.
func (f *finder) byDefault(ctx context.Context) (Interpreter, error) {
	if py, ok, err := f.activated(); ok || err != nil {
		return py, err
	}
	if names := f.env("PYENV_VERSION"); names != "" {
		return f.byVersionNames(ctx, strings.Split(names, ":"), "PYENV_VERSION")
	}
	if py, ok, err := f.ofProject(ctx); ok || err != nil {
		return py, err
	}
	for _, name := range defaultNames {
		if path, source, ok := f.onPath(name); ok {
			return Interpreter{Path: path, Source: source}, nil
		}
	}
	for _, c := range f.installed() {
		if c.hint.usableUnasked() {
			return Interpreter{Path: c.path, Source: c.source}, nil
		}
	}
	return Interpreter{}, f.notFound("")
}

// activated is the environment that somebody activated.
func (f *finder) activated() (Interpreter, bool, error) {
	if env := f.folder("VIRTUAL_ENV"); env != "" {
		path, ok := pythonIn(env)
		if !ok {
			reason := fmt.Sprintf("VIRTUAL_ENV names %s, which has no Python; deactivate it, or make it anew", env)
			return Interpreter{}, false, &NotFoundError{Reason: reason}
		}
		return Interpreter{Path: path, Source: "VIRTUAL_ENV"}, true, nil
	}
	// conda's base is active in every shell of many people, without their doing; it stands on PATH anyway.
	// Other environments of conda may well hold no Python.
	if env := f.folder("CONDA_PREFIX"); env != "" && f.env("CONDA_DEFAULT_ENV") != "base" {
		if path, ok := pythonIn(env); ok {
			return Interpreter{Path: path, Source: "CONDA_PREFIX"}, true, nil
		}
	}
	return Interpreter{}, false, nil
}

// ofProject looks for .venv and .python-version, from the folder upwards.
func (f *finder) ofProject(ctx context.Context) (Interpreter, bool, error) {
	for dir := f.dir; ; dir = filepath.Dir(dir) {
		env := filepath.Join(dir, ".venv")
		if path, ok := pythonIn(env); ok {
			return Interpreter{Path: path, Source: env}, true, nil
		}
		if _, err := os.Stat(filepath.Join(env, "pyvenv.cfg")); err == nil {
			reason := fmt.Sprintf("the Python that %s was made from is gone; make the environment anew", env)
			return Interpreter{}, false, &NotFoundError{Reason: reason}
		}
		file := filepath.Join(dir, versionFile)
		if names := readVersionFile(file); len(names) > 0 {
			py, err := f.byVersionNames(ctx, names, file)
			return py, err == nil, err
		}
		if dir == filepath.Dir(dir) {
			return Interpreter{}, false, nil
		}
	}
}

// notFound is the error for a request, with the places that a search goes through.
func (f *finder) notFound(request string) *NotFoundError {
	places := []string{fmt.Sprintf("PATH (%d folders)", len(filepath.SplitList(f.env("PATH"))))}
	for _, dir := range append([]string{f.pyenvVersions(), f.uvVersions()}, f.systemFolders()...) {
		if _, err := os.Stat(dir); err == nil {
			places = append(places, dir)
		}
	}
	return &NotFoundError{Request: request, Places: places}
}

// usableUnasked: of several installed the default passes over those whose name tells that they cannot be used.
func (s spec) usableUnasked() bool {
	return !s.tooOld() && s.wantedImpl() == cpython && s.pre == ""
}
