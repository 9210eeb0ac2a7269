package interp_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/python/interp"
)

// TestShimsAreSeenThroughAsPyenvDoes asks the real pyenv what its shims would start.
func TestShimsAreSeenThroughAsPyenvDoes(t *testing.T) {
	pyenv, err := exec.LookPath("pyenv")
	if err != nil {
		t.Skip("no pyenv to compare with (see https://github.com/pyenv/pyenv)")
	}
	cases := []struct{ file, variable, command string }{
		{"", "", "python3"}, {"# c\n  3.99 x\r\npython-3.12\n", "", "python3"}, {"3.12\n", "3.8:3.13", "python3.13"}, {"3.99\n", "", "python3"},
		// the rest only when CANTIL_SLOW=1
		{"", "", "python"}, {"3.12\n", "", "python3"}, {"3.12\n", "", "python3.12"}, {"3.12\n", "", "python3.11"},
		{"3.10\n3.9\n", "", "python3.9"}, {"python-3.8\n", "", "python"}, {"system\n", "", "python3"}, {"3.1\n", "", "python3"},
		{"3.12\n", "3.8", "python3"}, {"", "system", "python3"}, {"", "3.99", "python3"},
	}
	if os.Getenv("CANTIL_SLOW") == "" {
		t.Log("4 of the cases, for pyenv takes half a second for each; all of them with CANTIL_SLOW=1")
		cases = cases[:4]
	}
	for _, c := range cases {
		dir := t.TempDir()
		if c.file != "" {
			if err := os.WriteFile(filepath.Join(dir, ".python-version"), []byte(c.file), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		env := func(name string) string {
			switch name {
			case "PYENV_VERSION":
				return c.variable
			case "VIRTUAL_ENV", "CONDA_PREFIX":
				return ""
			}
			return os.Getenv(name)
		}
		cmd := exec.Command(pyenv, "which", c.command)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PYENV_VERSION="+c.variable, "PYENV_DIR="+dir)
		out, err := cmd.Output()
		want := strings.TrimSpace(string(out))
		got, findErr := interp.Find(t.Context(), c.command, interp.Options{Dir: dir, Env: env})
		switch {
		case err == nil && got.Path != want:
			t.Errorf("%+v: got %s, %v, pyenv says %s", c, got.Path, findErr, want)
		case err != nil && findErr == nil && got.Info == nil:
			t.Errorf("%+v: got %s without a look at it, pyenv has none", c, got.Path)
		}
	}
}
