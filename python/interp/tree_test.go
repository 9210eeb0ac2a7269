package interp_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/python/interp"
)

// tree is a made-up machine: a home folder, a PATH, a work folder, all under one folder.
type tree struct {
	t   *testing.T
	top string
	env map[string]string
}

// mustNotRun is a program whose start a test notices: it says so in a file beside it.
const mustNotRun = "#!/bin/sh\ntouch \"$0.was-run\"\nexit 99\n"

// newTree makes a machine with these programs, none of which may be started.
func newTree(t *testing.T, programs ...string) *tree {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the made-up machines are those of Unix")
	}
	tr := &tree{t: t, top: t.TempDir(), env: map[string]string{}}
	tr.env["HOME"] = tr.path("home")
	tr.env["PATH"] = tr.path("bin1") + ":relative:" + tr.path("bin2")
	for _, name := range programs {
		program(t, tr.path(name), mustNotRun)
	}
	tr.mkdir("work/sub")
	return tr
}

func (tr *tree) path(name string) string { return filepath.Join(tr.top, name) }

func (tr *tree) mkdir(name string) {
	if err := os.MkdirAll(tr.path(name), 0o755); err != nil {
		tr.t.Fatal(err)
	}
}

func (tr *tree) write(name, content string) {
	tr.mkdir(filepath.Dir(name))
	if err := os.WriteFile(tr.path(name), []byte(content), 0o644); err != nil {
		tr.t.Fatal(err)
	}
}

// shim puts a script of pyenv's kind on PATH.
func (tr *tree) shim(names ...string) {
	for _, name := range names {
		program(tr.t, tr.path("home/.pyenv/shims/"+name), "#!/usr/bin/env bash\nexec \"/x/libexec/pyenv\" exec \"$program\" \"$@\"\n")
	}
	tr.env["PATH"] = tr.path("home/.pyenv/shims") + ":" + tr.env["PATH"]
}

// python makes a program that answers a probe as that version.
func (tr *tree) python(name, implementation, version string, freeThreaded bool) {
	build := "False"
	if freeThreaded {
		build = "True"
	}
	program(tr.t, tr.path(name), fmt.Sprintf("#!/bin/sh\nprintf '%s\\000%s.final.0\\000%s\\000%s\\000%s\\000%[5]s\\000linux'\n",
		implementation, version, build, tr.path(name), filepath.Dir(filepath.Dir(tr.path(name)))))
}

func (tr *tree) find(request string) (string, error) {
	tr.t.Helper()
	py, err := interp.Find(tr.t.Context(), request, tr.options())
	if started, _ := filepath.Glob(tr.path("*/*.was-run")); len(started) > 0 {
		tr.t.Errorf("the search ran %s", started)
	}
	name, relErr := filepath.Rel(tr.top, py.Path)
	if err == nil && relErr != nil {
		tr.t.Errorf("%s is outside", py.Path)
	}
	return name, err
}

func (tr *tree) options() interp.Options {
	return interp.Options{
		Dir: tr.path("work/sub"), Root: tr.path("root"),
		Env: func(name string) string { return strings.ReplaceAll(tr.env[name], "TOP", tr.top) },
	}
}

// everything is a machine where all sources have a Python, so that a test can see which goes first.
func everything(t *testing.T) *tree {
	tr := newTree(t, "venv/bin/python3", "venv/bin/python", "conda/bin/python", "bin1/python", "bin2/python3", "work/.venv/bin/python3",
		"home/.pyenv/versions/3.12.1/bin/python3", "home/.pyenv/versions/3.9.18/bin/python3", "home/.pyenv/versions/3.14.0rc1/bin/python3",
		"home/.pyenv/versions/pypy3.10-7.3/bin/python3", "home/.pyenv/versions/3.10.2/bin/python3", "home/.pyenv/versions/2.7.18/bin/python",
		"home/.local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3", "root/usr/bin/python3", "root/usr/bin/python3.11")
	tr.shim("python3", "python")
	tr.write("home/.pyenv/version", "3.10\n")
	tr.write("work/.python-version", "3.9\n")
	tr.env["VIRTUAL_ENV"], tr.env["CONDA_PREFIX"], tr.env["PYENV_VERSION"] = tr.path("venv"), tr.path("conda"), "3.12.1"
	return tr
}

