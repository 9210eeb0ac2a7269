package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
)

// RunEntry is one run of a listing.
type RunEntry = store.Entry

// NoRun means that what was asked for is no run, or more than one.
type NoRun struct{ Err error }

func (e *NoRun) Error() string { return e.Err.Error() }
func (e *NoRun) Unwrap() error { return e.Err }

// Runs are the runs of the project around a folder. Call [OpenRuns].
type Runs struct{ store store.Store }

// OpenRuns finds the runs of the project around dir; there may be none.
func OpenRuns(dir string, getenv func(string) string) (Runs, error) {
	s, err := store.Locate(dir, getenv)
	return Runs{s}, err
}

// Dir is the folder that holds the runs and their index.
func (r Runs) Dir() string { return r.store.Dir }

// Words for a status that stand for several.
const (
	StatusOK     = "ok"     // ended with code 0
	StatusFailed = "failed" // ended with another code
)

// RunStatuses are the words that a filter takes for a status.
func RunStatuses() []string {
	return []string{
		StatusOK, StatusFailed, string(run.Exited), string(run.Signalled), string(run.TimedOut), string(run.Stopped), string(run.FailedToStart),
		store.StatusRunning, store.StatusStarting, store.StatusLost, store.StatusElsewhere, store.StatusDamaged,
	}
}

// RunsFilter says which runs are meant. The zero filter means all.
type RunsFilter struct {
	Status []string  // any of [RunStatuses]
	Name   string    // a pattern of path.Match, or a part of the name
	Tags   []string  // all of them
	Since  time.Time // started then or later
	Before time.Time // started before
	Text   string    // in the command line, the name or a tag; letters small or large
	Last   int       // the newest so many of those; 0 for all
	Keep   int       // but not those among the newest so many of all runs
}

// Check finds what is wrong with a filter.
func (f *RunsFilter) Check() error {
	for _, status := range f.Status {
		if !slices.Contains(RunStatuses(), status) {
			return fmt.Errorf("unknown status %q", status)
		}
	}
	if _, err := path.Match(f.Name, ""); err != nil {
		return fmt.Errorf("the pattern %q: %w", f.Name, err)
	}
	if f.Last < 0 || f.Keep < 0 {
		return errors.New("a count of runs cannot be negative")
	}
	return nil
}

// IsZero says whether the filter means all runs.
func (f *RunsFilter) IsZero() bool {
	return len(f.Status)+len(f.Tags)+f.Last+f.Keep == 0 && f.Name+f.Text == "" && f.Since.IsZero() && f.Before.IsZero()
}

// List returns the runs that are meant, the oldest first.
func (r Runs) List(f RunsFilter) ([]RunEntry, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	all, err := r.store.List()
	if err != nil {
		return nil, err
	}
	list := all[:max(0, len(all)-f.Keep)]
	list = slices.DeleteFunc(list, func(e RunEntry) bool { return !f.means(e) })
	if f.Last > 0 {
		list = list[max(0, len(list)-f.Last):]
	}
	return list, nil
}

func (f *RunsFilter) means(e RunEntry) bool {
	return f.meansStatus(e) && f.meansName(e.Name) &&
		!slices.ContainsFunc(f.Tags, func(tag string) bool { return !slices.Contains(e.Tags, tag) }) &&
		!e.Started.Before(f.Since) && (f.Before.IsZero() || e.Started.Before(f.Before)) &&
		(f.Text == "" || holds(e.Command, f.Text) || holds(e.Name, f.Text) || holds(strings.Join(e.Tags, " "), f.Text))
}

func (f *RunsFilter) meansStatus(e RunEntry) bool {
	return len(f.Status) == 0 || slices.ContainsFunc(f.Status, func(status string) bool {
		return status == e.Status || status == StatusOK && e.HasEnded() && e.Code == 0 || status == StatusFailed && e.HasEnded() && e.Code != 0
	})
}

// meansName: a name without wildcards may be any part of the run's.
func (f *RunsFilter) meansName(name string) bool {
	if !strings.ContainsAny(f.Name, "*?[") {
		return strings.Contains(name, f.Name)
	}
	matched, _ := path.Match(f.Name, name) // Check has seen the pattern
	return matched
}

func holds(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// Find is the one run that ref means: see [store.Store.Find]. The error is a [NoRun] where there is none, or
// more than one.
func (r Runs) Find(ref string) (RunEntry, error) {
	e, err := r.store.Find(ref)
	if errors.Is(err, store.ErrNoRun) {
		return e, &NoRun{err}
	}
	return e, err
}

// FindAll are the runs that refs mean, each once, in their order.
func (r Runs) FindAll(refs []string) ([]RunEntry, error) {
	var list []RunEntry
	for _, ref := range refs {
		e, err := r.Find(ref)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(list, func(other RunEntry) bool { return other.Dir == e.Dir }) {
			list = append(list, e)
		}
	}
	return list, nil
}

// Tag adds tags to a run and takes others away, and returns all that it has then.
func (r Runs) Tag(e RunEntry, add, remove []string) ([]string, error) {
	kept := store.Run{ID: e.ID, Dir: e.Dir}
	return kept.Tag(add, remove)
}

// Removable parts runs into those that may be removed, and those that are running or about to.
func Removable(list []RunEntry) (may, busy []RunEntry) {
	for _, e := range list {
		if e.Status == store.StatusRunning || e.Status == store.StatusStarting {
			busy = append(busy, e)
		} else {
			may = append(may, e)
		}
	}
	return may, busy
}

// Remove deletes runs for good, and returns how many are gone, also with an error.
func (r Runs) Remove(list []RunEntry) (int, error) { return r.store.Remove(list) }

// Reindex makes the index anew, and returns how many runs it holds.
func (r Runs) Reindex() (int, error) { return r.store.Reindex() }

// The bounds of waiting for a run that was asked to end: its grace is not known here, and mostly 5 s.
const (
	stopWait  = 30 * time.Second
	stopPause = 20 * time.Millisecond
)

// Stop ends all processes of a run and waits until it has ended. The error is a [NoRun] where it does not run.
func (r Runs) Stop(ctx context.Context, e RunEntry) (RunEntry, error) {
	if e = store.ReadEntry(e.Dir); e.Status != store.StatusRunning {
		return e, &NoRun{fmt.Errorf("stopping run %s: it is not running here: %s", e.ID, e.Status)}
	}
	asked, err := store.ReadAsked(e.Dir)
	if err != nil {
		return e, err
	}
	if err := run.Stop(asked.PID, asked.ProcessStart); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return e, fmt.Errorf("stopping run %s: %w", e.ID, err)
	}
	ctx, cancel := context.WithTimeout(ctx, stopWait)
	defer cancel()
	for {
		if e = store.ReadEntry(e.Dir); e.Status != store.StatusRunning {
			return e, nil
		}
		select {
		case <-ctx.Done():
			return e, fmt.Errorf("stopping run %s: it was asked to end and still runs", e.ID)
		case <-time.After(stopPause):
		}
	}
}
