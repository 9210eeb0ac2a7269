package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// What was promised, in ../../docs/design/run.md.
const (
	mostOverhead = 12   // milliseconds, for a program that does nothing
	mostSlower   = 1.10 // a flood, of what a redirect to a file takes
	leastRate    = 50   // short runs a second, two at a time
	mostClock    = 1.0  // milliseconds, what the times told may be off
	atATime      = 2
)

// measureShort runs a program that does nothing, plainly and by cantil run.
func (b *bench) measureShort(ctx context.Context) error {
	program, err := exec.LookPath("true")
	if err != nil {
		return err
	}
	b.Section(fmt.Sprintf("a program that does nothing: milliseconds more than plainly, %d pairs", b.pairs))
	ours, plain, err := b.Pair(ctx, b.pairs, []string{b.Cantil, "run", "--", program}, []string{program}, say)
	if err != nil {
		return err
	}
	say("")
	more := measure.SpreadOf(ours, plain, func(a, b measure.Cost) float64 { return milliseconds(a.Wall - b.Wall) })
	b.AtMost("cantil run -- true", more.Text(1), more.Median, mostOverhead)
	cpu := measure.SpreadOf(ours, plain, func(a, b measure.Cost) float64 { return milliseconds(a.CPU - b.CPU) })
	b.Told("  processor time of the front", cpu.Text(1))
	return nil
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1e3 }

// floods are commands that write 1 GB.
var floods = []struct{ name, script string }{
	{"lines of Python", `exec python3 -c '
import sys
for i in range(12_500_000): sys.stdout.write("a line of output, as programs write it, with no end in sight: it has 80 bytes.\n")'`},
	{"lines of yes", `yes "a line of output, as programs write it" | head -c 1000000000`},
	{"zeros, as fast as they come", `exec head -c 1000000000 /dev/zero`},
}

// measureFlood compares with a redirect to a file. The first is a program's; the others do nothing but write.
func (b *bench) measureFlood(ctx context.Context) error {
	b.Section(fmt.Sprintf("1 GB of output: the time, of that of a redirect to a file, %d pairs", b.rounds))
	for i, flood := range floods {
		plain := []string{"/bin/sh", "-c", "{ " + flood.script + "; } > " + b.Path("flood")}
		ours := []string{b.Cantil, "run", "--", "/bin/sh", "-c", flood.script}
		as, bs, err := b.Pair(ctx, b.rounds, ours, plain, func(line string) {
			say(line)
			_ = os.RemoveAll(b.Runs()) // a disk full of gigabytes would be measured next
			_ = os.Remove(b.Path("flood"))
		})
		if err != nil {
			return err
		}
		say("")
		slower := measure.SpreadOf(as, bs, func(a, b measure.Cost) float64 { return a.Wall.Seconds() / b.Wall.Seconds() })
		took := measure.SpreadOf(bs, bs, func(a, _ measure.Cost) float64 { return a.Wall.Seconds() })
		if i == 0 {
			b.AtMost(flood.name, slower.Text(2), slower.Median, mostSlower)
		} else {
			b.Told(flood.name, slower.Text(2))
		}
		b.Told("  seconds by a redirect", took.Text(2))
	}
	return nil
}

// measureMany counts short runs, all of them indexed.
func (b *bench) measureMany(ctx context.Context) error {
	program, err := exec.LookPath("true")
	if err != nil {
		return err
	}
	b.Section(fmt.Sprintf("%d runs of a program that does nothing, %d at a time", b.runs, atATime))
	_ = os.RemoveAll(b.Runs()) // those of other measurements
	next := make(chan int)
	failed := make(chan error, atATime)
	var workers sync.WaitGroup
	began := time.Now()
	for range atATime {
		workers.Go(func() {
			for range next {
				if _, err := b.Run(ctx, b.Cantil, "run", "--", program); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for i := range b.runs {
		next <- i
	}
	close(next)
	workers.Wait()
	took := time.Since(began)
	select {
	case err := <-failed:
		return err
	default:
	}
	if err := b.assertAll(ctx); err != nil {
		return err
	}
	rate := float64(b.runs) / took.Seconds()
	b.AtLeast("runs a second", fmt.Sprintf("%.0f", rate), rate, leastRate)
	return nil
}

// assertAll fails unless all runs ended well.
func (b *bench) assertAll(context.Context) error {
	outcomes, err := filepath.Glob(filepath.Join(b.Runs(), "*", "exit.json"))
	if err == nil && len(outcomes) != b.runs {
		err = fmt.Errorf("%d of %d runs have an outcome", len(outcomes), b.runs)
	}
	return err
}

// measureClock compares the times that are told with what a program measures of its own life; what is between the two,
// starting and ending a process, is also there when we start it and wait for it ourselves.
func (b *bench) measureClock(ctx context.Context) error {
	nap, err := b.Build(ctx, "./benchmarks/run/nap")
	if err != nil {
		return err
	}
	b.Section(fmt.Sprintf("a program of 20 ms: milliseconds from its own measure to the one told, %d times", b.pairs))
	var told, waited []float64
	for range b.pairs {
		a, err := b.toldOf(ctx, nap)
		if err != nil {
			return err
		}
		w, err := waitedFor(ctx, nap)
		if err != nil {
			return err
		}
		told, waited = append(told, a), append(waited, w)
	}
	ours, kernels := measure.SpreadOfAll(told), measure.SpreadOfAll(waited)
	b.Told("wall_seconds", ours.Text(2))
	b.Told("fork to wait4, by this program", kernels.Text(2))
	off := ours.Median - kernels.Median
	b.AtMost("the difference of the medians", fmt.Sprintf("%.2f", off), max(off, -off), mostClock)
	return nil
}

// toldOf runs the program by cantil run, and takes its own measure off what exit.json tells.
func (b *bench) toldOf(ctx context.Context, nap string) (float64, error) {
	_ = os.RemoveAll(b.Runs()) // so that there is one
	var own bytes.Buffer
	if err := b.Output(ctx, &own, b.Cantil, "run", "--", nap); err != nil {
		return 0, err
	}
	found, err := filepath.Glob(filepath.Join(b.Runs(), "*", "exit.json"))
	if err != nil || len(found) != 1 {
		return 0, fmt.Errorf("%d outcomes, %w", len(found), err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		return 0, err
	}
	var outcome struct {
		Wall float64 `json:"wall_seconds"`
	}
	if err := json.Unmarshal(text, &outcome); err != nil {
		return 0, err
	}
	return less(outcome.Wall, own.String())
}

// waitedFor is the same with our own clock around fork and wait4.
func waitedFor(ctx context.Context, nap string) (float64, error) {
	out, err := os.CreateTemp("", "nap")
	if err != nil {
		return 0, err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd := exec.CommandContext(ctx, nap)
	cmd.Stdout = out
	began := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, err
	}
	wall := time.Since(began)
	text, err := os.ReadFile(out.Name())
	if err != nil {
		return 0, err
	}
	return less(wall.Seconds(), string(text))
}

// less is how many milliseconds seconds are more than the nanoseconds in the text.
func less(seconds float64, text string) (float64, error) {
	own, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	return seconds*1e3 - float64(own)/1e6, err
}
