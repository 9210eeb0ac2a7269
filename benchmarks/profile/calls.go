package main

import (
	"context"
	_ "embed"
	"fmt"
	"math"
	"os"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

const (
	// slowerCalls is none, and what is within the noise.
	slowerCalls = 1.1
	// slowerCallsThreads holds while another thread is alive on Python 3.12 and later, where
	// cProfile puts the calls of all threads on one stack and cantil keeps them apart.
	slowerCallsThreads = 3
	// firstMonitored is the first Python 3 whose cProfile is told of the calls of all threads.
	firstMonitored = 12
)

//go:embed calls.py
var callsScript string

// perCall is the time of one call, in nanoseconds.
type perCall struct{ python, builtin float64 }

// measureCalls has a script time its own calls under no profiler, cProfile and cantil.
func (b *bench) measureCalls(ctx context.Context) error {
	script, err := b.Write("calls.py", callsScript)
	if err != nil {
		return err
	}
	for _, idle := range []bool{false, true} {
		title := "nanoseconds that each call takes longer, cProfile's and cantil's"
		if idle {
			title += ", with a second thread that sleeps"
		}
		b.Section(fmt.Sprintf("%s; least of %d rounds", title, b.rounds))
		for _, p := range b.pythons {
			if err := b.compareCalls(ctx, p, script, idle); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) compareCalls(ctx context.Context, p measure.Python, script string, idle bool) error {
	answer := b.Path("answer")
	args := []string{answer}
	if idle {
		args = append(args, "idle")
	}
	commands := [][]string{append([]string{p.Path, script}, args...), cProfile(p, script, args...), b.cantil(p, script, args...)}
	least := make([]perCall, len(commands))
	for round := range b.rounds {
		for i, argv := range commands {
			cost, err := b.timeCalls(ctx, argv, answer)
			if err != nil {
				return err
			}
			if round == 0 {
				least[i] = cost
			}
			least[i] = perCall{math.Min(least[i].python, cost.python), math.Min(least[i].builtin, cost.builtin)}
		}
	}
	promised := slowerCalls
	if idle && p.Minor >= firstMonitored {
		promised = slowerCallsThreads
	}
	plain, theirs, ours := least[0], least[1], least[2]
	b.tellCalls(p.Version+" Python function", theirs.python-plain.python, ours.python-plain.python, promised)
	b.tellCalls(p.Version+" builtin", theirs.builtin-plain.builtin, ours.builtin-plain.builtin, promised)
	return nil
}

func (b *bench) timeCalls(ctx context.Context, argv []string, answer string) (perCall, error) {
	var cost perCall
	if _, err := b.Run(ctx, argv...); err != nil {
		return cost, err
	}
	text, err := os.ReadFile(answer)
	if err != nil {
		return cost, err
	}
	if _, err := fmt.Sscan(string(text), &cost.python, &cost.builtin); err != nil {
		return cost, fmt.Errorf("reading what %v timed: %w", argv, err)
	}
	return cost, os.Remove(answer)
}

func (b *bench) tellCalls(what string, theirs, ours, promised float64) {
	b.AtMost(what, fmt.Sprintf("%.0f and %.0f, %.2f times", theirs, ours, ours/theirs), ours/theirs, promised)
}
