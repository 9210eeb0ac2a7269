package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
	"github.com/cantil-py/cantil/sweep"
)

// SweepOptions are a program, the values to run it with, and how.
type SweepOptions struct {
	Launch
	Variables []string // of its environment, NAME=VALUE, beside ours: they are kept with the plan
	Values    SweepValues
	TwoStage  bool // as for [ArgsOptions]
	NoCheck   bool // its interface is not read: names are those of long options
	How       SweepHow
	Metrics   []string // see [CheckMetric]
	Max       bool     // the largest figure is the best
	// Changed is called when a point has begun and when it has ended, by one goroutine at a time.
	Changed func(SweepChange)
}

// SweepValues are the texts that say which points there are; see the Parse functions of package sweep.
type SweepValues struct {
	Grid, Link, Flags, Random []string
	File                      string // of points
	Samples                   int
	Seed                      uint64
	Repeat                    int
	Permuted                  bool
}

// Given says whether there is anything to make points of.
func (v SweepValues) Given() bool {
	return len(v.Grid)+len(v.Link)+len(v.Flags)+len(v.Random)+v.Repeat > 0 || v.File != ""
}

// SweepHow is how the points are run. A field that is zero is as the plan has it, when a sweep is resumed.
type SweepHow struct {
	Jobs      int       `json:"jobs"`             // at a time
	CPUs      int       `json:"cpus,omitempty"`   // processors set apart for each
	Memory    int64     `json:"memory,omitempty"` // bytes for each process
	Retry     int       `json:"retry,omitempty"`
	OnFailure OnFailure `json:"on_failure"`
}

// OnFailure says what a failed point means for the others.
type OnFailure string

// The ways to take a failure.
const (
	StartNoMore OnFailure = "start-no-more"
	KeepGoing   OnFailure = "keep-going"
	FailFast    OnFailure = "fail-fast"
)

// over is h where it says something, else the other.
func (h SweepHow) over(other SweepHow) SweepHow {
	pick := func(a, b int) int {
		if a != 0 {
			return a
		}
		return b
	}
	h.Jobs, h.CPUs, h.Retry = pick(h.Jobs, other.Jobs), pick(h.CPUs, other.CPUs), pick(h.Retry, other.Retry)
	if h.Memory == 0 {
		h.Memory = other.Memory
	}
	if h.OnFailure == "" {
		h.OnFailure = other.OnFailure
	}
	return h
}

func (h SweepHow) check() error {
	if h.Jobs < 0 || h.CPUs < 0 || h.Memory < 0 || h.Retry < 0 {
		return errors.New("a number of jobs, processors, bytes or tries cannot be negative")
	}
	return nil
}

// SweepChange is news of a point.
type SweepChange struct {
	sweep.Change
	Text   string // "epochs=3 lr=0.1"
	Folder string // of its run, once it has ended
}

// SweepTally counts points.
type SweepTally = sweep.Tally

// NoSweep means that what was asked for is no sweep, or more than one, or one that another process runs.
type NoSweep struct{ Err error }

func (e *NoSweep) Error() string { return e.Err.Error() }
func (e *NoSweep) Unwrap() error { return e.Err }

// noSweep marks the errors about which sweep is meant.
func noSweep(err error) error {
	if errors.Is(err, store.ErrNoSweep) || errors.Is(err, store.ErrSweepIsRun) {
		return &NoSweep{err}
	}
	return err
}

// NewSweep plans a sweep and keeps the plan. Nothing of it is run. The points are checked; what the program refuses is a [BadInput].
func NewSweep(ctx context.Context, opts SweepOptions) (*Sweep, error) {
	s, err := PlanSweep(ctx, opts)
	if err != nil {
		return nil, err
	}
	kept, err := s.store.NewSweep(opts.name(), s.Created)
	if err != nil {
		return nil, err
	}
	s.Sweep = kept
	if err := kept.Lock(); err != nil {
		return nil, noSweep(err)
	}
	return s, kept.WritePlan(s.sweepPlan)
}

// ResumeSweep takes up a sweep that was begun before. Where the options have values, their points are added to the plan.
func ResumeSweep(ctx context.Context, ref string, opts SweepOptions) (*Sweep, error) {
	s, err := FindSweep(ref, opts.Dir)
	if err != nil {
		return nil, err
	}
	if err := s.Lock(); err != nil {
		return nil, noSweep(fmt.Errorf("resuming %s: %w", s.ID, err))
	}
	if err := s.ReadPlan(&s.sweepPlan); err != nil { // again: who had the lock may have changed it
		return nil, err
	}
	changed := opts.Values.Given() || len(opts.Metrics) > 0
	if err := s.addMetrics(opts.Metrics, opts.Max); err != nil {
		return nil, err
	}
	if opts.Values.Given() {
		if err := s.extend(ctx, opts); err != nil {
			return nil, err
		}
	}
	if changed {
		return s, s.WritePlan(s.sweepPlan)
	}
	return s, nil
}

