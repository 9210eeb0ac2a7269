package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/cantil-py/cantil/python/argspec"
	"github.com/cantil-py/cantil/python/boot"
	"github.com/cantil-py/cantil/python/interp"
)

// ArgsOptions are a program whose command line is wanted.
type ArgsOptions struct {
	Python   string // as python/interp takes it; "" for the one of this folder
	Module   bool
	Program  string
	TwoStage bool // the second of its parsers
	Fresh    bool // it is read anew, even if it is known
	Timeout  time.Duration
	Env      []string
}

// ArgsSpec is the command line of a program, as docs/formats/argspec.md has it.
type ArgsSpec = argspec.Spec

// ArgsAnswer is what a program says of arguments.
type ArgsAnswer = argspec.Answer

// Args reads the command line that a program declares. The error is a [BadInput] where the program has none.
func Args(ctx context.Context, opts ArgsOptions) (*ArgsSpec, error) {
	p, done, err := opts.program(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	return opts.read(ctx, p)
}

// CheckArgs is what the program says of the arguments; its body does not run. columns are those of the terminal, 0 where there is none.
func CheckArgs(ctx context.Context, opts ArgsOptions, args []string, columns int) (ArgsAnswer, error) {
	p, done, err := opts.program(ctx)
	if err != nil {
		return ArgsAnswer{}, err
	}
	defer done()
	spec, err := opts.read(ctx, p)
	if err != nil {
		return ArgsAnswer{}, err
	}
	answer, err := argspec.Check(ctx, p, spec, args, opts.columns(spec, columns))
	return answer, blamed(err)
}

// program finds the Python, and where descriptions are kept. done removes that if it is only for now.
func (o ArgsOptions) program(ctx context.Context) (p argspec.Program, done func(), err error) {
	done = func() {}
	if _, err := os.Stat(o.Program); !o.Module && errors.Is(err, fs.ErrNotExist) {
		return p, done, &NotFound{fmt.Errorf("finding %s: there is no such script or folder", o.Program)}
	}
	python, err := o.findPython(ctx)
	if err != nil {
		return p, done, err
	}
	home, err := argsHome()
	if err != nil { // no folder for caches: a home that is read-only, for example
		if home, err = os.MkdirTemp("", "cantil-args-"); err != nil {
			return p, done, err
		}
		done = func() { _ = os.RemoveAll(home) }
	}
	return argspec.Program{
		Program: boot.Program{Python: python.Path, Module: o.Module, Name: o.Program},
		Env:     o.Env, TwoStage: o.TwoStage, Timeout: o.Timeout, Home: home,
	}, done, nil
}

func (o ArgsOptions) findPython(ctx context.Context) (interp.Interpreter, error) {
	l := Launch{Python: o.Python}
	return l.findPython(ctx)
}

// argsHome is where descriptions are kept: in the user's folder of caches.
func argsHome() (string, error) {
	caches, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	home := filepath.Join(caches, "cantil", "args")
	return home, os.MkdirAll(home, 0o700)
}

func (o ArgsOptions) read(ctx context.Context, p argspec.Program) (*ArgsSpec, error) {
	cache := argspec.Cache{Dir: p.Home}
	if o.Fresh {
		if err := cache.Forget(p); err != nil {
			return nil, err
		}
	}
	spec, _, err := cache.Read(ctx, p)
	return spec, blamed(err)
}

// blamed tells the fault of the program from ours.
func blamed(err error) error {
	var problem *argspec.Problem
	if errors.As(err, &problem) {
		return &BadInput{err}
	}
	return err
}

// columns is the width that argparse would wrap for: COLUMNS, else, since Python 3.8, that of the terminal, else 80.
func (o ArgsOptions) columns(spec *ArgsSpec, terminal int) int {
	const plain = 80
	for _, v := range o.Env {
		if text, ok := strings.CutPrefix(v, "COLUMNS="); ok {
			if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n > 0 {
				return n
			}
		}
	}
	old := strings.HasPrefix(spec.Python, "3.6.") || strings.HasPrefix(spec.Python, "3.7.")
	if terminal <= 0 || old {
		return plain
	}
	return terminal
}
