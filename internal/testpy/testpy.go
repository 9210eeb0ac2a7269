// Package testpy gives tests the real Pythons of this machine. Call [Each] to run a
// test once per supported minor version, [EachOfSome] for one that takes seconds with
// each, or [Newest] where one will do.
//
// A version that is missing is told loudly, with the way to get it. Where there
// is none at all the test is skipped, or fails when CI=true.
package testpy

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cantil-py/cantil/python/interp"
)

// The minor versions of CPython 3 that cantil supports.
const (
	OldestMinor = interp.OldestMinor
	NewestMinor = 14
)

// runTimeout bounds one program of a test; a hung Python must not hang the tests.
const runTimeout = 2 * time.Minute

// Python is one interpreter.
type Python struct {
	Path    string // absolute
	Version string // "3.12.1"
	Minor   int    // 12
}

// All returns the interpreters found, one for each minor version, oldest first.
func All(t testing.TB) []Python {
	t.Helper()
	found := pythons()
	var all []Python
	var ran, missing []string
	for minor := OldestMinor; minor <= NewestMinor; minor++ {
		py, ok := found[minor]
		if !ok {
			missing = append(missing, fmt.Sprintf("CPython 3.%d is MISSING and not tested: %s", minor, howToGet(minor)))
			continue
		}
		all, ran = append(all, py), append(ran, py.Version)
	}
	for _, line := range missing {
		t.Log(line)
	}
	if len(all) == 0 {
		none(t)
	}
	t.Logf("tested with CPython %s", strings.Join(ran, ", "))
	return all
}

// Each runs f as a subtest for every interpreter of [All].
func Each(t *testing.T, f func(t *testing.T, py Python)) {
	t.Helper()
	for _, py := range All(t) {
		t.Run("py"+py.Version, func(t *testing.T) { f(t, py) })
	}
}

// Some returns four of the interpreters of [All], or all of them when CANTIL_SLOW=1:
// the oldest, the last with and the first without the old ways of profiling (3.11 and
// 3.12), and the newest.
func Some(t testing.TB) []Python {
	t.Helper()
	all := All(t)
	if os.Getenv("CANTIL_SLOW") == "1" {
		return all
	}
	var some []Python
	var left []string
	for i, py := range all {
		if i == 0 || i == len(all)-1 || py.Minor == 11 || py.Minor == 12 {
			some = append(some, py)
		} else {
			left = append(left, py.Version)
		}
	}
	if len(left) > 0 {
		t.Logf("left out here: CPython %s; CANTIL_SLOW=1 tests all", strings.Join(left, ", "))
	}
	return some
}

// EachOfSome runs f as a subtest for every interpreter of [Some].
func EachOfSome(t *testing.T, f func(t *testing.T, py Python)) {
	t.Helper()
	for _, py := range Some(t) {
		t.Run("py"+py.Version, func(t *testing.T) { f(t, py) })
	}
}

// Newest returns the newest interpreter.
func Newest(t testing.TB) Python {
	t.Helper()
	all := All(t)
	return all[len(all)-1]
}

// Run runs code as `python -c code args...` and returns its stdout.
// The test fails at once, with the program's stderr, when it exits other than 0.
func Run(t testing.TB, py Python, code string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, py.Path, append([]string{"-c", code}, args...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("Python %s: %v\n%s", py.Version, err, stderr.String())
	}
	return string(out)
}

// Root returns the root folder of the repository: the nearest ancestor with cantil's go.mod.
func Root(t testing.TB) string {
	t.Helper()
	root, err := root()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// root stands apart from Root because the search for interpreters has no test to fail.
func root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module github.com/cantil-py/cantil\n") {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("finding the repository: no go.mod of cantil above the working folder")
		}
		dir = filepath.Dir(dir)
	}
}

// none ends a test for which there is no Python.
func none(t testing.TB) {
	t.Helper()
	const message = "NO PYTHON FOUND: this test needs a CPython 3.6 to 3.14 on PATH (Debian: apt-get install python3), or `make python3.14`"
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
}

func howToGet(minor int) string {
	if minor == NewestMinor {
		return "run `make python3.14`"
	}
	return fmt.Sprintf("run `pyenv install 3.%d`, or name one in CANTIL_TEST_PYTHONS", minor)
}

// pythons is found once for a test binary: it runs every interpreter there is.
var pythons = sync.OnceValue(discover)
