package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"

	"github.com/cantil-py/cantil/value/scan"
)

// ScanOptions are files and folders to scan, and what the user trusts.
type ScanOptions struct {
	Paths []string
	Allow []string // "module.name"
}

// Scanned is what became of one file.
type Scanned struct {
	File   string
	Report *scan.Report // nil if it could not be read
	Err    error
}

// ScanResult is what became of all.
type ScanResult struct {
	Files   []Scanned
	Skipped int // files in folders that are no pickles
	Worst   scan.Verdict
	Failed  bool // some could not be read
}

// Scan judges files; of folders all files that may be pickles. each, if not nil, is told
// of every file at once.
func Scan(opts ScanOptions, each func(Scanned)) (*ScanResult, error) {
	if len(opts.Paths) == 0 {
		return nil, errors.New("no file to scan")
	}
	s := &scanning{opts: scan.Options{Allow: opts.Allow}, each: each, result: &ScanResult{}}
	for _, path := range opts.Paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			s.done(Scanned{File: path, Err: err})
		case info.IsDir():
			s.folder(path)
		default:
			s.file(path, true)
		}
	}
	return s.result, nil
}

type scanning struct {
	opts   scan.Options
	each   func(Scanned)
	result *ScanResult
}

func (s *scanning) done(f Scanned) {
	s.result.Files = append(s.result.Files, f)
	if f.Err != nil {
		s.result.Failed = true
	} else {
		s.result.Worst = max(s.result.Worst, f.Report.Verdict)
	}
	if s.each != nil {
		s.each(f)
	}
}

// file scans a file; one that was not named itself counts only if it may be a pickle.
func (s *scanning) file(path string, named bool) {
	report, err := scan.File(path, s.opts)
	if err == nil && !named && !report.LooksLikePickle() {
		s.result.Skipped++
		return
	}
	s.done(Scanned{path, report, err})
}

// folder scans the files under dir, in the order of their names; links are not followed.
func (s *scanning) folder(dir string) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			s.done(Scanned{File: path, Err: err})
			return nil
		}
		if entry.Type().IsRegular() {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		s.done(Scanned{File: dir, Err: err})
	}
	sort.Strings(files)
	for _, path := range files {
		s.file(path, false)
	}
}
