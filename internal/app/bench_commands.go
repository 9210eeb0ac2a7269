package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/bench/launch"
	"github.com/cantil-py/cantil/python/interp"
)

const (
	// costTries is how often a start is measured by itself: the median of so many moves by some hundredths.
	costTries = 51
	// cleanupTime bounds a cleanup after an interrupt.
	cleanupTime = time.Minute
	// floorMargin: the kernel counts pages of a process in batches of some dozen for each processor.
	floorMargin = 256 << 10
	// leastRun is what a run counts as that took no longer than its start, or than a tick of the kernel's clocks.
	leastRun = time.Microsecond
	// benchShell runs lines of --shell sh, --prepare and --cleanup.
	benchShell = "sh"
)

// commands are all things to measure: each line or snippet with each value of the parameters, in each Python.
func (o *BenchOptions) commands(ctx context.Context) ([]BenchCommand, error) {
	pythons, err := o.pythons(ctx)
	if err != nil {
		return nil, err
	}
	combinations, err := combine(o.Params)
	if err != nil {
		return nil, err
	}
	var list []BenchCommand
	for i, line := range append(slices.Clone(o.Commands), o.Snippets...) {
		for _, params := range combinations {
			filled := BenchCommand{Line: fill(line, params), Params: params, prepare: fill(o.Prepare, params), cleanup: fill(o.Cleanup, params), setup: fill(o.Setup, params)}
			name := line
			if i < len(o.Names) {
				name = o.Names[i]
			}
			filled.Name = fill(name, params) + unmentioned(name, params)
			each, err := o.inPythons(filled, pythons, i >= len(o.Commands))
			if err != nil {
				return nil, err
			}
			list = append(list, each...)
		}
	}
	if len(list) > bench.MostCandidates {
		return nil, fmt.Errorf("there are %d commands to measure; at most %d", len(list), bench.MostCandidates)
	}
	tellApart(list)
	return list, nil
}

