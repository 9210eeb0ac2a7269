package testpy

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// probeTimeout is ample for an interpreter that prints three numbers, even on a loaded machine.
const probeTimeout = 20 * time.Second

// candidates lists paths that may be interpreters, the preferred first.
func candidates() []string {
	paths := filepath.SplitList(os.Getenv("CANTIL_TEST_PYTHONS"))
	if dir, err := root(); err == nil {
		paths = append(paths, filepath.Join(dir, "build", "python3.14", "bin", "python3"))
	}
	pyenv := os.Getenv("PYENV_ROOT")
	if home, err := os.UserHomeDir(); pyenv == "" && err == nil {
		pyenv = filepath.Join(home, ".pyenv")
	}
	versions, _ := filepath.Glob(filepath.Join(pyenv, "versions", "3.*", "bin", "python3"))
	paths = append(paths, versions...)
	for minor := OldestMinor; minor <= NewestMinor; minor++ {
		paths = append(paths, onPath(fmt.Sprintf("python3.%d", minor))...)
	}
	return append(paths, onPath("python3")...)
}

// onPath finds every program of that name on PATH, but for pyenv's slow shims.
func onPath(name string) []string {
	var found []string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if filepath.Base(dir) == "shims" {
			continue
		}
		if path, err := exec.LookPath(filepath.Join(dir, name)); err == nil && filepath.IsAbs(path) {
			found = append(found, path)
		}
	}
	return found
}

// probe asks an interpreter what it is; only a CPython 3 is one.
func probe(path string) (Python, error) {
	ctx, cancel := context.WithTimeout(context.Background(), probeTimeout)
	defer cancel()
	const code = "import sys; print(sys.implementation.name, '%d.%d.%d' % sys.version_info[:3])"
	out, err := exec.CommandContext(ctx, path, "-I", "-S", "-c", code).Output()
	if err != nil {
		return Python{}, fmt.Errorf("asking %s for its version: %w", path, err)
	}
	py := Python{Path: path, Version: strings.TrimSpace(strings.TrimPrefix(string(out), "cpython "))}
	if _, err := fmt.Sscanf(py.Version, "3.%d", &py.Minor); err != nil {
		return Python{}, fmt.Errorf("%s is not CPython 3: %q", path, out)
	}
	return py, nil
}
