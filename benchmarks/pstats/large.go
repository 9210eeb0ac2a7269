package main

import (
	"context"
	"fmt"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// largeProfile measures every task on the profile that the promises name.
func (b *bench) largeProfile(ctx context.Context) error {
	f, err := b.generate(ctx, b.functions, b.edges)
	if err != nil {
		return err
	}
	b.Section(fmt.Sprintf("cantil stats against pstats of CPython %s: %d functions, %d edges, %d rounds",
		b.python.Version, b.functions, b.edges, b.rounds))
	for _, t := range tasks {
		theirs, ours, err := b.Pair(ctx, b.rounds, t.pstats(b, f), t.cantil(b, f),
			func(line string) { b.Say(t.name + ": " + line) })
		if err != nil {
			return err
		}
		b.compare(t, theirs, ours)
	}
	b.Told("least memory that can be told", megabytes(measure.OwnPeak()))
	return nil
}

func (b *bench) compare(t task, theirs, ours []measure.Cost) {
	wall := measure.SpreadOf(theirs, ours, wallRatio)
	b.AtLeast(t.name, wall.Text(1)+" times", wall.Median, t.promised)
	b.Told("  processor time", measure.SpreadOf(theirs, ours, cpuRatio).Text(1)+" times less")
	b.Told("  seconds", seconds(theirs)+" and "+seconds(ours))
	memory := measure.SpreadOf(ours, theirs, peakRatio)
	told := fmt.Sprintf("%.2f, %s and %s", memory.Median, megabytes(most(theirs)), megabytes(most(ours)))
	b.AtMost("  peak memory", told, memory.Median, lessMemory)
}

func wallRatio(a, b measure.Cost) float64 { return a.Wall.Seconds() / b.Wall.Seconds() }
func cpuRatio(a, b measure.Cost) float64  { return a.CPU.Seconds() / b.CPU.Seconds() }
func peakRatio(a, b measure.Cost) float64 { return float64(a.Peak) / float64(b.Peak) }

func seconds(costs []measure.Cost) string {
	var list []float64
	for _, c := range costs {
		list = append(list, c.Wall.Seconds())
	}
	return fmt.Sprintf("%.3f", measure.SpreadOfAll(list).Median)
}

// most is the largest peak of several runs.
func most(costs []measure.Cost) (peak int64) {
	for _, c := range costs {
		peak = max(peak, c.Peak)
	}
	return peak
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", n/1e6) }