func TestDefaultOrder(t *testing.T) {
	tr := everything(t)
	remove := func(name string) {
		if err := os.RemoveAll(tr.path(name)); err != nil {
			t.Fatal(err)
		}
	}
	unset := func(name string) func() { return func() { delete(tr.env, name) } }
	for _, step := range []struct {
		want string
		then func() // takes that source away
	}{
		{"venv/bin/python3", unset("VIRTUAL_ENV")},
		{"conda/bin/python", unset("CONDA_PREFIX")},
		{"home/.pyenv/versions/3.12.1/bin/python3", unset("PYENV_VERSION")},
		{"work/.venv/bin/python3", func() { remove("work/.venv") }},
		{"home/.pyenv/versions/3.9.18/bin/python3", func() { remove("work/.python-version") }},
		{"home/.pyenv/versions/3.10.2/bin/python3", func() { remove("home/.pyenv/version") }}, // what the shim would start
		{"bin2/python3", func() { remove("bin2") }},
		{"bin1/python", func() { remove("bin1") }},
		{"home/.pyenv/versions/3.12.1/bin/python3", func() { remove("home/.pyenv/versions") }}, // the newest release
		{"home/.local/share/uv/python/cpython-3.13.1-linux-x86_64-gnu/bin/python3", func() { remove("home/.local") }},
		{"root/usr/bin/python3", func() { remove("root") }},
	} {
		if runtime.GOOS == "darwin" && strings.HasPrefix(step.want, "root") {
			break // /usr/bin is not looked at there
		}
		got, err := tr.find("")
		if err != nil || got != step.want {
			t.Fatalf("got %s, %v, want %s", got, err, step.want)
		}
		step.then()
	}
	_, err := tr.find("")
	var none *interp.NotFoundError
	if !errors.As(err, &none) || !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "no Python found; looked in PATH (4 folders)") {
		t.Errorf("with nothing left: %v", err)
	}
}

