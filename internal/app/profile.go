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
	Out        string // where the merged profile is written as well; "" for nowhere
}

// ProfileResult is what became of the program, and where its profile is kept.
type ProfileResult struct {
	run.Outcome
	RunDir      string
	ProfilePath string // "" if there is none
}

// Profile runs a Python program under the exact profiler, keeps the run, and prints
// where the time went. A program that fails is no error here: its profile is printed
// and its code is in the result. The error is a [NotFound] or [NotExecutable] where
// the program or the Python was at fault.
func Profile(ctx context.Context, opts ProfileOptions) (ProfileResult, error) {
	if err := opts.check(); err != nil {
		return ProfileResult{}, err
	}
	python, kept, err := opts.open(ctx)
	if err != nil {
		return ProfileResult{}, err
	}
	ended, err := opts.collect(ctx, python, kept)
	if err != nil {
		return ProfileResult{}, err
	}
	result := ProfileResult{Outcome: ended, RunDir: kept.Dir}
	profile, err := opts.gather(kept, python, ended)
	if err != nil {
		return result, err
	}
	if profile.merged == nil {
		return result, nil
	}
	result.ProfilePath = profile.path
	return result, opts.show(profile)
}

// check finds what is wrong before anything is started.
func (o *ProfileOptions) check() error {
	if err := o.View.Check(); err != nil {
		return err
	}
	return o.Launch.check()
}

// collect runs the program under the collector to its end.
func (o *ProfileOptions) collect(ctx context.Context, python interp.Interpreter, kept *store.Run) (run.Outcome, error) {
	home, err := boot.Install(kept.Boot())
	if err != nil {
		return run.Outcome{}, err
	}
	argv, env := boot.Command(home, kept.Parts(), o.program(python), o.Env)
	process, err := o.start(ctx, argv, env, kept)
	if err != nil {
		return run.Outcome{}, err
	}
	ended, err := o.follow(ctx, process, o.Stdout, o.Stderr)
	if err != nil {
		return ended, err
	}
	if reason, refused := boot.Refusal(kept.Parts()); refused {
		return ended, &NotExecutable{fmt.Errorf("profiling with %s: %s", python.Path, reason)}
	}
	return ended, nil
}
