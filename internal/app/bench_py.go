package app

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/bench/launch"
)

// benchTimeit measures a statement; each run is a process of its own, for where a process has its memory makes
// some statements faster or slower by hundredths.
//
//go:embed bench_timeit.py
var benchTimeit string

// mostSnippetTold bounds what the program may write: a traceback of a deep recursion.
const mostSnippetTold = 1 << 20

// told is what that program writes.
type told struct {
	Wall, User, System float64
	Number             int
	Version            string
	Error, Traceback   string
}

// SnippetFailed means that a statement could not be measured.
type SnippetFailed struct {
	Snippet, Reason, Traceback string
}

func (e *SnippetFailed) Error() string { return fmt.Sprintf("%s: %s", e.Snippet, e.Reason) }

// runSnippet finds the number of loops, and is the function that runs so many once.
func (b *benching) runSnippet(ctx context.Context, c *BenchCommand) (func(context.Context) (bench.Run, error), error) {
	dir, err := os.MkdirTemp("", "cantil-bench-")
	if err != nil {
		return nil, fmt.Errorf("measuring a snippet: %w", err)
	}
	b.temporary = append(b.temporary, dir)
	s := snippet{b, c, filepath.Join(dir, "told.json"), c.argv[0]}
	first, _, err := s.run(ctx, 0)
	if err != nil {
		return nil, err
	}
	c.Loops, c.Version = first.Number, first.Version
	n, err := s.add(c.Loops)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (bench.Run, error) {
		t, u, err := s.measure(ctx, n)
		loops := float64(max(1, t.Number))
		r := bench.Run{Wall: t.Wall / loops, User: max(t.User, leastRun.Seconds()) / loops, System: max(t.System, leastRun.Seconds()) / loops, Code: u.Code, TimedOut: u.TimedOut}
		b.peak(&r, u)
		return r, err
	}, nil
}

// snippet is a statement in an interpreter.
type snippet struct {
	b      *benching
	c      *BenchCommand
	path   string // where the program writes
	python string
}

func (s *snippet) add(loops int) (int, error) {
	o := &s.b.opts
	return s.b.launcher.Add(launch.Command{
		Argv: []string{s.python, "-c", benchTimeit, s.path, strconv.Itoa(loops), s.c.Line, cmp.Or(s.c.setup, "pass")},
		Dir:  o.Dir, Env: o.Env, Input: o.Input, Show: o.Show, Timeout: o.Timeout,
	})
}

// run measures so many loops, once.
func (s *snippet) run(ctx context.Context, loops int) (told, launch.Usage, error) {
	n, err := s.add(loops)
	if err != nil {
		return told{}, launch.Usage{}, err
	}
	return s.measure(ctx, n)
}

func (s *snippet) measure(ctx context.Context, n int) (t told, u launch.Usage, err error) {
	_ = os.Remove(s.path) // the first time there is none
	u, err = s.b.launcher.Run(ctx, n, rand.IntN(launch.MaxPad+1))
	switch {
	case err != nil:
		return t, u, err
	case u.TimedOut:
		return t, u, nil
	}
	t, err = readTold(s.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return t, u, &SnippetFailed{s.c.Name, fmt.Sprintf("its process ended with exit code %d", u.Code), ""}
	case err != nil:
		return t, u, err
	case t.Error != "":
		return t, u, &SnippetFailed{s.c.Name, t.Error, t.Traceback}
	case !(t.Wall > 0) || t.Number <= 0:
		return t, u, &SnippetFailed{s.c.Name, "it changed the clock", ""}
	}
	return t, u, nil
}

func readTold(path string) (t told, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return t, err
	}
	if info.Size() > mostSnippetTold {
		return t, fmt.Errorf("reading what a snippet took: %d bytes", info.Size())
	}
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &t)
	}
	if err != nil {
		err = fmt.Errorf("reading what a snippet took: %w", err)
	}
	return t, err
}
