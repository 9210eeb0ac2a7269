package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
)

const (
	// watchRuns is how often the list of runs is looked at for a page: a listing of 10,000 runs costs some 20 ms.
	watchRuns = time.Second
	// watchRun is how often one run is.
	watchRun = 250 * time.Millisecond
)

// RunsChange is what is new in the list of runs.
type RunsChange struct {
	Runs []RunEntry `json:"runs"`           // new or changed, the oldest first; never nil
	Gone []string   `json:"gone,omitempty"` // IDs
	Full bool       `json:"full,omitempty"` // these are all: what was known before is void
}

// WatchRuns tells all runs, then what changes, until ctx is done or tell fails.
func (s *Site) WatchRuns(ctx context.Context, tell func(RunsChange) error) error {
	known := map[string]RunEntry{}
	for first := true; ; first = false {
		list, err := s.All()
		if err != nil {
			return err
		}
		change := changeOf(known, list)
		change.Full = first
		if first || len(change.Runs)+len(change.Gone) > 0 {
			if err := tell(change); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(watchRuns):
		}
	}
}

// All are the runs of the project and those that were named, the oldest first.
func (s *Site) All() ([]RunEntry, error) {
	list, err := s.List(RunsFilter{})
	if err != nil {
		return nil, err
	}
	for _, id := range s.Named {
		if !slices.ContainsFunc(list, func(e RunEntry) bool { return e.ID == id }) {
			list = append(list, store.ReadEntry(s.folders[id]))
		}
	}
	return slices.Concat([]RunEntry{}, list), nil
}

// changeOf brings known up to the list and returns how they differed.
func changeOf(known map[string]RunEntry, list []RunEntry) RunsChange {
	change := RunsChange{Runs: []RunEntry{}}
	there := make(map[string]bool, len(list))
	for _, e := range list {
		there[e.ID] = true
		if before, ok := known[e.ID]; !ok || !alike(before, e) {
			known[e.ID] = e
			change.Runs = append(change.Runs, e)
		}
	}
	for id := range known {
		if !there[id] {
			change.Gone = append(change.Gone, id)
			delete(known, id)
		}
	}
	return change
}

// alike says whether two entries tell the same, but for how long a run has been going on.
func alike(a, b RunEntry) bool {
	return a.Status == b.Status && a.Code == b.Code && a.Ended.Equal(b.Ended) && a.Started.Equal(b.Started) && a.Command == b.Command && slices.Equal(a.Tags, b.Tags)
}

// RunNews is what is new of a run.
type RunNews struct {
	Status string    `json:"status"`
	Wall   float64   `json:"wall_seconds"`
	Facts  []RunFact `json:"facts"`
	Output int64     `json:"output_bytes"`
	Over   bool      `json:"over"` // it has ended, or nothing more will be heard of it
}

// Over says whether nothing more will come of a run.
func Over(e RunEntry) bool {
	return e.Status != store.StatusRunning && e.Status != store.StatusStarting
}

// WatchRun tells the state of a run, then each change and each growth of its output, until it is over, ctx is done or tell fails.
func (s *Site) WatchRun(ctx context.Context, id string, tell func(RunNews) error) error {
	e, err := s.Run(id)
	if err != nil {
		return err
	}
	var status string
	var output int64 = -1
	for {
		e = store.ReadEntry(e.Dir)
		news := RunNews{Status: e.Status, Wall: e.Wall, Output: outputSize(e.Dir), Over: Over(e)}
		if news.Status != status || news.Output != output {
			details := s.Show(e)
			news.Facts, status, output = details.Facts(), news.Status, news.Output
			if err := tell(news); err != nil {
				return err
			}
		}
		if news.Over {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(watchRun):
		}
	}
}

func outputSize(dir string) (size int64) {
	for _, name := range []string{run.StdoutFile, run.StderrFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			size += info.Size()
		}
	}
	return size
}
