package main

import (
	"context"
	"fmt"
	"os/exec"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// mostMB is the memory that a pipe of any length may take: the program itself, Go's
// runtime, and a few windows.
const mostMB = 32

// between measures memory and speed of a pipe in which the marker comes at the end.
func (b *bench) between(ctx context.Context) error {
	b.Section("Text between markers, through a pipe")
	if _, err := exec.LookPath("sh"); err != nil {
		b.Told("not measured", "the pipe is made with sh, yes and head")
		return nil
	}
	for _, gib := range []int{1, 4} {
		script := fmt.Sprintf(`{ yes "a line of a long log, one like the other, with nothing to be found" | head -c %dG; echo "[found]"; } | "$0" tool between --prefix "[" --suffix "]"`, gib)
		cost, err := b.Run(ctx, "sh", "-c", script, b.Cantil)
		if err != nil {
			return err
		}
		b.Told(fmt.Sprintf("%d GiB, GB/s", gib), fmt.Sprintf("%.2f, with what makes the pipe", float64(gib)*(1<<30)/cost.Wall.Seconds()/1e9))
		b.AtMost(fmt.Sprintf("%d GiB, peak memory in MB", gib), fmt.Sprintf("%.1f (this program %.1f)", float64(cost.Peak)/1e6, float64(measure.OwnPeak())/1e6), float64(cost.Peak)/1e6, mostMB)
	}
	return nil
}