// FindSweep reads the plan of the sweep that ref means: an id, a part of it that no other has, or @last.
func FindSweep(ref, dir string) (*Sweep, error) {
	home, err := locate(dir)
	if err != nil {
		return nil, err
	}
	kept, err := home.FindSweep(ref)
	if err != nil {
		return nil, noSweep(err)
	}
	s := &Sweep{store: home, Sweep: kept}
	err = kept.ReadPlan(&s.sweepPlan)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("sweep %s was ended before its plan was kept: nothing of it has run", kept.ID)
	}
	if err == nil && s.Format != sweepFormat {
		err = fmt.Errorf("sweep %s is kept in format %d; this cantil reads %d", kept.ID, s.Format, sweepFormat)
	}
	return s, err
}

// extend adds the points that are not in the plan yet.
func (s *Sweep) extend(ctx context.Context, opts SweepOptions) error {
	here, err := filepath.Abs(opts.Dir)
	if err != nil {
		return err
	}
	if here != s.Program.Dir {
		return fmt.Errorf("adding points to %s: that can be done in its folder only, %s", s.ID, s.Program.Dir)
	}
	p := s.Program
	opts.Python, opts.Module, opts.Program, opts.Args = p.Python, p.Module, p.Name, p.Args
	opts.Variables, opts.NoCheck, opts.TwoStage = p.Variables, p.NoCheck, p.TwoStage
	more, err := PlanSweep(ctx, opts)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for _, p := range s.Points {
		there[p.ID] = true
	}
	for _, p := range more.Points {
		if !there[p.ID] {
			s.Points = append(s.Points, p)
		}
	}
	for _, name := range more.Names {
		if !slices.Contains(s.Names, name) {
			s.Names = append(s.Names, name)
		}
	}
	return nil
}

// Run runs what is missing, and returns what became of the points. It is called once, after [NewSweep] or [ResumeSweep]. When
// ctx is done, the programs that run are ended, and it returns.
func (s *Sweep) Run(ctx context.Context, opts SweepOptions) (SweepTally, error) {
	defer s.Unlock()
	how := opts.How.over(s.How)
	if err := how.check(); err != nil {
		return SweepTally{}, err
	}
	exec, err := s.local(opts, how)
	if err != nil {
		return SweepTally{}, err
	}
	defer exec.close()
	jobs := make([]sweep.Job, len(s.Points))
	for i, p := range s.Points {
		jobs[i] = sweep.Job{Point: p.Point, Args: p.Args}
	}
	onFailure := map[OnFailure]sweep.OnFailure{KeepGoing: sweep.KeepGoing, FailFast: sweep.EndAll}[how.OnFailure]
	return sweep.Do(ctx, exec, jobs, sweep.Options{
		Jobs: how.Jobs, Retry: how.Retry, OnFailure: onFailure,
		Changed: func(c sweep.Change) {
			opts.Changed(SweepChange{c, s.Points[c.Index].Text(s.Names), s.store.RunDir(c.Name)})
		},
	})
}

// local is the executor of this machine.
func (s *Sweep) local(opts SweepOptions, how SweepHow) (*localExecutor, error) {
	p := s.Program
	o := RunOptions{Launch: opts.Launch, Keep: keptBy(s.metrics)}
	o.Python, o.Module, o.Program, o.Dir = p.Python, p.Module, p.Name, p.Dir
	o.Timeout, o.Grace = time.Duration(p.Timeout*float64(time.Second)), time.Duration(p.Grace*float64(time.Second))
	o.Env = withVariables(opts.Env, p.Variables)
	o.Stdin, o.Stdout, o.Stderr, o.TTY = nil, nil, nil, run.TTYNever
	o.home = &s.store
	if err := o.check(); err != nil {
		return nil, err
	}
	return newLocalExecutor(o, s.Tag(), how)
}

// withVariables sets variables of an environment; NAME= takes one away.
func withVariables(env, pairs []string) []string {
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		env = slices.DeleteFunc(slices.Clone(env), func(v string) bool { return strings.HasPrefix(v, name+"=") })
		if value != "" {
			env = append(env, pair)
		}
	}
	return env
}
