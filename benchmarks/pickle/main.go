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
	"os/signal"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// What is promised, as multiples of the others' speed.
const (
	decodeFaster = 1.5 // than CPython
	encodeFaster = 1.0
	rivalsFaster = 4.0
)

type options struct {
	turns, rounds, minor int
	strict               bool
}

func main() {
	var o options
	flag.IntVar(&o.turns, "turns", 5, "how often each program runs")
	flag.IntVar(&o.rounds, "rounds", 3, "how often it decodes and encodes in each turn")
	flag.IntVar(&o.minor, "minor", 13, "measure against CPython 3.`N`")
	flag.BoolVar(&o.strict, "strict", false, "exit 1 if a promise is not kept")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measured(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "pickle:", err)
		os.Exit(1)
	}
}

// bench is all that the measurements share.
type bench struct {
	options
	lab          *measure.Lab
	python       string
	ours, rivals string
}

func measured(ctx context.Context, o options) error {
	lab, err := measure.Open(ctx)
	if err != nil {
		return err
	}
	defer lab.Close()
	b := bench{options: o, lab: lab, rivals: lab.Path("rivals")}
	python, err := lab.Python(ctx, o.minor)
	if err != nil {
		return err
	}
	b.python = python.Path
	if b.ours, err = lab.Build(ctx, "./benchmarks/pickle/ours"); err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "-C", "benchmarks/pickle/rivals", "build", "-o", b.rivals, ".")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the rivals: %w\n%s", err, out)
	}
	if _, err := lab.Run(ctx, b.python, "benchmarks/pickle/theirs.py", "make", lab.Dir); err != nil {
		return err
	}
	report := &measure.Report{Out: os.Stdout}
	for _, corpus := range []string{"rows", "floats"} {
		if err := b.corpus(ctx, report, corpus); err != nil {
			return err
		}
	}
	return report.End(o.strict)
}

// corpus runs all programs on one file, in turns.
func (b *bench) corpus(ctx context.Context, report *measure.Report, name string) error {
	file, rounds := b.lab.Path(name), fmt.Sprint(b.rounds)
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
	report.Section(name)
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
		report.AtLeast(line.what, spread.Text(1)+" times", spread.Median, line.promised)
	}
	return nil
}

// times runs a program and reads the n numbers that it prints.
func (b *bench) times(ctx context.Context, n int, argv ...string) ([]float64, error) {
	var out bytes.Buffer
	if err := b.lab.Output(ctx, &out, argv...); err != nil {
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
