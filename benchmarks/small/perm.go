package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cantil-py/cantil/algo/permute"
	"github.com/cantil-py/cantil/benchmarks/measure"
)

const (
	permItems = 10
	permCount = 3_628_800 // permutations of so many
)

// drain is CPython's fastest way through all permutations: no bytecode runs for each.
const drain = `
import collections, itertools, time
start = time.perf_counter()
collections.deque(itertools.permutations(range(10)), maxlen=0)
print(time.perf_counter() - start)
`

// perm measures lines of the whole program, and steps against the fastest CPython.
func (b *bench) perm(ctx context.Context) error {
	b.Section("Permutations of ten")
	var lines, busy []float64
	for range b.rounds {
		cost, err := b.Run(ctx, b.Cantil, "tool", "perm", "0123456789")
		if err != nil {
			return err
		}
		lines = append(lines, permCount/cost.Wall.Seconds()/1e6)
		busy = append(busy, permCount/cost.CPU.Seconds()/1e6)
	}
	s := measure.SpreadOfAll(lines)
	b.AtLeast("lines, millions a second", s.Text(1), s.Median, 20)
	b.Told("... a second of processor time", measure.SpreadOfAll(busy).Text(1))

	// The fastest of all versions is the one to beat.
	fastest, best := b.newest(), 0.0
	for _, python := range b.pythons {
		seconds, err := b.drained(ctx, python)
		if err != nil {
			return err
		}
		say(fmt.Sprintf("CPython %s: %.0f million steps a second", python.Version, permCount/seconds/1e6))
		if best == 0 || seconds < best {
			fastest, best = python, seconds
		}
	}
	var ratios, steps []float64
	for range b.rounds {
		theirs, err := b.drained(ctx, fastest)
		if err != nil {
			return err
		}
		ours := stepped()
		ratios = append(ratios, theirs/ours)
		steps = append(steps, permCount/ours/1e6)
	}
	b.Told("steps, millions a second", measure.SpreadOfAll(steps).Text(0))
	s = measure.SpreadOfAll(ratios)
	b.AtLeast("times the deque of CPython "+fastest.Version, s.Text(1), s.Median, 5)
	return nil
}

// drained is the seconds that a Python takes.
func (b *bench) drained(ctx context.Context, python measure.Python) (float64, error) {
	var out bytes.Buffer
	if err := b.Output(ctx, &out, python.Path, "-c", drain); err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
}

// stepped is the seconds that we take.
func stepped() float64 {
	start := time.Now()
	if n := steps(make([]int, permItems)); n != permCount {
		panic(fmt.Sprintf("%d permutations of ten", n)) // measuring the wrong thing is no measurement
	}
	return time.Since(start).Seconds()
}

// steps goes through all, the loop of any caller.
func steps(items []int) int {
	n := 0
	for p := range permute.Of(items, permItems) {
		n += len(p) / permItems
	}
	return n
}
