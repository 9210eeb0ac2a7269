package main

import (
	"context"
	"fmt"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// slowerStart is what a person does not notice, in milliseconds.
const slowerStart = 40

// measureStart runs an empty script under both, in pairs.
func (b *bench) measureStart(ctx context.Context) error {
	script, err := b.Write("empty.py", "")
	if err != nil {
		return err
	}
	b.Section(fmt.Sprintf("an empty script: milliseconds more than python -m cProfile, %d pairs", b.pairs))
	for _, p := range b.pythons {
		ours, theirs, err := b.Pair(ctx, b.pairs, b.cantil(p, script), cProfile(p, script), func(string) {})
		if err != nil {
			return err
		}
		more := measure.SpreadOf(ours, theirs, func(a, b measure.Cost) float64 { return milliseconds(a.Wall.Seconds() - b.Wall.Seconds()) })
		b.AtMost(p.Version, more.Text(1), more.Median, slowerStart)
		cpu := measure.SpreadOf(ours, theirs, func(a, b measure.Cost) float64 { return milliseconds((a.CPU - b.CPU).Seconds()) })
		b.Told("  processor time", cpu.Text(1))
	}
	return nil
}

func milliseconds(seconds float64) float64 { return seconds * 1e3 }
