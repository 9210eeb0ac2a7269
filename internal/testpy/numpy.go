package testpy

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cantil-py/cantil/python/interp"
)

// NumPyPython is an interpreter that has numpy.
type NumPyPython struct {
	Path  string
	NumPy string // the version of numpy, "1.24.2"
	Major int    // 1
	Minor int    // 24
}

// NumPy returns an interpreter with each version of numpy found, the oldest first.
// The tests want 1.24; where there is none they are skipped, or fail when CI=true.
// Those named in CANTIL_TEST_PYTHONS count as well.
func NumPy(t testing.TB) []NumPyPython {
	t.Helper()
	all := numpys()
	var versions []string
	for _, py := range all {
		versions = append(versions, py.NumPy)
	}
	if len(all) == 0 {
		none := "NO NUMPY FOUND: this test needs a Python with numpy (Debian: apt-get install python3-numpy), on PATH or named in CANTIL_TEST_PYTHONS"
		if os.Getenv("CI") == "true" {
			t.Fatal(none)
		}
		t.Skip(none)
	}
	t.Logf("tested with numpy %s", strings.Join(versions, ", "))
	return all
}

// numpys is found once for a test binary: it runs every interpreter there is.
var numpys = sync.OnceValue(func() []NumPyPython {
	paths := named()
	found, _ := interp.All(context.Background(), interp.Options{Env: withoutEnvironment})
	for _, py := range found {
		paths = append(paths, py.Path)
	}
	var all []NumPyPython
	seen := map[string]bool{}
	for _, path := range paths {
		if py, ok := numpyOf(path); ok && !seen[py.NumPy] {
			seen[py.NumPy] = true
			all = append(all, py)
		}
	}
	slices.SortFunc(all, func(a, b NumPyPython) int {
		return cmp.Or(cmp.Compare(a.Major, b.Major), cmp.Compare(a.Minor, b.Minor))
	})
	return all
})

// numpyOf asks the interpreter at path; most have none.
func numpyOf(path string) (NumPyPython, bool) {
	out, err := exec.Command(path, "-c", "import numpy; print(numpy.__version__)").Output()
	if err != nil {
		return NumPyPython{}, false
	}
	py := NumPyPython{Path: path, NumPy: strings.TrimSpace(string(out))}
	_, err = fmt.Sscanf(py.NumPy, "%d.%d", &py.Major, &py.Minor)
	return py, err == nil
}
