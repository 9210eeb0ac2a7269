package argspec

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/python/boot"
)

// eachOfFew tests with the newest Python, or with every one where CANTIL_SLOW=1.
func eachOfFew(t *testing.T, f func(*testing.T, testpy.Python)) {
	t.Helper()
	if slow() {
		testpy.Each(t, f)
		return
	}
	t.Log("with the newest Python; CANTIL_SLOW=1 tests with all")
	f(t, testpy.Newest(t))
}

// TestBodiesNeverRun: whatever a program does to get past its parsing, it does not.
func TestBodiesNeverRun(t *testing.T) {
	const mark = "open('ran', 'w')\n"
	programs := map[string]string{
		"catches":  "import argparse\ntry:\n    argparse.ArgumentParser().parse_args()\nexcept BaseException:\n    pass\nfinally:\n    " + mark,
		"no help":  "import argparse\nargparse.ArgumentParser(add_help=False).parse_known_args()\n" + mark,
		"atexit":   "import argparse, atexit\natexit.register(lambda: open('ran', 'w'))\nargparse.ArgumentParser().parse_args()\n",
		"thread":   "import argparse, threading\nt = threading.Thread(target=lambda: argparse.ArgumentParser().parse_args())\nt.start()\nt.join()\n" + mark,
		"subclass": "import argparse\nclass P(argparse.ArgumentParser):\n    def parse_args(self, *a):\n        return super().parse_args(*a)\nP().parse_args()\n" + mark,
		"local":    "from argparse import ArgumentParser as A\ndef main():\n    A().parse_args()\n" + "    " + mark + "if __name__ == '__main__':\n    main()\n",
		"error":    "import argparse, sys\np = argparse.ArgumentParser()\nif len(sys.argv) < 2:\n    p.error('nothing')\np.parse_args()\n" + mark,
	}
	eachOfFew(t, func(t *testing.T, py testpy.Python) {
		folder := t.TempDir()
		for name, text := range programs {
			path := filepath.Join(folder, name+".py")
			// The mark is made beside the script, wherever it runs.
			write(t, path, strings.ReplaceAll(text, "'ran'", "__file__ + '.ran'"))
			p := Program{Program: boot.Program{Python: py.Path, Name: path}, Home: folder}
			if _, err := Read(context.Background(), p); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if name == "catches" || slow() {
				if _, err := DryParse(context.Background(), p, nil, 80); err != nil {
					t.Errorf("%s: a dry parse: %v", name, err)
				}
			}
			if _, err := os.Stat(path + ".ran"); err == nil {
				t.Errorf("%s: its body ran", name)
			}
		}
	})
}

// TestProblems: a program without a command line is told, and why.
func TestProblems(t *testing.T) {
	py, folder := testpy.Newest(t), t.TempDir()
	for _, c := range []struct{ name, text, kind, say string }{
		{"nothing", "open(__file__ + '.ran', 'w')", "none", "import argparse, click or typer"},
		{"unused", "import argparse", "none", "ended without parsing"},
		{"exits", "import argparse, sys\nsys.exit('bye')", "ended", "'bye'"},
		{"raises", "import argparse\n1 / 0", "failed", "ZeroDivisionError"},
		{"broken", "import argparse\nx = = 1", "failed", "SyntaxError"},
		{"dies", "import argparse, os\nos.kill(os.getpid(), 9)", "failed", "SIGKILL"},
		{"sleeps", "import argparse, time\ntime.sleep(99)", "timeout", "in time"},
	} {
		path := filepath.Join(folder, c.name+".py")
		write(t, path, c.text)
		timeout := time.Minute
		if c.kind == "timeout" {
			timeout = 2 * time.Second
		}
		_, err := Read(context.Background(), Program{Program: boot.Program{Python: py.Path, Name: path}, Home: folder, Timeout: timeout})
		var problem *Problem
		if !errors.As(err, &problem) || problem.Kind != c.kind || !strings.Contains(problem.Text, c.say) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "nothing.py.ran")); err == nil {
		t.Error("a program that parses nothing was started")
	}
}

