package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/bench/launch"
)

// The types of package bench that the command line meets.
type (
	BenchProgress = bench.Progress
	BenchWarning  = bench.Warning
	BenchVerdict  = bench.Verdict
	BenchSummary  = bench.Summary
)

// BenchOptions are what to measure, how long, and how.
type BenchOptions struct {
	Commands []string // command lines; the first is the baseline
	Names    []string // of the commands, in their order; may be fewer
	Snippets []string // Python statements instead of commands, measured as timeit does
	Setup    string   // what is executed before a snippet, not measured
	Pythons  []string // for snippets and scripts: each runs in all of them; none for the one in use here
	Params   []BenchParam

	Metric    string
	Runs      int // 0 for until Precision is reached
	WarmUp    int
	MinTime   time.Duration
	MaxTime   time.Duration
	Precision float64

	Shell         bool   // commands are lines of sh
	Prepare       string // a line of sh before each run, not measured
	Cleanup       string // a line of sh after all runs of each command
	Timeout       time.Duration
	IgnoreFailure bool
	Show          bool   // the commands' output
	Input         string // a file that the commands read; "" for none

	Dir            string
	Env            []string
	Stdout, Stderr *os.File // what is shown goes there, and what goes wrong in the launcher
	Watch          func(*BenchReport, BenchProgress)
}

// BenchReport is what was measured, and what it says.
type BenchReport struct {
	*bench.Result
	Commands []BenchCommand `json:"commands"` // as the series
	Verdicts []BenchVerdict `json:"verdicts"`
	Warnings []BenchWarning `json:"warnings"`
}

// BenchCommand is one of the things that were measured.
type BenchCommand struct {
	Name    string                  `json:"name"`
	Line    string                  `json:"command"` // the command line, or the statement
	Params  map[string]string       `json:"parameters,omitempty"`
	Python  string                  `json:"python,omitempty"` // the interpreter's path
	Version string                  `json:"python_version,omitempty"`
	Loops   int                     `json:"loops,omitempty"`             // of a snippet in each run; the figures are of one
	Several bool                    `json:"several_processes,omitempty"` // its memory is the most that was seen of them together
	Summary map[string]BenchSummary `json:"summary"`                     // by metric

	argv    []string
	prepare string
	cleanup string
	setup   string
}

// Bench measures commands, or snippets of Python, against each other. What was measured up to an error, or to the end of ctx, is
// returned with it.
func Bench(ctx context.Context, opts BenchOptions) (*BenchReport, error) {
	commands, err := opts.commands(ctx)
	if err != nil {
		return nil, err
	}
	launcher, err := launch.Open(opts.Stdout, opts.Stderr)
	if err != nil {
		return nil, err
	}
	defer launcher.Close()
	b := &benching{opts: opts, launcher: launcher, report: &BenchReport{Commands: commands}}
	defer b.removeTemporary()
	load, cpus := machineLoad()
	candidates, err := b.candidates(ctx)
	if err != nil {
		return nil, err
	}
	result, err := bench.Measure(ctx, opts.plan(b.watch), candidates)
	if result == nil {
		return nil, err
	}
	result.Cost, result.Floor, result.Load, result.CPUs = b.cost.Wall.Seconds(), b.floor, load, cpus
	b.finish(result)
	return b.report, errors.Join(err, b.cleanup(ctx))
}

// Told is the mean of a metric in seconds; 0 where no run took longer than the clock could tell.
func (c *BenchCommand) Told(metric string) float64 {
	s := c.Summary[metric]
	if least := leastRun.Seconds() / float64(max(1, c.Loops)); s.Max <= least*1.001 {
		return 0
	}
	return s.Mean
}

// BenchMetrics are the names of what can be compared.
func BenchMetrics() []string {
	var names []string
	for _, m := range bench.Metrics() {
		names = append(names, string(m))
	}
	return names
}

func (o *BenchOptions) plan(watch func(bench.Progress)) bench.Plan {
	return bench.Plan{
		WarmUp: o.WarmUp, Rounds: o.Runs, Precision: o.Precision, MinTime: o.MinTime, MaxTime: o.MaxTime,
		Metric: bench.Metric(o.Metric), Seed: uint64(time.Now().UnixNano()), Watch: watch,
	}
}

// benching is a measurement that goes on.
type benching struct {
	opts     BenchOptions
	launcher *launch.Launcher
	report   *BenchReport
	cost     launch.Usage // of starting a program, or a shell
	floor    int64        // bytes: smaller peaks cannot be told

	temporary []string // folders
}

func (b *benching) watch(p bench.Progress) {
	if b.opts.Watch != nil {
		b.report.Result = p.Result
		b.opts.Watch(b.report, p)
	}
}

func (b *benching) removeTemporary() {
	for _, dir := range b.temporary {
		_ = os.RemoveAll(dir) // it lies in the folder for such
	}
}

// finish computes all that is told.
func (b *benching) finish(r *bench.Result) {
	b.report.Result = r
	b.report.Verdicts, b.report.Warnings = r.Verdicts(), r.Warnings()
	for i := range b.report.Commands {
		b.report.Commands[i].Summary = summaries(r.Series[i])
		b.report.Commands[i].Several = slices.ContainsFunc(r.Series[i].Runs, func(run bench.Run) bool { return run.Several })
	}
}

// summaries are those of each metric that is known.
func summaries(s bench.Series) map[string]BenchSummary {
	all := map[string]BenchSummary{}
	for _, m := range bench.Metrics() {
		if x := s.Figures(m); len(x) > 0 && slices.Max(x) > 0 {
			all[string(m)] = bench.Summarize(x)
		}
	}
	return all
}

// RunFailed is the end of a measurement by a command that failed.
type RunFailed struct {
	Command string
	Code    int
	Aside   bool // it is --prepare or --cleanup, and cannot be ignored
}

func (e *RunFailed) Error() string { return fmt.Sprintf("%s: exit code %d", e.Command, e.Code) }

// HasRuns says whether anything was measured.
func (r *BenchReport) HasRuns() bool {
	return r.Result != nil && slices.ContainsFunc(r.Series, func(s bench.Series) bool { return len(s.Runs) > 0 })
}

// BenchText is a figure of a metric for people.
func BenchText(metric string, v float64) string { return bench.Metric(metric).Text(v) }
