package app

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/profile/diff"
)

// The types of package diff that the command line meets.
type (
	Diff          = diff.Diff
	DiffRow       = diff.Row
	DiffCallerRow = diff.CallerRow
	DiffChange    = diff.Change
	DiffTime      = diff.Time
	DiffCalls     = diff.Calls
	DiffFunc      = diff.Func
)

// DiffOptions are what to compare, and how.
type DiffOptions struct {
	Before, After []string // files or runs: one on each side, or many
	Rename        []string // old=new, for files and folders
	Paired        bool     // those at one place of both sides are of one round
	AnyPython     bool     // also of different Pythons
	AsTimed       bool     // do not take out what made whole runs faster or slower
	FailOn        []string // what makes the verdict bad: "cum>5%"

	Dir    string
	Getenv func(string) string
}

// DiffReport is what changed.
type DiffReport struct {
	Before []string `json:"before"` // as they were named
	After  []string `json:"after"`

	Profile *Diff        `json:"profile,omitempty"` // of profiles, and of runs that have one
	Figures []DiffFigure `json:"figures,omitempty"` // of runs, and of benchmarks
	Ends    []DiffEnd    `json:"ends,omitempty"`    // of runs
	Notes   []string     `json:"notes,omitempty"`   // what should be known of the answer
	Failed  []string     `json:"failed,omitempty"`  // why the verdict is bad

	measured []sideFigures // of bench --profile, in place of outcomes
}

// DiffFigure is one figure of runs, or of a command that was measured.
type DiffFigure struct {
	Name   string  `json:"name,omitempty"` // the command's
	Metric string  `json:"metric"`
	Before float64 `json:"before"` // typically; seconds or bytes
	After  float64 `json:"after"`
	Runs   [2]int  `json:"runs"` // how many on each side
	bench.Change
}

// DiffEnd is how a run ended.
type DiffEnd struct {
	Run   string `json:"run"`
	Side  string `json:"side"` // before or after
	Ended string `json:"ended"`
}

// Sampled says whether the profiles have samples where others have calls.
func (r *DiffReport) Sampled() bool { return r.Profile.BeforeKind.Mode == diff.Sampled }

// CompareProfiles compares profiles, runs or benchmarks. What cannot be read is a [BadInput], and so is what cannot be compared; the
// error is a [NoRun] where an argument is neither a file nor a run.
func CompareProfiles(opts DiffOptions) (*DiffReport, error) {
	limits, err := parseLimits(opts.FailOn)
	if err != nil {
		return nil, err
	}
	renames, err := opts.renames()
	if err != nil {
		return nil, err
	}
	before, err := opts.loadAll(opts.Before)
	if err != nil {
		return nil, err
	}
	after, err := opts.loadAll(opts.After)
	if err != nil {
		return nil, err
	}
	if err := sameSort(before, after); err != nil {
		return nil, &BadInput{err}
	}
	r := &DiffReport{Before: opts.Before, After: opts.After}
	if before[0].bench != nil {
		err = r.compareBenchmarks(before, after)
	} else {
		err = r.compareProfiles(before, after, opts, renames)
	}
	if err != nil {
		return nil, asBadInput(err)
	}
	r.Failed = limits.exceeded(r)
	return r, nil
}

// IncompatiblePython means that profiles of different Pythons were to be compared.
type IncompatiblePython struct{ Err error }

// asBadInput says whose fault it is that two things cannot be compared.
func asBadInput(err error) error {
	var other *diff.IncompatibleError
	if errors.As(err, &other) && other.What == "python" {
		return &IncompatiblePython{err}
	}
	return &BadInput{err}
}

func (e *IncompatiblePython) Error() string { return e.Err.Error() }
func (e *IncompatiblePython) Unwrap() error { return e.Err }