// TestModulesAndFolders: programs that are no scripts, from everywhere; the parser may be in another module.
func TestModulesAndFolders(t *testing.T) {
	eachOfFew(t, func(t *testing.T, py testpy.Python) {
		folder := t.TempDir()
		pkg := filepath.Join(folder, "pkg")
		if err := os.Mkdir(pkg, 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(pkg, "__init__.py"), "")
		write(t, filepath.Join(pkg, "__main__.py"), "import sys, os\nsys.path.append(os.path.dirname(__file__))\nfrom pkg.cli import main\nmain()\n")
		write(t, filepath.Join(pkg, "cli.py"), "import argparse\ndef main():\n    p = argparse.ArgumentParser()\n    p.add_argument('--deep', default='.')\n    p.parse_args()\n")
		for _, p := range []Program{{Program: boot.Program{Module: true, Name: "pkg"}, Dir: folder}, {Program: boot.Program{Name: "pkg"}, Dir: folder, Env: append(os.Environ(), "PYTHONPATH="+folder)}} {
			p.Python, p.Home = py.Path, t.TempDir()
			s, err := Read(context.Background(), p)
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(py.Path, "pkg", "--wrong")
			if p.Module {
				cmd = exec.Command(py.Path, "-m", "pkg", "--wrong")
			}
			cmd.Dir, cmd.Env = p.Dir, p.environment(80)
			out, _ := cmd.CombinedOutput() // it fails; what it says is compared
			got, err := s.Check([]string{"--wrong"}, 80)
			if err != nil || got.Stderr != string(out) {
				t.Errorf("module %t: Check says\n%s\nthe program\n%s\n%v", p.Module, got.Stderr, out, err)
			}
			if !strings.Contains(strings.Join(s.Files, " "), filepath.Join("pkg", "cli.py")) {
				t.Errorf("its files are %q", s.Files)
			}
		}
	})
}

// TestClick describes and checks a program of click, and TestTyper one of typer: with the first Python that has it.
func TestClick(t *testing.T) {
	const program = `import click

@click.group()
@click.option("--verbose/--quiet", default=True, help="say more")
def cli(verbose):
    open(__file__ + ".ran", "w")

@cli.command(help="Trains it")
@click.argument("data", type=click.Path())
@click.option("-e", "--epochs", type=int, default=3)
@click.option("--kind", type=click.Choice(["a", "b"]))
def train(data, epochs, kind):
    open(__file__ + ".ran", "w")

cli()
`
	testObjects(t, "click", program)
}

func TestTyper(t *testing.T) {
	const program = `import typer
import enum

class Kind(str, enum.Enum):
    a = "a"
    b = "b"

app = typer.Typer()

@app.callback()
def cli(verbose: bool = True):
    open(__file__ + ".ran", "w")

@app.command(help="Trains it")
def train(data: str, epochs: int = 3, kind: Kind = Kind.a):
    open(__file__ + ".ran", "w")

app()
`
	testObjects(t, "typer", program)
}

func testObjects(t *testing.T, library, program string) {
	t.Helper()
	python := ""
	for _, py := range testpy.All(t) {
		if exec.Command(py.Path, "-c", "import "+library).Run() == nil {
			python = py.Path
		}
	}
	if python == "" {
		t.Skipf("NOT TESTED: no Python here has %s. To test it: python -m venv /tmp/v && /tmp/v/bin/pip install %s && CANTIL_TEST_PYTHONS=/tmp/v/bin/python go test ./python/argspec", library, library)
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "app.py")
	write(t, path, program)
	p := Program{Program: boot.Program{Python: python, Name: path}, Home: folder}
	s, err := Read(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if list, _ := s.Complete([]string{"train", "x"}, "--e"); len(list) != 1 || list[0].Text != "--epochs" {
		t.Errorf("--e is completed by %v", list)
	}
	if list, _ := s.Complete([]string{"train", "x", "--kind"}, ""); len(list) != 2 {
		t.Errorf("--kind takes %v", list)
	}
	for _, args := range [][]string{{"train", "x", "--epochs", "ten"}, {"train"}, {"train", "--help"}, {"nonsense"}, {"train", "x", "--kind", "c"}} {
		cmd := exec.Command(python, append([]string{path}, args...)...)
		cmd.Env = p.environment(80)
		var stdout, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		var exit *exec.ExitError
		if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		_ = os.Remove(path + ".ran") // a group runs before its command is found wanting
		got, err := Check(context.Background(), p, s, args, 80)
		if err != nil || got.Code != cmd.ProcessState.ExitCode() || got.Stdout != stdout.String() || got.Stderr != stderr.String() {
			t.Errorf("%q: Check says %+v, %v; the program %d\n%s%s", args, got, err, cmd.ProcessState.ExitCode(), stdout.String(), stderr.String())
		}
	}
	if got, err := Check(context.Background(), p, s, []string{"train", "x"}, 80); err != nil || got.Code != 0 {
		t.Errorf("good arguments: %+v, %v", got, err)
	}
	if _, err := os.Stat(path + ".ran"); err == nil {
		t.Error("a body ran")
	}
}
