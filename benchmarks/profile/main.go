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
	"fmt"
	"os"
	"os/signal"
	"slices"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// options are how long and how strictly to measure.
type options struct {
	start, calls, snapshots bool
	pairs, rounds           int
	seconds                 float64
	minor                   int
	strict                  bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measured(ctx, parse())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
		os.Exit(1)
	}
}

func parse() options {
	var o options
	flag.IntVar(&o.pairs, "pairs", 30, "how often each profiler runs an empty script")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each profiler runs the script that times its calls")
	flag.Float64Var(&o.seconds, "seconds", 10, "how long programs run whose snapshots are measured")
	flag.IntVar(&o.minor, "minor", 0, "only Python 3.`N`; 0 for all there are")
	flag.BoolVar(&o.strict, "strict", false, "exit 1 if a promise is not kept")
	flag.Parse()
	all := flag.NArg() == 0
	o.start = all || slices.Contains(flag.Args(), "start")
	o.calls = all || slices.Contains(flag.Args(), "calls")
	o.snapshots = all || slices.Contains(flag.Args(), "snapshots")
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
	if b.pythons, err = b.findPythons(ctx); err != nil {
		return err
	}
	steps := []struct {
		wanted bool
		do     func(context.Context) error
	}{{o.start, b.measureStart}, {o.calls, b.measureCalls}, {o.snapshots, b.measureSnapshots}}
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