func (o *DiffOptions) renames() (list []diff.Rename, err error) {
	for _, text := range o.Rename {
		r, err := diff.ParseRename(text)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

// sameSort refuses what has nothing to do with each other.
func sameSort(before, after []diffInput) error {
	first := before[0]
	for _, in := range slices.Concat(before[1:], after) {
		if (in.bench != nil) != (first.bench != nil) {
			return fmt.Errorf("comparing %s with %s: one is a benchmark, the other is not", first.name, in.name)
		}
		if first.bench == nil && (in.profile == nil) != (first.profile == nil) {
			return profiledAndNot(first, in)
		}
	}
	return nil
}

// profiledAndNot: the profiler takes time itself.
func profiledAndNot(a, b diffInput) error {
	if a.profile == nil {
		a, b = b, a
	}
	return fmt.Errorf("comparing %s with %s: the one was run under a profiler, which takes time itself, the other was not", a.name, b.name)
}

// compareProfiles compares profiles, and of runs how they ended and what they took.
func (r *DiffReport) compareProfiles(before, after []diffInput, opts DiffOptions, renames []diff.Rename) error {
	if opts.Paired && len(before) != len(after) {
		return errors.New("--paired: there must be as many on both sides")
	}
	r.addEnds(before, "before")
	r.addEnds(after, "after")
	figures := append(runFigures(before, after), r.measured...)
	var changes []bench.Change
	var err error
	if before[0].profile == nil {
		changes, err = bench.CompareMany(pairsOf(figures), opts.Paired, diff.Level)
	} else {
		scripts := scriptRenames(before, after)
		r.noteKinds(before, after, scripts)
		r.Profile, err = diff.Compare(profilesOf(before), profilesOf(after), diff.Options{
			Rename: slices.Concat(renames, scripts), Paired: opts.Paired, AnyPython: opts.AnyPython, AsTimed: opts.AsTimed, Also: pairsOf(figures),
		})
		if err == nil {
			changes = r.Profile.Also
			r.noteRenames(renames)
		}
	}
	if err != nil {
		return err
	}
	for i, f := range figures {
		r.Figures = append(r.Figures, f.figure(changes[i]))
	}
	r.noteNoise(len(before), len(after), opts.Paired)
	return nil
}

// noteNoise tells what must be done for a verdict, and what no verdict can know.
func (r *DiffReport) noteNoise(before, after int, paired bool) {
	enough := bench.Enough(before, after, paired, diff.Level)
	switch {
	case !enough && before == 1 && after == 1 && r.Profile != nil && r.Sampled():
		r.Notes = append(r.Notes, fmt.Sprintf("noise cannot be told from change by one profile on each side; collect %d or more of each: cantil diff old-*.pb.gz -- new-*.pb.gz", bench.Needed(false, diff.Level)))
	case !enough && before == 1 && after == 1:
		r.Notes = append(r.Notes, "noise cannot be told from change by one profile on each side; cantil bench --profile 'python old.py' 'python new.py' collects enough, in turns; "+
			fmt.Sprintf("or collect %d or more of each: cantil diff old-*.prof -- new-*.prof", bench.Needed(false, diff.Level)))
	case !enough && paired:
		r.Notes = append(r.Notes, fmt.Sprintf("noise cannot be told from change by %d rounds: it takes %d", before, bench.Needed(true, diff.Level)))
	case !enough:
		r.Notes = append(r.Notes, fmt.Sprintf("noise cannot be told from change by %d before and %d after: it takes %d on each side", before, after, bench.Needed(false, diff.Level)))
	case !paired:
		r.Notes = append(r.Notes, "the verdicts hold if nothing but the program differed between the two sides; cantil bench --profile collects both in turns")
	}
}

// mostMoved bounds the files whose new names are guessed in a note.
const mostMoved = 3

// noteRenames tells of renames that did nothing, and of those that seem to be missing.
func (r *DiffReport) noteRenames(asked []diff.Rename) {
	for _, idle := range r.Profile.Idle {
		if !slices.Contains(asked, idle.Rename) {
			continue
		}
		name := idle.Old
		if idle.Side == "after" {
			name = idle.New
		}
		note := fmt.Sprintf("--rename %s=%s does nothing: no function %s is of %s", idle.Old, idle.New, idle.Side, name)
		switch {
		case idle.Reversed:
			note += fmt.Sprintf("; the other way round it would: --rename %s=%s", idle.New, idle.Old)
		case idle.Like != "":
			note += fmt.Sprintf("; there is one of %s", idle.Like)
		}
		r.Notes = append(r.Notes, note)
	}
	moved := r.Profile.Moved
	for _, m := range moved[:min(len(moved), mostMoved)] {
		r.Notes = append(r.Notes, fmt.Sprintf("all functions of %s are gone, and the like are new in %s; if it is the same, renamed: --rename %s=%s", m.Old, m.New, m.Old, m.New))
	}
	if more := len(moved) - mostMoved; more > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d more files seem to be renamed; --json lists them", more))
	}
}

// noteKinds says once what is taken on trust.
func (r *DiffReport) noteKinds(before, after []diffInput, scripts []diff.Rename) {
	all := slices.Concat(before, after)
	bare := slices.ContainsFunc(all, func(in diffInput) bool {
		k := in.profile.Kind
		return k.Mode == diff.Exact && (k.Clock == "" || k.Python == "") // samples of another tool may be of no Python
	})
	if bare {
		r.Notes = append(r.Notes, "a bare profile does not tell its clock and its Python: they are taken to be the same on both sides")
	}
	for _, s := range scripts {
		r.Notes = append(r.Notes, fmt.Sprintf("functions of %s are compared with those of %s", s.Old, s.New))
	}
}
