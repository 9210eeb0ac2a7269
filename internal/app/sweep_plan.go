package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/sweep"
)

// sweepFormat is the version of sweep.json.
const sweepFormat = 1

// sweepPlan is sweep.json: docs/formats/sweep.md has each field.
type sweepPlan struct {
	Format  int          `json:"format"`
	Cantil  string       `json:"cantil"`
	Created time.Time    `json:"created"`
	Argv    []string     `json:"argv"`
	Program sweepProgram `json:"program"`
	How     SweepHow     `json:"how"`
	Metrics []string     `json:"metrics"`
	Max     bool         `json:"max"`
	Names   []string     `json:"parameters"`
	Points  []SweepPoint `json:"points"`
}

// sweepProgram is what each point runs.
type sweepProgram struct {
	Python    string   `json:"python"` // absolute
	Module    bool     `json:"module"`
	Name      string   `json:"name"` // as it was typed
	Dir       string   `json:"cwd"`  // absolute
	Args      []string `json:"args"` // before the values were put in
	Variables []string `json:"env"`
	Timeout   float64  `json:"timeout_seconds,omitempty"`
	Grace     float64  `json:"grace_seconds,omitempty"`
	NoCheck   bool     `json:"no_check,omitempty"`
	TwoStage  bool     `json:"two_stage,omitempty"`
}

// SweepPoint is a point of the plan.
type SweepPoint struct {
	ID string `json:"id"`
	sweep.Point
	Args []string `json:"args"` // the program's, with the values in them
}

// Sweep is a plan, and where it is kept.
type Sweep struct {
	sweepPlan
	*store.Sweep // nil for a plan that is not kept
	store        store.Store
	metrics      []metric
}

// PlanSweep makes the points and their command lines, and checks them. Nothing is kept.
func PlanSweep(ctx context.Context, opts SweepOptions) (*Sweep, error) {
	if err := opts.Launch.check(); err != nil {
		return nil, err
	}
	points, names, err := opts.Values.points()
	if err != nil {
		return nil, err
	}
	home, err := locate(opts.Dir)
	if err != nil {
		return nil, err
	}
	python, err := opts.findPython(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return nil, err
	}
	opts.Python = python.Path
	s := &Sweep{store: home, sweepPlan: sweepPlan{
		Format: sweepFormat, Cantil: opts.Version, Created: time.Now(), Argv: store.MaskArgs(opts.Argv), How: opts.How.over(SweepHow{Jobs: 1, OnFailure: StartNoMore}),
		Program: sweepProgram{
			Python: python.Path, Module: opts.Module, Name: opts.Program, Dir: dir, Args: append([]string{}, opts.Args...), Variables: append([]string{}, opts.Variables...),
			Timeout: opts.Timeout.Seconds(), Grace: opts.Grace.Seconds(), NoCheck: opts.NoCheck, TwoStage: opts.TwoStage,
		},
		Names: names, Metrics: []string{},
	}}
	if err := errors.Join(s.How.check(), s.addMetrics(opts.Metrics, opts.Max)); err != nil {
		return nil, err
	}
	return s, s.writeLines(ctx, opts, points)
}

// writeLines gives each point its command line.
func (s *Sweep) writeLines(ctx context.Context, opts SweepOptions, points []sweep.Point) error {
	c, done, err := opts.interfaceOf(ctx, s.Names)
	if err != nil {
		return err
	}
	defer done()
	seen := map[string]bool{}
	for _, p := range points {
		args, err := c.line(p)
		if err != nil {
			return err
		}
		id := p.ID()
		if seen[id] {
			return fmt.Errorf("two points have the same id, %s: that happens once in 50,000 sweeps of 100,000 points; another --seed or order of values does not help, another value does", id)
		}
		seen[id] = true
		s.Points = append(s.Points, SweepPoint{id, p, args})
	}
	return c.check(ctx, s.Points, s.Names, opts)
}

// points reads the values.
func (v SweepValues) points() ([]sweep.Point, []string, error) {
	space := sweep.Space{Samples: v.Samples, Seed: v.Seed, Repeat: v.Repeat, Permuted: v.Permuted}
	for _, kind := range []struct {
		texts []string
		parse func(string) (sweep.Axis, error)
	}{{v.Grid, sweep.ParseGrid}, {v.Link, sweep.ParseLink}, {v.Flags, sweep.ParseFlag}} {
		for _, text := range kind.texts {
			axis, err := kind.parse(text)
			if err != nil {
				return nil, nil, err
			}
			space.Axes = append(space.Axes, axis)
		}
	}
	for _, text := range v.Random {
		r, err := sweep.ParseRandom(text)
		if err != nil {
			return nil, nil, err
		}
		space.Random = append(space.Random, r)
	}
	if v.File != "" {
		axis, err := readPoints(v.File)
		if err != nil {
			return nil, nil, err
		}
		space.Axes = append(space.Axes, axis)
	}
	points, names, _, err := space.Points()
	return points, names, err
}

func readPoints(path string) (sweep.Axis, error) {
	file, err := os.Open(path)
	if err != nil {
		return sweep.Axis{}, &BadInput{fmt.Errorf("reading the points: %w", err)}
	}
	defer file.Close()
	axis, err := sweep.ReadPoints(path, file)
	if err != nil {
		return axis, &BadInput{err}
	}
	return axis, nil
}

func locate(dir string) (store.Store, error) { return store.Locate(dir, os.Getenv) }

// Lines are the command lines of the points, as they would be typed after cantil run.
func (s *Sweep) Lines() []string {
	lines := make([]string, len(s.Points))
	for i, p := range s.Points {
		lines[i] = store.Quote(s.words(p.Args))
	}
	return lines
}

func (s *Sweep) words(args []string) []string {
	words := append([]string{s.Program.Name}, args...)
	if s.Program.Module {
		words = append([]string{"-m"}, words...)
	}
	return words
}

// addMetrics adds to those of the plan.
func (s *Sweep) addMetrics(texts []string, max bool) error {
	for _, text := range texts {
		if !slices.Contains(s.Metrics, text) {
			s.Metrics = append(s.Metrics, text)
		}
	}
	s.Max = s.Max || max
	var err error
	s.metrics, err = parseMetrics(s.Metrics)
	return err
}
