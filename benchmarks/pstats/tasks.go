package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
)

// What issue after issue of other tools calls large profiles is read at these speeds.
const (
	fasterTable  = 40 // times
	fasterOthers = 20
	lessMemory   = 1.0 / 3
	fasterSmall  = 10
)

// task is the same work for both programs: cantil's flags, and the Python after
// `p = pstats.Stats(FILES)`.
type task struct {
	name     string
	flags    []string
	python   string
	files    int // the first one, or the first and another
	another  int // which file is the second
	promised float64
}

// tasks sort only where sorting is the point: it would flatter cantil elsewhere.
var tasks = []task{
	{"load, sort, print", nil, "p.sort_stats('cumtime').print_stats()", 1, 0, fasterTable},
	{"load, callers", unsorted("--callers"), "p.print_callers()", 1, 0, fasterOthers},
	{"load, callees", unsorted("--callees"), "p.print_callees()", 1, 0, fasterOthers},
	{"load, strip_dirs, print", unsorted("--strip-dirs"), "p.strip_dirs().print_stats()", 1, 0, fasterOthers},
	{"load two of one program, add, print", unsorted(), "p.print_stats()", 2, 1, fasterOthers},
	{"load two of two programs, add, print", unsorted(), "p.print_stats()", 2, 2, fasterOthers},
}

func unsorted(flags ...string) []string { return append(flags, "--sort", "none") }

// files are a profile, one of the same functions, and one of others.
type files [3]string

// generate writes profiles by a process of its own: what it needs is not to be counted as ours.
func (b *bench) generate(ctx context.Context, functions, edges int) (files, error) {
	var made files
	genprof, err := b.Build(ctx, "./benchmarks/genprof")
	if err != nil {
		return made, err
	}
	for i, seed := range []int{1, 1, 2} {
		made[i] = b.Path(fmt.Sprintf("%d-%d.prof", functions, i))
		_, err := b.Run(ctx, genprof, "-o", made[i], "-seed", strconv.Itoa(seed),
			"-functions", strconv.Itoa(functions), "-edges", strconv.Itoa(edges))
		if err != nil {
			return made, err
		}
	}
	return made, nil
}

func (t task) of(f files) []string {
	if t.files == 1 {
		return f[:1]
	}
	return []string{f[0], f[t.another]}
}

// cantil is the command line of the task for cantil.
func (t task) cantil(b *bench, f files) []string {
	argv := append([]string{b.Cantil, "stats", "--restrict", "all"}, t.flags...)
	return append(argv, t.of(f)...)
}

// pstats is the same for CPython.
func (t task) pstats(b *bench, f files) []string {
	argv := []string{b.python.Path, "-c", "import pstats, sys; p = pstats.Stats(*sys.argv[1:]); " + t.python}
	return append(argv, t.of(f)...)
}

// sameAnswers compares, on smaller profiles, what both print for each task: a program
// that is fast and wrong is not fast.
func (b *bench) sameAnswers(ctx context.Context) error {
	f, err := b.generate(ctx, 2_000, 10_000)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		ours, theirs := sha256.New(), sha256.New() // not the text: we are to stay small
		if err := b.Output(ctx, ours, t.cantil(b, f)...); err != nil {
			return err
		}
		if err := b.Output(ctx, theirs, t.pstats(b, f)...); err != nil {
			return err
		}
		if !bytes.Equal(ours.Sum(nil), theirs.Sum(nil)) {
			return fmt.Errorf("%s: cantil and CPython %s print different things", t.name, b.python.Version)
		}
	}
	b.Say("both print the same, byte for byte, for every task on smaller profiles")
	return nil
}
