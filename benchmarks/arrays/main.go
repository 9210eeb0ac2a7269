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
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// options are how long and how strictly to measure.
type options struct {
	print, load bool
	rounds      int
	loads       int
	size        int // bytes of the large file
	python      string
	strict      bool
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == worker {
		exit(work(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measured(ctx, parse())
	stop()
	exit(err)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "arrays:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func parse() options {
	var o options
	flag.IntVar(&o.rounds, "rounds", 3, "how often each program prints")
	flag.IntVar(&o.loads, "loads", 12, "how often each program loads")
	flag.IntVar(&o.size, "size", 1<<30, "bytes of the file to load")
	flag.StringVar(&o.python, "python", "", "a Python with numpy 1")
	flag.BoolVar(&o.strict, "strict", false, "exit 1 if a promise is not kept")
	flag.Parse()
	all := flag.NArg() == 0
	o.print = all || slices.Contains(flag.Args(), "print")
	o.load = all || slices.Contains(flag.Args(), "load")
	return o
}

// bench is all that the measurements share.
type bench struct {
	options
	*measure.Lab
	*measure.Report
}

func measured(ctx context.Context, o options) error {
	lab, err := measure.Open(ctx)
	if err != nil {
		return err
	}
	defer lab.Close()
	b := &bench{o, lab, &measure.Report{Out: os.Stdout}}
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
	if o.print {
		if err := b.printing(ctx); err != nil {
			return err
		}
	}
	if o.load {
		if err := b.loading(ctx); err != nil {
			return err
		}
	}
	return b.End(o.strict)
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
