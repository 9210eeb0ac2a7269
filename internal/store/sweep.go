package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cantil-py/cantil/durable"
	"github.com/cantil-py/cantil/text/name"
)

const (
	sweepsName = "sweeps"
	planFile   = "sweep.json"
	lockFile   = "lock"
	// maxSweepName keeps the id of a sweep short enough for a tag.
	maxSweepName = 30
	// maxPlan bounds a plan that is read: 100,000 points of 1 KiB each.
	maxPlan = 256 << 20
	// lockWait is for a front that was killed at this moment: until the system has closed its files, and the program that it was
	// just starting has become another.
	lockWait = 2 * time.Second
)

// The errors about sweeps that callers tell apart.
var (
	ErrNoSweep    = errors.New("no such sweep")
	ErrSweepIsRun = errors.New("another cantil runs this sweep")
)

// Sweep is the folder of a sweep: its plan, and a lock for who runs it. What came of it is in the runs that have its tag.
type Sweep struct {
	ID   string
	Dir  string // absolute
	lock *os.File
}

// Tag is that of the sweep's runs.
func (w *Sweep) Tag() string { return "sweep:" + w.ID }

// NewSweep makes the folder of a sweep that begins now. It is called as runs are.
func (s Store) NewSweep(called string, start time.Time) (*Sweep, error) {
	id, dir, err := s.newFolder(sweepsName, start.Format(timeLayout)+"_"+name.SafeWithin(CleanName(called), maxSweepName))
	if err != nil {
		return nil, fmt.Errorf("making the folder of a sweep in %s (%s names another): %w", s.Dir, dirVariable, err)
	}
	return &Sweep{ID: id, Dir: dir}, nil
}

// Sweeps are the ids of all sweeps, the oldest first.
func (s Store) Sweeps() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(s.Dir, sweepsName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			ids = append(ids, e.Name())
		}
	}
	return ids, err
}

// FindSweep is the sweep that ref means: "@last", an id, or the only one that begins with it or has it as a part. The error wraps [ErrNoSweep].
func (s Store) FindSweep(ref string) (*Sweep, error) {
	ids, err := s.Sweeps()
	if err != nil {
		return nil, err
	}
	if ref == "@last" && len(ids) > 0 {
		return s.sweep(ids[len(ids)-1]), nil
	}
	for _, is := range []func(string) bool{
		func(id string) bool { return id == ref },
		func(id string) bool { return strings.HasPrefix(id, ref) },
		func(id string) bool { return strings.Contains(id, ref) },
	} {
		found := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !is(id) })
		if len(found) == 1 {
			return s.sweep(found[0]), nil
		}
		if len(found) > 1 {
			return nil, fmt.Errorf("%w: %q may be %s", ErrNoSweep, ref, strings.Join(found[max(0, len(found)-mostCandidates):], ", "))
		}
	}
	return nil, fmt.Errorf("%w: none of the %d sweeps in %s is called %q", ErrNoSweep, len(ids), s.Dir, ref)
}

func (s Store) sweep(id string) *Sweep {
	return &Sweep{ID: id, Dir: filepath.Join(s.Dir, sweepsName, id)}
}

// WritePlan writes sweep.json, whole or not at all.
func (w *Sweep) WritePlan(plan any) error {
	return durable.WriteFile(filepath.Join(w.Dir, planFile), func(out io.Writer) error { return encodeJSON(out, plan) })
}

// ReadPlan reads sweep.json.
func (w *Sweep) ReadPlan(plan any) error {
	path := filepath.Join(w.Dir, planFile)
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := json.NewDecoder(io.LimitReader(file, maxPlan)).Decode(plan); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}

// Lock makes this process the one that runs the sweep, until Unlock or its end. The error is [ErrSweepIsRun] where another one is.
func (w *Sweep) Lock() error {
	file, err := os.OpenFile(filepath.Join(w.Dir, lockFile), os.O_CREATE|os.O_RDWR, fileMode)
	if err != nil {
		return fmt.Errorf("locking the sweep: %w", err)
	}
	for deadline := time.Now().Add(lockWait); ; time.Sleep(20 * time.Millisecond) {
		err = lockWhole(file)
		if err == nil {
			w.lock = file
			return nil
		}
		if !errors.Is(err, ErrSweepIsRun) || time.Now().After(deadline) {
			file.Close()
			return err
		}
	}
}

// Unlock ends what Lock began.
func (w *Sweep) Unlock() {
	if w.lock != nil {
		w.lock.Close()
	}
}

// TagNew gives a run its tags before its program is started. It does not wait for the disk, as WriteAsked.
func (r *Run) TagNew(tags []string) error {
	tags = slices.Sorted(slices.Values(tags))
	if err := checkTags(tags); err != nil {
		return fmt.Errorf("tagging run %s: %w", r.ID, err)
	}
	if err := durable.WriteSoon(r.Path(tagsFile), func(w io.Writer) error { return encodeJSON(w, tags) }); err != nil {
		return fmt.Errorf("writing %s of run %s: %w", tagsFile, r.ID, err)
	}
	return nil
}

// SyncRecords makes durable what WriteAsked and TagNew wrote.
func SyncRecords(folder string) error {
	if err := durable.Sync(filepath.Join(folder, AskedFile)); err != nil {
		return err
	}
	err := durable.Sync(filepath.Join(folder, tagsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // most runs have none
	}
	return err
}

// Tagged are the runs with a tag, the oldest first.
func (s Store) Tagged(tag string) ([]Entry, error) {
	list, err := s.List()
	return slices.DeleteFunc(list, func(e Entry) bool { return !slices.Contains(e.Tags, tag) }), err
}

// RunDir is the folder of the run with an id.
func (s Store) RunDir(id string) string { return filepath.Join(s.Dir, runsName, filepath.Base(id)) }
