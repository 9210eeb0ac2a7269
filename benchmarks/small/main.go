// Command small measures the small tools: permutations, lists of numbers, text between
// markers, finding files. From the root of the repository:
//
//	go run ./benchmarks/small [perm] [ints] [between] [find]
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
	rounds  int
	pythons []measure.Python
}

func main() {
	b := &bench{}
	flag.IntVar(&b.rounds, "rounds", 7, "how often each is measured")
	times := flag.Int("walk", 0, "only go through the permutations of ten so many times; this is what is measured")
	task := func() (bool, error) {
		if *times == 0 {
			return false, nil
		}
		return true, walk(*times)
	}
	os.Exit(measure.Program{Name: "small", Task: task, Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) (err error) {
	b.Frame = f
	if b.pythons, err = b.Pythons(ctx); err != nil {
		return err
	}
	return measure.Parts(ctx, measure.Part{Name: "between", Measure: b.between}, measure.Part{Name: "find", Measure: b.find},
		measure.Part{Name: "perm", Measure: b.perm}, measure.Part{Name: "ints", Measure: b.ints})
}

// newest is the newest Python there is.
func (b *bench) newest() measure.Python { return b.pythons[len(b.pythons)-1] }
