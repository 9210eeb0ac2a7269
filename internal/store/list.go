package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// maxRuns bounds a listing; a folder with more entries is not a folder of runs.
const maxRuns = 10_000_000

// List returns the entries of all runs, the oldest first. It reads the index and mends it on the way: runs that
// are missing there are read from their folders and added, runs that are gone are dropped. Where there can be no index (a
// disk that is full, read-only or another machine's) every folder is read; that is slower and just as right. A store
// that is not there yet has no runs.
func (s Store) List() ([]Entry, error) {
	var folders []string
	var foldersErr error
	var wait sync.WaitGroup
	wait.Go(func() { folders, foldersErr = s.folders() })
	x, entries := s.indexed()
	wait.Wait()
	if x != nil {
		defer x.close()
	}
	if foldersErr != nil {
		return nil, foldersErr
	}
	entries, add, drop := s.mend(entries, folders)
	if x != nil && len(add)+len(drop) > 0 {
		_ = x.change(context.Background(), add, drop) // the next listing tries again
	}
	slices.SortFunc(entries, byStart)
	return entries, nil
}

// indexed is what the index has; no index where there can be none.
func (s Store) indexed() (*index, []Entry) {
	if _, err := os.Stat(filepath.Join(s.Dir, runsName)); err != nil {
		return nil, nil
	}
	for range 2 {
		x, err := openIndex(s.Dir, listWait)
		var entries []Entry
		if err == nil {
			if entries, err = x.load(); err == nil {
				return x, entries
			}
			x.close()
		}
		var broken *unusable
		if !errors.As(err, &broken) || s.dropIndex() != nil {
			break
		}
	}
	return nil, nil
}

// dropIndex removes the index, with the files that SQLite keeps beside it.
func (s Store) dropIndex() error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(s.Dir, indexName+suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the index of runs: %w", err)
		}
	}
	return nil
}

// folders lists the names in the folder of runs, in no order. Names with a dot in front are no runs.
func (s Store) folders() ([]string, error) {
	dir, err := os.Open(filepath.Join(s.Dir, runsName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing runs: %w", err)
	}
	defer dir.Close()
	names, err := dir.Readdirnames(maxRuns)
	if err != nil && !errors.Is(err, io.EOF) { // an empty folder
		return nil, fmt.Errorf("listing runs: %w", err)
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, ".") }), nil
}

// mend makes the entries those of the folders, and tells what of it is news to the index.
func (s Store) mend(indexed []Entry, folders []string) (entries, add []Entry, drop []string) {
	there := make(map[string]bool, len(folders))
	for _, name := range folders {
		there[name] = true
	}
	var read []string
	entries = indexed[:0]
	for _, e := range indexed {
		switch {
		case !there[e.ID]:
			drop = append(drop, e.ID)
			continue
		case !e.HasEnded() && hasOutcome(e.Dir):
			read = append(read, e.ID)
		default:
			entries = append(entries, e)
		}
		delete(there, e.ID)
	}
	for name := range there {
		read = append(read, name)
	}
	for _, e := range s.readAll(read) {
		entries = append(entries, e)
		if e.settled() {
			add = append(add, e)
		}
	}
	return entries, add, drop
}

func hasOutcome(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, OutcomeFile))
	return err == nil
}

// readAll reads the entries of many runs from their folders, several at a time. What is not a folder is left out.
func (s Store) readAll(ids []string) []Entry {
	entries, isRun := make([]Entry, len(ids)), make([]bool, len(ids))
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(2*runtime.GOMAXPROCS(0), len(ids)) {
		wait.Go(func() {
			for i := range next {
				dir := filepath.Join(s.Dir, runsName, ids[i])
				if info, err := os.Stat(dir); err == nil && info.IsDir() {
					entries[i], isRun[i] = ReadEntry(dir), true
				}
			}
		})
	}
	for i := range ids {
		next <- i
	}
	close(next)
	wait.Wait()
	kept := entries[:0]
	for i, e := range entries {
		if isRun[i] {
			kept = append(kept, e)
		}
	}
	return kept
}

// byStart orders runs by their start; those of one moment as their folders were made: x, x-2, x-10.
func byStart(a, b Entry) int {
	return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(len(a.ID), len(b.ID)), strings.Compare(a.ID, b.ID))
}

// IndexRun adds the run in folder, which has ended, to the index of its store. It takes some milliseconds, and
// gives up when the index is in use for longer than 200 ms. A failure loses nothing: the next listing adds
// the run.
func IndexRun(folder string) error {
	dir := filepath.Dir(filepath.Dir(folder))
	x, err := openIndex(dir, addWait)
	if errors.Is(err, errNoIndex) {
		return nil
	}
	if err != nil {
		return err
	}
	defer x.close()
	ctx, cancel := context.WithTimeout(context.Background(), addWait)
	defer cancel()
	e := ReadEntry(folder)
	if !e.settled() {
		return fmt.Errorf("adding run %s to the index: it is %s", e.ID, e.Status)
	}
	return x.change(ctx, []Entry{e}, nil)
}

// Reindex makes the index anew from the folders, and returns how many runs it holds. The error is about the
// index; listings work without one.
func (s Store) Reindex() (int, error) {
	folders, err := s.folders()
	if err != nil {
		return 0, err
	}
	x, err := openIndex(s.Dir, listWait)
	var broken *unusable
	if errors.As(err, &broken) {
		if err := s.dropIndex(); err != nil {
			return 0, err
		}
		x, err = openIndex(s.Dir, listWait)
	}
	if err != nil {
		return 0, err
	}
	defer x.close()
	entries := slices.DeleteFunc(s.readAll(folders), func(e Entry) bool { return !e.settled() })
	return len(entries), x.replace(entries)
}
