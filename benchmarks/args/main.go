// Command args measures what is promised of a program's command line: how soon Tab is answered, and how soon
// a command line is checked. From the root of the repository:
//
//	go run ./benchmarks/args
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

// tabIn is promised: milliseconds from Tab to the answer, the program being known.
const tabIn = 20

// program has an interface of thirty options, and takes a while to start, as those do that import much.
const program = `
import argparse, json, unittest.mock, xml.dom.minidom
p = argparse.ArgumentParser()
for i in range(30):
    p.add_argument("--option-%d" % i, type=int, default=i, choices=range(100), help="the option %d" % i)
p.parse_args()
`

func main() {
	rounds := flag.Int("rounds", 41, "how often each is measured")
	os.Exit(measure.Program{Name: "args", Measure: func(ctx context.Context, f *measure.Frame) error {
		return compare(ctx, f, *rounds)
	}}.Main(os.Stdout, os.Stderr))
}

func compare(ctx context.Context, f *measure.Frame, rounds int) error {
	pythons, err := f.Pythons(ctx)
	if err != nil {
		return err
	}
	script, err := f.Write("program.py", program)
	if err != nil {
		return err
	}
	python := pythons[len(pythons)-1].Path
	args := func(more ...string) []string {
		return append([]string{f.Cantil, "args", "--python", python, script}, more...)
	}
	f.Section(fmt.Sprintf("milliseconds, %d times each, whole processes", rounds))
	for _, m := range []struct {
		what     string
		rounds   int
		promised float64
		argv     []string
	}{
		{"the first time: the program is asked", 1, 0, args("--json")},
		{"Tab after cantil run", rounds, tabIn, []string{f.Cantil, "__complete", "run", "--python", python, script, "--option-2"}},
		{"Tab after python", rounds, tabIn, []string{f.Cantil, "complete-python", "bash", python, script, "--option-2"}},
		{"checking a command line", rounds, 0, args("--check", "--", "--option-3", "4")},
		{"the program itself, plainly", rounds, 0, []string{python, script, "--option-3", "4"}},
	} {
		if err := tell(ctx, f, m.what, m.rounds, m.promised, m.argv); err != nil {
			return err
		}
	}
	return nil
}

// tell measures one command line.
func tell(ctx context.Context, f *measure.Frame, what string, rounds int, promised float64, argv []string) error {
	var times []float64
	for range rounds {
		cost, err := f.Run(ctx, argv...)
		if err != nil {
			return err
		}
		times = append(times, float64(cost.Wall.Microseconds())/1000)
	}
	spread := measure.SpreadOfAll(times)
	if promised > 0 {
		f.AtMost(what, spread.Text(1), spread.Median, promised)
	} else {
		f.Told(what, spread.Text(1))
	}
	return nil
}
