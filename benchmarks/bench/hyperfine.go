package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

const (
	// longSteps take spin some 20 ms: long enough that a start does not matter.
	longSteps = 20_000_000
	// eachRuns of each of two commands, for both tools.
	eachRuns = 40
	// t95 is the quantile of Student's t for so many runs of each of two commands.
	t95 = 1.99
	// mostPause bounds how long the load stays, and stays away.
	mostPause = 800 * time.Millisecond
	forever   = "1000000000000000"
)

// spawn counts how many runs of a program that does nothing fit into a second.
func (t *trust) spawn(ctx context.Context) error {
	if !t.hasHyperfine() {
		return nil
	}
	nothing, err := exec.LookPath("true")
	if err != nil {
		return err
	}
	n := strconv.Itoa(t.runs)
	ours, theirs, err := t.Pair(ctx, t.pairs,
		[]string{t.Cantil, "bench", "-r", n, nothing}, []string{"hyperfine", "-N", "--style", "none", "-r", n, nothing}, t.Say)
	if err != nil {
		return err
	}
	rate := func(c, _ measure.Cost) float64 { return float64(t.runs) / c.Wall.Seconds() }
	t.Section(fmt.Sprintf("runs of true in a second, of %d, %d times in turns", t.runs, t.pairs))
	t.Told("cantil bench", measure.SpreadOf(ours, ours, rate).Text(0))
	t.Told("hyperfine -N", measure.SpreadOf(theirs, theirs, rate).Text(0))
	ratio := measure.SpreadOf(ours, theirs, func(a, b measure.Cost) float64 { return b.Wall.Seconds() / a.Wall.Seconds() })
	t.AtLeast("times as many", ratio.Text(2), ratio.Median, 1)
	return nil
}

// hyperfine compares the intervals of a ratio that is 1: how wide they are, and how often they miss it.
func (t *trust) hyperfine(ctx context.Context) error {
	if !t.hasHyperfine() {
		return nil
	}
	quiet, err := t.intervals(ctx)
	if err != nil {
		return err
	}
	t.Section(fmt.Sprintf("a program against itself, %d runs each; hyperfine's interval by its means and deviations", eachRuns))
	t.AtMost("quiet: cantil's width, of hyperfine's", quiet.ours.Text(2), quiet.ours.Median, 1.1)
	t.misses(quiet)
	stop := t.load(ctx)
	loaded, err := t.intervals(ctx)
	stop()
	if err != nil {
		return err
	}
	t.AtLeast("a load that comes and goes: hyperfine's, of cantil's", loaded.theirs.Text(2), loaded.theirs.Median, 2)
	t.misses(loaded)
	return nil
}

func (t *trust) misses(w widths) {
	t.Told("... intervals without the truth", fmt.Sprintf("cantil %d, hyperfine %d, of %d", w.ourMisses, w.theirMisses, t.pairs))
}

// hasHyperfine tells loudly where it is missing.
func (t *trust) hasHyperfine() bool {
	_, err := exec.LookPath("hyperfine")
	if err != nil {
		t.Section("NOT MEASURED: hyperfine is missing (Debian: apt-get install hyperfine)")
	}
	return err == nil
}

// widths are those of the intervals of both, as a part of the other's.
type widths struct {
	ours, theirs           measure.Spread
	ourMisses, theirMisses int
}

func (t *trust) intervals(ctx context.Context) (w widths, err error) {
	var ours, theirs []float64
	for pair := range t.pairs {
		our, missed, err := t.cantilWidth(ctx)
		if err != nil {
			return w, err
		}
		their, theyMissed, err := t.hyperfineWidth(ctx)
		if err != nil {
			return w, err
		}
		ours, theirs = append(ours, our/their), append(theirs, their/our)
		w.ourMisses += count(missed)
		w.theirMisses += count(theyMissed)
		t.Say(fmt.Sprintf("pair %d of %d: cantil's interval is ±%.2f %%, hyperfine's ±%.2f %%", pair+1, t.pairs, 100*our, 100*their))
	}
	w.ours, w.theirs = measure.SpreadOfAll(ours), measure.SpreadOfAll(theirs)
	return w, nil
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

// cantilWidth is half the width of the interval of the ratio, and whether 1 is not in it.
func (t *trust) cantilWidth(ctx context.Context) (width float64, missed bool, err error) {
	command := t.spin + " " + strconv.Itoa(longSteps)
	var out bytes.Buffer
	if err := t.Output(ctx, &out, t.Cantil, "bench", "--json", "-r", strconv.Itoa(eachRuns), command, command); err != nil {
		return 0, false, err
	}
	var report struct{ Verdicts []struct{ Low, High float64 } }
	if err := json.Unmarshal(out.Bytes(), &report); err != nil || len(report.Verdicts) != 1 {
		return 0, false, fmt.Errorf("reading what cantil bench printed: %w", err)
	}
	v := report.Verdicts[0]
	return math.Sqrt(v.High/v.Low) - 1, v.Low > 1 || v.High < 1, nil
}

// hyperfineWidth makes the 95 % interval of the ratio of means that hyperfine's figures give: it prints standard deviations
// only, from which its own is made in the same way.
func (t *trust) hyperfineWidth(ctx context.Context) (width float64, missed bool, err error) {
	command, path := t.spin+" "+strconv.Itoa(longSteps), t.Path("hyperfine.json")
	if _, err := t.Run(ctx, "hyperfine", "-N", "--style", "none", "-r", strconv.Itoa(eachRuns), "--export-json", path, command, command); err != nil {
		return 0, false, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, false, err
	}
	var report struct {
		Results []struct{ Mean, Stddev float64 }
	}
	if err := json.Unmarshal(data, &report); err != nil || len(report.Results) != 2 {
		return 0, false, fmt.Errorf("reading what hyperfine wrote: %w", err)
	}
	a, b := report.Results[0], report.Results[1]
	width = t95 * math.Hypot(a.Stddev/a.Mean, b.Stddev/b.Mean) / math.Sqrt(eachRuns)
	return width, math.Abs(math.Log(a.Mean/b.Mean)) > width, nil
}

// load makes programs compute on every processor, for a while, and again after a while, until stop is called.
func (t *trust) load(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			t.busy(ctx, rand.N(mostPause))
			select {
			case <-ctx.Done():
			case <-time.After(rand.N(mostPause)):
			}
		}
	}()
	return func() { cancel(); <-done }
}

// busy computes on every processor for so long.
func (t *trust) busy(ctx context.Context, long time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, long)
	defer cancel()
	var started []*exec.Cmd
	for range 2 * runtime.NumCPU() {
		cmd := exec.CommandContext(ctx, t.spin, forever)
		if cmd.Start() == nil {
			started = append(started, cmd)
		}
	}
	for _, cmd := range started {
		_ = cmd.Wait() // it is killed when its time is up
	}
}
