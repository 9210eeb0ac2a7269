package app

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/cantil-py/cantil/durable"
	"github.com/cantil-py/cantil/profile/sampler"
	"github.com/cantil-py/cantil/profile/stacks"
)

// AttachOptions are the process to sample, for how long, and how it is shown.
type AttachOptions struct {
	Sampling
	PID        int
	Duration   time.Duration // 0: until ctx is done or it ends
	View       StatsView
	Format     Format
	PerThread  bool
	PerProcess bool
	Out        string // where the samples are written; "" for nowhere
	Argv       []string
	Stdout     io.Writer
	Say        func(line string)
	Progress   func(samples int, d time.Duration) // called with each look; may be nil
}

// AttachResult is what was sampled.
type AttachResult struct {
	Samples int
	Wall    time.Duration
}

// Attach samples a process that is running, until the time is up, ctx is done, or it
// has ended, and prints where its time went. A process that cannot be read is an
// [Unreadable].
func Attach(ctx context.Context, opts AttachOptions) (AttachResult, error) {
	if err := opts.View.Check(); err != nil {
		return AttachResult{}, err
	}
	s, err := sampler.Open(opts.PID, opts.options())
	if err != nil {
		return AttachResult{}, unreadable(opts.PID, err, opts.Argv)
	}
	defer s.Close()
	if opts.Duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.Duration)
		defer cancel()
	}
	r := newRecording(opts.PID, opts.Sampling)
	r.progress = opts.Progress
	if opts.Out != "" {
		r.save = func(p *stacks.Profile) { _ = writeSamples(opts.Out, p) } // the last one is not lost in silence
	}
	if err := r.run(ctx, s); err != nil {
		return AttachResult{}, unreadable(opts.PID, err, opts.Argv)
	}
	return opts.finish(r.profile())
}

// finish keeps and prints what was sampled.
func (o *AttachOptions) finish(p *stacks.Profile) (AttachResult, error) {
	result := AttachResult{Samples: len(p.Samples), Wall: p.Info.Counts.Wall}
	if len(p.Samples) == 0 {
		o.Say(fmt.Sprintf("no samples: no thread of process %d ran Python in %s", o.PID, p.Info.Counts.Wall.Round(time.Millisecond)))
		return result, nil
	}
	if o.Out != "" {
		if err := writeSamples(o.Out, p); err != nil {
			return result, err
		}
	}
	err := showSampledApart(o.Stdout, p, o.View, o.Format, o.PerThread, o.PerProcess)
	tellSampling(p, o.Say)
	return result, err
}

func writeSamples(path string, p *stacks.Profile) error { return durable.WriteShared(path, p.Write) }

// showSampledApart prints one table, or one for each thread or process.
func showSampledApart(w io.Writer, p *stacks.Profile, view StatsView, format Format, perThread, perProcess bool) error {
	if !perThread && !perProcess {
		return view.showSampled(w, p, format)
	}
	key := func(s *stacks.Sample) stacks.Thread {
		t := p.Threads[s.Thread]
		if !perThread {
			t = stacks.Thread{PID: t.PID}
		}
		return t
	}
	var order []stacks.Thread
	seen := map[stacks.Thread]bool{}
	for i := range p.Samples {
		if k := key(&p.Samples[i]); !seen[k] {
			seen[k] = true
			order = append(order, k)
		}
	}
	for _, k := range order {
		part := p.Filter(func(s *stacks.Sample) bool { return key(s) == k })
		if perThread {
			fmt.Fprintf(w, "Thread %s of process %d\n", threadTitle(k), k.PID)
		} else {
			fmt.Fprintf(w, "Process %d\n", k.PID)
		}
		if err := view.showSampled(w, part, format); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	return nil
}

func threadTitle(t stacks.Thread) string {
	switch {
	case t.TID == 0 && t.Name == "":
		return "(unknown)"
	case t.TID == 0:
		return t.Name
	}
	return fmt.Sprintf("%d (%s)", t.TID, t.Name)
}

// tellSampling says what the samples are worth, as far as it is not as it should be.
func tellSampling(p *stacks.Profile, say func(string)) {
	c, n := &p.Info.Counts, int64(len(p.Samples))
	line := fmt.Sprintf("sampled %s times a second", perSecond(c))
	if c.Rejects > 0 {
		line += fmt.Sprintf("; %d stacks could not be proven and are left out (%.2g %%)", c.Rejects, 100*float64(c.Rejects)/float64(n+c.Rejects))
	} else {
		line += "; every stack was proven"
	}
	say(line + fmt.Sprintf("; it took %.1f %% of one processor", percent(c.CPU, c.Wall)))
	if c.Missed > 0 && 20*c.Missed > c.Ticks {
		say(fmt.Sprintf("%d of %d looks were missed, because the one before took too long or the machine was busy", c.Missed, c.Ticks+c.Missed))
	}
	if idle := idleShare(p); p.Info.Mode == sampler.Wall.String() && idle > 0.5 {
		say(fmt.Sprintf("%.0f %% of the samples are of threads that waited; --mode cpu leaves them out", 100*idle))
	}
	if p.Info.Biased {
		say(fmt.Sprintf("CPython %s keeps its stacks in many places: own shares are right, cumulative ones may be biased where calls are very short; --pause mends that", p.Info.Python))
	}
	if p.Info.LeftOut > 0 {
		say(fmt.Sprintf("of %d samples some frames are left out: the stacks were deeper than %d, or too many", p.Info.LeftOut, stacks.MaxDepth))
	}
	if p.Info.Stride > 1 {
		say(fmt.Sprintf("of every %d looks one is kept: the profile would have become too long", p.Info.Stride))
	}
}

func perSecond(c *stacks.Counts) string {
	if c.Wall <= 0 {
		return "0"
	}
	return fmt.Sprintf("%.0f", float64(c.Ticks)/c.Wall.Seconds())
}

func percent(part, all time.Duration) float64 {
	if all <= 0 {
		return 0
	}
	return 100 * part.Seconds() / all.Seconds()
}

func idleShare(p *stacks.Profile) float64 {
	idle := 0
	for _, s := range p.Samples {
		if s.State == stacks.Idle {
			idle++
		}
	}
	return float64(idle) / float64(max(1, len(p.Samples)))
}
