package app

import (
	"fmt"
	"path/filepath"
)

// mostCompared bounds the runs of a side that are compared in the browser.
const mostCompared = 100

// Comparison is how two runs, or two sets of them, differ.
type Comparison struct {
	Report  *DiffReport  `json:"report"`
	Outputs []OutputDiff `json:"outputs"` // of one run on each side; never nil
}

// Compare compares runs by their IDs, as cantil diff does.
func (s *Site) Compare(before, after []string) (Comparison, error) {
	c := Comparison{Outputs: []OutputDiff{}}
	first, foldersBefore, err := s.foldersOf(before)
	if err != nil {
		return c, err
	}
	second, foldersAfter, err := s.foldersOf(after)
	if err != nil {
		return c, err
	}
	if len(first) == 1 && len(second) == 1 {
		if c.Outputs, err = DiffOutputs(first[0], second[0]); err != nil {
			return c, err
		}
	}
	c.Report, err = CompareProfiles(DiffOptions{Before: foldersBefore, After: foldersAfter, Dir: s.opts.Dir, Getenv: s.opts.Getenv})
	if err != nil {
		return c, err
	}
	c.Report.Before, c.Report.After = before, after
	return c, nil
}

// foldersOf finds runs. Named by their folders, they cannot be taken for files.
func (s *Site) foldersOf(ids []string) (list []RunEntry, folders []string, err error) {
	if len(ids) == 0 || len(ids) > mostCompared {
		return nil, nil, &BadInput{fmt.Errorf("comparing runs: from 1 to %d on each side, not %d", mostCompared, len(ids))}
	}
	for _, id := range ids {
		e, err := s.Run(id)
		if err != nil {
			return nil, nil, err
		}
		list, folders = append(list, e), append(folders, filepath.Clean(e.Dir))
	}
	return list, folders, nil
}
