package cli

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/cantil-py/cantil/internal/app"
)

// addProfile adds the flags of --profile.
func (b *benchFlags) addProfile(f *pflag.FlagSet) {
	f.BoolVar(&b.profile, "profile", false, "profile two Python programs in turns, and tell which functions differ")
	f.StringVar(&b.profiles, "keep-profiles", "", "with --profile: write the profiles to `FOLDER`")
	f.StringArrayVar(&b.diff.opts.Rename, "rename", nil, "with --profile: a file or folder has another name in the second: `OLD=NEW`")
	b.diff.addDisplay(f)
	f.BoolVar(&b.diff.markdown, "markdown", false, "with --profile: print a table in Markdown")
}

// settleProfile finds flags that do not go together.
func (b *benchFlags) settleProfile(f *pflag.FlagSet) error {
	its := []string{"keep-profiles", "rename", "as-timed", "fail-on", "rows", "callers", "markdown"}
	others := []string{"py", "setup", "shell", "metric", "precision", "plot", "export"}
	changed := func(list []string) string {
		if i := slices.IndexFunc(list, f.Changed); i >= 0 {
			return list[i]
		}
		return ""
	}
	o := &b.opts
	if !b.profile {
		if name := changed(its); name != "" {
			return usageError("cantil bench --profile old.py new.py", "--%s is for --profile", name)
		}
		return nil
	}
	if name := changed(others); name != "" {
		return usageError("", "--%s is for measurements, not for --profile", name)
	}
	if len(o.Commands) != 2 {
		return usageError("cantil bench --profile old.py new.py", "--profile compares two programs, not %d", len(o.Commands))
	}
	if b.json && b.diff.markdown {
		return usageError("", "--json and --markdown are two forms of the same: choose one")
	}
	if o.Runs == 0 {
		o.Runs = app.ProfileRounds
	}
	if !f.Changed("max-time") {
		o.MaxTime = 0
	}
	b.diff.json, b.diff.opts.AnyPython = b.json, true // whoever names two Pythons here wants to know
	return nil
}

// runBenchProfile collects and compares; what was collected before Ctrl-C is compared too.
func runBenchProfile(ctx context.Context, env Env, b *benchFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	b.opts.Stdout, b.opts.Stderr = fileOf(env.Stderr), fileOf(env.Stderr) // stdout is for the answer
	live := newBenchLive(env, b.opts.Show)
	b.opts.Watch = live.show
	report, err := app.BenchProfile(ctx, b.opts, b.diff.opts, b.profiles)
	live.clear()
	if report != nil {
		if told := b.diff.tell(env, report); err == nil {
			err = told
		}
	}
	if report == nil && ctx.Err() != nil {
		env.say("interrupted before a round was complete")
		return exitStatus(128 + int(syscall.SIGINT))
	}
	return benchError(ctx, env, diffError(err))
}
