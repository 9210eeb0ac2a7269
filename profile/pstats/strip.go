package pstats

import (
	"fmt"
	"path/filepath"
	"strings"
)

// StripDirs takes the folders off all file names, as pstats' strip_dirs does, and
// sums functions that become alike. The order goes back to that of the file.
//
// Where two callers of one function become alike, pstats keeps the figures of the
// last and loses the others; so does this, but after [Stats.Correct] they
// are summed. It fails only where callers that are counted and callers that are
// timed would have to be summed, and then changes nothing.
func (s *Stats) StripDirs() error {
	rows, newID := s.strippedFuncs()
	merger := newEdgeMerger(rows, s.edgeCount())
	order := make([]FuncID, 0, len(s.order))
	for _, old := range s.order {
		callers, err := s.strippedCallers(merger, s.Rows[old].Callers, newID)
		if err == nil && !rows[newID[old]].Listed {
			row := &rows[newID[old]]
			row.Listed, row.Counts, row.Callers = true, s.Rows[old].Counts, callers
			order = append(order, newID[old])
		} else if err == nil {
			err = merger.addRow(&rows[newID[old]], s.Rows[old].Counts, callers, nil)
		}
		if err != nil {
			return fmt.Errorf("stripping %s: %w", s.Rows[old].Func, err)
		}
	}
	s.Rows, s.order, s.sorted, s.sortedBy, s.callees = rows, order, nil, nil, nil
	return nil
}

// strippedFuncs returns a row without figures for every stripped function, and by
// old id the new one.
func (s *Stats) strippedFuncs() ([]Row, []FuncID) {
	rows := make([]Row, 0, len(s.Rows))
	index := newFuncIndex(&rows, len(s.Rows))
	newID := make([]FuncID, len(s.Rows))
	for old := range s.Rows {
		f := s.Rows[old].Func
		f.File = baseName(f.File)
		newID[old] = index.id(f)
	}
	return rows, newID
}

func (s *Stats) strippedCallers(m *edgeMerger, callers []Edge, newID []FuncID) (list []Edge, err error) {
	list = m.begin(len(callers))
	for _, e := range callers {
		e.Caller = newID[e.Caller]
		if !s.correct {
			list = m.replace(list, e)
		} else if list, err = m.add(list, e); err != nil {
			return nil, err
		}
	}
	return m.finish(list), nil
}

// baseName is Python's os.path.basename on this system: unlike path.Base, it is
// empty for a path that ends in a separator, and it does not clean.
func baseName(path string) string {
	const windows = filepath.Separator == '\\'
	if !windows {
		return path[strings.LastIndexByte(path, '/')+1:]
	}
	path = path[len(filepath.VolumeName(path)):]
	return path[strings.LastIndexAny(path, `/\`)+1:]
}

func (s *Stats) edgeCount() int {
	n := 0
	for _, id := range s.order {
		n += len(s.Rows[id].Callers)
	}
	return n
}
