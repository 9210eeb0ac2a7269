package app

import (
	"errors"
	"fmt"
	"io"

	"github.com/cantil-py/cantil/profile/stacks"
)

// sampled reads the files and merges them, if they are profiles of samples; nil if they
// are not.
func (o *StatsOptions) sampled() (*stacks.Profile, error) {
	var list []*stacks.Profile
	for _, path := range o.Files {
		is, err := isSampled(path)
		if err != nil {
			return nil, nil // whoever reads profiles of calls tells it in its own words
		}
		if !is {
			continue
		}
		p, err := openSamples(path)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	switch len(list) {
	case 0:
		return nil, nil
	case len(o.Files):
		return stacks.Merge(list...)
	}
	return nil, errors.New("some of the files hold samples and some hold calls: they cannot be added up")
}

// openSamples reads a profile of samples.
func openSamples(path string) (*stacks.Profile, error) {
	p, err := stacks.Open(path)
	if errors.Is(err, stacks.ErrForeign) {
		err = fmt.Errorf("%w, which go tool pprof reads", err)
	}
	return p, err
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
