package main

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// window is how long sampling is on, and then off: short enough that both see the
// same machine, long enough for some hundred slices.
const window = 100 * time.Millisecond

// slice is a piece of the target's work.
type slice struct {
	end  int64   // nanoseconds of the clock on the wall
	cost float64 // nanoseconds of processor time
}

// slowdown switches the sampler on and off in turns and compares the processor time
// of equal pieces of work. Whole runs one after the other would differ by more than
// what is looked for.
func (b *bench) slowdown(ctx context.Context, py measure.Python) error {
	for _, at := range []struct {
		rate     int
		promised float64
	}{{1000, 1}, {10_000, 3}} {
		file := b.Path("slices.txt")
		pid, stop, err := b.start(ctx, py, "slices", file)
		if err != nil {
			return err
		}
		var edges []int64 // sampling is on from every even edge to the next odd one
		for end := time.Now().Add(40 * b.round()); time.Now().Before(end) && ctx.Err() == nil; {
			edges = append(edges, time.Now().UnixNano())
			if _, err = sample(ctx, pid, at.rate, window); err != nil {
				break
			}
			edges = append(edges, time.Now().UnixNano())
			time.Sleep(window)
		}
		stop()
		if err != nil {
			return err
		}
		slices, err := readSlices(file)
		if err != nil {
			return err
		}
		median, low, high, pairs := ratios(slices, edges)
		b.AtMost(fmt.Sprintf("%% slower at %d Hz", at.rate), fmt.Sprintf("%.2f (95 %%: %.2f to %.2f; %d pairs)", median, low, high, pairs), low, at.promised)
	}
	return nil
}

func readSlices(name string) ([]slice, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all []slice
	for {
		var s slice
		if n, _ := fmt.Fscan(file, &s.end, &s.cost); n < 2 {
			return all, nil
		}
		all = append(all, s)
	}
}

// ratios compares each window with the pause after it, by the medians of their slices,
// and returns by how many per cent the former cost more: the median of all pairs and
// the middle 95 % of medians of samples drawn from them (bootstrap).
func ratios(all []slice, edges []int64) (median, low, high float64, pairs int) {
	const margin = int64(5 * time.Millisecond) // attaching, and slices that begin before the edge
	cost := func(from, to int64) float64 {
		var list []float64
		for _, s := range all {
			if s.end > from+margin && s.end < to {
				list = append(list, s.cost)
			}
		}
		return middle(list)
	}
	var list []float64
	for i := 0; i+2 < len(edges); i += 2 {
		on, off := cost(edges[i], edges[i+1]), cost(edges[i+1], edges[i+2])
		if on > 0 && off > 0 {
			list = append(list, 100*(on/off-1))
		}
	}
	var drawn []float64
	for range 2000 {
		again := make([]float64, len(list))
		for i := range again {
			again[i] = list[rand.Intn(len(list))]
		}
		drawn = append(drawn, middle(again))
	}
	slices.Sort(drawn)
	return middle(list), drawn[len(drawn)/40], drawn[len(drawn)*39/40], len(list)
}

func middle(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}
