package main

import (
	"context"
	"fmt"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// smallProfile measures what people do most: the first fifteen rows of a small program.
func (b *bench) smallProfile(ctx context.Context) error {
	file := b.Path("small.prof")
	if _, err := b.Run(ctx, b.python.Path, "-m", "cProfile", "-o", file, "examples/spellcheck.py"); err != nil {
		return err
	}
	code := "import pstats, sys; pstats.Stats(sys.argv[1]).sort_stats('cumtime').print_stats(15)"
	theirs, ours, err := b.Pair(ctx, b.pairs, []string{b.python.Path, "-c", code, file}, []string{b.Cantil, "stats", file}, func(string) {})
	if err != nil {
		return err
	}
	b.Section(fmt.Sprintf("a small profile, %d pairs of whole processes", b.pairs))
	wall := measure.SpreadOf(theirs, ours, wallRatio)
	b.AtLeast("cantil stats", wall.Text(1)+" times", wall.Median, fasterSmall)
	b.Told("  processor time", measure.SpreadOf(theirs, ours, cpuRatio).Text(1)+" times less")
	b.Told("  seconds", seconds(theirs)+" and "+seconds(ours))
	return nil
}
