package stacks

import (
	"errors"
	"fmt"
	"time"
)

// Merge returns the samples of several profiles in one, in the order of their times.
// Profiles of different modes or clocks, or of which one was paused and another was not,
// have shares of different things: they are refused. So are different rates, since a
// sample stands for another time in each.
func Merge(profiles ...*Profile) (*Profile, error) {
	if len(profiles) == 0 {
		return nil, errors.New("merging samples: there are none")
	}
	first := profiles[0]
	if len(profiles) == 1 {
		return first, nil
	}
	info := first.Info
	info.Counts, info.Merged, info.LeftOut = Counts{}, 0, 0
	untimed, samples := false, 0
	for _, p := range profiles {
		if why := differs(first.Info, p.Info); why != "" {
			return nil, fmt.Errorf("merging samples: %s", why)
		}
		info.add(p.Info)
		samples += len(p.Samples)
		untimed = untimed || p.Untimed
	}
	if samples > maxRead {
		return nil, fmt.Errorf("merging samples: %d together, at most %d fit into a profile", samples, maxRead)
	}
	r := NewRecorder()
	r.most = maxRead + 1 // thinning would hit the profiles in turn
	r.takeAll(profiles, info.Began)
	sum := r.Profile(info)
	sum.Info.Stride, sum.Untimed = first.Info.Stride, untimed
	sum.Info.LeftOut += info.LeftOut
	return sum, nil
}

// differs says in what two profiles differ that makes their shares different things.
func differs(a, b Info) string {
	switch {
	case a.Mode != b.Mode:
		return fmt.Sprintf("one is of mode %s, another of mode %s", a.Mode, b.Mode)
	case a.Clock != b.Clock:
		return fmt.Sprintf("one is by the clock %q, another by %q", a.Clock, b.Clock)
	case a.Rate != b.Rate || a.Stride != b.Stride:
		return fmt.Sprintf("one has %s, another %s", rateOf(a), rateOf(b))
	case a.Paused != b.Paused:
		return "one is of a process that was paused, another of one that was not"
	}
	return ""
}

// rateOf is the rate in words.
func rateOf(i Info) string {
	text := fmt.Sprintf("%d ticks a second", i.Rate)
	if i.Rate == FlatOut {
		text = "as many ticks as possible"
	}
	if i.Stride > 1 {
		text += fmt.Sprintf(", one of %d kept", i.Stride)
	}
	return text
}

// add adds what was counted, and keeps of the rest only what both have.
func (i *Info) add(o Info) {
	if o.Began.Before(i.Began) {
		i.Began = o.Began
	}
	if o.PID != i.PID {
		i.PID, i.Command = 0, nil
	}
	if o.Python != i.Python {
		i.Python = ""
	}
	if o.Executable != i.Executable {
		i.Executable = ""
	}
	i.Biased = i.Biased || o.Biased
	i.LeftOut += o.LeftOut
	i.Merged += max(1, o.Merged)
	c, d := &i.Counts, &o.Counts
	c.Ticks += d.Ticks
	c.Rejects += d.Rejects
	c.Rereads += d.Rereads
	c.Salvaged += d.Salvaged
	c.Reads += d.Reads
	c.Missed += d.Missed
	c.Late += d.Late
	c.MaxLate = max(c.MaxLate, d.MaxLate)
	c.CPU += d.CPU
	c.Wall += d.Wall
}

// takeAll adds the samples of the profiles in the order of their times.
func (r *Recorder) takeAll(profiles []*Profile, began time.Time) {
	sources := make([]*source, len(profiles))
	for i, p := range profiles {
		sources[i] = r.source(p, p.Info.Began.Sub(began))
	}
	for {
		var next *source
		for _, s := range sources {
			if len(s.left) > 0 && (next == nil || s.at() < next.at()) {
				next = s
			}
		}
		if next == nil {
			return
		}
		sample := next.left[0]
		r.Add(next.at(), next.threads[sample.Thread], sample.State, next.frames(sample.Stack))
		next.left = next.left[1:]
	}
}

// source is a profile whose samples go into a recorder.
type source struct {
	p       *Profile
	left    []Sample
	shift   time.Duration
	funcs   []FuncID // of the recorder, by the profile's
	threads []ThreadID
	buf     []Frame
}

func (r *Recorder) source(p *Profile, shift time.Duration) *source {
	s := &source{p: p, left: p.Samples, shift: shift}
	for _, f := range p.Funcs {
		s.funcs = append(s.funcs, r.Func(f))
	}
	for _, t := range p.Threads {
		s.threads = append(s.threads, r.Thread(t))
	}
	return s
}

func (s *source) at() time.Duration { return s.left[0].At + s.shift }

func (s *source) frames(id StackID) []Frame {
	s.buf = s.buf[:0]
	for f := range s.p.Stack(id) {
		s.buf = append(s.buf, Frame{s.funcs[f.Func], f.Line})
	}
	return s.buf
}
