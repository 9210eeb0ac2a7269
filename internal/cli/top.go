package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/live"
	"github.com/cantil-py/cantil/internal/term"
)

// topFlags are the flags of top, beside the options of the use case.
type topFlags struct {
	app.TopOptions
	json bool
}

func newTop(env Env) command {
	c := newCommand(env, usage{
		Name:     "top",
		Synopsis: []string{"top [flags] PID"},
		Summary:  "watch where the time of a running Python goes",
		Detail: lines(
			"Samples a running CPython 3.6 to 3.14 from outside and shows which functions",
			"its time goes to: in the last 5 seconds, and since the beginning. Nothing is put",
			"into the process, and it is not stopped; Linux only.",
			"",
			"OWN is the share of samples in which the function itself ran, CUM those in which",
			"it was anywhere on the stack. Threads that are idle do not count, until m is",
			"pressed. On the screen, ? tells the keys: sorting, a filter, the threads, a",
			"pause, the paths through a function. The second line says how many samples there",
			"were, and how many stacks could not be proven and do not count.",
			"",
			"--json prints an object a line, once a second, with the figures of that second",
			"and of all; docs/formats/top.md has its fields. When the process ends, so does",
			"top."),
		Examples: []example{
			{"watch a process", "cantil top 4242"},
			{"and those that it has started, at a tenth of the cost", "cantil top --subprocesses --rate 100 4242"},
			{"what ran most, second by second", "cantil top --json 4242 | jq -r '.functions[0].function'"},
		},
		Exits: []exit{
			{"0", "the process has ended, or you have left"},
			{"1", "there is no such process, it is no Python that can be read, or it may not be read"},
		},
	})
	flags := topFlags{TopOptions: app.TopOptions{Argv: env.argv}}
	f := c.cobra.Flags()
	f.IntVar(&flags.Rate, "rate", 0, "samples a second, 1 to 1000000 (1000)")
	f.BoolVarP(&flags.Children, "subprocesses", "s", false, "the processes that it starts as well")
	f.BoolVar(&flags.json, "json", false, "print an object a second")
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		var err error
		if flags.PID, err = pidArgument("top", args); err != nil {
			return err
		}
		if cmd.Flags().Changed("rate") && flags.Rate <= 0 {
			return usageError("--rate 100 is a hundred samples a second", "%d samples a second cannot be taken", flags.Rate)
		}
		return runTop(cmd.Context(), env, flags)
	}
	return c
}

func runTop(ctx context.Context, env Env, flags topFlags) error {
	if !flags.json && !(term.IsTerminal(env.Stdout) && term.IsTerminal(env.Stdin)) {
		return usageError("--json prints an object a second; cantil dump prints the stacks of this moment", "top needs a terminal")
	}
	if name := env.Getenv("TERM"); !flags.json && (name == "" || name == "dumb") {
		return usageError("--json prints an object a second", "top needs a terminal that can move its cursor; TERM is %q", name)
	}
	top, err := app.OpenTop(flags.TopOptions)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	show := topScreen
	if flags.json {
		show = topStream
	}
	ended, err := whileSampling(ctx, top, func(ctx context.Context) error { return show(ctx, env, top) })
	if err != nil {
		return err
	}
	tellTop(env, top, ended, flags.json)
	return nil
}

// whileSampling runs show until it returns, or the process ends: then ctx is done.
func whileSampling(ctx context.Context, top *app.Top, show func(context.Context) error) (ended bool, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		ended, failed = top.Run(ctx)
		stop()
	}()
	err = show(ctx)
	stop()
	<-done
	if failed != nil {
		return ended, failed
	}
	return ended, err
}

// topScreen shows the process on the terminal.
func topScreen(ctx context.Context, env Env, top *app.Top) error {
	about := live.About{PID: top.PID, Command: top.Command, Python: top.Python, CallersBiased: top.CallersBiased}
	style := env.styleOut()
	return live.Top(ctx, top, about, live.Terminal{In: env.Stdin, Out: env.Stdout, Environ: env.Environ, Styled: style.Bold("x") != "x"})
}

// topStream prints an object a second, and one of the rest of a second at the end.
func topStream(ctx context.Context, env Env, top *app.Top) error {
	stream := app.NewTopStream(top, env.Stdout)
	clock := time.NewTicker(time.Second)
	defer clock.Stop()
	for {
		select {
		case <-ctx.Done():
			return stream.Write()
		case <-clock.C:
			if err := stream.Write(); err != nil {
				return err
			}
		}
	}
}

// endRows is how many functions are told when the screen is gone.
const endRows = 10

// tellTop says how it ended and, where a screen is gone, what was heaviest on it.
func tellTop(env Env, top *app.Top, ended, asJSON bool) {
	s := top.Snapshot(app.TopScope{Mode: app.TopDefaultMode})
	if !asJSON {
		for _, f := range s.Heaviest(endRows) {
			fmt.Fprintf(env.Stdout, "%5.1f%%  %s (%s:%d)\n", f.OwnShare(s), oneLine(f.Name), oneLine(f.File), f.Line)
		}
	}
	how := "left process %d, which goes on"
	if ended {
		how = "process %d has ended"
	}
	env.say(how+"; %d samples in %s", top.PID, s.Everything, minutes(s.Elapsed.Seconds()))
}
