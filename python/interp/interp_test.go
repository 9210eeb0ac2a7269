package interp_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/python/interp"
)

func TestFindByPathAndVersionEveryInstalledPython(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		info, err := interp.Probe(t.Context(), py.Path)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Split(strings.TrimSpace(testpy.Run(t, py,
			"import sys; print(sys.prefix, sys.base_prefix, sys.executable, sys.platform, sys.implementation.name, sep='\\n')")), "\n")
		got := []string{info.Prefix, info.BasePrefix, info.Executable, info.Platform, info.Implementation}
		if strings.Join(got, "|") != strings.Join(want, "|") || info.Version.String() != py.Version {
			t.Errorf("probe says %s %q, the interpreter %s %q", info.Version, got, py.Version, want)
		}
		if err := info.Supported(py.Path); err != nil {
			t.Error(err)
		}
		byPath, err := interp.Find(t.Context(), py.Path, interp.Options{})
		if err != nil || byPath.Path != py.Path || byPath.Info != nil {
			t.Errorf("by path: %+v, %v", byPath, err)
		}
		// CANTIL_TEST_PYTHONS and build/ are not where Find looks.
		byVersion, err := interp.Find(t.Context(), py.Version, interp.Options{Env: with("VIRTUAL_ENV", info.Prefix)})
		if err != nil || byVersion.Info == nil || byVersion.Info.Version != info.Version {
			t.Errorf("by version %s: %+v, %v", py.Version, byVersion, err)
		}
	})
}

// with is the environment with one variable changed.
func with(name, value string) func(string) string {
	return func(n string) string {
		if n == name {
			return value
		}
		return os.Getenv(n)
	}
}

func TestProbeOfAVirtualEnvironment(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		dir := filepath.Join(t.TempDir(), "env with space")
		testpy.Run(t, py, "import sys, venv; venv.create(sys.argv[1], symlinks=True)", dir)
		found, err := interp.Find(t.Context(), "", interp.Options{Env: with("VIRTUAL_ENV", dir)})
		if err != nil {
			t.Fatal(err)
		}
		info, err := interp.Probe(t.Context(), found.Path)
		if err != nil || info.Prefix != dir || info.BasePrefix == dir || info.Version.String() != py.Version {
			t.Errorf("%+v, %v", info, err)
		}
	})
}

func TestProbeOfWhatIsNoPython(t *testing.T) {
	dir := t.TempDir()
	for name, script := range map[string]string{
		"fails":  "#!/bin/sh\necho oh no >&2\nexit 3\n",
		"other":  "#!/bin/sh\necho 3.12.1\n",
		"floods": "#!/bin/sh\nexec cat /dev/zero\n",
	} {
		path := program(t, filepath.Join(dir, name), script)
		info, err := interp.Probe(t.Context(), path)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
}

func TestProbeEndsWithItsContext(t *testing.T) {
	path := program(t, filepath.Join(t.TempDir(), "sleeps"), "#!/bin/sh\nexec sleep 60\n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := interp.Probe(ctx, path); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAllFindsEachOnce(t *testing.T) {
	all, err := interp.All(t.Context(), interp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, py := range all {
		key := py.Info.Prefix + " " + py.Info.Version.String()
		if seen[key] {
			t.Errorf("%s is told twice", key)
		}
		seen[key] = true
	}
	if len(all) == 0 {
		t.Skip("no Python on this machine")
	}
}

// program writes an executable file, with its folders.
func program(t *testing.T, path, script string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
