package pstats

import (
	"errors"
	"fmt"
)

// addRow adds figures and callers to a row. newID gives the ids here of the
// callers' functions; nil if they are the same.
func (m *edgeMerger) addRow(row *Row, counts Counts, callers []Edge, newID []FuncID) error {
	list := m.begin(len(row.Callers) + len(callers))
	for _, e := range row.Callers {
		list = m.replace(list, e)
	}
	for _, e := range callers {
		if newID != nil {
			e.Caller = newID[e.Caller]
		}
		var err error
		if list, err = m.add(list, e); err != nil {
			return err
		}
	}
	row.Callers = m.finish(list)
	row.Counts.add(counts) // a new row has zeros: pstats too adds to 0, which makes 0 of -0
	return nil
}

var errSampled = errors.New("one profile was sampled and the other counts calls: they cannot be added")

// Add adds other profiles to s, as pstats' add does: the last first, so that
// Open(a, b, c) lists the files a, c, b, and new functions come in that order too.
// The order of the list goes back to that of the file.
//
// Figures of callers that have times in one profile and only a count in the other
// cannot be added. That is an error, and s is then left as it was.
func (s *Stats) Add(others ...*Stats) error {
	if len(others) == 0 {
		return nil
	}
	sum := *s
	sum.Rows = append(make([]Row, 0, roomFor(s, others)), s.Rows...)
	sum.order = append(make([]FuncID, 0, cap(sum.Rows)), s.order...)
	sum.Sources = append([]Source(nil), s.Sources...)
	index := newFuncIndex(&sum.Rows, cap(sum.Rows))
	for i := len(others) - 1; i >= 0; i-- {
		if err := sum.addOne(others[i], index); err != nil {
			return fmt.Errorf("adding %s: %w", others[i].title(), err)
		}
	}
	sum.sorted, sum.sortedBy = nil, nil
	*s = sum
	return nil
}

// roomFor guesses how many functions the sum will have: those of the largest, and some.
func roomFor(s *Stats, others []*Stats) int {
	most := len(s.Rows)
	for _, other := range others {
		most = max(most, len(other.Rows))
	}
	return most + most/8
}

func (s *Stats) addOne(other *Stats, index *funcIndex) error {
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
	merger := newEdgeMerger(s.Rows, s.edgeCount()+other.edgeCount())
	for _, id := range other.order {
		row := &s.Rows[newID[id]]
		if !row.Listed {
			row.Listed = true
			s.order = append(s.order, newID[id])
		}
		if err := merger.addRow(row, other.Rows[id].Counts, other.Rows[id].Callers, newID); err != nil {
			return fmt.Errorf("%s: %w", row.Func, err)
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
