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
// last and loses the others; so does this, but after [Stats.Correct] they are
// summed. It fails only where callers that are counted and callers that are timed
// would have to be summed; s is of no use after that.
func (s *Stats) StripDirs() error {
	rows, newID := s.strippedFuncs()
	var merger edgeMerger
	merger.setRows(rows)
	order := s.order[:0:0]
	for _, old := range s.order {
		from, to := &s.Rows[old], &rows[newID[old]]
		callers, err := merger.rename(from.Callers, newID, s.correct)
		switch {
		case err != nil:
		case to.Listed:
			err = merger.addRow(to, from.Counts, callers, nil, false)
		default:
			to.Listed, to.Counts, to.Callers = true, from.Counts, callers[:len(callers):len(callers)]
			order = append(order, newID[old])
		}
		if err != nil {
			return fmt.Errorf("stripping %s: %w", from.Func.short(), err)
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
		newID[old] = index.id(f, 1)
	}
	return rows, newID
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
