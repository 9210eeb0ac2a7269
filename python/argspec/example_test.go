package argspec_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/cantil-py/cantil/python/argspec"
	"github.com/cantil-py/cantil/python/boot"
	"github.com/cantil-py/cantil/python/interp"
)

// The arguments of a program are checked without running it: in a program of yours, main begins with run.Shim, as
// reading starts a shim.
func ExampleCache() {
	ctx := context.Background()
	python, err := interp.Find(ctx, "3", interp.Options{})
	if err != nil {
		log.Fatal(err)
	}
	home, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(home)
	program := argspec.Program{Program: boot.Program{Python: python.Path, Name: filepath.Join("testdata", "programs", "plain.py")}, Home: home}

	spec, _, err := argspec.Cache{Dir: home}.Read(ctx, program)
	if err != nil {
		log.Fatal(err)
	}
	answer, err := argspec.Check(ctx, program, spec, []string{"--number", "ten"}, 80)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(answer.Stderr)
	// Output:
	// usage: plain.py [-h] [--number NUMBER] [--rate RATE] [--name NAME]
	//                 [--text TEXT] [-s SHORT]
	// plain.py: error: argument --number: invalid int value: 'ten'
}
