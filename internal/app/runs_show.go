package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
)

const (
	// maxExtra bounds the files beside the two records that are read whole: a traceback has at most some 30 MB
	// (100 frames of 100 values of 1,000 characters), in practice some kB.
	maxExtra = 64 << 20
	// maxFiles bounds the list of a run's files; a profile of very many processes has more parts.
	maxFiles = 10_000
)

// RunDetails is all that is kept of a run, its output aside.
type RunDetails struct {
	RunEntry
	Asked     *store.Asked  `json:"asked,omitempty"`   // run.json
	Outcome   *run.Outcome  `json:"outcome,omitempty"` // exit.json; none while it runs
	Traceback *RunTraceback `json:"traceback,omitempty"`
	Kept      *RunKept      `json:"kept,omitempty"`
	Timings   []RunTiming   `json:"timings,omitempty"`
	Packages  *RunPackages  `json:"packages,omitempty"` // of pip
	Profile   string        `json:"profile,omitempty"`  // the merged profile's path
	Samples   string        `json:"samples,omitempty"`  // that of the sampled profile
	Files     []RunFile     `json:"files"`              // all files of the folder, parts apart
	Problems  []string      `json:"problems,omitempty"` // what could not be read
}

// RunFile is a file of a run.
type RunFile struct {
	Name  string `json:"name"` // from the run's folder, with slashes
	Bytes int64  `json:"bytes"`
}

// RunTraceback is traceback.json, see docs/formats/kept.md.
type RunTraceback struct {
	Type   string         `json:"type"`
	Value  string         `json:"value"`
	Text   string         `json:"text,omitempty"`
	Thread string         `json:"thread,omitempty"`
	Link   string         `json:"link,omitempty"` // of one that led to another: cause or context
	Frames []RunFrame     `json:"frames"`
	Chain  []RunTraceback `json:"chain,omitempty"`
}

// RunFrame is a frame of a traceback, or a count of frames that are left out.
type RunFrame struct {
	File          string    `json:"file,omitempty"`
	Line          int       `json:"line,omitempty"`
	Name          string    `json:"name,omitempty"`
	Source        string    `json:"source,omitempty"`
	Locals        RunLocals `json:"locals,omitempty"`
	LocalsLeftOut int       `json:"locals_left_out,omitempty"`
	LeftOut       int       `json:"left_out,omitempty"`
}

// RunLocals are names and the reprs of their values.
type RunLocals map[string]string

// RunKept is kept/report.json, see docs/formats/kept.md.
type RunKept struct {
	How       string `json:"how"`
	Variables []struct {
		Name  string `json:"name"`
		Type  string `json:"type,omitempty"`
		File  string `json:"file,omitempty"`
		Bytes int64  `json:"bytes,omitempty"`
		Error string `json:"error,omitempty"`
	} `json:"variables"`
}

// RunTiming is what timings.jsonl says of a function at the end of the run.
type RunTiming struct {
	Function string  `json:"function,omitempty"`
	Calls    int64   `json:"calls,omitempty"`
	Total    float64 `json:"total,omitempty"` // this and the next two in seconds
	Least    float64 `json:"least,omitempty"`
	Most     float64 `json:"most,omitempty"`
	Missing  string  `json:"missing,omitempty"` // there was no such function
}

// Show reads all that is kept of a run. What is there and cannot be read is told in Problems.
func (r Runs) Show(e RunEntry) RunDetails {
	d := RunDetails{RunEntry: e}
	if asked, err := store.ReadAsked(e.Dir); d.read(err) {
		d.Asked = &asked
	}
	if outcome, err := run.ReadOutcome(e.Dir); d.read(err) {
		d.Outcome = &outcome
	}
	d.Traceback = readExtra[RunTraceback](&d, "traceback.json")
	d.Kept = readExtra[RunKept](&d, "kept/report.json")
	d.Packages = readExtra[RunPackages](&d, packagesFile)
	d.readTimings()
	d.readFiles()
	if path := filepath.Join(e.Dir, profileFile); isFile(path) {
		d.Profile = path
	}
	if path := filepath.Join(e.Dir, samplesFile); isFile(path) {
		d.Samples = path
	}
	return d
}

// read notes an error, unless it is that the file is not there, and says whether there was none.
func (d *RunDetails) read(err error) bool {
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.Problems = append(d.Problems, err.Error())
	}
	return err == nil
}

// readExtra reads a JSON file that a run may have.
func readExtra[T any](d *RunDetails, name string) *T {
	file, err := os.Open(filepath.Join(d.Dir, filepath.FromSlash(name)))
	if !d.read(err) {
		return nil
	}
	defer file.Close()
	var value T
	if !d.read(json.NewDecoder(io.LimitReader(file, maxExtra)).Decode(&value)) {
		return nil
	}
	return &value
}

// readTimings reads what stands at the end of timings.jsonl; the single calls before it were told as they ended.
func (d *RunDetails) readTimings() {
	file, err := os.Open(filepath.Join(d.Dir, "timings.jsonl"))
	if !d.read(err) {
		return
	}
	defer file.Close()
	scanner := bufio.NewScanner(io.LimitReader(file, maxExtra))
	for scanner.Scan() {
		var t RunTiming
		if err := json.Unmarshal(scanner.Bytes(), &t); err != nil {
			continue // the last line of a program that was killed
		}
		if t.Function != "" || t.Missing != "" {
			d.Timings = append(d.Timings, t)
		}
	}
	d.read(scanner.Err())
}

// readFiles lists the files; those of parts are many, and in the merged profile.
func (d *RunDetails) readFiles() {
	d.Files = []RunFile{}
	err := filepath.WalkDir(d.Dir, func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(d.Dir, path)
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name == "parts" || len(d.Files) >= maxFiles:
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		info, err := entry.Info()
		if err == nil {
			d.Files = append(d.Files, RunFile{filepath.ToSlash(name), info.Size()})
		}
		return nil // a file that is gone meanwhile
	})
	d.read(err)
	slices.SortFunc(d.Files, func(a, b RunFile) int { return strings.Compare(a.Name, b.Name) })
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
