package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/bench/launch"
	"github.com/cantil-py/cantil/profile/diff"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/python/boot"
)

// ProfileRounds is how many rounds are collected unless another number is asked for: some more than a verdict needs, with which a tenth
// of a function's time is found on a quiet machine.
const ProfileRounds = 12

// BenchProfile runs two Python programs under the exact collector, in turns, and compares their profiles. Those are also written to keep, a
// folder, unless that is "". What was collected up to the end of ctx is compared and returned with the error.
func BenchProfile(ctx context.Context, opts BenchOptions, how DiffOptions, keep string) (*DiffReport, error) {
	limits, err := parseLimits(how.FailOn)
	if err != nil {
		return nil, err
	}
	commands, err := opts.commands(ctx)
	if err != nil {
		return nil, err
	}
	if len(commands) != 2 {
		return nil, fmt.Errorf("profiles are compared in pairs: there are %d commands", len(commands))
	}
	launcher, err := launch.Open(opts.Stdout, opts.Stderr)
	if err != nil {
		return nil, err
	}
	defer launcher.Close()
	b := &benching{opts: opts, launcher: launcher, report: &BenchReport{Commands: commands}}
	defer b.removeTemporary()
	var sides [2]*collecting
	var candidates []bench.Candidate
	for i := range commands {
		if sides[i], err = b.collecting(&commands[i]); err != nil {
			return nil, err
		}
		prepare, err := b.addLine(commands[i].prepare)
		if err != nil {
			return nil, err
		}
		candidates = append(candidates, bench.Candidate{Name: commands[i].Name, Measure: b.prepared(commands[i].prepare, prepare, sides[i].run)})
	}
	result, err := bench.Measure(ctx, opts.plan(b.watch), candidates)
	if result == nil {
		return nil, err
	}
	cleaned := b.cleanup(ctx)
	rounds := min(len(sides[0].profiles), len(sides[1].profiles)) - opts.WarmUp
	if rounds <= 0 { // an error, or Ctrl-C, has seen to that
		return nil, errors.Join(err, cleaned)
	}
	report, compared := compareSides(result, sides, opts.WarmUp, rounds, how, keep)
	if compared != nil {
		return nil, errors.Join(err, compared, cleaned)
	}
	report.Failed = limits.exceeded(report)
	return report, errors.Join(err, cleaned)
}

// collecting runs one of the programs again and again.
type collecting struct {
	b        *benching
	program  boot.Program
	command  *BenchCommand
	number   int    // the launcher's
	folder   string // where the processes of a run leave their parts
	rename   func(string) string
	profiles []*pstats.Stats
	python   string
}

// collecting makes ready what collects the profiles of a command.
func (b *benching) collecting(c *BenchCommand) (*collecting, error) {
	program, err := pythonProgram(c)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "cantil-bench-")
	if err != nil {
		return nil, fmt.Errorf("collecting profiles: %w", err)
	}
	b.temporary = append(b.temporary, dir)
	home, err := boot.Install(dir)
	if err != nil {
		return nil, err
	}
	named := ProfileOptions{Launch: Launch{Dir: b.opts.Dir, Program: program.Name, Module: program.Module}}
	s := &collecting{b: b, program: program, command: c, folder: filepath.Join(dir, "parts"), rename: named.typedNames()}
	o := &b.opts
	argv, env := boot.Command(home, s.folder, program, o.Env)
	s.number, err = b.launcher.Add(launch.Command{Argv: argv, Dir: o.Dir, Env: env, Input: o.Input, Show: o.Show, Timeout: o.Timeout})
	return s, err
}

