package pstats

import (
	"errors"
	"fmt"
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
	s.sorted, s.sortedBy = nil, nil
	index := newFuncIndex(&s.Rows, len(s.Rows)+len(s.Rows)/8)
	var merger edgeMerger
	for i := len(others) - 1; i >= 0; i-- {
		if err := s.addOne(others[i], index, &merger); err != nil {
			return fmt.Errorf("adding %s: %w", others[i].title(), err)
		}
	}
	return nil
}

func (s *Stats) addOne(other *Stats, index *funcIndex, merger *edgeMerger) error {
	if s.Sampled != other.Sampled && len(s.order) > 0 && len(other.order) > 0 {
		return errSampled
	}
	s.Sampled = s.Sampled || other.Sampled
	s.Sources = append(s.Sources, other.Sources...)
	s.TotalCalls += other.TotalCalls
	s.PrimitiveCalls += other.PrimitiveCalls
	s.TotalTime += other.TotalTime

	newID := make([]FuncID, len(other.Rows))
	for id := range other.Rows {
		newID[id] = index.id(other.Rows[id].Func)
	}
	merger.setRows(s.Rows)
	for _, id := range other.order {
		row := &s.Rows[newID[id]]
		if !row.Listed {
			row.Listed = true
			s.order = append(s.order, newID[id])
		}
		keep := s.callees != nil // they point to the figures as they were
		if err := merger.addRow(row, other.Rows[id].Counts, other.Rows[id].Callers, newID, keep); err != nil {
			return fmt.Errorf("%s: %w", row.Func.short(), err)
		}
	}
	return nil
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
