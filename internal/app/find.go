package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/cantil-py/cantil/text/find"
)

// FindOptions say what is found and how it is written.
type FindOptions struct {
	find.Options
	Dir  string // "" for the current folder
	Abs  bool   // whole paths
	Sort bool   // by path, all at the end
	Null bool   // a NUL byte behind each instead of a line feed
	JSON bool
}

// foundFile is the JSON of what was found. Of what is gone by then, or cannot be asked, size and time are absent.
type foundFile struct {
	Path     json.RawMessage `json:"path"`
	Type     find.Type       `json:"type"`
	Size     *int64          `json:"size,omitempty"`
	Modified *time.Time      `json:"modified,omitempty"`
}

// Find writes what is found below a folder to w. A folder that is not there is a
// [BadInput].
func Find(ctx context.Context, o FindOptions, w io.Writer) error {
	dir, err := o.dir()
	if err != nil {
		return err
	}
	out := &findWriter{Writer: bufio.NewWriter(w), opts: o}
	if o.Sort {
		list, err := find.All(ctx, dir, o.Options)
		if err != nil {
			return &BadInput{err}
		}
		for _, e := range list {
			if err := out.write(e); err != nil {
				return err
			}
		}
		return out.end()
	}
	if err := find.Walk(ctx, dir, o.Options, out.write); err != nil {
		if out.failed != nil {
			return out.failed
		}
		return &BadInput{err}
	}
	return out.end()
}

func (o *FindOptions) dir() (string, error) {
	switch {
	case o.Abs:
		return filepath.Abs(o.Dir)
	case o.Dir == "":
		return ".", nil
	}
	return o.Dir, nil
}

// findWriter writes one entry after the other.
type findWriter struct {
	*bufio.Writer
	opts   FindOptions
	some   bool
	failed error
}

func (f *findWriter) write(e find.Entry) error {
	switch {
	case f.opts.JSON:
		f.failed = f.writeJSON(e)
	case f.opts.Null:
		_, f.failed = f.WriteString(e.Path + "\x00")
	default:
		_, f.failed = f.WriteString(e.Path + "\n")
	}
	return f.failed
}

func (f *findWriter) writeJSON(e find.Entry) error {
	found := foundFile{Path: pythonString([]byte(e.Path)), Type: e.Type}
	if info, err := e.Info(); err == nil {
		size, modified := info.Size(), info.ModTime()
		found.Size, found.Modified = &size, &modified
	}
	data, err := json.Marshal(found)
	if err != nil {
		return err
	}
	begin := ",\n  "
	if !f.some {
		begin, f.some = "[\n  ", true
	}
	_, err = f.WriteString(begin + string(data))
	return err
}

func (f *findWriter) end() error {
	if f.opts.JSON {
		text := "\n]\n"
		if !f.some {
			text = "[]\n"
		}
		if _, err := f.WriteString(text); err != nil {
			return err
		}
	}
	return f.Flush()
}

// FindWhat adds types, patterns and kinds, as people write them, to the conditions.
func FindWhat(o *find.Options, types, globs, kinds []string) error {
	for _, text := range types {
		t, ok := map[string]find.Type{"f": find.File, "d": find.Folder, "l": find.Link}[text]
		if !ok {
			return fmt.Errorf("no type %q: there are f, d, l", text)
		}
		o.Types = append(o.Types, t)
	}
	for _, text := range globs {
		g, err := find.ParseGlob(text)
		if err != nil {
			return err
		}
		o.Globs = append(o.Globs, g)
	}
	for _, text := range kinds {
		k, err := find.ParseKind(text)
		if err != nil {
			return err
		}
		o.Kinds = append(o.Kinds, k)
	}
	return nil
}
