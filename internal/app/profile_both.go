package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/cantil-py/cantil/run"
)

// profileBoth runs the program plainly and sampled, then once more under the exact
// collector, and prints one table; with SameRun there is one run, which is both.
func (o *ProfileOptions) profileBoth(ctx context.Context) (ProfileResult, error) {
	if o.SameRun {
		return o.profileSameRun(ctx)
	}
	first, second := twice(o.Stdin)
	o.Stdin = first
	plain, samples, err := o.profileSampled(ctx)
	if err != nil || samples == nil {
		return plain, err
	}
	if plain.Status != run.Exited {
		o.Say("it is not run again under the exact collector: it did not end by itself")
		return plain, o.showSamples(samples)
	}
	o.Say(fmt.Sprintf("it ran in %.1f s, sampled; now again, under the exact collector", plain.Wall))
	if o.Stdin, err = second(); err != nil {
		return plain, err
	}
	result, profile, err := o.profileExact(ctx, nil)
	result.SamplesPath = plain.SamplesPath
	if err != nil || profile.merged == nil {
		return result, err
	}
	if plain.Code != result.Code {
		o.Say(fmt.Sprintf("the two runs differ: exit code %d, then %d", plain.Code, result.Code))
	}
	return result, o.showBoth(profile.merged, samples, plain.Wall, result.Wall)
}

func (o *ProfileOptions) profileSameRun(ctx context.Context) (ProfileResult, error) {
	beside := &besideSampling{o: o}
	result, profile, err := o.profileExact(ctx, beside)
	if err != nil || profile.merged == nil {
		return result, err
	}
	samples, err := beside.keep(&result)
	if err != nil || samples == nil {
		return result, errors.Join(err, o.show(profile))
	}
	return result, o.showBoth(profile.merged, samples, result.Wall, result.Wall)
}
