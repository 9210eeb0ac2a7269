package app

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/profile/diff"
	"github.com/cantil-py/cantil/profile/imports"
	"github.com/cantil-py/cantil/profile/parts"
	"github.com/cantil-py/cantil/profile/stacks"
	"github.com/cantil-py/cantil/run"
)

const (
	// mostDiffFiles bounds a side: what is judged is held in memory, run by run.
	mostDiffFiles = 1000
	// maxBenchJSON bounds a file of measurements: some millions of runs.
	maxBenchJSON = 1 << 30
	// runSamples is the sampled profile in a run's folder.
	runSamples = "samples.pb.gz"
	// wallClock is what cantil's exact collector reads.
	wallClock = "wall"
)

// diffInput is one of the things to compare: it has a profile, the record of a run, or both; or else measurements.
type diffInput struct {
	name    string
	profile *diff.Profile
	outcome *run.Outcome
	entry   store.Entry // of a run
	script  string      // of a run
	bench   []measured
}

func (o *DiffOptions) loadAll(args []string) ([]diffInput, error) {
	if len(args) > mostDiffFiles {
		return nil, &BadInput{fmt.Errorf("%d profiles on one side; at most %d", len(args), mostDiffFiles)}
	}
	var list []diffInput
	for _, arg := range args {
		in, err := o.load(arg)
		if err != nil {
			return nil, err
		}
		list = append(list, in)
	}
	return list, nil
}

// load reads a file, whose content says what it is, or a run.
func (o *DiffOptions) load(arg string) (diffInput, error) {
	path := arg
	if !filepath.IsAbs(path) {
		path = filepath.Join(o.Dir, path)
	}
	if isFile(path) {
		in, err := loadFile(arg, path)
		if err != nil {
			err = &BadInput{err}
		}
		return in, err
	}
	runs, err := OpenRuns(o.Dir, o.Getenv)
	if err != nil {
		return diffInput{}, err
	}
	e, err := runs.Find(arg)
	var none *NoRun
	if errors.As(err, &none) {
		return diffInput{}, &NoRun{fmt.Errorf("%s is no file, and no run: %w", arg, err)}
	}
	if err != nil {
		return diffInput{}, err
	}
	in, err := loadRun(e)
	if err != nil {
		err = &BadInput{err}
	}
	return in, err
}

// startsAsJSON: a marshalled dict, too, may begin with a brace, but not go on like this.
var startsAsJSON = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*\{\s*["}]`) })

func loadFile(name, path string) (diffInput, error) {
	head, err := headOf(path)
	if err != nil {
		return diffInput{}, fmt.Errorf("reading %s: %w", name, err)
	}
	format, err := imports.Detect(path)
	if err == nil && format == imports.Pstats && startsAsJSON().MatchString(head) {
		list, err := readMeasured(path)
		return diffInput{name: name, bench: list}, err
	}
	p, err := openProfile(name, path, kindOfRun(filepath.Dir(path)))
	return diffInput{name: name, profile: p}, err
}

// openProfile reads a profile file of any kind.
func openProfile(name, path string, kind diff.Kind) (*diff.Profile, error) {
	format, err := imports.Detect(path)
	if err != nil {
		return nil, err
	}
	if format == imports.Samples || format == imports.Pprof {
		return openProto(name, path, format)
	}
	read, err := imports.Open(path)
	if err != nil {
		return nil, err
	}
	if read.Exact != nil {
		p := diff.FromStats(read.Exact, name, kind)
		return &p, nil
	}
	if read.Sampled.Period() == 0 {
		return nil, fmt.Errorf("%s tells how many samples there are, and not how much time each stands for, as collapsed stacks do; py-spy's speedscope format tells it", name)
	}
	p := diff.FromStacks(read.Sampled, name)
	return &p, nil
}

// openProto reads our samples, or another tool's file in their format: that is taken by its own times, not as samples.
func openProto(name, path, format string) (*diff.Profile, error) {
	if format == imports.Samples {
		s, err := stacks.Open(path)
		if err == nil {
			p := diff.FromStacks(s, name)
			return &p, nil
		}
		if !errors.Is(err, stacks.ErrForeign) {
			return nil, err
		}
	}
	other, err := imports.Proto(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	p, err := diff.FromProto(other, name)
	return &p, err
}

// kindOfRun is what the folder of a run tells of the profile that was collected in it; nothing if it is none.
func kindOfRun(dir string) (kind diff.Kind) {
	asked, err := store.ReadAsked(dir)
	if err != nil {
		return kind
	}
	kind.Clock, kind.Python = wallClock, asked.Interpreter.Version
	if kind.Python != "" {
		return kind
	}
	processes, _ := parts.Read(filepath.Join(dir, "parts")) // what is damaged tells nothing
	for i := range processes {
		if p := &processes[i]; p.Role == "main" {
			kind.Python = p.Python
		}
	}
	return kind
}

// loadRun reads what is kept of a run that has ended.
func loadRun(e store.Entry) (diffInput, error) {
	in := diffInput{name: e.ID, entry: e}
	outcome, err := run.ReadOutcome(e.Dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return in, fmt.Errorf("run %s has not ended: it is %s", e.ID, e.Status)
	case err != nil:
		return in, err
	}
	in.outcome = &outcome
	if asked, err := store.ReadAsked(e.Dir); err == nil {
		in.script = asked.Script
	}
	path := filepath.Join(e.Dir, profileFile)
	if !isFile(path) {
		path = filepath.Join(e.Dir, runSamples)
	}
	if !isFile(path) {
		return in, nil
	}
	in.profile, err = openProfile(e.ID, path, kindOfRun(e.Dir))
	return in, err
}

func profilesOf(list []diffInput) []diff.Profile {
	var profiles []diff.Profile
	for _, in := range list {
		profiles = append(profiles, *in.profile)
	}
	return profiles
}

// scriptRenames: where all runs of a side ran one script, and those of the other another, the one took the other's place.
func scriptRenames(before, after []diffInput) []diff.Rename {
	old, now := scriptOf(before), scriptOf(after)
	if old == "" || now == "" || old == now {
		return nil
	}
	return []diff.Rename{{Old: old, New: now}}
}

func scriptOf(list []diffInput) string {
	for _, in := range list {
		if in.script != list[0].script {
			return ""
		}
	}
	return list[0].script
}
