// Command arrays measures `cantil show` and the package value/npy against numpy:
// printing 100,000 floats in full, and loading a file of a gigabyte. From the root of
// the repository:
//
//	go run ./benchmarks/arrays [print] [load]
//
// It takes the first Python on the PATH that has numpy 1, or the one of -python.
// ../README.md tells how, and what came of it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// bench is all that the measurements share.
type bench struct {
	*measure.Frame
	rounds int
	loads  int
	size   int // bytes of the large file
	python string
}

func main() {
	b := &bench{}
	flag.IntVar(&b.rounds, "rounds", 3, "how often each program prints")
	flag.IntVar(&b.loads, "loads", 12, "how often each program loads")
	flag.IntVar(&b.size, "size", 1<<30, "bytes of the file to load")
	flag.StringVar(&b.python, "python", "", "a Python with numpy 1")
	task := func() (bool, error) {
		if flag.NArg() != 3 || flag.Arg(0) != worker {
			return false, nil
		}
		return true, work(flag.Args()[1:])
	}
	os.Exit(measure.Program{Name: "arrays", Task: task, Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) (err error) {
	b.Frame = f
	if b.python == "" {
		if b.python, err = pythonWithNumPy(ctx); err != nil {
			return err
		}
	}
	version, err := b.text(ctx, b.python, "-c", "import sys, numpy; print('numpy', numpy.__version__, 'on CPython', sys.version.split()[0])")
	if err != nil {
		return err
	}
	fmt.Println(strings.TrimSpace(version))
	return measure.Parts(ctx, measure.Part{Name: "print", Measure: b.printing}, measure.Part{Name: "load", Measure: b.loading})
}

// text is what a program prints.
func (b *bench) text(ctx context.Context, argv ...string) (string, error) {
	var out strings.Builder
	err := b.Output(ctx, &out, argv...)
	return out.String(), err
}

// pythonWithNumPy looks through the PATH.
func pythonWithNumPy(ctx context.Context) (string, error) {
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		path, err := exec.LookPath(filepath.Join(dir, "python3"))
		if err != nil {
			continue
		}
		if exec.CommandContext(ctx, path, "-c", "import numpy; assert numpy.__version__[0] == '1'").Run() == nil {
			return path, nil
		}
	}
	return "", errors.New("no python3 on the PATH has numpy 1 (Debian: apt-get install python3-numpy); -python names one")
}
