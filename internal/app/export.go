package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cantil-py/cantil/durable"
	"github.com/cantil-py/cantil/profile/export"
	"github.com/cantil-py/cantil/profile/imports"
)

// ExportOptions are a profile and the form in which it is written.
type ExportOptions struct {
	Source string // a file, or a run
	To     string // the name of a format
	Out    string // a file; "" for Stdout
	// Sources puts the sources that are at hand into a page of the format html.
	Sources bool
	Dir     string
	Getenv  func(string) string
	Stdout  io.Writer
}

// ExportFormats lists the formats, each with what reads it.
func ExportFormats() (names, summaries []string) {
	for _, f := range export.Formats() {
		names, summaries = append(names, f.Name), append(summaries, f.Summary)
	}
	return names, summaries
}

// ErrNoGraphviz means that a picture needs a program that is not installed.
var ErrNoGraphviz = export.ErrNoGraphviz

// ErrBinary means that what was asked for is nothing for a terminal.
var ErrBinary = errors.New("it is binary: -o FILE, or a pipe")

// ErrNoSources means that sources were asked for in a format that has none.
var ErrNoSources = errors.New("only " + pageFormat + " holds sources")

const pageFormat = "html"

// sourcesFor reads files of Python, if they are such: a profile of someone else names files
// as it likes. A file that is newer than the profile has other lines.
func sourcesFor(profile string) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		made, err := os.Stat(profile)
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(name)
		switch {
		case err != nil:
			return nil, err
		case !info.Mode().IsRegular() || info.Size() > maxSource || filepath.Ext(name) != ".py" || info.ModTime().After(made.ModTime()):
			return nil, fmt.Errorf("%s is no source of Python that this profile can be of", name)
		}
		return os.ReadFile(name)
	}
}

// Export writes a profile in the format of another tool. A source that cannot be read,
// or not in this format, is a [BadProfile].
func Export(opts ExportOptions, terminal bool) error {
	format, err := export.Find(opts.To)
	if err != nil {
		return err
	}
	if opts.Sources && format.Name != pageFormat {
		return fmt.Errorf("%s: %w", format.Name, ErrNoSources)
	}
	if format.Binary && terminal && opts.Out == "" {
		return fmt.Errorf("writing %s to a terminal: %w", format.Name, ErrBinary)
	}
	path, err := profileOf(opts.Source, opts.Dir, opts.Getenv)
	if err != nil {
		return err
	}
	if opts.Sources {
		format = export.HTMLWithSources(sourcesFor(path))
	}
	write, err := writerOf(format, path)
	if err != nil {
		return err
	}
	if opts.Out == "" {
		return write(opts.Stdout)
	}
	return durable.WriteShared(opts.Out, write)
}

// profileOf is the path of a profile: source itself, or that of a run. Of a run that was
// both sampled and counted it is the samples, for they have whole stacks.
func profileOf(source, dir string, getenv func(string) string) (string, error) {
	info, err := os.Stat(source)
	if err == nil && !info.IsDir() {
		return source, nil
	}
	if err != nil && filepath.Ext(source) != "" && !errors.Is(err, fs.ErrNotExist) {
		return "", &BadProfile{err}
	}
	runs, err := OpenRuns(dir, getenv)
	if err != nil {
		return "", err
	}
	e, err := runs.Find(source)
	if err != nil {
		return "", fmt.Errorf("%s is no file, and no run: %w", source, err)
	}
	for _, name := range []string{samplesFile, profileFile} {
		if path := filepath.Join(e.Dir, name); isFile(path) {
			return path, nil
		}
	}
	return "", &BadProfile{fmt.Errorf("run %s has no profile; cantil profile makes runs that have one", e.ID)}
}

// writerOf reads the profile, of any kind, and returns what writes it.
func writerOf(format export.Format, path string) (func(io.Writer) error, error) {
	p, err := imports.Open(path)
	switch {
	case err != nil:
		return nil, &BadProfile{err}
	case p.Exact != nil && format.Exact == nil:
		return nil, &BadInput{fmt.Errorf("%s: %s", format.Name, format.Refusal)}
	case p.Exact != nil:
		return func(w io.Writer) error { return format.Exact(w, p.Exact) }, nil
	case format.Sampled == nil:
		return nil, &BadInput{fmt.Errorf("%s: %s", format.Name, format.Refusal)}
	}
	return func(w io.Writer) error { return format.Sampled(w, p.Sampled) }, nil
}
