package app

import (
	"errors"
	"io"

	"github.com/cantil-py/cantil/profile/imports"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// read reads the files, of any kind, and adds them up: samples or calls.
func (o *StatsOptions) read() (imports.Profile, error) {
	if o.allPstats() {
		stats, err := pstats.Open(o.Files...)
		return imports.Profile{Exact: stats}, err
	}
	var samples []*stacks.Profile
	var calls []*pstats.Stats
	for _, path := range o.Files {
		p, err := imports.Open(path)
		if err != nil {
			return p, err
		}
		if p.Sampled != nil {
			samples = append(samples, p.Sampled)
		} else {
			calls = append(calls, p.Exact)
		}
	}
	switch {
	case len(calls) == 0:
		sum, err := stacks.Merge(samples...)
		return imports.Profile{Sampled: sum}, err
	case len(samples) == 0:
		return imports.Profile{Exact: calls[0]}, calls[0].Add(calls[1:]...)
	}
	return imports.Profile{}, errors.New("some of the files hold samples and some hold calls: they cannot be added up")
}

// allPstats says whether all files are Python's own, or cannot be read: package pstats tells that in its own words.
func (o *StatsOptions) allPstats() bool {
	for _, path := range o.Files {
		if kind, err := imports.Detect(path); err == nil && kind != imports.Pstats {
			return false
		}
	}
	return true
}

// statsSampled prints samples, and writes them where that was asked for.
func (o *StatsOptions) statsSampled(p *stacks.Profile, w io.Writer) error {
	if o.Out != "" {
		if err := writeSamples(o.Out, p); err != nil {
			return err
		}
	}
	if err := o.View.showSampled(w, p, o.Format); err != nil {
		return &BadInput{err}
	}
	return nil
}
