package testpy

import (
	"context"
	"os"
	"path/filepath"

	"github.com/cantil-py/cantil/python/interp"
)

// discover finds the interpreters, by minor version. Those named in CANTIL_TEST_PYTHONS go first,
// then the CPython 3.14 of `make python3.14`, then the machine's own.
func discover() map[int]Python {
	found := map[int]Python{}
	add := func(path string, info interp.Info) {
		minor := info.Version.Minor
		if info.Supported(path) != nil || info.FreeThreaded || info.Version.Major != 3 || minor > NewestMinor {
			return
		}
		if _, ok := found[minor]; !ok {
			found[minor] = Python{Path: path, Version: info.Version.String(), Minor: minor}
		}
	}
	for _, path := range named() {
		if info, err := interp.Probe(context.Background(), path); err == nil {
			add(path, info)
		}
	}
	all, err := interp.All(context.Background(), interp.Options{Env: withoutEnvironment})
	if err != nil {
		return found // the tests then tell that there are none
	}
	for _, py := range all {
		add(py.Path, *py.Info)
	}
	return found
}

func named() []string {
	paths := filepath.SplitList(os.Getenv("CANTIL_TEST_PYTHONS"))
	if dir, err := root(); err == nil {
		paths = append(paths, filepath.Join(dir, "build", "python3.14", "bin", "python3"))
	}
	return paths
}

// withoutEnvironment hides an active virtual environment: tests use the plain installations.
func withoutEnvironment(name string) string {
	if name == "VIRTUAL_ENV" || name == "CONDA_PREFIX" {
		return ""
	}
	return os.Getenv(name)
}
