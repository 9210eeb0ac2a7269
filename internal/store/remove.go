package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Removed folders get this ending, and a dot in front, before they are emptied: a run is there whole, or not at all.
const removedSuffix = ".removed"

// Remove deletes the folders of runs, and their lines in the index. One that still runs or starts is an error, and
// so is one that cannot be deleted; those before it are gone then. It also ends what an earlier call could not.
func (s Store) Remove(entries []Entry) (removed int, err error) {
	runs := filepath.Join(s.Dir, runsName)
	var gone []string
	defer func() { s.forget(gone) }()
	for _, e := range entries {
		if filepath.Dir(e.Dir) != runs { // a folder that was named by its path may be anything
			return len(gone), fmt.Errorf("removing run %s: it is not one of those in %s", e.ID, runs)
		}
		if now := ReadEntry(e.Dir).Status; now == StatusRunning || now == StatusStarting {
			return len(gone), fmt.Errorf("removing run %s: it is %s", e.ID, now)
		}
		hidden := filepath.Join(filepath.Dir(e.Dir), "."+e.ID+removedSuffix)
		if err := os.Rename(e.Dir, hidden); err != nil {
			return len(gone), fmt.Errorf("removing run %s: %w", e.ID, err)
		}
		gone = append(gone, e.ID)
		if err := os.RemoveAll(hidden); err != nil {
			return len(gone), fmt.Errorf("removing run %s: %w", e.ID, err)
		}
	}
	return len(gone), sweep(runs)
}

// forget drops lines from the index; where it cannot, the next listing does.
func (s Store) forget(ids []string) {
	if len(ids) == 0 {
		return
	}
	x, err := openIndex(s.Dir, addWait)
	if err != nil {
		return
	}
	defer x.close()
	_ = x.change(context.Background(), nil, ids)
}

// sweep deletes what is left of removals that were killed.
func sweep(runs string) error {
	entries, err := os.ReadDir(runs)
	if err != nil {
		return nil // nothing to sweep
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") && strings.HasSuffix(entry.Name(), removedSuffix) {
			if err := os.RemoveAll(filepath.Join(runs, entry.Name())); err != nil {
				return fmt.Errorf("removing what an earlier removal left: %w", err)
			}
		}
	}
	return nil
}
