package interp

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxEntries bounds a listing of installed versions: real ones have some ten.
const maxEntries = 1000

// candidate is a program that may be an interpreter.
type candidate struct {
	path   string
	source string
	hint   spec // what its name or folder tells; empty where they tell nothing
}

// candidates are all programs that may be interpreters, in the order in which they are preferred.
func (f *finder) candidates() []candidate {
	var all []candidate
	for _, env := range []struct{ dir, source string }{
		{f.folder("VIRTUAL_ENV"), "VIRTUAL_ENV"},
		{f.folder("CONDA_PREFIX"), "CONDA_PREFIX"},
		{filepath.Join(f.dir, ".venv"), filepath.Join(f.dir, ".venv")},
	} {
		if path, ok := pythonIn(env.dir); ok && env.dir != "" {
			all = append(all, candidate{path: path, source: env.source})
		}
	}
	return append(append(all, f.allOnPath()...), f.installed()...)
}

// installed are the candidates outside PATH: pyenv's, uv's and the system's.
func (f *finder) installed() []candidate {
	all := append(versionsIn(f.pyenvVersions()), versionsIn(f.uvVersions())...)
	for _, dir := range f.systemFolders() {
		all = append(all, programsIn(dir, dir)...)
	}
	return all
}

// versionsIn lists the interpreters of a folder with one sub-folder per version, the newest first.
func versionsIn(dir string) []candidate {
	entries, _ := os.ReadDir(dir) // a folder that is not there has none
	var found []candidate
	for _, entry := range entries[:min(len(entries), maxEntries)] {
		folder := filepath.Join(dir, entry.Name())
		if path, ok := pythonIn(folder); ok {
			found = append(found, candidate{path: path, source: dir, hint: folderHint(entry.Name())})
		}
	}
	newestFirst(found)
	return found
}

// folderHint is what a folder of pyenv or uv is named for: both name the implementations that are not CPython.
func folderHint(name string) spec {
	hint, _ := parseSpec(name)
	if len(hint.parts) > 0 && hint.impl == "" {
		hint.impl = cpython
	}
	return hint
}

func newestFirst(found []candidate) {
	slices.SortStableFunc(found, func(a, b candidate) int {
		switch {
		case a.hint.newerThan(b.hint):
			return -1
		case b.hint.newerThan(a.hint):
			return 1
		}
		return 0
	})
}

// allOnPath are the interpreters on PATH, folder by folder, shims seen through.
func (f *finder) allOnPath() []candidate {
	var found []candidate
	for _, dir := range f.pathFolders() {
		for _, c := range programsIn(dir, "PATH") {
			if !isShim(c.path) {
				found = append(found, c)
			} else if path, source, ok := f.seeThrough(c.path); ok {
				found = append(found, candidate{path: path, source: source, hint: programHint(path)})
			}
		}
	}
	return found
}

// programsIn lists the interpreters of a bin folder: python3 and python, then python3.X, the newest first.
func programsIn(dir, source string) []candidate {
	var plain, versioned []candidate
	for _, name := range plainNames {
		if path := filepath.Join(dir, name+exeSuffix); isProgram(path) {
			plain = append(plain, candidate{path: path, source: source, hint: programHint(path)})
		}
	}
	matches, _ := filepath.Glob(filepath.Join(globEscape(dir), "python3.*"))
	for _, path := range matches[:min(len(matches), maxEntries)] {
		name := strings.TrimSuffix(filepath.Base(path), exeSuffix)
		if hint, ok := parseSpec(name); ok && !strings.Contains(name, "-") && isProgram(path) {
			versioned = append(versioned, candidate{path: path, source: source, hint: hint})
		}
	}
	newestFirst(versioned)
	return append(plain, versioned...)
}

// globEscape makes a folder's name stand for itself in a pattern.
func globEscape(dir string) string {
	if exeSuffix != "" {
		return dir // Windows has no escapes in patterns; brackets in PATH are not found there
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

// programHint is the version in the name of the file that path links to: python3 -> python3.11.
func programHint(path string) spec {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	hint, ok := parseSpec(strings.TrimSuffix(filepath.Base(path), exeSuffix))
	if !ok || len(hint.parts) == 0 {
		return spec{}
	}
	return hint
}

// onPath finds one program as a shell would, but sees through pyenv's shims.
func (f *finder) onPath(name string) (path, source string, ok bool) {
	if strings.ContainsAny(name, `/\`) {
		return "", "", false
	}
	for _, dir := range f.pathFolders() {
		path := filepath.Join(dir, name+exeSuffix)
		if !isProgram(path) {
			continue
		}
		if !isShim(path) {
			return path, "PATH", true
		}
		if path, source, ok := f.seeThrough(path); ok {
			return path, source, true
		}
	}
	return "", "", false
}

// pathFolders is PATH without what Go's and the shell's rules disagree on: relative folders.
func (f *finder) pathFolders() []string {
	var dirs []string
	for _, dir := range filepath.SplitList(f.env("PATH")) {
		if filepath.IsAbs(dir) && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// pythonIn finds the interpreter of an installation or a virtual environment.
func pythonIn(prefix string) (string, bool) {
	for _, name := range inPrefix {
		if path := filepath.Join(prefix, name); isProgram(path) {
			return path, true
		}
	}
	return "", false
}

// uvVersions is the folder where uv keeps the Pythons that it installs.
func (f *finder) uvVersions() string {
	if dir := f.folder("UV_PYTHON_INSTALL_DIR"); dir != "" {
		return dir
	}
	return filepath.Join(f.uvHome(), "python")
}

// readSmall reads a file that people or tools write by hand, up to a bound.
func readSmall(path string) ([]byte, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() { // opening a pipe would wait for ever
		return nil, fmt.Errorf("reading %s: no regular file", path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, smallFile))
}

// smallFile is ample for a version file or a shim; more than that is not one.
const smallFile = 16 << 10
