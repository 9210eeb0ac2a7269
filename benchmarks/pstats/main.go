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
	"fmt"
	"os"
	"os/signal"
	"slices"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// options are how long and how strictly to measure.
type options struct {
	large, small     bool
	rounds, pairs    int
	functions, edges int
	minor            int
	strict           bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measured(ctx, parse())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "pstats:", err)
		os.Exit(1)
	}
}

func parse() options {
	var o options
	flag.IntVar(&o.rounds, "rounds", 3, "how often each program reads the large profile")
	flag.IntVar(&o.pairs, "pairs", 40, "how often each program reads the small profile")
	flag.IntVar(&o.functions, "functions", 200_000, "functions in the large profile")
	flag.IntVar(&o.edges, "edges", 1_000_000, "pairs of caller and function in the large profile")
	flag.IntVar(&o.minor, "minor", 13, "measure against CPython 3.`N`")
	flag.BoolVar(&o.strict, "strict", false, "exit 1 if a promise is not kept")
	flag.Parse()
	all := flag.NArg() == 0
	o.large = all || slices.Contains(flag.Args(), "large")
	o.small = all || slices.Contains(flag.Args(), "small")
	return o
}

// bench is all that the measurements share.
type bench struct {
	options
	*measure.Lab
	*measure.Report
	python measure.Python
}

func measured(ctx context.Context, o options) error {
	lab, err := measure.Open(ctx)
	if err != nil {
		return err
	}
	defer lab.Close()
	b := &bench{o, lab, &measure.Report{Out: os.Stdout}, measure.Python{}}
	if b.python, err = lab.Python(ctx, o.minor); err != nil {
		return err
	}
	if err := b.sameAnswers(ctx); err != nil {
		return err
	}
	if o.large {
		if err := b.largeProfile(ctx); err != nil {
			return err
		}
	}
	if o.small {
		if err := b.smallProfile(ctx); err != nil {
			return err
		}
	}
	return b.End(o.strict)
}

// say tells what goes on, apart from the figures.
func say(line string) { fmt.Fprintln(os.Stderr, line) }