// unmentioned tells values that a name does not: " [n=3]".
func unmentioned(name string, params map[string]string) string {
	var list []string
	for _, p := range slices.Sorted(maps.Keys(params)) {
		if !strings.Contains(name, "{"+p+"}") {
			list = append(list, p+"="+params[p])
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " [" + strings.Join(list, ", ") + "]"
}

// benchPython is an interpreter to measure in.
type benchPython struct{ path, version string }

// pythons are those that were asked for, each with its version; else the one in use here, without.
func (o *BenchOptions) pythons(ctx context.Context) ([]benchPython, error) {
	var list []benchPython
	for _, request := range o.Pythons {
		p, err := findPython(ctx, request, o.Dir)
		if err != nil {
			return nil, err
		}
		info := p.Info
		if info == nil {
			probed, err := interp.Probe(ctx, p.Path)
			if err != nil {
				return nil, err
			}
			info = &probed
		}
		list = append(list, benchPython{p.Path, info.Version.String()})
	}
	return list, nil
}

func findPython(ctx context.Context, request, dir string) (interp.Interpreter, error) {
	p, err := interp.Find(ctx, request, interp.Options{Dir: dir})
	var missing *interp.NotFoundError
	var unsupported *interp.UnsupportedError
	switch {
	case errors.As(err, &missing):
		return p, &NotFound{err}
	case errors.As(err, &unsupported):
		return p, &NotExecutable{err}
	}
	return p, err
}

// inPythons is the command once for each Python, if it is of Python; else as it is.
func (o *BenchOptions) inPythons(c BenchCommand, pythons []benchPython, snippet bool) ([]BenchCommand, error) {
	words, err := o.words(c.Line, snippet)
	if err != nil {
		return nil, err
	}
	script := !snippet && !o.Shell && strings.HasSuffix(words[0], ".py")
	if !snippet && !script {
		if len(pythons) > 0 {
			return nil, fmt.Errorf("%s: --python is for snippets and for scripts, which end in .py", c.Line)
		}
		c.argv, err = o.resolve(words)
		return []BenchCommand{c}, err
	}
	if len(pythons) == 0 {
		p, err := findPython(context.Background(), "", o.Dir)
		if err != nil {
			return nil, err
		}
		pythons = []benchPython{{path: p.Path}}
	}
	var list []BenchCommand
	for _, p := range pythons {
		each := c
		each.Python, each.Version = p.path, p.version
		if len(pythons) > 1 {
			each.Name += " [" + p.version + "]"
		}
		each.argv = append([]string{p.path}, words...)
		list = append(list, each)
	}
	return list, nil
}

// words are the command line's.
func (o *BenchOptions) words(line string, snippet bool) ([]string, error) {
	if snippet {
		return nil, nil
	}
	if o.Shell {
		return []string{benchShell, "-c", line}, nil
	}
	words, err := splitWords(line)
	switch {
	case err != nil:
		return nil, &BadCommand{err}
	case len(words) == 0:
		return nil, &BadCommand{errors.New("a command is empty")}
	}
	if word := shellSyntax(line); word != "" {
		return nil, &BadCommand{fmt.Errorf("%s: %q means something to a shell only", line, word)}
	}
	return words, nil
}

// BadCommand is an error in a command line that a shell may understand.
type BadCommand struct{ Err error }

func (e *BadCommand) Error() string { return e.Err.Error() }
func (e *BadCommand) Unwrap() error { return e.Err }

// shellSyntax is the first character that means something to a shell and would be taken as it is: people who
// write it want a shell. "" if there is none.
func shellSyntax(line string) string {
	var quote rune
	escaped := false
	for _, c := range line {
		switch {
		case escaped:
			escaped = false
		case c == '\\' && quote != '\'':
			escaped = true
		case c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote != '\'' && strings.ContainsRune("$`", c), quote == 0 && strings.ContainsRune("|&;<>*\n", c):
			return string(c)
		}
	}
	return ""
}

// resolve finds the program, as a shell would.
func (o *BenchOptions) resolve(words []string) ([]string, error) {
	path, err := exec.LookPath(words[0])
	if errors.Is(err, exec.ErrDot) {
		err = nil // the user's PATH says so
	}
	switch {
	case errors.Is(err, os.ErrPermission):
		return nil, &NotExecutable{fmt.Errorf("%s cannot be executed: %w", words[0], err)}
	case err != nil:
		return nil, &NotFound{fmt.Errorf("there is no program %s", words[0])}
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	return append([]string{path}, words[1:]...), nil
}

// tellApart numbers commands of the same name.
func tellApart(list []BenchCommand) {
	times := map[string]int{}
	for _, c := range list {
		times[c.Name]++
	}
	seen := map[string]int{}
	for i := range list {
		if name := list[i].Name; times[name] > 1 {
			seen[name]++
			list[i].Name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
	}
}

// candidates makes ready what is measured, and measures what measuring costs.
func (b *benching) candidates(ctx context.Context) ([]bench.Candidate, error) {
	if err := b.measureCost(ctx); err != nil {
		return nil, err
	}
	var list []bench.Candidate
	for i := range b.report.Commands {
		c := &b.report.Commands[i]
		measure, err := b.measured(ctx, c)
		if err != nil {
			return nil, err
		}
		list = append(list, bench.Candidate{Name: c.Name, Measure: measure})
	}
	return list, nil
}

// measureCost takes the median of starts of nothing, or of shells that do nothing.
func (b *benching) measureCost(ctx context.Context) error {
	if len(b.opts.Snippets) > 0 {
		return nil // they read the clock themselves
	}
	if !b.opts.Shell {
		walls, err := b.launcher.Cost(ctx, costTries)
		slices.Sort(walls)
		if len(walls) > 0 {
			b.cost.Wall = walls[len(walls)/2]
		}
		return err
	}
	argv, err := b.opts.resolve([]string{benchShell, "-c", ""})
	if err != nil {
		return err
	}
	n, err := b.launcher.Add(launch.Command{Argv: argv, Dir: b.opts.Dir, Env: b.opts.Env})
	if err != nil {
		return err
	}
	var all []launch.Usage
	for range costTries {
		u, err := b.launcher.Run(ctx, n, -1)
		if err != nil {
			return err
		}
		all = append(all, u)
	}
	b.cost = launch.Usage{
		Wall:   middle(all, func(u launch.Usage) time.Duration { return u.Wall }),
		User:   middle(all, func(u launch.Usage) time.Duration { return u.User }),
		System: middle(all, func(u launch.Usage) time.Duration { return u.System }),
	}
	return nil
}

func middle(all []launch.Usage, of func(launch.Usage) time.Duration) time.Duration {
	list := make([]time.Duration, len(all))
	for i, u := range all {
		list[i] = of(u)
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// measured is the function that runs a command once.
func (b *benching) measured(ctx context.Context, c *BenchCommand) (func(context.Context) (bench.Run, error), error) {
	prepare, err := b.addLine(c.prepare)
	if err != nil {
		return nil, err
	}
	run := b.runCommand
	if len(b.opts.Snippets) > 0 {
		run = b.runSnippet
	}
	once, err := run(ctx, c)
	if err != nil {
		return nil, err
	}
	return b.prepared(c.prepare, prepare, once), nil
}

// cmpError is the first, unless it is nil.
func cmpError(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// addLine makes a line of sh known; of an empty one the number is below 0.
func (b *benching) addLine(line string) (int, error) {
	if line == "" {
		return -1, nil
	}
	argv, err := b.opts.resolve([]string{benchShell, "-c", line})
	if err != nil {
		return -1, err
	}
	return b.launcher.Add(launch.Command{Argv: argv, Dir: b.opts.Dir, Env: b.opts.Env, Show: b.opts.Show})
}

// runCommand is the function that runs a program once.
func (b *benching) runCommand(_ context.Context, c *BenchCommand) (func(context.Context) (bench.Run, error), error) {
	o := &b.opts
	n, err := b.launcher.Add(launch.Command{Argv: c.argv, Dir: o.Dir, Env: o.Env, Input: o.Input, Show: o.Show, Timeout: o.Timeout})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (bench.Run, error) {
		u, err := b.launcher.Run(ctx, n, rand.IntN(launch.MaxPad+1))
		if err == nil && u.Code != 0 && !u.TimedOut && !o.IgnoreFailure {
			err = &RunFailed{Command: c.Name, Code: u.Code}
		}
		return b.figures(u), err
	}, nil
}

// figures are those of a run without the cost of its start.
func (b *benching) figures(u launch.Usage) bench.Run {
	r := bench.Run{
		Wall:   max(u.Wall-b.cost.Wall, leastRun).Seconds(),
		User:   max(u.User-b.cost.User, leastRun).Seconds(),
		System: max(u.System-b.cost.System, leastRun).Seconds(),
		Code:   u.Code, TimedOut: u.TimedOut, Instructions: u.Instructions,
	}
	b.peak(&r, u)
	return r
}

// peak takes the peak memory of a run, if it can be told.
func (b *benching) peak(r *bench.Run, u launch.Usage) {
	b.floor = max(b.floor, u.Floor)
	if u.Peak > u.Floor+floorMargin {
		r.Peak, r.Several = u.Peak, u.Several
	}
}

// cleanup runs what is to be done at the end, also after an interrupt.
func (b *benching) cleanup(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	var all error
	for _, c := range b.report.Commands {
		n, err := b.addLine(c.cleanup)
		if n < 0 && err == nil {
			continue
		}
		if err == nil {
			var u launch.Usage
			if u, err = b.launcher.Run(ctx, n, -1); err == nil && u.Code != 0 {
				err = &RunFailed{Command: "--cleanup " + c.cleanup, Code: u.Code, Aside: true}
			}
		}
		all = errors.Join(all, err)
	}
	return all
}
