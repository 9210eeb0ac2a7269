package interp

import (
	"context"
	"path/filepath"
	"runtime"
	"sync"
)

// All returns every interpreter of the machine that runs, in the order of [Find], each with its
// Info. Several names of one installation are told once; a virtual environment stands for itself.
func All(ctx context.Context, opts Options) ([]Interpreter, error) {
	f, err := newFinder(opts)
	if err != nil {
		return nil, err
	}
	distinct := withoutLinks(f.candidates())
	infos := probeEach(ctx, distinct)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	seen := map[Info]bool{}
	var all []Interpreter
	for i, c := range distinct {
		if infos[i] == nil {
			continue
		}
		key := *infos[i]
		key.Executable = "" // python and python3 of one installation are one
		if !seen[key] {
			seen[key] = true
			all = append(all, Interpreter{Path: c.path, Source: c.source, Info: infos[i]})
		}
	}
	return all, nil
}

// withoutLinks keeps one of several links to the same program, but for virtual environments:
// their links are what makes them. It is there for speed, to run fewer.
func withoutLinks(all []candidate) []candidate {
	seen := map[string]bool{}
	var distinct []candidate
	for _, c := range all {
		real, err := filepath.EvalSymlinks(c.path)
		if _, env := environmentOf(c.path); err != nil || env {
			real = c.path
		}
		if !seen[real] {
			seen[real] = true
			distinct = append(distinct, c)
		}
	}
	return distinct
}

// probeEach runs the candidates, as many at once as there are processors; nil stands for one that did not run.
func probeEach(ctx context.Context, all []candidate) []*Info {
	infos := make([]*Info, len(all))
	slots := make(chan struct{}, runtime.NumCPU())
	var wait sync.WaitGroup
	for i, c := range all {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if info, err := Probe(ctx, c.path); err == nil {
				infos[i] = &info
			}
		})
	}
	wait.Wait()
	return infos
}
