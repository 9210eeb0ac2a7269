// Command profile measures what `cantil profile` costs, against python -m cProfile,
// with every Python there is. From the root of the repository:
//
//	go run ./benchmarks/profile [start] [calls] [snapshots]
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
	pairs, rounds int
	seconds       float64
	minor         int
	pythons       []measure.Python
}

func main() {
	b := &bench{}
	flag.IntVar(&b.pairs, "pairs", 30, "how often each profiler runs an empty script")
	flag.IntVar(&b.rounds, "rounds", 5, "how often each profiler runs the script that times its calls")
	flag.Float64Var(&b.seconds, "seconds", 10, "how long programs run whose snapshots are measured")
	flag.IntVar(&b.minor, "minor", 0, "only Python 3.`N`; 0 for all there are")
	os.Exit(measure.Program{Name: "profile", Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) (err error) {
	b.Frame = f
	if b.pythons, err = b.findPythons(ctx); err != nil {
		return err
	}
	return measure.Parts(ctx, measure.Part{Name: "start", Measure: b.measureStart}, measure.Part{Name: "calls", Measure: b.measureCalls},
		measure.Part{Name: "snapshots", Measure: b.measureSnapshots})
}

func (b *bench) findPythons(ctx context.Context) ([]measure.Python, error) {
	if b.minor == 0 {
		return b.Pythons(ctx)
	}
	python, err := b.Python(ctx, b.minor)
	return []measure.Python{python}, err
}

// cantil and cProfile are the two command lines for a script.
func (b *bench) cantil(p measure.Python, script string, args ...string) []string {
	return append([]string{b.Cantil, "profile", "--python", p.Path, script}, args...)
}

func cProfile(p measure.Python, script string, args ...string) []string {
	return append([]string{p.Path, "-m", "cProfile", script}, args...)
}
