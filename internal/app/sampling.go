package app

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/cantil-py/cantil/profile/sampler"
	"github.com/cantil-py/cantil/profile/sampler/remote"
	"github.com/cantil-py/cantil/profile/stacks"
)

// Sampling is how a program is sampled; the zero value is 1000 times a second, all of
// its threads.
type Sampling struct {
	Rate     int // looks a second; 0 for the default, sampler.FlatOut for as many as possible
	Mode     sampler.Mode
	Pause    bool
	Native   bool // C functions that Python calls stand by themselves, where their names are known
	Children bool
}

// SetRate takes the word of a flag: a number, or "max".
func (s *Sampling) SetRate(word string) error {
	if word == "max" {
		s.Rate = sampler.FlatOut
		return nil
	}
	var rest string
	n, _ := fmt.Sscanf(word, "%d%s", &s.Rate, &rest)
	if n != 1 || s.Rate < 1 || s.Rate > sampler.MaxRate {
		return fmt.Errorf("%q is no rate: 1 to %d looks a second, or max", word, sampler.MaxRate)
	}
	return nil
}

// SetMode takes the word of a flag: wall, cpu or gil.
func (s *Sampling) SetMode(word string) error {
	for _, mode := range []sampler.Mode{sampler.Wall, sampler.CPU, sampler.GIL} {
		if mode.String() == word {
			s.Mode = mode
			return nil
		}
	}
	return fmt.Errorf("unknown mode %q: wall (every thread), cpu (those that work) or gil (the one that runs Python)", word)
}

func (s *Sampling) options() sampler.Options {
	return sampler.Options{Rate: s.Rate, Mode: s.Mode, Pause: s.Pause, Native: s.Native, Children: s.Children}
}

const (
	// firstLooks and laterLooks are the pauses between two looks whether a program that was
	// just started has become Python: that takes it some 10 ms.
	firstLooks = time.Millisecond
	laterLooks = 50 * time.Millisecond
	// saveEvery is how much of a profile is lost at most if this process is killed...
	saveEvery = 2 * time.Second
	// ...unless saving takes more than this share of the time.
	saveShare = 0.05
)

// recording is what is sampled of a process, as it comes.
type recording struct {
	Sampling
	pid      int
	command  []string                           // of the program, secrets masked; nil: as the process has it
	rename   func(string) string                // of files
	hidden   func(file string) bool             // functions that are not the program's
	save     func(*stacks.Profile)              // called now and then while it goes on, in a goroutine of its own; may be nil
	progress func(samples int, d time.Duration) // called with each look; may be nil

	info   stacks.Info
	rec    *stacks.Recorder
	funcs  map[*sampler.Func]stacks.FuncID
	frames []stacks.Frame
	taken  int

	saved  time.Time
	saving chan time.Duration // how long the last one took
}

// hiddenFunc is the number of functions that are left out.
const hiddenFunc stacks.FuncID = -1

// mostFuncs bounds the code objects that are remembered, for programs that make new ones all the time.
const mostFuncs = 1 << 20

func newRecording(pid int, s Sampling) *recording {
	return &recording{
		Sampling: s, pid: pid, rec: stacks.NewRecorder(), funcs: map[*sampler.Func]stacks.FuncID{},
		rename: func(file string) string { return file }, hidden: func(string) bool { return false },
		saving: make(chan time.Duration, 1),
	}
}

// run samples until ctx is done or the process and its children have ended.
func (r *recording) run(ctx context.Context, s *sampler.Sampler) error {
	// The sampler sleeps without telling Go's scheduler; the rest of us needs another processor.
	runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0)))
	r.info = stacks.Info{
		Mode: r.Mode.String(), Clock: "monotonic", Rate: r.Rate, Paused: r.Pause, Biased: s.InclusiveBiased() && !r.Pause,
		Began: time.Now(), PID: r.pid, Command: commandOf(r.pid), Python: s.Version(), Executable: s.File(),
	}
	if r.Rate == 0 {
		r.info.Rate = sampler.DefaultRate
	}
	if r.command != nil {
		r.info.Command = r.command
	}
	r.saved = r.info.Began
	r.saving <- 0
	err := s.Run(ctx, func(sample *sampler.Sample) error {
		r.take(sample)
		r.saveSometimes(s)
		return nil
	})
	<-r.saving // none is under way
	r.count(s.Counts())
	return err
}

