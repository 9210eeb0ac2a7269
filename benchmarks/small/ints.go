package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/text/ints"
)

const intsSize = 64 << 20

// sumPython is what the notes do, and the sum.
const sumPython = `
import sys
with open(sys.argv[1]) as f:
    print(sum([int(s) for s in f.read().split(", ")]))
`

// ints measures reading numbers up to a million, within a Go program and as a program
// against Python.
func (b *bench) ints(ctx context.Context) error {
	b.Section(fmt.Sprintf("Numbers, %d MiB of them", intsSize>>20))
	file := b.Path("numbers.txt")
	if err := writeNumbers(file); err != nil {
		return err
	}
	theirs, ours, err := b.Pair(ctx, min(3, b.rounds), []string{b.newest().Path, "-c", sumPython, file}, []string{b.Cantil, "tool", "ints", "--sum", file}, b.Say)
	if err != nil {
		return err
	}
	ratio := measure.SpreadOf(theirs, ours, func(a, b measure.Cost) float64 { return a.Wall.Seconds() / b.Wall.Seconds() })
	b.Told("their sum: times CPython "+b.newest().Version, ratio.Text(1))
	busy := measure.SpreadOf(theirs, ours, func(_, b measure.Cost) float64 { return intsSize / b.CPU.Seconds() / 1e6 })
	b.Told("their sum: MB/s of processor time", busy.Text(0))
	var speeds []float64
	for range b.rounds {
		start := time.Now()
		if _, err := ints.ReadFile(file); err != nil {
			return err
		}
		speeds = append(speeds, intsSize/time.Since(start).Seconds()/1e6)
	}
	s := measure.SpreadOfAll(speeds)
	b.AtLeast("reading, MB/s", s.Text(0), s.Median, 300)
	return nil
}

func writeNumbers(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	random := rand.New(rand.NewPCG(1, 2))
	var text []byte
	for size := 0; size < intsSize; size += len(text) {
		text = ints.Append(text[:0], random.Int64N(1_000_000))
		if size > 0 {
			text = append([]byte(", "), text...)
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}
