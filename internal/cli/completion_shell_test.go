package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// completed is a program with something of each kind to complete.
const completed = `
import argparse
p = argparse.ArgumentParser()
p.add_argument("--epochs", type=int, help="times through the data")
p.add_argument("--model", choices=["convolution", "perceptron"])
p.add_argument("data")
p.parse_args()
`

// realShells are how each is started without the user's own files, and how it loads the script.
var realShells = map[string]struct{ start, load string }{
	"bash": {"bash --norc --noprofile", `eval "$(cantil completion bash --also python3)"`},
	"zsh":  {"zsh -f", `autoload -U compinit; compinit -u -d "$PWD/.dump"; eval "$(cantil completion zsh --also python3)"`},
	"fish": {"fish --no-config --private", `cantil completion fish --also python3 | source`},
}

// TestCompletionInShells presses Tab in real shells.
func TestCompletionInShells(t *testing.T) {
	for name, shell := range realShells {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(name); err != nil {
				t.Skipf("NOT TESTED in %s, which is missing (apt-get install %s)", name, name)
			}
			t.Parallel()
			s := startShell(t, shell.start, shell.load)
			for _, line := range []struct{ typed, becomes string }{
				{"cantil sta", "cantil stats"},
				{"cantil run train.py --ep", "cantil run train.py --epochs"},
				{"cantil profile train.py --model per", "cantil profile train.py --model perceptron"},
				{"cantil run train.py --model=con", "cantil run train.py --model=convolution"},
				{"cantil run train.py --model perceptron nu", "cantil run train.py --model perceptron numbers.csv"},
				{"cantil run tra", "cantil run train.py"},
				{"python3 train.py --ep", "python3 train.py --epochs"},
				{"python3 train.py --model=con", "python3 train.py --model=convolution"},
				{"python3 train.py nu", "python3 train.py numbers.csv"},
				{"python3 tra", "python3 train.py"},
			} {
				s.keys(line.typed, "Tab")
				s.shows("> " + line.becomes)
				s.keys("C-u")
			}
			s.keys("cantil run train.py --model ", "Tab", "Tab")
			s.shows("convolution", "perceptron")
		})
	}
}

// startShell starts a shell in a terminal, in a folder with a program that is known to cantil.
func startShell(t *testing.T, start, load string) *tmuxScreen {
	t.Helper()
	cantil, err := os.Executable() // with this name in front it is cantil, see TestMain
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	for name, text := range map[string]string{"train.py": completed, "numbers.csv": "1\n"} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bin := filepath.Join(t.TempDir(), "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(cantil, filepath.Join(bin, "cantil")); err != nil {
		t.Fatal(err)
	}
	s := startScreen(t, 100, 30, "HOME="+home, "HISTFILE=/dev/null", "PATH="+bin+":"+os.Getenv("PATH"), "CANTIL_DIR="+filepath.Join(home, ".cantil"))
	s.keys("cd "+home+" && cantil args train.py > known; "+start, "Enter")
	s.keys(prompt(start), "Enter", load, "Enter", "clear", "Enter")
	return s
}

// prompt makes the prompt "> ", by which the tests know a line.
func prompt(start string) string {
	if strings.HasPrefix(start, "fish") {
		return "function fish_prompt; echo -n '> '; end"
	}
	return "PS1='> '"
}
