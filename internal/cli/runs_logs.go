package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
)

func newRunsLogs(env Env) command {
	c := newCommand(env, usage{
		Name:     "runs logs",
		Synopsis: []string{"runs logs [flags] [RUN]"},
		Summary:  "print what a run has printed",
		Detail: lines(
			"Writes the bytes that the program wrote, in their order: those of its stdout to",
			"stdout, those of its stderr to stderr. Without RUN, the newest. With --follow it",
			"goes on until the run has ended; Ctrl-C ends cantil, not the run."),
		Examples: []example{
			{"the output of the newest run", "cantil runs logs"},
			{"its errors only", "cantil runs logs --stderr"},
			{"watch one that runs", "cantil runs logs -f train"},
		},
		Exits: []exit{{"0", "the output was printed"}, noRunExit},
	})
	var follow, onlyOut, onlyErr bool
	f := c.cobra.Flags()
	f.BoolVarP(&follow, "follow", "f", false, "print what comes, until the run has ended")
	f.BoolVar(&onlyOut, "stdout", false, "only what it wrote to its stdout")
	f.BoolVar(&onlyErr, "stderr", false, "only what it wrote to its stderr, to stdout")
	c.cobra.ValidArgsFunction = completeRuns(env)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		runs, e, err := oneRun(env, args)
		if err != nil {
			return err
		}
		stdout, stderr := env.Stdout, env.Stderr
		switch {
		case onlyOut && onlyErr:
			return usageError("without either, both are printed", "--stdout and --stderr exclude each other")
		case onlyOut:
			stderr = nil
		case onlyErr:
			stdout, stderr = nil, env.Stdout
		}
		ctx, stop := untilInterrupt(cmd.Context())
		defer stop()
		return runError(runs.Logs(ctx, e, follow, stdout, stderr))
	}
	return c
}

// untilInterrupt is a context that Ctrl-C ends; a second Ctrl-C ends cantil, in case something hangs.
func untilInterrupt(ctx context.Context) (context.Context, func()) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

func newRunsAttach(env Env) command {
	c := newCommand(env, usage{
		Name:     "runs attach",
		Synopsis: []string{"runs attach [RUN]"},
		Summary:  "show a run that goes on, until it ends",
		Detail: lines(
			"Prints what the run has printed so far and what it prints, until it ends; then",
			"cantil exits with the run's code. Without RUN, the newest. Ctrl-C ends cantil",
			"and not the run. What you type is not passed on."),
		Examples: []example{{"come back to a run after the connection broke", "cantil runs attach @last"}},
		Exits: []exit{
			{"any", "the run's own, once it has ended"},
			{"1", "no such run, or it is not running"},
			{"130", "Ctrl-C: the run goes on"},
		},
	})
	c.cobra.ValidArgsFunction = completeRuns(env)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		runs, e, err := oneRun(env, args)
		if err != nil {
			return err
		}
		ctx, stop := untilInterrupt(cmd.Context())
		defer stop()
		return runAttach(ctx, env, runs, e)
	}
	return c
}

func runAttach(ctx context.Context, env Env, runs app.Runs, e app.RunEntry) error {
	e, err := runs.Attach(ctx, e, env.Stdout, env.Stderr)
	switch {
	case err != nil:
		return runError(err)
	case ctx.Err() != nil:
		env.say("the run goes on: cantil runs attach %s", e.ID)
		return exitStatus(codeInterrupted)
	case !e.HasEnded():
		return runError(&app.NoRun{Err: errors.New("the run " + e.ID + " is " + e.Status)})
	}
	env.say("%s: %s after %s", e.ID, e.Status, runTime(e.Wall))
	if e.Code != codeOK {
		return exitStatus(e.Code)
	}
	return nil
}

// codeInterrupted is 128 and SIGINT, as a shell reports it.
const codeInterrupted = 130
