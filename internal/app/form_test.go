package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

const formProgram = `import argparse
p = argparse.ArgumentParser()
p.add_argument("file")
p.add_argument("more", nargs="*")
p.add_argument("-e", "--epochs", type=int, default=3)
p.add_argument("--kind", choices=["a", "b"])
p.add_argument("--fast", action="store_true")
p.add_argument("-v", action="count")
p.add_argument("--layers", nargs="+", type=int)
p.add_argument("--add", action="append")
print(p.parse_args())
`

// TestFormArguments: what is filled in arrives in the program as it was meant, whatever it holds.
func TestFormArguments(t *testing.T) {
	py := testpy.Newest(t)
	script := filepath.Join(t.TempDir(), "prog.py")
	if err := os.WriteFile(script, []byte(formProgram), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	spec, err := Args(ctx, ArgsOptions{Python: py.Path, Program: script, Env: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	key := map[string]string{}
	for _, section := range FormOf(spec).Sections {
		for _, f := range section.Fields {
			key[f.Label] = f.Key
		}
	}
	filled := Filled{Values: map[string]string{
		key["file"]: "a b.txt", key["more"]: "x 'y z'", key["-e, --epochs EPOCHS"]: "-5", key["--kind KIND"]: "b", key["--fast"]: "true",
		key["-v"]: "2", key["--layers LAYERS"]: "1 2", key["--add ADD"]: "--odd 'two words'",
	}}
	args, err := filled.Arguments(spec)
	if err != nil {
		t.Fatal(err)
	}
	got := testpy.Run(t, py, "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')", slices.Concat([]string{script}, args)...)
	want := "Namespace(file='a b.txt', more=['x', 'y z'], epochs=-5, kind='b', fast=True, v=2, layers=[1, 2], add=['--odd', 'two words'])\n"
	if got != want {
		t.Errorf("from %q the program has\n%swant\n%s", args, got, want)
	}
	for _, bad := range []map[string]string{{key["-v"]: "x"}, {key["-v"]: "1000000000"}, {key["more"]: "'open"}} {
		if _, err := (&Filled{Values: bad}).Arguments(spec); err == nil {
			t.Errorf("%v is no error", bad)
		}
	}
	if _, err := (&Filled{Command: "none", Sub: &Filled{}}).Arguments(spec); err == nil {
		t.Error("a command that is not there is no error")
	}
}
