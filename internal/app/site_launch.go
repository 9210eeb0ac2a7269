package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
)

// mostPrograms bounds the list of programs, mostLooked the runs, newest first, in which they are looked for.
const (
	mostPrograms = 100
	mostLooked   = 500
)

// SiteProgram is a script that can be started from the browser: one that was named, or that was run here before.
type SiteProgram struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Script string `json:"script"` // absolute
	Dir    string `json:"folder"` // its working folder
	Python string `json:"python,omitempty"`
}

func newProgram(script, dir, python string) SiteProgram {
	sum := sha256.Sum256([]byte(script + "\x00" + dir + "\x00" + python))
	return SiteProgram{Key: hex.EncodeToString(sum[:8]), Name: filepath.Base(script), Script: script, Dir: dir, Python: python}
}

// Programs are the scripts that can be started: those that were named, then those of the newest runs. What is not there
// any more is left out.
func (s *Site) Programs() ([]SiteProgram, error) {
	list := []SiteProgram{}
	add := func(p SiteProgram) {
		known := slices.ContainsFunc(list, func(o SiteProgram) bool { return o.Key == p.Key })
		if len(list) < mostPrograms && !known && isFile(p.Script) && s.keepsRunsOf(p.Dir) {
			list = append(list, p)
		}
	}
	dir, err := filepath.Abs(s.opts.Dir)
	if err != nil {
		return nil, err
	}
	for _, script := range s.scripts {
		add(newProgram(script, dir, ""))
	}
	runs, err := s.List(RunsFilter{Last: mostLooked})
	if err != nil {
		return nil, err
	}
	for _, e := range slices.Backward(runs) {
		if p, ok := s.programOf(e.ID); ok {
			add(p)
		}
	}
	return list, nil
}

// keepsRunsOf says whether runs that start in dir are kept here, where they can be looked at.
func (s *Site) keepsRunsOf(dir string) bool {
	runs, err := OpenRuns(dir, s.opts.Getenv)
	return err == nil && runs.Dir() == s.Dir()
}

// programOf is the script of a run; modules and commands cannot be told from the record.
func (s *Site) programOf(id string) (SiteProgram, bool) {
	e, err := s.Run(id)
	if err != nil {
		return SiteProgram{}, false
	}
	asked, err := store.ReadAsked(e.Dir)
	if err != nil || asked.ScriptDir == "" {
		return SiteProgram{}, false
	}
	return newProgram(filepath.Join(asked.ScriptDir, filepath.Base(asked.Script)), asked.Cwd, asked.Interpreter.Path), true
}

// Program is the program with that key. The error is a [NoRun] where there is none.
func (s *Site) Program(key string) (SiteProgram, error) {
	list, err := s.Programs()
	if err != nil {
		return SiteProgram{}, err
	}
	for _, p := range list {
		if p.Key == key {
			return p, nil
		}
	}
	return SiteProgram{}, &NoRun{errors.New("that program is neither named nor among the newest runs, or its script is gone")}
}

// Again is the program of a run and the arguments that it had, as one line; "" for the key where it cannot be started from here.
func (s *Site) Again(id string) (key, line string) {
	p, ok := s.programOf(id)
	if !ok {
		return "", ""
	}
	e, err := s.Run(id)
	if err != nil {
		return "", ""
	}
	asked, err := store.ReadAsked(e.Dir)
	if err != nil {
		return "", ""
	}
	if at := slices.Index(asked.Argv, asked.Script); at >= 0 {
		line = store.Quote(asked.Argv[at+1:])
	}
	return p.Key, line
}

// LaunchRequest is what was filled in to start a program: a form, or, where there is none, a line of arguments.
type LaunchRequest struct {
	Program string  `json:"program"` // the key
	Form    *Filled `json:"form,omitempty"`
	Line    string  `json:"line"`
}

// LaunchCheck is what the program says of the arguments.
type LaunchCheck struct {
	Arguments []string    `json:"arguments"` // never nil
	Line      string      `json:"line"`      // the arguments, quoted for a shell
	Answer    *ArgsAnswer `json:"answer,omitempty"`
	NoParser  string      `json:"no_parser,omitempty"` // why the program has none to ask
}

// Good says whether the program would go on with the arguments.
func (c *LaunchCheck) Good() bool { return c.Answer == nil || !c.Answer.Ended }

func (s *Site) argsOptions(p SiteProgram) ArgsOptions {
	return ArgsOptions{Python: p.Python, Program: p.Script, Env: s.opts.Environ}
}

// Form is the form of a program. The program is started up to where it parses its arguments.
func (s *Site) Form(ctx context.Context, key string) (Form, error) {
	p, err := s.Program(key)
	if err != nil {
		return Form{}, err
	}
	spec, err := Args(ctx, s.argsOptions(p))
	if err != nil {
		return Form{}, err
	}
	return FormOf(spec), nil
}

// Check makes arguments of what was filled in, and asks the program about them.
func (s *Site) Check(ctx context.Context, q LaunchRequest) (LaunchCheck, error) {
	p, err := s.Program(q.Program)
	if err != nil {
		return LaunchCheck{}, err
	}
	spec, err := Args(ctx, s.argsOptions(p))
	var none *BadInput
	if err != nil && !errors.As(err, &none) {
		return LaunchCheck{}, err
	}
	c := LaunchCheck{}
	if q.Form != nil && spec != nil {
		c.Arguments, err = q.Form.Arguments(spec)
	} else {
		c.Arguments, err = splitWords(strings.ReplaceAll(q.Line, "\n", " "))
	}
	if err != nil {
		return c, &BadInput{err}
	}
	c.Arguments = slices.Concat([]string{}, c.Arguments)
	c.Line = store.Quote(c.Arguments)
	if spec == nil {
		c.NoParser = none.Error()
		return c, nil
	}
	answer, err := CheckArgs(ctx, s.argsOptions(p), c.Arguments, 0)
	c.Answer = &answer
	return c, err
}

// Launch starts an ordinary run of the program, and returns its ID at once. It goes on when the server ends.
func (s *Site) Launch(ctx context.Context, q LaunchRequest) (id string, check LaunchCheck, err error) {
	if check, err = s.Check(ctx, q); err != nil || !check.Good() {
		return "", check, err
	}
	p, err := s.Program(q.Program)
	if err != nil {
		return "", check, err
	}
	script := p.Script
	if short, err := filepath.Rel(p.Dir, script); err == nil && filepath.IsLocal(short) {
		script = short // as people call it
	}
	argv := append([]string{"cantil", "run", "--traceback", script}, check.Arguments...)
	id, err = Start(context.WithoutCancel(ctx), RunOptions{Traceback: true, Launch: Launch{
		Python: p.Python, Program: script, Args: check.Arguments, Dir: p.Dir, Env: s.opts.Environ,
		Version: s.opts.Version, Argv: argv, TTY: run.TTYNever, Say: func(string) {},
	}})
	return id, check, err
}

// Start starts a program that nobody shows, and returns the ID of its run at once. When ctx is done, the run is ended.
func Start(ctx context.Context, opts RunOptions) (id string, err error) {
	if err := opts.check(); err != nil {
		return "", err
	}
	python, kept, err := opts.open(ctx)
	if err != nil {
		return "", err
	}
	process, err := opts.begin(ctx, python, kept)
	if err != nil {
		return "", fmt.Errorf("starting run %s: %w", kept.ID, err)
	}
	go func() { _, _ = process.Wait() }() // so that it is collected; its end is in its folder
	return kept.ID, nil
}
