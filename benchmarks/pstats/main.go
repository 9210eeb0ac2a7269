// Command pstats measures `cantil stats` against CPython's pstats, whole processes
// from start to end, on a large profile and on a small one. From the root of the
// repository:
//
//	go run ./benchmarks/pstats [large] [small]
//
// ../README.md tells how, and what came of it.
package main

import (
	"context"
	"flag"
	"os"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// bench is all that the measurements share.
type bench struct {
	*measure.Frame
	rounds, pairs    int
	functions, edges int
	minor            int
	python           measure.Python
}

func main() {
	b := &bench{}
	flag.IntVar(&b.rounds, "rounds", 3, "how often each program reads the large profile")
	flag.IntVar(&b.pairs, "pairs", 40, "how often each program reads the small profile")
	flag.IntVar(&b.functions, "functions", 200_000, "functions in the large profile")
	flag.IntVar(&b.edges, "edges", 1_000_000, "pairs of caller and function in the large profile")
	flag.IntVar(&b.minor, "minor", 13, "measure against CPython 3.`N`")
	os.Exit(measure.Program{Name: "pstats", Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) (err error) {
	b.Frame = f
	if b.python, err = b.Python(ctx, b.minor); err != nil {
		return err
	}
	if err := b.sameAnswers(ctx); err != nil {
		return err
	}
	return measure.Parts(ctx, measure.Part{Name: "large", Measure: b.largeProfile}, measure.Part{Name: "small", Measure: b.smallProfile})
}
