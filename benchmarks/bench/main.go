// Command bench measures how far the verdicts of cantil bench and cantil diff can be trusted, and compares it with hyperfine. From the
// root of the repository:
//
//	go run ./benchmarks/bench [same] [planted] [functions] [programs] [family] [spawn] [hyperfine]
//
// ../README.md tells how, and what came of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strconv"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/bench/launch"
	"github.com/cantil-py/cantil/benchmarks/measure"
)

const (
	// steps take spin some 4 ms.
	steps = 4_000_000
	// plantedPart is how much more the slower program does.
	plantedPart = 0.1
	// mostWrong of a hundred verdicts is what is promised; the method aims at one.
	mostWrong = 0.05
)

// trust is the measurement of everything.
type trust struct {
	*measure.Frame
	trials, rounds, runs int
	pairs                int
	spin                 string

	noise, simulated, collected int // profiles, and comparisons of them
	families                    int
}

func main() {
	if code, is := launch.Main(); is { // the programs are started by one
		os.Exit(code)
	}
	t := &trust{}
	flag.IntVar(&t.trials, "trials", 100, "how often two programs are compared")
	flag.IntVar(&t.rounds, "rounds", 20, "rounds in each comparison")
	flag.IntVar(&t.runs, "runs", 1000, "how many short runs are counted")
	flag.IntVar(&t.pairs, "pairs", 7, "how often hyperfine and cantil measure the same")
	flag.IntVar(&t.noise, "noise", 60, "how many profiles the noise of functions is measured with")
	flag.IntVar(&t.simulated, "simulated", 200, "how often these are dealt out")
	flag.IntVar(&t.families, "families", 1000, "how often figures are drawn for the verdicts on many things at once")
	flag.IntVar(&t.collected, "collected", 10, "how often two programs are profiled in turns")
	os.Exit(measure.Program{Name: "bench", Measure: t.measure}.Main(os.Stdout, os.Stderr))
}

func (t *trust) measure(ctx context.Context, f *measure.Frame) (err error) {
	t.Frame = f
	if t.spin, err = t.Build(ctx, "./benchmarks/bench/spin"); err != nil {
		return err
	}
	return measure.Parts(ctx,
		measure.Part{Name: "same", Measure: t.same}, measure.Part{Name: "planted", Measure: t.planted},
		measure.Part{Name: "functions", Measure: t.functions}, measure.Part{Name: "programs", Measure: t.programs},
		measure.Part{Name: "family", Measure: t.family},
		measure.Part{Name: "spawn", Measure: t.spawn}, measure.Part{Name: "hyperfine", Measure: t.hyperfine},
	)
}

// counts are how often which verdict was given, by metric: beside the time on the clock stands that of the processor,
// which other programs hardly change.
type counts map[bench.Metric]map[bench.VerdictKind]int

// same compares a program with itself.
func (t *trust) same(ctx context.Context) error {
	all, err := t.verdicts(ctx, steps)
	if err != nil {
		return err
	}
	t.Section(fmt.Sprintf("a program against itself, %d rounds", t.rounds))
	for _, m := range metrics() {
		wrong := all[m][bench.Less] + all[m][bench.More]
		t.AtMost("differences found, "+string(m), t.of(wrong), t.part(wrong), mostWrong)
	}
	return nil
}

// planted compares a program with one that does a tenth more.
func (t *trust) planted(ctx context.Context) error {
	all, err := t.verdicts(ctx, steps+steps*plantedPart)
	if err != nil {
		return err
	}
	t.Section(fmt.Sprintf("a program against one that computes 10 %% more, %d rounds", t.rounds))
	for _, m := range metrics() {
		t.AtLeast("found, "+string(m), t.of(all[m][bench.More]), t.part(all[m][bench.More]), 0.95)
		t.AtMost("taken for less, "+string(m), t.of(all[m][bench.Less]), t.part(all[m][bench.Less]), 0)
	}
	return nil
}

func metrics() []bench.Metric { return []bench.Metric{bench.Wall, bench.CPU} }

func (t *trust) of(n int) string { return fmt.Sprintf("%d of %d", n, t.trials) }

func (t *trust) part(n int) float64 { return float64(n) / float64(t.trials) }

// verdicts counts those of trials comparisons of spin with steps and with other.
func (t *trust) verdicts(ctx context.Context, other int) (counts, error) {
	launcher, err := launch.Open(nil, nil)
	if err != nil {
		return nil, err
	}
	defer launcher.Close()
	var candidates []bench.Candidate
	for i, n := range []int{steps, other} {
		number, err := launcher.Add(launch.Command{Argv: []string{t.spin, strconv.Itoa(n)}})
		if err != nil {
			return nil, err
		}
		candidates = append(candidates, bench.Candidate{Name: strconv.Itoa(i), Measure: func(ctx context.Context) (bench.Run, error) {
			u, err := launcher.Run(ctx, number, 0)
			return bench.Run{Wall: u.Wall.Seconds(), User: u.User.Seconds(), System: u.System.Seconds()}, err
		}})
	}
	all := counts{bench.Wall: {}, bench.CPU: {}}
	for trial := range t.trials {
		r, err := bench.Measure(ctx, bench.Plan{Rounds: t.rounds, WarmUp: 1, Seed: uint64(trial)}, candidates)
		if err != nil {
			return nil, err
		}
		for m, kinds := range all {
			r.Metric = m
			kinds[r.Verdicts()[0].Kind]++
		}
		t.Say(fmt.Sprintf("comparison %d of %d", trial+1, t.trials))
	}
	return all, nil
}
