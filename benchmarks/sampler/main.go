// Command sampler measures what sampling a Python costs: samples a second flat out,
// system calls and processor time of a sample, the time to attach, and what the
// sampled program pays. From the root of the repository:
//
//	go run ./benchmarks/sampler          everything
//	go run ./benchmarks/sampler flat     one part alone, of those below
//
// The parts: reads (system calls of a sample, by strace), flat (samples a second), against
// (processor time beside py-spy and austin), paced (1 kHz), attach, slowdown, shares.
//
// ../README.md tells how, and what came of it.
package main

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/profile/sampler"
)

//go:embed target.py
var targetScript string

// options are how long and how strictly to measure.
type options struct {
	rounds  int
	seconds float64
	minor   int
	strict  bool
	parts   []string
	task    string

	runs, shareSeconds int
	shareMinors        string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, parse())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "sampler:", err)
		os.Exit(1)
	}
}

func parse() options {
	var o options
	flag.IntVar(&o.rounds, "rounds", 5, "how often each rate is measured; the median counts")
	flag.Float64Var(&o.seconds, "seconds", 0.5, "length of a round; the slowdown takes 40 of them")
	flag.IntVar(&o.minor, "minor", 0, "measure Python 3.`N` alone")
	flag.IntVar(&o.runs, "runs", 100, "runs of 10 s for the shares, of each of two programs and each Python")
	flag.IntVar(&o.shareSeconds, "share-seconds", 10, "length of one of them")
	flag.StringVar(&o.shareMinors, "share-minors", "8,13", "the Pythons 3.`N` that they are made with")
	flag.StringVar(&o.task, "task", "", "used by the measurement itself")
	flag.BoolVar(&o.strict, "strict", false, "exit 1 if a promise is not kept")
	flag.Parse()
	if o.parts = flag.Args(); len(o.parts) == 0 {
		o.parts = []string{"reads", "flat", "against", "paced", "attach", "slowdown", "shares"}
	}
	return o
}

func run(ctx context.Context, o options) error {
	if o.task == "" {
		return measured(ctx, o)
	}
	var pid, samples int
	if _, err := fmt.Sscanf(o.task, "%d,%d", &pid, &samples); err != nil {
		return fmt.Errorf("the task %q: %w", o.task, err)
	}
	return task(pid, samples)
}

// bench is one measurement.
type bench struct {
	options
	*measure.Lab
	*measure.Report
	script string
	found  []rival
}

func measured(ctx context.Context, o options) error {
	lab, err := measure.Open(ctx)
	if err != nil {
		return err
	}
	defer lab.Close()
	b := &bench{options: o, Lab: lab, Report: &measure.Report{Out: os.Stdout}}
	if b.script, err = lab.Write("target.py", targetScript); err != nil {
		return err
	}
	pythons, err := lab.Pythons(ctx)
	if err != nil {
		return err
	}
	parts := map[string]func(context.Context, measure.Python) error{
		"reads": b.reads, "flat": b.flat, "against": b.against, "paced": b.paced, "attach": b.attach,
		"slowdown": b.slowdown, "shares": b.shares,
	}
	for _, name := range o.parts {
		part, ok := parts[name]
		if !ok {
			return fmt.Errorf("no part is called %q", name)
		}
		for _, py := range pythons {
			if !o.wants(name, py.Minor) {
				continue
			}
			b.Section(name + ", CPython " + py.Version)
			if err := part(ctx, py); err != nil {
				return err
			}
		}
	}
	return b.End(o.strict)
}

// againstMinor is the Python that all samplers know: the newest austin that runs on older
// systems ends at 3.13, an older one knows 3.8.
const againstMinor = 11

// wants says whether a part is measured with Python 3.minor.
func (o options) wants(part string, minor int) bool {
	switch {
	case o.minor != 0:
		return o.minor == minor
	case part == "against":
		return minor == againstMinor
	case part == "shares":
		return slices.Contains(strings.Split(o.shareMinors, ","), fmt.Sprint(minor))
	}
	return true
}

// start runs the target until stop is called.
func (b *bench) start(ctx context.Context, py measure.Python, args ...string) (pid int, stop func(), err error) {
	cmd := exec.CommandContext(ctx, py.Path, append([]string{b.script}, args...)...)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return 0, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, nil, err
	}
	if err := cmd.Start(); err != nil {
		return 0, nil, err
	}
	stop = func() {
		stdin.Close()
		cmd.Process.Kill()
		io.Copy(io.Discard, out)
		cmd.Wait()
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); strings.TrimSpace(line) != "ready" {
		stop()
		return 0, nil, fmt.Errorf("the target said %q", line)
	}
	return cmd.Process.Pid, stop, nil
}

