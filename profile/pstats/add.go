package pstats

import (
	"errors"
	"fmt"
	"slices"
)

var errSampled = errors.New("one profile was sampled and the other counts calls: they cannot be added")

// Add adds other profiles to s, as pstats' add does: the last first, so that
// Open(a, b, c) lists the files a, c, b, and new functions come in that order too.
// The order of the list goes back to that of the file.
//
// Callers that have times in one profile and only a count in the other cannot be
// added; s is of no use after that error.
func (s *Stats) Add(others ...*Stats) error {
	if len(others) == 0 {
		return nil
	}
	a := s.adder()
	for i := len(others) - 1; i >= 0; i-- {
		if err := a.add(others[i], false); err != nil {
			return err
		}
	}
	return nil
}

// adder adds to a profile.
type adder struct {
	*Stats
	index  *funcIndex // made by the first add
	merger edgeMerger
}

func (s *Stats) adder() *adder {
	s.sorted, s.sortedBy = nil, nil
	if s.callees != nil {
		s.Rows = slices.Clone(s.Rows) // the callees show the rows as they were
	}
	return &adder{Stats: s}
}

// add adds another profile. If it is ours, as read from a file, its callers are
// used, not copied.
func (a *adder) add(other *Stats, ours bool) error {
	if a.Sampled != other.Sampled && len(a.order) > 0 && len(other.order) > 0 {
		return fmt.Errorf("adding %s: %w", other.title(), errSampled)
	}
	a.Sampled = a.Sampled || other.Sampled
	a.Sources = append(a.Sources, other.Sources...)
	a.TotalCalls += other.TotalCalls
	a.PrimitiveCalls += other.PrimitiveCalls
	a.TotalTime += other.TotalTime

	newID := a.ids(other.Rows)
	for _, id := range other.order {
		if err := a.addRow(newID[id], &other.Rows[id], newID, ours); err != nil {
			return fmt.Errorf("adding %s: %s: %w", other.title(), other.Rows[id].Func.short(), err)
		}
	}
	return nil
}

// ids returns the ids of the functions of other rows, which are new ones if need be.
func (a *adder) ids(rows []Row) []FuncID {
	if a.index == nil {
		a.index = newFuncIndex(&a.Rows, len(a.Rows)+len(rows))
	}
	ids := make([]FuncID, len(rows))
	for i := range rows {
		ids[i] = a.index.id(rows[i].Func, len(rows)-i)
	}
	return ids
}

// addRow adds another profile's row to that of id.
func (a *adder) addRow(id FuncID, from *Row, newID []FuncID, ours bool) error {
	row := &a.Rows[id]
	if !row.Listed {
		row.Listed = true
		a.order = append(doubling(a.order, 1), id)
	}
	if ours && len(row.Callers) == 0 {
		row.Counts.add(from.Counts)
		row.Callers = from.Callers
		for i := range row.Callers {
			row.Callers[i].Caller = newID[row.Callers[i].Caller]
		}
		return nil
	}
	a.merger.setRows(a.Rows)
	keep := a.callees != nil // they show the callers as they were
	return a.merger.addRow(row, from.Counts, from.Callers, newID, keep)
}

// title names a profile in errors.
func (s *Stats) title() string {
	if len(s.Sources) == 0 {
		return "a profile"
	}
	return s.Sources[0].Path
}

// Correct makes s give right figures where pstats itself loses some, from now on:
// [Stats.StripDirs] sums callers that become alike, [Stats.PrintCallees] knows
// what was added since, and a caller without a row of its own is no error.
func (s *Stats) Correct() { s.correct = true }
