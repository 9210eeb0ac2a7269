package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/value/npy"
)

// worker is the first argument with which this program loads a file itself, and prints
// the seconds it took: in a process of its own, as numpy has one.
const worker = "worker"

// pageFloats are the float64 of a page of memory: touching one of these reads them all.
const pageFloats = 512

// task is a way to load a file.
type task struct {
	name, python string
	promised     bool // not to be slower than numpy
}

// tasks are the ways. touch maps the file and looks at every page: the time is the
// kernel's, for either program.
func tasks() []task {
	return []task{
		{"load", "a = np.load(path)", true},
		{"map", "a = np.load(path, mmap_mode='r')", true},
		{"touch", "a = np.load(path, mmap_mode='r'); assert a[::512].sum() >= 0", false},
	}
}

// loading measures each task by the clock of the program that does it, so that neither
// the start of Python nor the import of numpy counts. The file is in the page cache. The
// least of all times is taken: what a busy machine adds is not the program's.
func (b *bench) loading(ctx context.Context) error {
	file := b.Path("large.npy")
	a, err := npy.Of(make([]float64, b.size/8))
	if err != nil {
		return err
	}
	if err := npy.Save(file, a); err != nil {
		return err
	}
	b.Section(fmt.Sprintf("load a file of %d MB, %d rounds", b.size/1e6, b.loads))
	for _, task := range tasks() {
		if err := b.loadingBy(ctx, task, file); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) loadingBy(ctx context.Context, task task, file string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	code := "import sys, time, numpy as np; path = sys.argv[1]; t = time.perf_counter(); " + task.python + "; print(time.perf_counter() - t)"
	var theirs, ours []float64
	for range b.loads {
		them, err := b.seconds(ctx, b.python, "-c", code, file)
		if err != nil {
			return err
		}
		us, err := b.seconds(ctx, self, worker, task.name, file)
		if err != nil {
			return err
		}
		theirs, ours = append(theirs, them), append(ours, us)
	}
	them, us := measure.SpreadOfAll(theirs), measure.SpreadOfAll(ours)
	times := them.Min / us.Min
	told := fmt.Sprintf("%.2f times", times)
	if task.promised {
		b.AtLeast(task.name, told, times, 1)
	} else {
		b.Told(task.name, told)
	}
	b.Told("  milliseconds, least and median", fmt.Sprintf("%.2f, %.2f and %.3f, %.3f", 1e3*them.Min, 1e3*them.Median, 1e3*us.Min, 1e3*us.Median))
	return nil
}

// seconds runs a program that prints the seconds it took.
func (b *bench) seconds(ctx context.Context, argv ...string) (float64, error) {
	text, err := b.text(ctx, argv...)
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(text), 64)
}

// work does a task in this process.
func work(args []string) error {
	task, path := args[0], args[1]
	began := time.Now()
	load := npy.Load
	if task != "load" {
		load = npy.Open
	}
	a, err := load(path)
	if err != nil {
		return err
	}
	if task == "touch" {
		if err := touch(a); err != nil {
			return err
		}
	}
	fmt.Println(time.Since(began).Seconds())
	return a.Close()
}

// touch adds up a number of each page.
func touch(a *npy.Array) error {
	s, err := npy.As[float64](a)
	if err != nil {
		return err
	}
	sum := 0.0
	for i := 0; i < len(s); i += pageFloats {
		sum += s[i]
	}
	if sum < 0 {
		return fmt.Errorf("the zeros add up to %v", sum)
	}
	return nil
}