func TestCondaBaseIsNotActivatedByAnyone(t *testing.T) {
	tr := newTree(t, "conda/bin/python", "bin1/python3")
	tr.env["CONDA_PREFIX"], tr.env["CONDA_DEFAULT_ENV"] = tr.path("conda"), "base"
	if got, err := tr.find(""); err != nil || got != "bin1/python3" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestTheNearerFolderWins(t *testing.T) {
	tr := newTree(t, "work/.venv/bin/python3", "home/.pyenv/versions/3.9.18/bin/python3")
	tr.write("work/sub/.python-version", "3.9.18\n")
	if got, err := tr.find(""); err != nil || got != "home/.pyenv/versions/3.9.18/bin/python3" {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestABrokenEnvironmentIsAnError(t *testing.T) {
	for name, breakIt := range map[string]func(*tree){
		"VIRTUAL_ENV":     func(tr *tree) { tr.env["VIRTUAL_ENV"] = tr.path("gone") },
		".venv":           func(tr *tree) { tr.write("work/.venv/pyvenv.cfg", "home = /gone\n") },
		".python-version": func(tr *tree) { tr.write("work/.python-version", "3.99\n") },
		"PYENV_VERSION":   func(tr *tree) { tr.env["PYENV_VERSION"] = "3.99" },
	} {
		tr := newTree(t)
		tr.python("bin1/python3", "cpython", "3.12.1", false)
		breakIt(tr)
		got, err := tr.find("")
		var none *interp.NotFoundError
		if !errors.As(err, &none) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
}

func TestVersionFile(t *testing.T) {
	for content, want := range map[string]string{
		"3.12.1":                         "3.12.1",
		"3.12":                           "3.12.4", // the newest release with that prefix
		"3":                              "3.13.0",
		"3.1":                            "", // not a prefix of 3.12, by pyenv's rule
		"python-3.12.1":                  "3.12.1",
		"\n# a comment\n\t3.12.1\r\n3.9": "3.12.1",
		"3.99\n3.9.18\n":                 "3.9.18",
		"3.13t":                          "3.13.0t",
		"3.13":                           "3.13.0",
		"my-env extra words":             "my-env",
		"3.14-dev":                       "3.14-dev",
		"3.14":                           "", // neither the development version nor the candidate
		"../../../bin1":                  "",
		"system":                         "bin1",
		"2.7.18":                         "",
		"\x00\xff":                       "",
	} {
		tr := newTree(t, "bin1/python3")
		for _, v := range []string{"3.12.1", "3.12.4", "3.12.5rc1", "3.9.18", "3.13.0", "3.13.0t", "my-env", "3.14-dev", "3.14.0a1", "2.7.18"} {
			program(t, tr.path("home/.pyenv/versions/"+v+"/bin/python3"), mustNotRun)
		}
		// Versions that pyenv does not have are looked for elsewhere; here, nothing else may answer.
		tr.env["PATH"] = tr.path("bin1")
		tr.write("work/.python-version", content)
		got, err := interp.Find(t.Context(), "", tr.options())
		if want == "" {
			if err == nil {
				t.Errorf("%q: got %s, want an error", content, got.Path)
			}
			continue
		}
		wantPath := tr.path("home/.pyenv/versions/" + want + "/bin/python3")
		if want == "bin1" {
			wantPath = tr.path("bin1/python3")
		}
		if err != nil || got.Path != wantPath || got.Source != tr.path("work/.python-version") {
			t.Errorf("%q: got %s of %s, %v, want %s", content, got.Path, got.Source, err, wantPath)
		}
	}
}

func TestVersionRequests(t *testing.T) {
	tr := newTree(t)
	tr.python("bin1/python3", "cpython", "3.11.2", false)
	tr.python("bin2/python3.8", "cpython", "3.8.20", false)
	tr.python("bin2/python3", "cpython", "3.8.20", false)
	tr.python("bin2/pypy3", "pypy", "3.10.14", false)
	tr.python("home/.pyenv/versions/3.12.1/bin/python3", "cpython", "3.12.1", false)
	tr.python("home/.pyenv/versions/3.12.10/bin/python3", "cpython", "3.12.10", false)
	tr.python("home/.pyenv/versions/3.13.0t/bin/python3", "cpython", "3.13.0", true)
	tr.python("home/.pyenv/versions/3.5.9/bin/python3", "cpython", "3.5.9", false)
	tr.python("home/.local/share/uv/python/cpython-3.13.2-linux-x86_64-gnu/bin/python3", "cpython", "3.13.2", false)
	tr.python("root/usr/bin/python3.7", "cpython", "3.7.3", false)
	tr.python("home/.pyenv/versions/my-env/bin/python", "cpython", "3.9.1", false)
	tr.python("work/sub/folder/bin/python", "cpython", "3.9.2", false)
	program(t, tr.path("root/usr/bin/python3.6"), "#!/bin/sh\necho broken >&2; exit 1\n")
	for request, want := range map[string]string{
		"3":                          "bin1/python3",
		" 3.12 ":                     "home/.pyenv/versions/3.12.10/bin/python3", // by number, not by letter
		"3.12.1":                     "home/.pyenv/versions/3.12.1/bin/python3",
		"3.13":                       "home/.local/share/uv/python/cpython-3.13.2-linux-x86_64-gnu/bin/python3",
		"3.13t":                      "home/.pyenv/versions/3.13.0t/bin/python3",
		"3.13+freethreaded":          "home/.pyenv/versions/3.13.0t/bin/python3",
		"3.8":                        "bin2/python3",
		"python3.8":                  "bin2/python3.8",
		"python3":                    "bin1/python3",
		"python":                     "bin1/python3", // there is none on PATH, so any
		"python3.12":                 "home/.pyenv/versions/3.12.10/bin/python3",
		"cpython@3.12.1":             "home/.pyenv/versions/3.12.1/bin/python3",
		"cpython-3.13.2-linux-x86":   "home/.local/share/uv/python/cpython-3.13.2-linux-x86_64-gnu/bin/python3",
		"my-env":                     "home/.pyenv/versions/my-env/bin/python",
		"folder":                     "work/sub/folder/bin/python",
		"./folder":                   "work/sub/folder/bin/python",
		"../../bin1/python3":         "bin1/python3",
		"~/.pyenv/versions/3.13.0t/": "home/.pyenv/versions/3.13.0t/bin/python3",
		"TOP/bin2/python3.8":         "bin2/python3.8",
		// errors, by a part of their text
		"3.12.2":           "!no Python \"3.12.2\" found; looked in PATH (3 folders), ",
		"3.5":              "!Python 3.5 cannot be used: it is too old: CPython 3.6 or newer is needed",
		"2.7":              "!Python 2.7 cannot be used: it is too old",
		"pypy":             "!it is pypy, and CPython is needed",
		"pypy@3.10":        "!it is pypy, and CPython is needed",
		"pypy3":            "!it is pypy, and CPython is needed",
		"/none/python":     "!there is no such file",
		"./.":              "!the folder has no Python in it",
		"TOP/bin1/../home": "!the folder has no Python in it",
		"nonsense":         "!no Python \"nonsense\" found; looked in",
		"3.12.1.5":         "!no Python \"3.12.1.5\" found",
		"99999999999":      "!no Python \"99999999999\" found",
		"a\x00b":           "!no Python \"a\\x00b\" found",
		"3.13.0":           "!install it (pyenv install 3.13.0, or uv python install 3.13.0)",
	} {
		if runtime.GOOS == "darwin" && strings.Contains(want, "root/usr/bin") {
			continue
		}
		got, err := tr.find(strings.ReplaceAll(request, "TOP", tr.top))
		text, isError := strings.CutPrefix(want, "!")
		switch {
		case isError && (err == nil || !strings.Contains(err.Error(), text)):
			t.Errorf("%q: got %s, %v, want an error with %q", request, got, err, text)
		case !isError && (err != nil || got != want):
			t.Errorf("%q: got %s, %v, want %s", request, got, err, want)
		}
	}
	if runtime.GOOS == "linux" {
		if _, err := tr.find("3.6"); err == nil || !strings.Contains(err.Error(), "exit status 1 (broken)") {
			t.Errorf("a broken one is not told: %v", err)
		}
		if got, err := tr.find("3.7"); err != nil || got != "root/usr/bin/python3.7" {
			t.Errorf("the system's: %s, %v", got, err)
		}
	}
}

func TestAnActiveEnvironmentGoesFirstForItsVersion(t *testing.T) {
	tr := newTree(t)
	tr.python("bin1/python3.12", "cpython", "3.12.1", false)
	tr.python("venv/bin/python3", "cpython", "3.12.1", false)
	tr.env["VIRTUAL_ENV"] = tr.path("venv")
	for request, want := range map[string]string{"3.12": "venv/bin/python3", "3": "venv/bin/python3", "python3.12": "bin1/python3.12"} {
		if got, err := tr.find(request); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", request, got, err, want)
		}
	}
}

func TestRelativeFoldersInTheEnvironment(t *testing.T) {
	tr := newTree(t, "work/env/bin/python3")
	tr.env["VIRTUAL_ENV"] = "../env"
	if got, err := tr.find(""); err != nil || got != "work/env/bin/python3" {
		t.Errorf("got %s, %v", got, err)
	}
	bare := newTree(t)
	program(t, bare.path("work/sub/.pyenv/versions/3.12.1/bin/python3"), mustNotRun)
	delete(bare.env, "HOME")
	if got, err := bare.find(""); err == nil {
		t.Errorf("without a home, the working folder was taken for it: %s", got)
	}
}

func TestWhatIsNoProgramIsPassedOver(t *testing.T) {
	tr := newTree(t, "bin2/python3")
	tr.write("bin1/python3", "not executable")
	tr.mkdir("bin1/python")
	if err := os.Symlink(tr.path("gone"), tr.path("bin1/python3.12")); err != nil {
		t.Fatal(err)
	}
	if got, err := tr.find(""); err != nil || got != "bin2/python3" {
		t.Errorf("got %s, %v", got, err)
	}
	if _, err := tr.find("./../../bin1/python3"); err == nil || !strings.Contains(err.Error(), "the file is not executable") {
		t.Errorf("%v", err)
	}
}
