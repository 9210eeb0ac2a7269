package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cantil-py/cantil/internal/app"
	"github.com/cantil-py/cantil/internal/term"
)

// samplingFlags say how a program is sampled; attach and profile share them.
type samplingFlags struct{ rate, mode string }

func (s *samplingFlags) add(f *pflag.FlagSet, sampling *app.Sampling) {
	f.StringVar(&s.rate, "rate", "1000", "how often to look: `N` times a second, or max")
	f.StringVar(&s.mode, "mode", "wall", "which threads: `MODE` is wall (all of them), cpu (those that work) or gil (the one that runs Python)")
	f.BoolVar(&sampling.Native, "native", false, "C functions that Python calls stand by themselves, under the name by which they are called")
	f.BoolVar(&sampling.Pause, "pause", false, "stop the process for some 50 us at each look: exact stacks for every Python, at a price")
}

// complete turns the words of flags into options.
func (s *samplingFlags) complete(sampling *app.Sampling) error {
	if err := sampling.SetRate(s.rate); err != nil {
		return usageError("--rate 1000, or --rate max", "%w", err)
	}
	if err := sampling.SetMode(s.mode); err != nil {
		return usageError("--mode wall, --mode cpu or --mode gil", "%w", err)
	}
	return nil
}

func newAttach(env Env) command {
	c := newCommand(env, usage{
		Name:     "attach",
		Synopsis: []string{"attach [flags] PID"},
		Summary:  "sample a Python that is running, and print where its time goes",
		Detail: lines(
			"Looks at the stacks of a running CPython 3.6 to 3.14 many times a second, from",
			"outside: nothing is put into the process, nothing must be installed there, and",
			"it is not stopped unless --pause says so. It ends after --duration, with Ctrl-C,",
			"or when the process ends, and then prints a table. Linux only.",
			"",
			"own % is the share of the samples in which a function ran, cum % of those in",
			"which it or something that it called did; the true share of this time lies in",
			"the 95 % interval beside it. A stack counts only if it can have existed; how",
			"many were left out is told.",
			"",
			"-o keeps the samples in a file that go tool pprof opens, cantil stats prints,",
			"and cantil export writes in other forms: docs/formats/samples.md."),
		Examples: []example{
			{"ten seconds of a server", "cantil attach --duration 10s 4242"},
			{"what uses the processor, in all its processes, kept for later", "cantil attach --mode cpu --subprocesses -o busy.pb.gz 4242"},
			{"own time first, only the functions of one folder", "cantil attach --duration 5s --sort tottime --restrict mypackage/ 4242"},
		},
		Exits: []exit{
			{"0", "the table was printed"},
			{"1", "there is no such process, it is no Python that can be read, or it may not be read"},
		},
	})
	opts := app.AttachOptions{Argv: env.argv, Stdout: env.Stdout, Say: func(line string) { env.say("%s", line) }}
	var how samplingFlags
	var duration durationFlag
	var form formatFlags
	f := c.cobra.Flags()
	f.Var(&duration, "duration", "for this `TIME` (10s, 1m30s); without it until Ctrl-C or its end")
	how.add(f, &opts.Sampling)
	f.BoolVar(&opts.Children, "subprocesses", false, "the processes that it has started as well, and those that it starts")
	f.StringVarP(&opts.Out, "output", "o", "", "also keep the samples in `FILE`, for go tool pprof and cantil export")
	addView(c.cobra, &opts.View)
	f.BoolVar(&opts.PerThread, "per-thread", false, "a table for each thread")
	f.BoolVar(&opts.PerProcess, "per-process", false, "a table for each process")
	form.add(c.cobra)
	c.cobra.RunE = func(cmd *cobra.Command, args []string) error {
		var err error
		if opts.PID, err = pidArgument("attach", args); err != nil {
			return err
		}
		if err := how.complete(&opts.Sampling); err != nil {
			return err
		}
		if err := checkView(cmd, opts.View); err != nil {
			return err
		}
		if opts.Format, err = form.format(); err != nil {
			return err
		}
		opts.Duration = duration.Duration
		return runAttachPID(cmd.Context(), env, opts)
	}
	return c
}

func runAttachPID(ctx context.Context, env Env, opts app.AttachOptions) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends cantil itself
	live := newLiveLine(env)
	opts.Progress = live.show
	say := opts.Say
	opts.Say = func(line string) {
		live.erase()
		say(line)
	}
	opts.Stdout = live.before(opts.Stdout)
	result, err := app.Attach(ctx, opts)
	live.erase()
	if err != nil {
		return err
	}
	if opts.Out != "" && result.Samples > 0 {
		env.say("samples kept in %s", opts.Out)
	}
	return nil
}

// lineEvery is how often the line is drawn.
const lineEvery = 200 * time.Millisecond

// liveLine is a line on the terminal that tells how far sampling has come.
type liveLine struct {
	env   Env
	on    bool
	drawn time.Time
	there bool
}

func newLiveLine(env Env) *liveLine { return &liveLine{env: env, on: term.IsTerminal(env.Stderr)} }

func (l *liveLine) show(samples int, d time.Duration) {
	if !l.on || time.Since(l.drawn) < lineEvery {
		return
	}
	l.drawn, l.there = time.Now(), true
	text := fmt.Sprintf("cantil: %.1f s, %d samples; Ctrl-C ends it and prints the table", d.Seconds(), samples)
	fmt.Fprintf(l.env.Stderr, "\r\x1b[K%s", l.env.styleErr().Dim(cut(text, term.Width(l.env.Stderr)-1)))
}

func (l *liveLine) erase() {
	if l.there {
		fmt.Fprint(l.env.Stderr, "\r\x1b[K")
		l.there = false
	}
}

// before takes the line away before anything is written to w.
func (l *liveLine) before(w interface{ Write([]byte) (int, error) }) lineWriter {
	return lineWriter{l, w}
}

type lineWriter struct {
	line *liveLine
	to   interface{ Write([]byte) (int, error) }
}

func (w lineWriter) Write(text []byte) (int, error) {
	w.line.erase()
	return w.to.Write(text)
}