var pythonName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(python|pypy)[0-9.]*t?(\.exe)?$`) })

// pythonProgram is the Python program that a command runs: a script by itself, or one that is given to Python.
func pythonProgram(c *BenchCommand) (boot.Program, error) {
	words := c.argv
	p := boot.Program{Python: words[0]}
	switch {
	case c.Python == "" && !pythonName().MatchString(filepath.Base(words[0])):
		return p, fmt.Errorf("%s: it is no Python script, and cannot be profiled", c.Name)
	case len(words) > 2 && words[1] == "-m":
		p.Module, p.Name, p.Args = true, words[2], words[3:]
	case len(words) > 1 && !strings.HasPrefix(words[1], "-"):
		p.Name, p.Args = words[1], words[2:]
	default:
		return p, fmt.Errorf("%s: Python's own options are not known here; a script or -m MODULE can be profiled", c.Name)
	}
	return p, nil
}

// prepared runs a line of sh before each run.
func (b *benching) prepared(line string, number int, once func(context.Context) (bench.Run, error)) func(context.Context) (bench.Run, error) {
	return func(ctx context.Context) (bench.Run, error) {
		if number >= 0 {
			if u, err := b.launcher.Run(ctx, number, -1); err != nil || u.Code != 0 {
				return bench.Run{}, cmpError(err, &RunFailed{Command: "--prepare " + line, Code: u.Code, Aside: true})
			}
		}
		return once(ctx)
	}
}

// run collects one profile. A run that fails ends it all, unless failures are ignored.
func (s *collecting) run(ctx context.Context) (bench.Run, error) {
	if err := errors.Join(os.RemoveAll(s.folder), os.MkdirAll(s.folder, 0o700)); err != nil {
		return bench.Run{}, fmt.Errorf("collecting profiles: %w", err)
	}
	u, err := s.b.launcher.Run(ctx, s.number, -1)
	if err != nil {
		return bench.Run{}, err
	}
	if reason, refused := boot.Refusal(s.folder); refused {
		return bench.Run{}, &NotExecutable{fmt.Errorf("profiling with %s: %s", s.program.Python, reason)}
	}
	if u.TimedOut {
		return bench.Run{}, fmt.Errorf("%s: a run took too long, and its profile is not whole", s.command.Name)
	}
	if u.Code != 0 && !s.b.opts.IgnoreFailure {
		return bench.Run{}, &RunFailed{Command: s.command.Name, Code: u.Code}
	}
	merged, err := s.gather()
	if err != nil {
		return bench.Run{}, err
	}
	s.profiles = append(s.profiles, merged)
	return s.b.figures(u), nil
}

// gather merges what the processes of the run left.
func (s *collecting) gather() (*pstats.Stats, error) {
	processes, err := waitForParts(s.folder)
	if err != nil {
		return nil, err
	}
	var all []*pstats.Stats
	for _, p := range withoutHelpers(processes) {
		if p.Role == "main" {
			s.python = p.Python
		}
		all = append(all, statsOf(&p, s.rename)...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: a run left no profile", s.command.Name)
	}
	return merge(all)
}

// compareSides compares what both sides collected in rounds that are whole.
func compareSides(result *bench.Result, sides [2]*collecting, warmUp, rounds int, how DiffOptions, keep string) (*DiffReport, error) {
	r := &DiffReport{}
	var inputs [2][]diffInput
	var names [2][]string
	for i, s := range sides {
		kind := diff.Kind{Clock: wallClock, Python: s.python}
		for n, p := range s.profiles[warmUp : warmUp+rounds] {
			name := fmt.Sprintf("%s-%02d.prof", []string{"before", "after"}[i], n+1)
			profile := diff.FromStats(p, name, kind)
			inputs[i] = append(inputs[i], diffInput{name: name, profile: &profile, script: s.script()})
			names[i] = append(names[i], name)
			if err := keepProfile(p, keep, name); err != nil {
				return nil, err
			}
		}
	}
	r.Before, r.After, how.Paired = names[0], names[1], true
	r.measured = pairedFigures(result, rounds)
	renames, err := how.renames()
	if err == nil {
		err = r.compareProfiles(inputs[0], inputs[1], how, renames)
	}
	if err != nil {
		return nil, asBadInput(err)
	}
	r.Notes = append(r.Notes, "times are those under the collector, which makes every call slower; cantil bench without --profile compares the programs as they are")
	if keep != "" {
		r.Notes = append(r.Notes, fmt.Sprintf("profiles kept in %s; cantil diff --paired %s -- %s compares them again", keep, filepath.Join(keep, "before-*"), filepath.Join(keep, "after-*")))
	}
	return r, nil
}

// script is the file that the program is; "" for a module.
func (s *collecting) script() string {
	if s.program.Module {
		return ""
	}
	return s.program.Name
}

func keepProfile(p *pstats.Stats, dir, name string) error {
	if dir == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("keeping the profiles: %w", err)
	}
	return p.WriteFile(filepath.Join(dir, name))
}

// pairedFigures are what the runs of complete rounds took, where all have such a figure.
func pairedFigures(result *bench.Result, rounds int) (list []sideFigures) {
	for _, m := range []bench.Metric{bench.Wall, bench.CPU, bench.Memory} {
		f := sideFigures{metric: string(m), before: result.Series[0].Figures(m), after: result.Series[1].Figures(m)}
		if len(f.before) >= rounds && len(f.after) >= rounds {
			f.before, f.after = f.before[:rounds], f.after[:rounds]
			list = append(list, f)
		}
	}
	return list
}
