package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/profile/sampler"
)

// What strace counts: two runs of this very program, whose difference is free of what it
// takes to begin.
const fewSamples, moreSamples = 1000, 6000

// task samples a process in a process of its own, which strace watches.
func task(pid, samples int) error {
	s, err := sampler.Open(pid, sampler.Options{Rate: sampler.FlatOut})
	if err != nil {
		return err
	}
	defer s.Close()
	enough, n := errors.New("enough"), 0
	err = s.Run(context.Background(), func(*sampler.Sample) error {
		if n++; n >= samples {
			return enough
		}
		return nil
	})
	if err != enough {
		return fmt.Errorf("sampling ended: %w", err)
	}
	return nil
}

// reads counts the system calls of a sample, as the kernel sees them.
func (b *bench) reads(ctx context.Context, py measure.Python) error {
	strace, err := exec.LookPath("strace")
	if err != nil {
		b.Told("reads of a sample", "NOT MEASURED: no strace (apt-get install strace)")
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for _, depth := range []int{5, 20, 100} {
		pid, stop, err := b.start(ctx, py, "depth", fmt.Sprint(depth))
		if err != nil {
			return err
		}
		var calls [2]int64
		for i, samples := range []int{fewSamples, moreSamples} {
			if calls[i], err = b.traced(ctx, strace, self, "-task", fmt.Sprintf("%d,%d", pid, samples)); err != nil {
				break
			}
		}
		stop()
		if err != nil {
			return err
		}
		each := float64(calls[1]-calls[0]) / (moreSamples - fewSamples)
		b.AtMost(fmt.Sprintf("depth %d: reads of a sample, by strace", depth), fmt.Sprintf("%.4f (%d, %d)", each, calls[0], calls[1]), each, 1.02)
	}
	return nil
}

// traced runs argv under strace and counts its reads of other processes' memory.
func (b *bench) traced(ctx context.Context, strace string, argv ...string) (int64, error) {
	out := b.Path("strace.txt")
	if _, err := b.Run(ctx, append([]string{strace, "-f", "-qq", "-e", "trace=process_vm_readv", "-o", out}, argv...)...); err != nil {
		return 0, err
	}
	var n int64
	err := eachLine(out, func(line string) {
		if strings.Contains(line, "process_vm_readv(") {
			n++
		}
	})
	return n, err
}
