package main

import (
	"context"
	"fmt"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// promisedPrint is how many times faster than numpy cantil prints.
const promisedPrint = 200

// makeFloats has numpy write 100,000 normal floats.
const makeFloats = "import sys, numpy as np; np.save(sys.argv[1], np.random.default_rng(1).normal(size=100000))"

// printFloats is the whole program that prints them in full.
const printFloats = "import sys, numpy as np; np.set_printoptions(threshold=sys.maxsize); print(np.load(sys.argv[1]))"

// printing measures whole processes that print 100,000 floats in full, after it has
// seen that they print the same.
func (b *bench) printing(ctx context.Context) error {
	file := b.Path("floats.npy")
	if _, err := b.Run(ctx, b.python, "-c", makeFloats, file); err != nil {
		return err
	}
	numpy := []string{b.python, "-c", printFloats, file}
	cantil := []string{b.Cantil, "show", "--threshold", "inf", "--numpy", "1.24", file}
	want, err := b.text(ctx, numpy...)
	if err != nil {
		return err
	}
	got, err := b.text(ctx, cantil...)
	if err != nil {
		return err
	}
	if got != want {
		return fmt.Errorf("cantil prints %d bytes, numpy %d, and not the same", len(got), len(want))
	}
	theirs, ours, err := b.Pair(ctx, b.rounds, numpy, cantil, func(string) {})
	if err != nil {
		return err
	}
	b.Section(fmt.Sprintf("print 100,000 float64 in full (%d bytes), %d pairs of whole processes", len(want), b.rounds))
	wall := measure.SpreadOf(theirs, ours, func(a, b measure.Cost) float64 { return a.Wall.Seconds() / b.Wall.Seconds() })
	b.AtLeast("cantil show", wall.Text(0)+" times", wall.Median, promisedPrint)
	cpu := measure.SpreadOf(theirs, ours, func(a, b measure.Cost) float64 { return a.CPU.Seconds() / b.CPU.Seconds() })
	b.Told("  processor time", cpu.Text(0)+" times less")
	seconds := func(c measure.Cost, _ measure.Cost) float64 { return c.Wall.Seconds() }
	b.Told("  seconds", measure.SpreadOf(theirs, theirs, seconds).Text(2)+" and "+measure.SpreadOf(ours, ours, seconds).Text(3))
	return nil
}
