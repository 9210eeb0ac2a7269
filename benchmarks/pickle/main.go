// Command pickle measures value/pickle against CPython's pickle, og-rek and gopickle, on
// a list of 620,000 small dicts and one of 5.5 million floats. From the root of the
// repository:
//
//	go run ./benchmarks/pickle
//
// Each program runs in turn; in it, the least of some rounds counts, so that what else
// runs on the machine counts least.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// What is promised, as multiples of the others' speed.
const (
	decodeFaster = 1.5 // than CPython
	encodeFaster = 1.0
	rivalsFaster = 4.0
)

// bench is all that the measurements share.
type bench struct {
	*measure.Frame
	turns, rounds, minor int
	python               string
	ours, rivals         string
}

func main() {
	b := &bench{}
	flag.IntVar(&b.turns, "turns", 5, "how often each program runs")
	flag.IntVar(&b.rounds, "rounds", 3, "how often it decodes and encodes in each turn")
	flag.IntVar(&b.minor, "minor", 13, "measure against CPython 3.`N`")
	os.Exit(measure.Program{Name: "pickle", Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) error {
	b.Frame, b.rivals = f, f.Path("rivals")
	python, err := b.Python(ctx, b.minor)
	if err != nil {
		return err
	}
	b.python = python.Path
	if b.ours, err = b.Build(ctx, "./benchmarks/pickle/ours"); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "-C", "benchmarks/pickle/rivals", "build", "-o", b.rivals, ".")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the rivals: %w\n%s", err, out)
	}
	if _, err := b.Run(ctx, b.python, "benchmarks/pickle/theirs.py", "make", b.Dir); err != nil {
		return err
	}
	for _, corpus := range []string{"rows", "floats"} {
		if err := b.corpus(ctx, corpus); err != nil {
			return err
		}
	}
	return nil
}

// corpus runs all programs on one file, in turns.
func (b *bench) corpus(ctx context.Context, name string) error {
	file, rounds := b.Path(name), fmt.Sprint(b.rounds)
	var load, dump, ogrek, gopickle []float64
	for range b.turns {
		ours, err := b.times(ctx, 2, b.ours, file, rounds)
		if err != nil {
			return err
		}
		theirs, err := b.times(ctx, 2, b.python, "benchmarks/pickle/theirs.py", file, rounds)
		if err != nil {
			return err
		}
		first, err := b.times(ctx, 1, b.rivals, "ogrek", file, "1")
		if err != nil {
			return err
		}
		second, err := b.times(ctx, 1, b.rivals, "gopickle", file, "1")
		if err != nil {
			return err
		}
		load, dump = append(load, theirs[0]/ours[0]), append(dump, theirs[1]/ours[1])
		ogrek, gopickle = append(ogrek, first[0]/ours[0]), append(gopickle, second[0]/ours[0])
	}
	b.Section(name)
	for _, line := range []struct {
		what     string
		ratios   []float64
		promised float64
	}{
		{"decode, against CPython", load, decodeFaster},
		{"encode, against CPython", dump, encodeFaster},
		{"decode, against og-rek", ogrek, rivalsFaster},
		{"decode, against gopickle", gopickle, rivalsFaster},
	} {
		spread := measure.SpreadOfAll(line.ratios)
		b.AtLeast(line.what, spread.Text(1)+" times", spread.Median, line.promised)
	}
	return nil
}

// times runs a program and reads the n numbers that it prints.
func (b *bench) times(ctx context.Context, n int, argv ...string) ([]float64, error) {
	var out bytes.Buffer
	if err := b.Output(ctx, &out, argv...); err != nil {
		return nil, err
	}
	numbers := make([]float64, n)
	for i := range numbers {
		if _, err := fmt.Fscan(&out, &numbers[i]); err != nil {
			return nil, fmt.Errorf("reading the times of %s: %w", argv[0], err)
		}
	}
	return numbers, nil
}
