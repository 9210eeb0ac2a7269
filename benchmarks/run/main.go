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
	"os/signal"
	"slices"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// options are how long and how strictly to measure.
type options struct {
	short, flood, many, clock bool
	pairs, rounds, runs       int
	strict                    bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measured(ctx, parse())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
		os.Exit(1)
	}
}

func parse() options {
	var o options
	flag.IntVar(&o.pairs, "pairs", 100, "how often a program that does nothing is run")
	flag.IntVar(&o.rounds, "rounds", 5, "how often a program that floods is run")
	flag.IntVar(&o.runs, "runs", 1000, "how many short runs are counted")
	flag.BoolVar(&o.strict, "strict", false, "exit 1 if a promise is not kept")
	flag.Parse()
	all := flag.NArg() == 0
	o.short = all || slices.Contains(flag.Args(), "short")
	o.flood = all || slices.Contains(flag.Args(), "flood")
	o.many = all || slices.Contains(flag.Args(), "many")
	o.clock = all || slices.Contains(flag.Args(), "clock")
	return o
}

// bench is all that the measurements share.
type bench struct {
	options
	*measure.Lab
	*measure.Report
}

func measured(ctx context.Context, o options) error {
	lab, err := measure.Open(ctx)
	if err != nil {
		return err
	}
	defer lab.Close()
	b := &bench{o, lab, &measure.Report{Out: os.Stdout}}
	steps := []struct {
		wanted bool
		do     func(context.Context) error
	}{{o.short, b.measureShort}, {o.flood, b.measureFlood}, {o.many, b.measureMany}, {o.clock, b.measureClock}}
	for _, step := range steps {
		if !step.wanted {
			continue
		}
		if err := step.do(ctx); err != nil {
			return err
		}
	}
	return b.End(o.strict)
}

// say shows progress.
func say(line string) { fmt.Fprintf(os.Stderr, "\r\x1b[K%s", line) }
