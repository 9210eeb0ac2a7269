// Command bwt measures algo/bwt against libdivsufsort and Go's index/suffixarray: whole
// processes, on a text of its own making. Against suffixarray both read the text into memory and make
// their result there, which is the last column or the order of all suffixes, and write nothing. From the root of the repository:
//
//	go run ./benchmarks/bwt
//
// Without a C compiler or libdivsufsort (Debian: apt-get install gcc libdivsufsort-dev) only the
// second is measured.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"

	"github.com/cantil-py/cantil/benchmarks/bwt/corpus"
	"github.com/cantil-py/cantil/benchmarks/measure"
)

// options are how much to measure.
type options struct {
	size, rounds int
	processors   int
	file, do     string
}

// bench is all that the measurements share.
type bench struct {
	options
	*measure.Frame
	self, text string
}

func main() {
	b := &bench{}
	flag.IntVar(&b.size, "size", 64<<20, "bytes to transform")
	flag.IntVar(&b.rounds, "rounds", 3, "how often each program runs")
	flag.StringVar(&b.file, "file", "", "transform `FILE` instead of a text made here")
	flag.StringVar(&b.do, "do", "", "one `TASK` alone, as the measurement runs it: corpus, forward, inverse, transform or suffixarray")
	flag.IntVar(&b.processors, "processors", 1, "how many processors a task alone may use")
	alone := func() (bool, error) {
		if b.do == "" {
			return false, nil
		}
		runtime.GOMAXPROCS(b.processors)
		return true, task(b.options, flag.Args())
	}
	os.Exit(measure.Program{Name: "bwt", Task: alone, Measure: b.prepare}.Main(os.Stdout, os.Stderr))
}

// prepare makes what is measured with.
func (b *bench) prepare(ctx context.Context, f *measure.Frame) (err error) {
	b.Frame = f
	if b.self, err = b.Build(ctx, "./benchmarks/bwt"); err != nil {
		return err
	}
	if b.text = b.file; b.text == "" {
		b.text = b.Path("text")
		// Made by a process of its own: memory of ours would count as that of others.
		if _, err := b.Run(ctx, b.self, "-size", fmt.Sprint(b.size), "-do", "corpus", b.text); err != nil {
			return err
		}
	}
	return b.measure(ctx)
}

func (b *bench) measure(ctx context.Context) error {
	ours, back := b.Path("ours"), b.Path("back")
	forward := []string{b.self, "-do", "forward", b.text, ours}
	inverse := []string{b.self, "-do", "inverse", ours, back}
	array := []string{b.self, "-do", "suffixarray", b.text}
	transform := []string{b.self, "-do", "transform", b.text}
	b.Section("Against index/suffixarray, which uses one processor")
	if err := b.against(ctx, "on one processor", unpromised, cpu, transform, array); err != nil {
		return err
	}
	if runtime.NumCPU() > 1 {
		both := []string{"-processors", "2"}
		err := b.against(ctx, "on two processors, by the clock", 3, wall, slices.Insert(transform, 1, both...), slices.Insert(array, 1, both...))
		if err != nil {
			return err
		}
	}
	b.Section("Processor time on one processor, of the other's; peak memory in bytes for each of the text")
	if _, err := b.Run(ctx, forward...); err != nil {
		return err
	}
	if _, err := b.Run(ctx, inverse...); err != nil {
		return err
	}
	if err := b.same(back); err != nil {
		return err
	}
	driver, err := b.driver(ctx)
	if err != nil {
		b.Say("NOT MEASURED against libdivsufsort; it needs a C compiler and the library (Debian: apt-get install gcc libdivsufsort-dev): " + err.Error())
		return nil
	}
	theirs := b.Path("theirs")
	if err := b.against(ctx, "forward, against libdivsufsort", 1, cpu, forward, []string{driver, "forward", b.text, theirs}); err != nil {
		return err
	}
	if err := b.against(ctx, "inverse, against libdivsufsort", 1.5, cpu, inverse, []string{driver, "inverse", theirs, b.Path("theirback")}); err != nil {
		return err
	}
	return b.same(b.Path("theirback"))
}

// unpromised is for what is only told.
const unpromised = 0

func cpu(c measure.Cost) float64  { return c.CPU.Seconds() }
func wall(c measure.Cost) float64 { return c.Wall.Seconds() }

// against measures a against b, in turns, and tells how many times faster a is by that clock.
func (b *bench) against(ctx context.Context, what string, promised float64, seconds func(measure.Cost) float64, a, other []string) error {
	as, others, err := b.Pair(ctx, b.rounds, a, other, func(done string) { b.Say(what + ": " + done) })
	if err != nil {
		return err
	}
	info, err := os.Stat(b.text)
	if err != nil {
		return err
	}
	ratio := measure.SpreadOf(as, others, func(a, b measure.Cost) float64 { return seconds(b) / seconds(a) })
	if promised == unpromised {
		b.Told(what, ratio.Text(2)+" times")
	} else {
		b.AtLeast(what, ratio.Text(2)+" times", ratio.Median, promised)
	}
	ours := measure.SpreadOf(as, others, func(a, _ measure.Cost) float64 { return seconds(a) })
	theirs := measure.SpreadOf(as, others, func(_, b measure.Cost) float64 { return seconds(b) })
	b.Told("", fmt.Sprintf("seconds: %s and %s", ours.Text(1), theirs.Text(1)))
	peak := measure.SpreadOf(as, others, func(a, _ measure.Cost) float64 { return float64(a.Peak) / float64(info.Size()) })
	b.Told("", "peak memory: "+peak.Text(1))
	return nil
}

// same fails unless the file has the text.
func (b *bench) same(name string) error {
	want, err := os.ReadFile(b.text)
	if err != nil {
		return err
	}
	got, err := os.ReadFile(name)
	if err == nil && !bytes.Equal(got, want) {
		err = fmt.Errorf("turned back, the text is another")
	}
	return err
}

// driver compiles libdivsufsort's program.
func (b *bench) driver(ctx context.Context) (string, error) {
	path := b.Path("driver")
	out, err := exec.CommandContext(ctx, "cc", "-O2", "-o", path, "benchmarks/bwt/divsufsort/driver.c", "-ldivsufsort").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w %s", err, bytes.TrimSpace(out))
	}
	return path, nil
}

// makeCorpus writes the text.
func makeCorpus(o options, name string) error {
	return os.WriteFile(name, corpus.Make(o.size), 0o600)
}
