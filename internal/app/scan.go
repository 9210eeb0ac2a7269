package app

import (
	"errors"
	"fmt"
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
	File     string    `json:"file"`
	Verdict  string    `json:"verdict,omitempty"` // "" if it could not be read
	Pickles  int       `json:"pickles"`
	Findings []Finding `json:"findings"`
	Left     int       `json:"findings_left_out,omitempty"`
	Error    string    `json:"error,omitempty"`
	Clean    bool      `json:"-"` // safe to load

	worst scan.Verdict
}

// Finding is one thing in a file that counts.
type Finding struct {
	Verdict string `json:"verdict"`
	Inside  string `json:"inside,omitempty"` // the member of an archive
	Offset  int64  `json:"offset"`
	Op      string `json:"opcode,omitempty"`
	Name    string `json:"name,omitempty"` // the class or function
	Why     string `json:"why"`
	Text    string `json:"-"` // all of it on one line
	Clean   bool   `json:"-"`
}

// ScanResult is what became of all.
type ScanResult struct {
	Verdict string    `json:"verdict"` // the worst
	Files   []Scanned `json:"files"`
	Skipped int       `json:"skipped"` // files in folders that are no pickles
	Clean   bool      `json:"-"`
	Failed  bool      `json:"-"` // some could not be read

	worst scan.Verdict
}

// scanned is the report on a file as others see it.
func scanned(file string, report *scan.Report, err error) Scanned {
	s := Scanned{File: file, Findings: []Finding{}}
	if err != nil {
		s.Error = err.Error()
		return s
	}
	s.Verdict, s.Clean, s.worst = report.Verdict.String(), report.Verdict.Clean(), report.Verdict
	s.Pickles, s.Left = report.Pickles, report.Left
	for _, f := range report.Findings {
		s.Findings = append(s.Findings, Finding{f.Verdict.String(), f.Inside, f.Offset, f.Op, f.Name, f.Why, f.String(), f.Verdict.Clean()})
	}
	return s
}

// Scan judges files; of folders all files that may be pickles. each, if not nil, is told
// of every file at once.
func Scan(opts ScanOptions, each func(Scanned)) (*ScanResult, error) {
	if len(opts.Paths) == 0 {
		return nil, errors.New("no file to scan")
	}
	s := &scanning{opts: scan.Options{Allow: opts.Allow}, each: each, result: &ScanResult{Files: []Scanned{}}}
	for _, path := range opts.Paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			s.done(scanned(path, nil, fmt.Errorf("scanning %s: %w", path, cause(err))))
		case info.IsDir():
			s.folder(path)
		default:
			s.file(path, true)
		}
	}
	s.result.Verdict, s.result.Clean = s.result.worst.String(), s.result.worst.Clean()
	return s.result, nil
}

// cause is err without the path, which the caller tells.
func cause(err error) error {
	var inner *fs.PathError
	if errors.As(err, &inner) {
		return inner.Err
	}
	return err
}

type scanning struct {
	opts   scan.Options
	each   func(Scanned)
	result *ScanResult
}

func (s *scanning) done(f Scanned) {
	s.result.Files = append(s.result.Files, f)
	s.result.Failed = s.result.Failed || f.Error != ""
	s.result.worst = max(s.result.worst, f.worst)
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
	s.done(scanned(path, report, err))
}

// folder scans the files under dir, in the order of their names; links are not followed.
func (s *scanning) folder(dir string) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			s.done(scanned(path, nil, err))
			return nil
		}
		if entry.Type().IsRegular() {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		s.done(scanned(dir, nil, err))
	}
	sort.Strings(files)
	for _, path := range files {
		s.file(path, false)
	}
}
