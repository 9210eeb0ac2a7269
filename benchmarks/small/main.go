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
	"fmt"
	"os"
	"os/signal"
	"slices"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// options are what to measure, how long and how strictly.
type options struct {
	rounds int
	strict bool
	walk   int
	parts  []string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	o := parse()
	var err error
	if o.walk > 0 {
		err = walk(o.walk)
	} else {
		err = measured(ctx, o)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "small:", err)
		os.Exit(1)
	}
}

func parse() options {
	var o options
	flag.IntVar(&o.rounds, "rounds", 7, "how often each is measured")
	flag.BoolVar(&o.strict, "strict", false, "exit 1 if a promise is not kept")
	flag.IntVar(&o.walk, "walk", 0, "only go through the permutations of ten so many times; this is what is measured")
	flag.Parse()
	o.parts = flag.Args()
	return o
}

// bench is all that the measurements share.
type bench struct {
	options
	*measure.Lab
	*measure.Report
	pythons []measure.Python
}

func measured(ctx context.Context, o options) error {
	lab, err := measure.Open(ctx)
	if err != nil {
		return err
	}
	defer lab.Close()
	b := &bench{o, lab, &measure.Report{Out: os.Stdout}, nil}
	if b.pythons, err = lab.Pythons(ctx); err != nil {
		return err
	}
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{{"between", b.between}, {"find", b.find}, {"perm", b.perm}, {"ints", b.ints}} {
		if len(o.parts) > 0 && !slices.Contains(o.parts, part.name) {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return fmt.Errorf("measuring %s: %w", part.name, err)
		}
	}
	return b.End(o.strict)
}

// newest is the newest Python there is.
func (b *bench) newest() measure.Python { return b.pythons[len(b.pythons)-1] }

// say tells what goes on, apart from the figures.
func say(line string) { fmt.Fprintln(os.Stderr, line) }
