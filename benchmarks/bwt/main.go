// Command bwt measures algo/bwt against libdivsufsort and Go's index/suffixarray: whole
// processes, each on one processor, on a text of its own making. From the root of the repository:
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

	"github.com/cantil-py/cantil/benchmarks/bwt/corpus"
	"github.com/cantil-py/cantil/benchmarks/measure"
)

// options are how much to measure.
type options struct {
	size, rounds int
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
	flag.StringVar(&b.do, "do", "", "one `TASK` alone, as the measurement runs it: corpus, forward, inverse or suffixarray")
	alone := func() (bool, error) {
		if b.do == "" {
			return false, nil
		}
		runtime.GOMAXPROCS(1)
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
	b.Section("Processor time on one processor, of the other's; peak memory in bytes for each of the text")
	if err := b.against(ctx, "forward, against index/suffixarray", 3, forward, []string{b.self, "-do", "suffixarray", b.text}); err != nil {
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
	if err := b.against(ctx, "forward, against libdivsufsort", 1, forward, []string{driver, "forward", b.text, theirs}); err != nil {
		return err
	}
	if err := b.against(ctx, "inverse, against libdivsufsort", 1.5, inverse, []string{driver, "inverse", theirs, b.Path("theirback")}); err != nil {
		return err
	}
	return b.same(b.Path("theirback"))
}

// against measures a against b, in turns, and tells how many times faster a is.
func (b *bench) against(ctx context.Context, what string, promised float64, a, other []string) error {
	as, others, err := b.Pair(ctx, b.rounds, a, other, func(done string) { b.Say(what + ": " + done) })
	if err != nil {
		return err
	}
	info, err := os.Stat(b.text)
	if err != nil {
		return err
	}
	ratio := measure.SpreadOf(as, others, func(a, b measure.Cost) float64 { return b.CPU.Seconds() / a.CPU.Seconds() })
	seconds := func(of func(a, b measure.Cost) float64) string { return measure.SpreadOf(as, others, of).Text(1) }
	b.AtLeast(what, ratio.Text(2)+" times", ratio.Median, promised)
	b.Told("", fmt.Sprintf("seconds: %s and %s", seconds(func(a, _ measure.Cost) float64 { return a.CPU.Seconds() }),
		seconds(func(_, b measure.Cost) float64 { return b.CPU.Seconds() })))
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
