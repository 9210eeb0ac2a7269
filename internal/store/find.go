package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ErrNoRun means that no run, or more than one, is what was asked for.
var ErrNoRun = errors.New("no such run")

// mostCandidates bounds the runs that an error names; the newest are the likeliest.
const mostCandidates = 5

// Find returns the run that ref means: the path of a run's folder; "@last" or "@-1", the newest, "@-2", the one
// before; else an ID, the only one that begins with ref, the only one of that name, or the only one that ref is
// part of. The error wraps ErrNoRun.
func (s Store) Find(ref string) (Entry, error) {
	if strings.ContainsAny(ref, `/\`) {
		return findFolder(ref)
	}
	entries, err := s.List()
	if err != nil {
		return Entry{}, err
	}
	if at, ok := strings.CutPrefix(ref, "@"); ok {
		return fromEnd(entries, at)
	}
	return s.match(entries, ref)
}

// findFolder reads a run from wherever it is, also one that was copied here.
func findFolder(path string) (Entry, error) {
	dir, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, AskedFile))
	}
	if err != nil {
		return Entry{}, fmt.Errorf("%w: %s is not the folder of one: %w", ErrNoRun, path, err)
	}
	return ReadEntry(dir), nil
}

// fromEnd is the entry that "last" or "-N" means.
func fromEnd(entries []Entry, at string) (Entry, error) {
	if at == "last" {
		at = "-1"
	}
	n, err := strconv.Atoi(at)
	if err != nil || n >= 0 {
		return Entry{}, fmt.Errorf("%w: @%s is neither @last nor @-1, @-2 and so on", ErrNoRun, at)
	}
	if -n > len(entries) || -n < 1 {
		return Entry{}, fmt.Errorf("%w: @%s of %d runs", ErrNoRun, at, len(entries))
	}
	return entries[len(entries)+n], nil
}

// match tries the ways in which ref can mean one run, the strictest first.
func (s Store) match(entries []Entry, ref string) (Entry, error) {
	ways := []func(Entry) bool{
		func(e Entry) bool { return e.ID == ref },
		func(e Entry) bool { return strings.HasPrefix(e.ID, ref) },
		func(e Entry) bool { return e.Name == ref },
		func(e Entry) bool { return strings.Contains(e.ID, ref) },
	}
	var found []Entry
	for _, is := range ways {
		found = found[:0]
		for _, e := range entries {
			if is(e) {
				found = append(found, e)
			}
		}
		if len(found) == 1 && ref != "" {
			return found[0], nil
		}
	}
	if len(found) == 0 || ref == "" {
		return Entry{}, fmt.Errorf("%w: none of the %d runs in %s is called %q", ErrNoRun, len(entries), s.Dir, ref)
	}
	return Entry{}, fmt.Errorf("%w: %q may be %s", ErrNoRun, ref, candidates(found))
}

func candidates(found []Entry) string {
	var names []string
	for i := len(found) - 1; i >= 0 && len(names) < mostCandidates; i-- {
		names = append(names, found[i].ID)
	}
	text := strings.Join(names, ", ")
	if more := len(found) - len(names); more > 0 {
		text += fmt.Sprintf(" or %d others", more)
	}
	return text
}