// take records one sample.
func (r *recording) take(s *sampler.Sample) {
	r.frames = r.frames[:0]
	for _, f := range slices.Backward(s.Frames) { // callers have the smaller numbers, and so stand first among equals
		if id := r.fn(f.Func); id != hiddenFunc {
			r.frames = append(r.frames, stacks.Frame{Func: id, Line: int32(f.Line)})
		}
	}
	slices.Reverse(r.frames)
	if len(r.frames) == 0 {
		return
	}
	thread := r.rec.Thread(stacks.Thread{PID: s.PID, TID: s.TID, Name: s.Thread, Interp: s.Interp})
	r.rec.Add(s.Time, thread, stateOf(s.State), r.frames)
	r.taken++
	if r.progress != nil {
		r.progress(r.taken, s.Time)
	}
}

func (r *recording) fn(f *sampler.Func) stacks.FuncID {
	id, ok := r.funcs[f]
	if ok {
		return id
	}
	if len(r.funcs) >= mostFuncs {
		clear(r.funcs)
	}
	id = hiddenFunc
	if !r.hidden(f.File) {
		id = r.rec.Func(stacks.Func{Name: f.Name, File: r.rename(f.File), FirstLine: f.FirstLine, Native: f.Native})
	}
	r.funcs[f] = id
	return id
}

func stateOf(s sampler.State) stacks.State {
	switch s {
	case sampler.Holding:
		return stacks.Holding
	case sampler.Running:
		return stacks.Running
	}
	return stacks.Idle
}

// saveSometimes keeps what there is, so that it outlives this process.
func (r *recording) saveSometimes(s *sampler.Sampler) {
	if r.save == nil || time.Since(r.saved) < saveEvery {
		return
	}
	select {
	case took := <-r.saving:
		r.saved = time.Now()
		if pause := time.Duration(float64(took) / saveShare); pause > saveEvery {
			r.saved = r.saved.Add(pause - saveEvery)
		}
		r.count(s.Counts())
		p := r.profile()
		go func() {
			begin := time.Now()
			r.save(p)
			r.saving <- time.Since(begin)
		}()
	default: // the last one is still being written
	}
}

// count notes what became of the sampler's work so far.
func (r *recording) count(c sampler.Counts) {
	r.info.Counts = stacks.Counts{
		Ticks: c.Ticks, Rejects: c.Rejects, Rereads: c.Rereads, Salvaged: c.Salvaged, Reads: c.Reads, Missed: c.Missed,
		Late: c.Late, MaxLate: c.MaxLate, CPU: c.CPU, Wall: c.Wall,
	}
	if c.Wall == 0 { // it is told at the end
		r.info.Counts.Wall = time.Since(r.info.Began)
	}
}

func (r *recording) profile() *stacks.Profile { return r.rec.Profile(r.info) }

// openPython waits until the program that was just started as pid is a Python that can
// be read. It gives up when ctx is done, with the last reason.
func openPython(ctx context.Context, pid int, opts sampler.Options) (*sampler.Sampler, error) {
	for pause := firstLooks; ; pause = min(laterLooks, pause+pause/8) {
		s, err := sampler.Open(pid, opts)
		var refused *remote.PermissionError
		if err == nil || errors.As(err, &refused) || errors.Is(err, remote.ErrGone) || errors.Is(err, remote.ErrSystem) {
			return s, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause):
		}
	}
}

// canSample is the error where this system has no sampler.
func canSample() error {
	if runtime.GOOS != "linux" {
		return &Unreadable{remote.ErrSystem, "cantil profile SCRIPT, without --sample, measures a program on every system"}
	}
	return nil
}
