// Package interp finds the Python interpreters of a machine and tells what they
// are. Call [Find] for the one to run a program with, [Probe] to learn its
// version, [All] for every one there is.
//
// # The order
//
// Find with no request answers what `python` means to the person in that folder:
//
//  1. VIRTUAL_ENV, else CONDA_PREFIX unless it is conda's base: somebody activated it.
//  2. PYENV_VERSION: somebody chose it for this shell.
//  3. The nearest folder, from Options.Dir upwards, with a .venv or a .python-version.
//     Of two in one folder .venv goes first: it holds the packages of the project, and
//     tools that write both (uv) make the one from the other.
//  4. PATH: python3, else python. A shim of pyenv is seen through, by pyenv's own
//     rules; running it would cost 0.2 s a start.
//  5. The newest of pyenv's versions, then of uv's, then the system's own folders.
//
// An environment that is named but broken is an error, never passed over in silence:
// a program measured under another interpreter gives figures that mislead. For the
// same reason a .python-version that asks for a version that is not installed is an
// error, where pyenv falls back on the system's Python without a word.
//
// Nothing is executed where names and files decide; a version request ("3.12") is
// confirmed by running the interpreter once, for some 20 ms.
package interp

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Interpreter is a Python and why it was chosen.
type Interpreter struct {
	// Path is absolute. Links are kept: a virtual environment is the link to its Python.
	Path string
	// Source says where it came from, for people: "VIRTUAL_ENV", "PATH", "/x/.python-version".
	Source string
	// Info is nil unless the search had to run the interpreter; see Probe.
	Info *Info
}

// Options is what a search depends on. The zero value is this process and this machine.
type Options struct {
	Dir  string                   // where the search for .venv and .python-version starts; "" is the working folder
	Env  func(name string) string // the environment; nil is os.Getenv
	Root string                   // put before the system's own folders (/usr/bin...), for tests; "" is the real ones
}

// Find returns the interpreter asked for:
//
//	""                        the default, see the package
//	"./venv", "/opt/py/bin/python3", "~/x"   a program, or the folder of an environment
//	"3", "3.12", "3.12.1"     the first such CPython; within one source, the newest
//	"3.13t"                   the same, free-threaded; plain "3.13" is never that
//	"python3.8", "my-python"  a program on PATH, else, of python3.8, that version anywhere
//	"cpython@3.12"            the same as "3.12", as uv writes it
//	"my-env"                  an environment among pyenv's versions
//
// The error is a *NotFoundError, or a *UnsupportedError where names or a probe tell that
// cantil cannot run programs with what was asked for: Python 2, PyPy.
func Find(ctx context.Context, request string, opts Options) (Interpreter, error) {
	f, err := newFinder(opts)
	if err != nil {
		return Interpreter{}, err
	}
	py, err := f.find(ctx, strings.TrimSpace(request))
	if err != nil {
		return Interpreter{}, err
	}
	if unfit := f.refuseKnown(py.Path); unfit != nil {
		return Interpreter{}, unfit
	}
	return py, nil
}

func (f *finder) find(ctx context.Context, request string) (Interpreter, error) {
	switch {
	case request == "":
		return f.byDefault(ctx)
	case isPath(request):
		return f.byPath(request)
	}
	spec, isSpec := parseSpec(request)
	if !isSpec || spec.named {
		if py, ok := f.byName(request); ok {
			return py, nil
		}
	}
	if isSpec {
		return f.bySpec(ctx, request, spec)
	}
	return Interpreter{}, f.notFound(request)
}

// byName finds a program of that name on PATH, an environment among pyenv's, or
// an environment in a folder of that name.
func (f *finder) byName(name string) (Interpreter, bool) {
	if path, source, ok := f.onPath(name); ok {
		return Interpreter{Path: path, Source: source}, true
	}
	for _, dir := range []string{filepath.Join(f.pyenvVersions(), name), filepath.Join(f.dir, name)} {
		if path, ok := pythonIn(dir); ok {
			return Interpreter{Path: path, Source: dir}, true
		}
	}
	return Interpreter{}, false
}

// isPath tells "./x", "/x/y" and "~/x" from names and versions.
func isPath(request string) bool {
	return strings.ContainsRune(request, '/') || strings.ContainsRune(request, filepath.Separator) ||
		strings.HasPrefix(request, "~") || strings.HasPrefix(request, ".")
}

func (f *finder) byPath(request string) (Interpreter, error) {
	path := request
	if path == "~" || strings.HasPrefix(path, "~/") {
		path = filepath.Join(f.home, path[1:])
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(f.dir, path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return Interpreter{}, &NotFoundError{Request: request, Reason: "there is no such file"}
	}
	if info.IsDir() {
		inside, ok := pythonIn(path)
		if !ok {
			return Interpreter{}, &NotFoundError{Request: request, Reason: "the folder has no Python in it"}
		}
		return Interpreter{Path: inside, Source: "the path asked for"}, nil
	}
	if !isProgram(path) {
		return Interpreter{}, &NotFoundError{Request: request, Reason: "the file is not executable"}
	}
	return Interpreter{Path: filepath.Clean(path), Source: "the path asked for"}, nil
}

// refuseKnown refuses a Python whose file or folder tells that cantil cannot use it. It costs no
// start of the program; what names do not tell, [Info.Supported] does after a probe.
func (f *finder) refuseKnown(path string) error {
	hint := programHint(path)
	if folder := filepath.Dir(filepath.Dir(path)); filepath.Dir(folder) == f.pyenvVersions() {
		hint = folderHint(filepath.Base(folder))
	}
	what := fmt.Sprintf("Python %s at %s", hint, path)
	switch {
	case hint.wantedImpl() != cpython:
		return &UnsupportedError{What: what, Reason: otherReason(hint.impl)}
	case hint.tooOld():
		return &UnsupportedError{What: what, Reason: tooOldReason}
	}
	return nil
}

// bySpec runs the candidates that may be of that version, in order, until one is.
func (f *finder) bySpec(ctx context.Context, request string, want spec) (Interpreter, error) {
	if want.tooOld() {
		return Interpreter{}, &UnsupportedError{What: "Python " + want.String(), Reason: tooOldReason}
	}
	missing := f.notFound(request)
	var unfit error
	for _, c := range withoutLinks(f.candidates()) {
		if !want.mayBe(c.hint) {
			continue
		}
		info, err := Probe(ctx, c.path)
		if ctx.Err() != nil {
			return Interpreter{}, ctx.Err()
		}
		if err != nil {
			missing.Broken = append(missing.Broken, err)
			continue
		}
		if !want.is(info) {
			continue
		}
		if err := info.Supported(c.path); err != nil {
			unfit = err
			continue
		}
		return Interpreter{Path: c.path, Source: c.source, Info: &info}, nil
	}
	if unfit != nil {
		return Interpreter{}, unfit
	}
	return Interpreter{}, missing
}
