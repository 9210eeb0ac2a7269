package stacks

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/google/pprof/profile"
)

// The labels of a sample, and the comments that only cantil reads: go tool pprof shows
// those that do not begin with #.
const (
	labelThread = "thread"
	labelState  = "state"
	labelPID    = "pid"
	labelTID    = "tid"
	labelInterp = "interpreter"
	infoPrefix  = "#cantil info 1 "
	orderPrefix = "#cantil order 1 "
	nativeName  = "[native]" // the file of a function that is not Python's
)

// maxFrames bounds the frames that are written: profile.proto repeats every stack as
// a whole. Readers need 16 bytes for each.
const maxFrames = 64 << 20

// Write writes the profile as gzipped profile.proto: one sample of that format for each
// different stack, thread and state, with the number of our samples and the time that
// they stand for. The order and times of the samples are in a comment.
func (p *Profile) Write(w io.Writer) error {
	out, err := p.proto()
	if err != nil {
		return err
	}
	if err := out.Write(w); err != nil {
		return fmt.Errorf("writing samples: %w", err)
	}
	return nil
}

// group is what one sample of profile.proto stands for.
type group struct {
	stack  StackID
	thread ThreadID
	state  State
}

// groups are the different ones, how many samples each has, and to which each sample belongs.
func (p *Profile) groups() (groups []group, counts []int64, order []int) {
	numbers := map[group]int{}
	order = make([]int, len(p.Samples))
	for i, s := range p.Samples {
		g := group{s.Stack, s.Thread, s.State}
		number, ok := numbers[g]
		if !ok {
			number = len(groups)
			numbers[g] = number
			groups, counts = append(groups, g), append(counts, 0)
		}
		counts[number]++
		order[i] = number
	}
	return groups, counts, order
}

// checkFrames refuses what could not be read again.
func (p *Profile) checkFrames(groups []group) error {
	frames := 0
	for _, g := range groups {
		if frames += p.Depth(g.stack); frames > maxFrames {
			return fmt.Errorf("writing samples: different stacks of more than %d frames together are more than profile.proto can hold; take fewer samples", maxFrames)
		}
	}
	return nil
}

// proto makes the profile in the format's own terms.
func (p *Profile) proto() (*profile.Profile, error) {
	info, err := json.Marshal(p.Info)
	if err != nil {
		return nil, fmt.Errorf("writing samples: %w", err)
	}
	period := p.Period()
	kind := &profile.ValueType{Type: p.Info.Mode, Unit: "nanoseconds"}
	e := &encoder{p: p, locations: map[Frame]*profile.Location{}, functions: map[FuncID]*profile.Function{}, out: &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, kind},
		PeriodType: kind, Period: period.Nanoseconds(),
		TimeNanos: p.Info.Began.UnixNano(), DurationNanos: p.Info.Counts.Wall.Nanoseconds(),
		Comments: append(p.Info.describe(len(p.Samples)), infoPrefix+string(info)),
		Mapping:  []*profile.Mapping{{ID: 1, File: p.Info.Executable, HasFunctions: true, HasFilenames: true, HasLineNumbers: true}},
	}}
	groups, counts, order := p.groups()
	if err := p.checkFrames(groups); err != nil {
		return nil, err
	}
	for i, g := range groups {
		e.add(g, counts[i], period)
	}
	if !p.Untimed {
		e.out.Comments = append(e.out.Comments, orderPrefix+encodeOrder(p.Samples, order))
	}
	return e.out, nil
}

// encoder numbers functions and locations as they come.
type encoder struct {
	p         *Profile
	out       *profile.Profile
	functions map[FuncID]*profile.Function
	locations map[Frame]*profile.Location
}

// add appends a sample that stands for count of ours.
func (e *encoder) add(g group, count int64, period time.Duration) {
	thread := e.p.Threads[g.thread]
	s := &profile.Sample{
		Value:    []int64{count, count * period.Nanoseconds()},
		Label:    map[string][]string{labelState: {g.state.String()}},
		NumLabel: map[string][]int64{},
	}
	if thread.Name != "" {
		s.Label[labelThread] = []string{thread.Name}
	}
	for key, n := range map[string]int64{labelPID: int64(thread.PID), labelTID: int64(thread.TID), labelInterp: thread.Interp} {
		if n != 0 {
			s.NumLabel[key] = []int64{n}
		}
	}
	for f := range e.p.Stack(g.stack) {
		s.Location = append(s.Location, e.location(f))
	}
	e.out.Sample = append(e.out.Sample, s)
}

func (e *encoder) location(f Frame) *profile.Location {
	l := e.locations[f]
	if l == nil {
		l = &profile.Location{ID: uint64(len(e.out.Location) + 1), Mapping: e.out.Mapping[0],
			Line: []profile.Line{{Function: e.function(f.Func), Line: int64(f.Line)}}}
		e.locations[f] = l
		e.out.Location = append(e.out.Location, l)
	}
	return l
}

// function leaves the system's name empty: pprof would take names like <lambda> for
// parameters of C++ templates.
func (e *encoder) function(id FuncID) *profile.Function {
	f := e.functions[id]
	if f == nil {
		fn := e.p.Funcs[id]
		f = &profile.Function{ID: uint64(len(e.out.Function) + 1), Name: fn.Name, Filename: fn.File, StartLine: int64(fn.FirstLine)}
		if fn.Native {
			f.Filename = nativeName
		}
		e.functions[id] = f
		e.out.Function = append(e.out.Function, f)
	}
	return f
}

// describe is the info as people read it: go tool pprof prints it above its tables.
func (i *Info) describe(samples int) []string {
	c := &i.Counts
	lines := []string{
		fmt.Sprintf("cantil: %d samples in %s, %s, mode %s", samples, c.Wall.Round(time.Millisecond), rateOf(*i), i.Mode),
		fmt.Sprintf("%d stacks could not be proven, %d ticks were missed, the latest was %s late; sampling took %s of processor time",
			c.Rejects, c.Missed, c.MaxLate.Round(time.Microsecond), c.CPU.Round(time.Microsecond)),
	}
	if i.Python != "" {
		lines = append(lines, fmt.Sprintf("CPython %s, %s", i.Python, path.Base(i.Executable)))
	}
	if len(i.Command) > 0 {
		lines = append(lines, "command: "+strings.Join(i.Command, " "))
	}
	if i.Biased {
		lines = append(lines, "cumulative shares may be biased: this Python's stacks cannot be read in one piece without pausing it")
	}
	return lines
}
