// Command sweep measures what a point of `cantil sweep` costs more than its program does alone. From the root of the repository:
//
//	go run ./benchmarks/sweep
//
// ../README.md tells how, and what came of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// mostOverhead is what was promised, in ../../docs/design/sweep.md: milliseconds for each point.
const mostOverhead = 15

// program is one that does next to nothing, so that nothing hides the overhead.
const program = "import sys\nprint('loss=%s' % sys.argv[1])\n"

func main() {
	points := flag.Int("points", 100, "points of a sweep")
	rounds := flag.Int("rounds", 11, "sweeps")
	os.Exit(measure.Program{Name: "sweep", Measure: func(ctx context.Context, f *measure.Frame) error {
		return measureOverhead(ctx, f, *points, *rounds)
	}}.Main(os.Stdout, os.Stderr))
}

// measureOverhead runs a program as the points of a sweep, one at a time, and as often by a shell.
func measureOverhead(ctx context.Context, f *measure.Frame, points, rounds int) error {
	python, err := f.Python(ctx, 13)
	if err != nil {
		return err
	}
	script, err := f.Write("nothing.py", program)
	if err != nil {
		return err
	}
	loop := fmt.Sprintf(`i=0; while [ $i -lt %d ]; do "$0" "$1" $i || exit 1; i=$((i+1)); done`, points)
	plain := []string{"/bin/sh", "-c", loop, python.Path, script}
	sweep := func(more ...string) []string {
		return append([]string{f.Cantil, "sweep", "--python", python.Path, "--grid", fmt.Sprintf("n=0:%d", points-1), script}, append(more, "--", "{n}")...)
	}
	f.Section(fmt.Sprintf("a Python that does nothing, %d points one at a time: milliseconds more for each than by a shell, %d rounds", points, rounds))
	for _, kind := range []struct {
		name string
		argv []string
	}{
		{"cantil sweep", sweep()},
		{"... with a metric", sweep("--metric", `regex:loss=(\d+)`)},
	} {
		ours, theirs, err := f.Pair(ctx, rounds, kind.argv, plain, func(line string) {
			fmt.Fprintf(os.Stderr, "\r\x1b[K%s: %s", kind.name, line)
			_ = os.RemoveAll(f.Runs()) // a store of a thousand runs is another question
		})
		if err != nil {
			return err
		}
		fmt.Fprint(os.Stderr, "\r\x1b[K")
		each := func(d time.Duration) float64 { return d.Seconds() * 1e3 / float64(points) }
		more := measure.SpreadOf(ours, theirs, func(a, b measure.Cost) float64 { return each(a.Wall - b.Wall) })
		f.AtMost(kind.name, more.Text(1), more.Median, mostOverhead)
		alone := measure.SpreadOf(theirs, theirs, func(a, _ measure.Cost) float64 { return each(a.Wall) })
		f.Told("  of a point by a shell, in all", alone.Text(1))
	}
	return nil
}
