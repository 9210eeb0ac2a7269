package app

import (
	"context"
	"fmt"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/python/boot"
	"github.com/cantil-py/cantil/python/interp"
	"github.com/cantil-py/cantil/run"
)

// profileFile is the merged profile in a run's folder.
const profileFile = "profile.prof"

// ProfileOptions are the program to profile and how its profile is shown.
type ProfileOptions struct {
	Launch
	View       StatsView
	Format     Format
	PerThread  bool   // a table for each thread, instead of the merged one
	PerProcess bool   // likewise for each process
	Out        string // where the profile is written as well; "" for nowhere

	Sample  bool     // sampled from outside, and run plainly; else under the exact collector
	Both    bool     // both, the one run after the other, in one table
	SameRun bool     // both at the same time, in one run
	How     Sampling // of Sample and Both
}

// ProfileResult is what became of the program, and where its profile is kept.
type ProfileResult struct {
	run.Outcome
	RunDir      string
	ProfilePath string // "" if there is none
	SamplesPath string // likewise of the samples
}

// Profile runs a Python program under the exact profiler, or samples it, keeps the run, and prints
// where the time went. A program that fails is no error here: its profile is printed
// and its code is in the result. The error is a [NotFound] or [NotExecutable] where
// the program or the Python was at fault.
func Profile(ctx context.Context, opts ProfileOptions) (ProfileResult, error) {
	if err := opts.check(); err != nil {
		return ProfileResult{}, err
	}
	switch {
	case opts.Both:
		return opts.profileBoth(ctx)
	case opts.Sample:
		result, samples, err := opts.profileSampled(ctx)
		if err != nil || samples == nil {
			return result, err
		}
		return result, opts.showSamples(samples)
	}
	result, profile, err := opts.profileExact(ctx, nil)
	if err != nil || profile.merged == nil {
		return result, err
	}
	return result, opts.show(profile)
}

// profileExact runs the program under the collector and keeps its profile.
func (o *ProfileOptions) profileExact(ctx context.Context, beside *besideSampling) (result ProfileResult, profile gathered, err error) {
	python, kept, err := o.open(ctx)
	if err != nil {
		return result, profile, err
	}
	ended, err := o.collect(ctx, python, kept, beside)
	if err != nil {
		return result, profile, err
	}
	result = ProfileResult{Outcome: ended, RunDir: kept.Dir}
	profile, err = o.gather(kept, python, ended)
	if err == nil && profile.merged != nil {
		result.ProfilePath = profile.path
	}
	return result, profile, err
}

// check finds what is wrong before anything is started.
func (o *ProfileOptions) check() error {
	if err := o.View.Check(); err != nil {
		return err
	}
	if o.Sample || o.Both {
		if err := canSample(); err != nil {
			return err
		}
	}
	return o.Launch.check()
}

// collect runs the program under the collector to its end.
func (o *ProfileOptions) collect(ctx context.Context, python interp.Interpreter, kept *store.Run, beside *besideSampling) (run.Outcome, error) {
	home, err := boot.Install(kept.Boot())
	if err != nil {
		return run.Outcome{}, err
	}
	argv, env := boot.Command(home, kept.Parts(), o.program(python), o.Env)
	process, err := o.start(ctx, argv, env, kept)
	if err != nil {
		return run.Outcome{}, err
	}
	if beside != nil {
		beside.begin(ctx, process.PID(), kept, home)
	}
	ended, err := o.follow(ctx, process, o.Stdout, o.Stderr)
	if beside != nil {
		beside.end()
	}
	if err != nil {
		return ended, err
	}
	if reason, refused := boot.Refusal(kept.Parts()); refused {
		return ended, &NotExecutable{fmt.Errorf("profiling with %s: %s", python.Path, reason)}
	}
	return ended, nil
}
