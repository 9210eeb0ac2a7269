package app

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/cantil-py/cantil/internal/store"
)

// SiteOptions are what is to be seen in the browser, and from where.
type SiteOptions struct {
	Args    []string // files and runs that are shown beside the runs of the project
	Dir     string   // the folder whose project it is; "" for this process's
	Getenv  func(string) string
	Environ []string // what programs that are started find in their environment
	Version string   // cantil's own, for the record of runs
}

// Site is what may be seen in the browser: the runs of a project, and the files and runs that were named. Nothing else is
// read for it. Call [OpenSite]. It may be used by many at a time.
type Site struct {
	Runs
	Files []string // the files that were named, absolute
	Named []string // the IDs of the runs that were named

	opts    SiteOptions
	folders map[string]string // of the runs that were named, by ID: they may lie anywhere
	scripts []string          // the files among them that Python runs

	mu      sync.Mutex
	outputs map[string]*Output
}

// OpenSite finds what was named. The error is a [NoRun] where something is neither a file nor a run.
func OpenSite(opts SiteOptions) (*Site, error) {
	runs, err := OpenRuns(opts.Dir, opts.Getenv)
	if err != nil {
		return nil, err
	}
	s := &Site{Runs: runs, opts: opts, folders: map[string]string{}, outputs: map[string]*Output{}}
	for _, arg := range opts.Args {
		if err := s.name(arg); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// name adds a file or a run.
func (s *Site) name(arg string) error {
	path := arg
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.opts.Dir, path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if isFile(path) {
		if filepath.Ext(path) == ".py" {
			s.scripts = append(s.scripts, path)
		} else {
			s.Files = append(s.Files, path)
		}
		return nil
	}
	e, err := s.Find(arg)
	var none *NoRun
	if errors.As(err, &none) {
		return &NoRun{fmt.Errorf("%s is no file, and no run: %w", arg, err)}
	}
	if err != nil {
		return err
	}
	s.Named, s.folders[e.ID] = append(s.Named, e.ID), e.Dir
	return nil
}

// Run is the run of exactly that ID. A folder that leads elsewhere by a symbolic link is not shown. The error is a [NoRun].
func (s *Site) Run(id string) (RunEntry, error) {
	dir, named := s.folders[id]
	if !named {
		if id == "" || id[0] == '.' || filepath.Base(id) != id || !filepath.IsLocal(id) {
			return RunEntry{}, &NoRun{fmt.Errorf("no run is called %.80q", id)}
		}
		dir = filepath.Join(s.Dir(), "runs", id)
	}
	if err := checkPlain(dir); err != nil {
		return RunEntry{}, &NoRun{fmt.Errorf("looking at run %s: %w", id, err)}
	}
	return store.ReadEntry(dir), nil
}

// mostRunFiles bounds the look at a run's files; a profile of very many processes has as many parts.
const mostRunFiles = 200_000

// errLeadsOut is about something in the folder of a run that is neither a file nor a folder.
var errLeadsOut = errors.New("it is neither a file nor a folder")

// checkPlain says whether a folder holds files and folders only: a link could lead out of it, and a pipe would be waited for.
func checkPlain(dir string) error {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return errors.New("there is none")
	}
	if err != nil {
		return err
	}
	left := mostRunFiles
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if left--; left < 0 {
			return fmt.Errorf("it has more than %d files", mostRunFiles)
		}
		if err == nil && !entry.IsDir() && !entry.Type().IsRegular() {
			return fmt.Errorf("%s: %w", filepath.Base(path), errLeadsOut)
		}
		return err
	})
}

// Details is all that is kept of a run.
func (s *Site) Details(id string) (RunDetails, error) {
	e, err := s.Run(id)
	if err != nil {
		return RunDetails{}, err
	}
	return s.Show(e), nil
}

// RunFile is the path of a file of a run, by its name in the run's folder.
func (s *Site) RunFile(id, name string) (string, error) {
	e, err := s.Run(id)
	if err != nil {
		return "", err
	}
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) {
		return "", &NoRun{fmt.Errorf("run %s has no file %.80q", id, name)}
	}
	path := filepath.Join(e.Dir, local)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return "", &NoRun{fmt.Errorf("run %s has no file %.80q", id, name)}
	}
	return path, nil
}

// File is the path of the file that was named in that place, counted from 0.
func (s *Site) File(place int) (string, error) {
	if place < 0 || place >= len(s.Files) {
		return "", &NoRun{fmt.Errorf("%d files were named, and none is number %d", len(s.Files), place+1)}
	}
	return s.Files[place], nil
}

// ProfileTable is the profile of the run as cantil stats --json prints it; the samples, if it was sampled.
func (d *RunDetails) ProfileTable() (json.RawMessage, error) {
	path, err := d.profilePath()
	if err != nil {
		return nil, err
	}
	return ProfileTable(path)
}
