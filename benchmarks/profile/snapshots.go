package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/cantil-py/cantil/profile/parts"
)

// snapshotShare bounds the processor time that snapshots take, in percent of the running time.
const snapshotShare = 5

//go:embed snapshots.py
var snapshotsScript string

// measureSnapshots reads what the snapshots of small and large profiles took, as the
// collector counts it itself: the processor time of its own thread.
func (b *bench) measureSnapshots(ctx context.Context) error {
	script, err := b.Write("snapshots.py", snapshotsScript)
	if err != nil {
		return err
	}
	b.Section(fmt.Sprintf("snapshots: percent of a running time of %g s", b.seconds))
	for _, p := range b.pythons {
		for _, functions := range []int{300, 5_000, 50_000} {
			argv := b.cantil(p, script, strconv.Itoa(functions), fmt.Sprint(b.seconds))
			if _, err := b.Run(ctx, argv...); err != nil {
				return err
			}
			process, err := b.takeRun()
			if err != nil {
				return err
			}
			b.tellSnapshots(fmt.Sprintf("%s, %d functions", p.Version, functions), process)
		}
	}
	return nil
}

func (b *bench) tellSnapshots(what string, p parts.Process) {
	ran := p.Saved.Sub(p.Started).Seconds()
	share := 100 * p.SnapshotCost.Seconds() / ran
	each := 0.0
	if p.Snapshots > 0 {
		each = milliseconds(p.SnapshotCost.Seconds()) / float64(p.Snapshots)
	}
	b.AtMost(what, fmt.Sprintf("%.2f: %d of %.1f ms", share, p.Snapshots, each), share, snapshotShare)
}

// takeRun reads the one process of the one run in the store, and removes all runs.
func (b *bench) takeRun() (parts.Process, error) {
	folders, err := filepath.Glob(filepath.Join(b.Runs(), "*_snapshots*", "parts"))
	if err != nil || len(folders) != 1 {
		return parts.Process{}, fmt.Errorf("finding the run in %s: %d are there", b.Runs(), len(folders))
	}
	processes, err := parts.Read(folders[0])
	if err != nil {
		return parts.Process{}, err
	}
	if len(processes) != 1 {
		return parts.Process{}, fmt.Errorf("%s has %d processes, not one", folders[0], len(processes))
	}
	return processes[0], os.RemoveAll(b.Runs())
}
