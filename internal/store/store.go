// Package store keeps runs: one folder each, in a .cantil folder of the project.
// Call [Locate], then [Store.NewRun], then the Run's WriteJSON and WriteFile; [Store.List] and
// [Store.Find] find runs again.
//
// A run's folder is the truth about the run. It is made with an atomic mkdir, so that any
// number of processes make theirs at once and none is lost or shared. Every file in it is
// whole or absent: written under a temporary name, synced, renamed. All of it is
// readable by its owner only, for it holds environments and data. Beside the folders is an
// index, a copy for quick listings, which may be missing, behind or broken: listings mend it.
//
// docs/formats/run-folder.md describes the layout and each field.
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	folderName = ".cantil"
	runsName   = "runs"
	partsName  = "parts"
	bootName   = "boot"
	// dirVariable names another folder in the place of .cantil.
	dirVariable = "CANTIL_DIR"
	// timeLayout starts the name of a run: it sorts by time, and holds no character that a file system refuses.
	timeLayout = "2006-01-02_15-04-05"
	// maxSameName bounds the runs of one name in one second; beyond it something is amiss.
	maxSameName = 100_000

	dirMode = 0o700
)

// Store is a folder that holds runs. It need not exist: the first run makes it.
type Store struct {
	Dir string // absolute
}

// Locate returns the store for work in dir: the folder in CANTIL_DIR if that is set (a relative
// one is taken from dir), else .cantil in the nearest ancestor that has one, else in the root of
// the git repository, else in dir. Nothing is made.
func Locate(dir string, env func(string) string) (Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return Store{}, fmt.Errorf("finding the folder for runs: %w", err)
	}
	if named := env(dirVariable); named != "" {
		if !filepath.IsAbs(named) {
			named = filepath.Join(dir, named)
		}
		return Store{Dir: filepath.Clean(named)}, nil
	}
	if root, ok := ancestorWith(dir, isStore); ok {
		return Store{Dir: filepath.Join(root, folderName)}, nil
	}
	if root, ok := ancestorWith(dir, isGitRoot); ok {
		return Store{Dir: filepath.Join(root, folderName)}, nil
	}
	return Store{Dir: filepath.Join(dir, folderName)}, nil
}

// Temp returns a new store in the system's folder for temporary files, for when the
// project's cannot be written. Nothing finds its runs later but their printed path.
func Temp() (Store, error) {
	dir, err := os.MkdirTemp("", "cantil-")
	if err != nil {
		return Store{}, fmt.Errorf("making a temporary folder for runs: %w", err)
	}
	return Store{Dir: dir}, nil
}

// NewRun makes the folder of a run that starts now: its time of start, in start's own zone,
// and its cleaned name ("2026-11-22_14-03-07_train"), with -2, -3 and so on where that is taken.
func (s Store) NewRun(name string, start time.Time) (*Run, error) {
	run, err := s.newRun(start.Format(timeLayout) + "_" + CleanName(name))
	if err != nil {
		return nil, fmt.Errorf("making a run folder in %s (%s names another): %w", s.Dir, dirVariable, err)
	}
	return run, nil
}

func (s Store) newRun(base string) (*Run, error) {
	id, dir, err := s.newFolder(runsName, base)
	if err != nil {
		return nil, err
	}
	run := &Run{ID: id, Dir: dir}
	return run, os.Mkdir(run.Parts(), dirMode)
}

// newFolder makes a folder that nobody has, in one of those of the store.
func (s Store) newFolder(in, base string) (id, dir string, err error) {
	parent := filepath.Join(s.Dir, in)
	if err := s.prepare(parent); err != nil {
		return "", "", err
	}
	for n := 1; n <= maxSameName; n++ {
		if id = base; n > 1 {
			id = fmt.Sprintf("%s-%d", base, n)
		}
		dir = filepath.Join(parent, id)
		if err := os.Mkdir(dir, dirMode); !errors.Is(err, fs.ErrExist) {
			return id, dir, err
		}
	}
	return "", "", fmt.Errorf("%d named %s are there already", maxSameName, base)
}

// prepare makes the store and one of its folders. Only who makes the store puts the
// .gitignore there: one that its owner removed, or a folder that was there before, is left alone.
func (s Store) prepare(folder string) error {
	if _, err := os.Stat(folder); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(s.Dir), 0o755); err != nil {
		return err
	}
	err := os.Mkdir(s.Dir, dirMode)
	if err == nil {
		err = os.WriteFile(filepath.Join(s.Dir, ".gitignore"), []byte("*\n"), fileMode)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return os.MkdirAll(folder, dirMode)
}

// ancestorWith returns dir or the nearest folder above it that has a property.
func ancestorWith(dir string, has func(string) bool) (string, bool) {
	for ; ; dir = filepath.Dir(dir) {
		if has(dir) {
			return dir, true
		}
		if dir == filepath.Dir(dir) {
			return "", false
		}
	}
}

func isStore(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, folderName))
	return err == nil && info.IsDir()
}

// isGitRoot: .git is a folder, or in worktrees and submodules a file.
func isGitRoot(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, ".git"))
	return err == nil
}
