package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/profile/sampler"
	"github.com/cantil-py/cantil/profile/stacks"
)

// shares samples programs that time their own parts, each run for 10 s at 1 kHz, and
// counts how often the true share is in its interval of 95 %.
func (b *bench) shares(ctx context.Context, py measure.Python) error {
	for _, program := range []string{"loops", "calls"} {
		inside, all := map[string]int{}, 0
		worst := 0.0
		for range b.runs {
			off, in, err := b.shareRun(ctx, py, program)
			if err != nil {
				return err
			}
			for name, yes := range in {
				if inside[name] += 0; yes {
					inside[name]++
				}
			}
			worst = max(worst, off)
			all++
		}
		for name, n := range inside {
			b.AtLeast(fmt.Sprintf("%s, %s: inside, of %d runs", program, name, all), fmt.Sprint(n), float64(n), 0.93*float64(all))
		}
		b.AtMost(program+": points off, at worst", fmt.Sprintf("%.2f", worst), worst, 1.5)
	}
	return nil
}

// shareRun samples one run to its end.
func (b *bench) shareRun(ctx context.Context, py measure.Python, program string) (worst float64, inside map[string]bool, err error) {
	cmd := exec.CommandContext(ctx, py.Path, b.script, "shares", program, fmt.Sprint(b.shareSeconds))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return 0, nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return 0, nil, err
	}
	if err := cmd.Start(); err != nil {
		return 0, nil, err
	}
	defer cmd.Wait()
	defer stdin.Close()
	out := bufio.NewReader(stdout)
	if _, err := out.ReadString('\n'); err != nil {
		return 0, nil, fmt.Errorf("starting the program of known shares: %w", err)
	}
	counts, err := countParts(ctx, cmd.Process.Pid, func() error { _, err := io.WriteString(stdin, "go\n"); return err })
	if err != nil {
		return 0, nil, err
	}
	line, err := out.ReadBytes('\n')
	if err != nil {
		return 0, nil, fmt.Errorf("asking the program for its shares: %w", err)
	}
	var truth map[string]float64
	if err := json.Unmarshal(line, &truth); err != nil {
		return 0, nil, err
	}
	worst, inside = judge(counts, truth)
	return worst, inside, nil
}

// countParts counts samples by part, which are the functions called part_..., until the
// program has ended them. begin lets it go once it is being sampled.
func countParts(ctx context.Context, pid int, begin func() error) (map[string]float64, error) {
	s, err := sampler.Open(pid, sampler.Options{})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	counts, begun, over := map[string]float64{}, false, fmt.Errorf("the parts are over")
	err = s.Run(ctx, func(x *sampler.Sample) error {
		if !begun {
			begun = true
			return begin()
		}
		for _, f := range slices.Backward(x.Frames) {
			if f.Func.Name == "told" {
				return over
			}
			if strings.HasPrefix(f.Func.Name, "part_") {
				counts[f.Func.Name]++
				break // what it calls is its own
			}
		}
		return nil
	})
	if err == over {
		err = nil
	}
	return counts, err
}

// judge compares counts with the true shares: by how many points of a hundred they are
// off at worst, and whether each truth is in the interval.
func judge(counts, truth map[string]float64) (worst float64, inside map[string]bool) {
	total := 0.0
	for _, n := range counts {
		total += n
	}
	inside = map[string]bool{}
	for name, want := range truth {
		got := counts[name] / max(1, total)
		low, high := stacks.Wilson(got, total)
		inside[name] = low <= want && want <= high
		worst = max(worst, 100*math.Abs(got-want))
	}
	return worst, inside
}
