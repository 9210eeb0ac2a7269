// Command run measures what `cantil run` costs. From the root of the repository:
//
//	go run ./benchmarks/run [short] [flood] [many] [clock]
//
// ../README.md tells how, and what came of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// bench is all that the measurements share.
type bench struct {
	*measure.Frame
	pairs, rounds, runs int
}

func main() {
	b := &bench{}
	flag.IntVar(&b.pairs, "pairs", 100, "how often a program that does nothing is run")
	flag.IntVar(&b.rounds, "rounds", 5, "how often a program that floods is run")
	flag.IntVar(&b.runs, "runs", 1000, "how many short runs are counted")
	os.Exit(measure.Program{Name: "run", Measure: func(ctx context.Context, f *measure.Frame) error {
		b.Frame = f
		return measure.Parts(ctx, measure.Part{Name: "short", Measure: b.measureShort}, measure.Part{Name: "flood", Measure: b.measureFlood},
			measure.Part{Name: "many", Measure: b.measureMany}, measure.Part{Name: "clock", Measure: b.measureClock})
	}}.Main(os.Stdout, os.Stderr))
}

// say shows progress.
func say(line string) { fmt.Fprintf(os.Stderr, "\r\x1b[K%s", line) }