// sample samples for a while.
func sample(ctx context.Context, pid, rate int, d time.Duration) (sampler.Counts, error) {
	s, err := sampler.Open(pid, sampler.Options{Rate: rate})
	if err != nil {
		return sampler.Counts{}, err
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	err = s.Run(ctx, func(*sampler.Sample) error { return nil })
	c := s.Counts()
	if err == nil && c.Samples == 0 {
		err = errors.New("no samples were taken")
	}
	return c, err
}

func (b *bench) round() time.Duration { return time.Duration(b.seconds * float64(time.Second)) }

// median of what figure gives for each of the rounds.
func (b *bench) median(ctx context.Context, pid, rate int, figures ...func(sampler.Counts) float64) ([]measure.Spread, error) {
	lists := make([][]float64, len(figures))
	for range b.rounds {
		c, err := sample(ctx, pid, rate, b.round())
		if err != nil {
			return nil, err
		}
		for i, f := range figures {
			lists[i] = append(lists[i], f(c))
		}
	}
	spreads := make([]measure.Spread, len(figures))
	for i := range lists {
		spreads[i] = measure.SpreadOfAll(lists[i])
	}
	return spreads, nil
}

func rateOf(c sampler.Counts) float64 { return float64(c.Samples) / c.Wall.Seconds() }
func cpuOf(c sampler.Counts) float64 {
	return float64(c.CPU.Nanoseconds()) / 1000 / float64(c.Samples)
}
func readsOf(c sampler.Counts) float64 { return float64(c.Reads) / float64(c.Samples) }

// flat measures how fast samples can be taken. On a busy machine the processor time
// tells more than the rate: what it allows is a million divided by it.
func (b *bench) flat(ctx context.Context, py measure.Python) error {
	promised := map[int]float64{5: 200_000, 20: 200_000, 100: 120_000}
	if py.Minor < 11 {
		promised = map[int]float64{5: 80_000, 20: 35_000, 100: 10_000}
	}
	for _, depth := range []int{5, 20, 100} {
		pid, stop, err := b.start(ctx, py, "depth", fmt.Sprint(depth))
		if err != nil {
			return err
		}
		got, err := b.median(ctx, pid, sampler.FlatOut, rateOf, cpuOf, readsOf)
		stop()
		if err != nil {
			return err
		}
		told := fmt.Sprintf("%s/s; %s us of processor time, so %.0f/s; %s reads each", got[0].Text(0), got[1].Text(2), 1e6/got[1].Median, got[2].Text(4))
		b.AtLeast(fmt.Sprintf("depth %d: samples a second", depth), told, got[0].Median, promised[depth])
		b.AtMost(fmt.Sprintf("depth %d: reads of a sample", depth), got[2].Text(4), got[2].Median, 1.05)
	}
	return nil
}

// paced measures a sample at 1 kHz against a loop that only sleeps.
func (b *bench) paced(ctx context.Context, py measure.Python) error {
	const rate = 1000
	pid, stop, err := b.start(ctx, py, "depth", "20")
	if err != nil {
		return err
	}
	defer stop()
	got, err := b.median(ctx, pid, rate, cpuOf, rateOf, func(c sampler.Counts) float64 {
		return float64(c.Late.Microseconds()) / float64(c.Ticks)
	})
	if err != nil {
		return err
	}
	var bare []float64
	for range b.rounds {
		bare = append(bare, sampler.BareLoop(rate, b.round()))
	}
	loop := measure.SpreadOfAll(bare)
	b.Told("lateness of a tick", got[2].Text(0)+" us; "+got[1].Text(0)+" samples a second")
	b.AtMost("us of a sample above a bare loop", fmt.Sprintf("%s, the loop %s", got[0].Text(1), loop.Text(1)), got[0].Median-loop.Median, 30)
	return nil
}

// attach measures from the request to the first sample.
func (b *bench) attach(ctx context.Context, py measure.Python) error {
	pid, stop, err := b.start(ctx, py, "depth", "20")
	if err != nil {
		return err
	}
	defer stop()
	var all []float64
	for range 4 * b.rounds {
		begin := time.Now()
		s, err := sampler.Open(pid, sampler.Options{Rate: sampler.FlatOut})
		if err != nil {
			return err
		}
		first := errors.New("the first sample")
		err = s.Run(ctx, func(*sampler.Sample) error { return first })
		all = append(all, float64(time.Since(begin).Microseconds())/1000)
		s.Close()
		if err != first {
			return fmt.Errorf("waiting for a sample: %w", err)
		}
	}
	spread := measure.SpreadOfAll(all)
	b.AtMost("ms to the first sample", spread.Text(1), spread.Median, 30)
	return nil
}
