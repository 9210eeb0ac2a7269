// Package find finds files below a folder, on all processors at once.
//
// Call [Walk] to hear of each file as it is found, or [All] for a sorted list. An
// [Options] without any condition finds everything; each condition narrows that.
//
// Folders that cannot be read are told and passed over. Symbolic links are not
// followed unless asked, and then never in circles. Names are bytes: what is no UTF-8
// is kept as it is.
package find

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/charlievieth/fastwalk"
)

// Options are the conditions, all of which must hold. The zero value has none.
type Options struct {
	Exts  []string // the name ends in a point and one of these: "wav", "tar.gz"
	Globs []*Glob  // the path below the folder matches one of these
	Types []Type   // it is one of these
	Kinds []Kind   // it is a regular file with the content of one of these

	MinSize, MaxSize *int64    // a regular file of at least, and at most, so many bytes
	Newer            time.Time // modified after this; the zero time is no condition

	Ignore bool // not what .gitignore files leave out, and not .git
	Follow bool // go into folders behind symbolic links, and judge files by what is behind theirs

	// OnError hears of what could not be read, one call at a time; nil for no one.
	OnError func(path string, err error)
}

// Type is what an entry of a folder is.
type Type string

// The types.
const (
	File   Type = "file" // a regular one
	Folder Type = "folder"
	Link   Type = "link" // a symbolic one
	Other  Type = "other"
)

// Entry is what was found.
type Entry struct {
	Path string // begins with the folder as it was given, but for "."
	Type Type
	Info func() (fs.FileInfo, error) // its size and times; read when called
}

// Walk calls visit for each entry below dir that meets the conditions, one call at a
// time, in no order. An error of visit ends the walk and is returned.
func Walk(ctx context.Context, dir string, o Options, visit func(Entry) error) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is no folder", dir)
	}
	w := &walker{Options: o, ctx: ctx, root: filepath.Clean(dir), visit: visit}
	if o.Ignore {
		w.ignores = newIgnores(w.root)
	}
	return fastwalk.Walk(&fastwalk.Config{Follow: o.Follow}, w.root, w.entry)
}

// All is the list of what [Walk] finds, sorted by path.
func All(ctx context.Context, dir string, o Options) ([]Entry, error) {
	var list []Entry
	err := Walk(ctx, dir, o, func(e Entry) error {
		list = append(list, e)
		return nil
	})
	slices.SortFunc(list, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	return list, err
}

// walker is one walk. Its method entry is called by several goroutines.
type walker struct {
	Options
	ctx     context.Context
	root    string
	ignores *ignores // nil without Ignore

	mu    sync.Mutex // over visit and OnError
	visit func(Entry) error
	ended atomic.Pointer[error] // what visit ended the walk with
}

func (w *walker) entry(path string, d fs.DirEntry, err error) error {
	if w.ctx.Err() != nil {
		return w.ctx.Err()
	}
	if end := w.ended.Load(); end != nil { // what visit returned comes back here as if the folder could not be read
		return *end
	}
	if err != nil {
		w.tell(path, err)
		return nil
	}
	if path == w.root {
		return nil
	}
	if w.ignores != nil {
		if w.ignores.match(path, d.IsDir()) {
			return skip(d)
		}
		if d.IsDir() {
			w.ignores.enter(path)
		}
	}
	e := Entry{Path: path, Info: d.Info}
	if w.root == "." {
		e.Path = strings.TrimPrefix(path, "."+string(filepath.Separator))
	}
	mode := d.Type()
	if w.Follow && mode&fs.ModeSymlink != 0 {
		e.Info = func() (fs.FileInfo, error) { return fastwalk.StatDirEntry(path, d) }
		if info, err := e.Info(); err == nil { // else it leads nowhere, and is a link
			mode = info.Mode().Type()
		} else {
			e.Info = d.Info
		}
	}
	e.Type = typeOf(mode)
	ok, err := w.meets(e, d.Name())
	if err != nil {
		w.tell(path, err)
		return nil
	}
	if !ok {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if end := w.ended.Load(); end != nil {
		return *end
	}
	err = w.visit(e)
	if err != nil {
		w.ended.Store(&err)
	}
	return err
}

// skip keeps the walk out of a folder.
func skip(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func (w *walker) tell(path string, err error) {
	if w.OnError == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.OnError(path, err)
}

// meets says whether all conditions hold, the cheap ones first.
func (w *walker) meets(e Entry, name string) (bool, error) {
	if len(w.Types) > 0 && !slices.Contains(w.Types, e.Type) || len(w.Exts) > 0 && !hasExt(name, w.Exts) {
		return false, nil
	}
	if len(w.Globs) > 0 && !w.globbed(e.Path, e.Type == Folder) {
		return false, nil
	}
	if ok, err := w.measures(e); !ok || err != nil {
		return false, err
	}
	if len(w.Kinds) == 0 {
		return true, nil
	}
	if e.Type != File {
		return false, nil
	}
	is, err := KindsOf(e.Path)
	return slices.ContainsFunc(w.Kinds, func(k Kind) bool { return slices.Contains(is, k) }), err
}

// measures says whether the conditions on size and time hold.
func (w *walker) measures(e Entry) (bool, error) {
	sized := w.MinSize != nil || w.MaxSize != nil
	if !sized && w.Newer.IsZero() {
		return true, nil
	}
	if sized && e.Type != File {
		return false, nil
	}
	info, err := e.Info()
	if err != nil {
		return false, err
	}
	size := info.Size()
	return (w.MinSize == nil || size >= *w.MinSize) && (w.MaxSize == nil || size <= *w.MaxSize) &&
		(w.Newer.IsZero() || info.ModTime().After(w.Newer)), nil
}

func (w *walker) globbed(path string, folder bool) bool {
	below := path
	if w.root != "." {
		below = strings.TrimPrefix(strings.TrimPrefix(path, w.root), string(filepath.Separator))
	}
	below = filepath.ToSlash(below)
	return slices.ContainsFunc(w.Globs, func(g *Glob) bool { return g.Match(below, folder) })
}

func hasExt(name string, exts []string) bool {
	for _, ext := range exts {
		if at := len(name) - len(ext) - 1; at >= 0 && name[at] == '.' && name[at+1:] == ext {
			return true
		}
	}
	return false
}

func typeOf(mode fs.FileMode) Type {
	switch {
	case mode.IsRegular():
		return File
	case mode.IsDir():
		return Folder
	case mode&fs.ModeSymlink != 0:
		return Link
	}
	return Other
}
