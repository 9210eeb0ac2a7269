package measure

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
)

// Program is a measurement as a program. Its own flags are defined before [Program.Main],
// which adds -strict.
type Program struct {
	Name string // for errors
	// Task does what the measurement runs in processes of this program's own, if the command
	// line asks for that. It may be nil.
	Task func() (done bool, err error)
	// Measure does the measurement.
	Measure func(context.Context, *Frame) error
}

// Frame is what all of a measurement shares: where it is done, and what came of it.
type Frame struct {
	*Lab
	*Report
	progress io.Writer
}

// Say tells what goes on, apart from the figures.
func (f *Frame) Say(line string) { fmt.Fprintln(f.progress, line) }

// Main reads the command line, measures, and returns the exit code: 1 after an error, and with
// -strict after a promise that was not kept. The figures go to stdout. Ctrl-C ends what is
// running, and cleans up.
func (p Program) Main(stdout, stderr io.Writer) (code int) {
	strict := flag.Bool("strict", false, "exit 1 if a promise is not kept")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := p.run(ctx, *strict, stdout, stderr); err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", p.Name, err)
		return 1
	}
	return 0
}

func (p Program) run(ctx context.Context, strict bool, stdout, stderr io.Writer) error {
	if p.Task != nil {
		if done, err := p.Task(); done || err != nil {
			return err
		}
	}
	lab, err := Open(ctx)
	if err != nil {
		return err
	}
	defer lab.Close()
	f := &Frame{lab, &Report{Out: stdout}, stderr}
	if err := p.Measure(ctx, f); err != nil {
		return err
	}
	return f.End(strict)
}

// Part is a part of a measurement that can be asked for by its name.
type Part struct {
	Name    string
	Measure func(context.Context) error
}

// Parts measures those that the command line names, or all, in the order given here.
func Parts(ctx context.Context, parts ...Part) error { return measureParts(ctx, flag.Args(), parts) }

func measureParts(ctx context.Context, wanted []string, parts []Part) error {
	var names []string
	for _, p := range parts {
		names = append(names, p.Name)
	}
	for _, name := range wanted {
		if !slices.Contains(names, name) {
			return fmt.Errorf("no part %q: there are %s", name, strings.Join(names, ", "))
		}
	}
	for _, p := range parts {
		if len(wanted) > 0 && !slices.Contains(wanted, p.Name) {
			continue
		}
		if err := p.Measure(ctx); err != nil {
			return fmt.Errorf("measuring %s: %w", p.Name, err)
		}
	}
	return nil
}
