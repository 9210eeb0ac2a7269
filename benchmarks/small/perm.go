package main

import (
	"context"
	"fmt"
	"os"
	"strconv"

	"github.com/cantil-py/cantil/algo/permute"
	"github.com/cantil-py/cantil/benchmarks/measure"
)

const (
	permItems = 10
	permCount = 3_628_800 // permutations of so many
	// passes make the start of a process, ours and Python's, a small part of its time.
	passes = 30
)

// drain is CPython's fastest way through all permutations: no bytecode runs for each.
const drain = `
import collections, itertools, sys
for _ in range(int(sys.argv[1])):
    collections.deque(itertools.permutations(range(10)), maxlen=0)
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
	return b.steps(ctx)
}

// steps compares processor time, of processes that use one processor each: this
// program as [walk] against the fastest of the CPythons.
func (b *bench) steps(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	fastest, best := b.newest(), 0.0
	for _, python := range b.pythons {
		cost, err := b.Run(ctx, python.Path, "-c", drain, "4")
		if err != nil {
			return err
		}
		if seconds := cost.CPU.Seconds(); best == 0 || seconds < best {
			fastest, best = python, seconds
		}
	}
	n := strconv.Itoa(passes)
	theirs, ours, err := b.Pair(ctx, b.rounds, []string{fastest.Path, "-c", drain, n}, []string{self, "-walk", n}, b.Say)
	if err != nil {
		return err
	}
	speed := measure.SpreadOf(theirs, ours, func(_, b measure.Cost) float64 { return passes * permCount / b.CPU.Seconds() / 1e6 })
	b.Told("steps, millions a second", speed.Text(0))
	s := measure.SpreadOf(theirs, ours, func(a, b measure.Cost) float64 { return a.CPU.Seconds() / b.CPU.Seconds() })
	b.AtLeast("times the deque of CPython "+fastest.Version, s.Text(1), s.Median, 5)
	return nil
}

// walk goes through all permutations of ten, times over.
func walk(times int) error {
	for range times {
		if n := count(make([]int, permItems)); n != permCount {
			return fmt.Errorf("%d permutations of ten, not %d", n, permCount)
		}
	}
	return nil
}

// count is the loop of any caller.
func count(items []int) int {
	n := 0
	for p := range permute.Of(items, permItems) {
		n += len(p) / permItems
	}
	return n
}
