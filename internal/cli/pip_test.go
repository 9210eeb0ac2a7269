package cli

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestPip runs the first half of testdata/pip.txtar with the newest CPython, and with
// CANTIL_SLOW=1 the whole with the oldest, the newest and one between.
// pip installs from an index of our own on the loopback interface, into virtual
// environments in the folder of the test.
func TestPip(t *testing.T) {
	pythons := withVenv(t, testpy.All(t))
	if os.Getenv("CANTIL_SLOW") == "1" {
		pythons = slices.Compact([]testpy.Python{pythons[0], pythons[len(pythons)/2], pythons[len(pythons)-1]}) // each takes half a minute
	} else {
		pythons = pythons[len(pythons)-1:]
		t.Logf("some of pip of %s; CANTIL_SLOW=1 tests the rest, and more Pythons", pythons[0].Version)
	}
	index := serveIndex(t, map[string][]byte{
		"demo-1.0-py3-none-any.whl": wheel(t, "demo", "1.0", "def double(x):\n    return 2 * x\n", ""),
		"demo-2.0-py3-none-any.whl": wheel(t, "demo", "2.0", "def double(x):\n    return x + x\n", ""),
		"pip-99.0-py3-none-any.whl": wheel(t, "pip", "99.0", "", fakePip),
	})
	for _, py := range pythons {
		t.Run("py"+py.Version, func(t *testing.T) {
			t.Parallel()
			params := scriptParams(t)
			plain := withIndex(params.Setup, index)
			params.Setup = func(env *testscript.Env) error {
				err := plain(env)
				env.Setenv("PYTHON", py.Path)
				env.Setenv("PATH", filepath.Dir(py.Path)+string(filepath.ListSeparator)+env.Getenv("PATH"))
				return err
			}
			params.Condition = func(name string) (bool, error) { return name == "slow" && os.Getenv("CANTIL_SLOW") == "1", nil }
			params.Files = []string{filepath.Join("testdata", "pip.txtar")}
			testscript.Run(t, params)
		})
	}
}

// TestPipArgs is where pip's own flags begin.
func TestPipArgs(t *testing.T) {
	root := newRoot(System(), commands(System()))
	for line, want := range map[string]string{
		"pip --version":                  "pip -- --version",
		"pip -V":                         "pip -- -V",
		"pip -hv":                        "pip -- -hv",
		"pip -h":                         "pip -h",
		"pip --help":                     "pip --help",
		"pip install --version":          "pip install --version",
		"pip --python 3.8 -q list":       "pip --python 3.8 -- -q list",
		"pip --python=3.8 --venv -q":     "pip --python=3.8 --venv -- -q",
		"pip --json --proxy URL --json":  "pip --json -- --proxy URL --json",
		"pip -- --version":               "pip -- --version",
		"pip --python":                   "pip --python",
		"pip":                            "pip",
		"run --version":                  "run --version",
		"":                               "",
		"pip --upgrade-pip --user --pre": "pip --upgrade-pip -- --user --pre",
	} {
		if got := strings.Join(pipArgs(root, strings.Fields(line)), " "); got != want {
			t.Errorf("%q became %q, want %q", line, got, want)
		}
	}
}

// withVenv are the Pythons that can make a virtual environment with pip in it.
func withVenv(t *testing.T, pythons []testpy.Python) (able []testpy.Python) {
	t.Helper()
	for _, py := range pythons {
		if out, err := exec.Command(py.Path, "-c", "import ensurepip, venv").CombinedOutput(); err != nil {
			t.Logf("NOT TESTED with CPython %s, which has no venv or ensurepip (Debian: apt-get install python3-venv): %s", py.Version, out)
			continue
		}
		able = append(able, py)
	}
	if len(able) == 0 {
		t.Skip("NOT TESTED: no CPython here has venv and ensurepip (Debian: apt-get install python3-venv)")
	}
	return able
}

// withIndex makes pip use the index at this address, and nothing else.
func withIndex(setup func(*testscript.Env) error, index string) func(*testscript.Env) error {
	return func(env *testscript.Env) error {
		env.Setenv("PIP_CONFIG_FILE", os.DevNull)
		env.Setenv("PIP_INDEX_URL", index)
		env.Setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
		return setup(env)
	}
}

// fakePip is the program of the new pip that our index has.
const fakePip = `import sys
print('[{"name": "pip", "version": "99.0"}]' if "list" in sys.argv else "pip 99.0 from our index")
`

// wheel is a wheel of one package: its __init__.py, and its __main__.py if it has one.
func wheel(t *testing.T, name, version, code, main string) []byte {
	t.Helper()
	info := fmt.Sprintf("%s-%s.dist-info/", name, version)
	files := []struct{ name, text string }{
		{name + "/__init__.py", code},
		{info + "METADATA", fmt.Sprintf("Metadata-Version: 2.1\nName: %s\nVersion: %s\n", name, version)},
		{info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
	}
	if main != "" {
		files = append(files, struct{ name, text string }{name + "/__main__.py", main})
	}
	record := info + "RECORD,,\n"
	for _, f := range files {
		record += f.name + ",,\n"
	}
	files = append(files, struct{ name, text string }{info + "RECORD", record})
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, f := range files {
		w, err := archive.Create(f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// serveIndex serves the wheels as a simple index (PEP 503) and returns its address.
func serveIndex(t *testing.T, wheels map[string][]byte) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if file, ok := wheels[filepath.Base(r.URL.Path)]; ok {
			_, _ = w.Write(file)
			return
		}
		project := filepath.Base(r.URL.Path)
		page := ""
		for name := range wheels {
			if strings.HasPrefix(name, project+"-") {
				page += fmt.Sprintf("<a href=\"/files/%s\">%s</a>\n", name, name)
			}
		}
		if page == "" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<!DOCTYPE html><html><body>%s</body></html>", page)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/simple/"
}
