package stacks

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/cantil-py/cantil/profile/proto"
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
func (p *Profile) proto() (*proto.Profile, error) {
	info, err := json.Marshal(p.Info)
	if err != nil {
		return nil, fmt.Errorf("writing samples: %w", err)
	}
	period := p.Period()
	kind := proto.ValueType{Type: p.Info.Mode, Unit: "nanoseconds"}
	e := &encoder{p: p, locations: map[Frame]int{}, functions: map[FuncID]int{}, out: &proto.Profile{
		SampleTypes: []proto.ValueType{{Type: "samples", Unit: "count"}, kind},
		PeriodType:  kind, Period: period.Nanoseconds(),
		TimeNanos: p.Info.Began.UnixNano(), DurationNanos: p.Info.Counts.Wall.Nanoseconds(),
		Comments: append(p.Info.describe(len(p.Samples)), infoPrefix+string(info)),
		Mappings: []proto.Mapping{{File: p.Info.Executable, HasFunctions: true, HasFilenames: true, HasLineNumbers: true}},
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
	out       *proto.Profile
	functions map[FuncID]int // their indexes in out
	locations map[Frame]int
}

// add appends a sample that stands for count of ours.
func (e *encoder) add(g group, count int64, period time.Duration) {
	s := proto.Sample{Values: []int64{count, count * period.Nanoseconds()}, Labels: labels(e.p.Threads[g.thread], g.state)}
	for f := range e.p.Stack(g.stack) {
		s.Locations = append(s.Locations, e.location(f))
	}
	e.out.Samples = append(e.out.Samples, s)
}

// labels tell a thread and what it was doing, in the order of their names; what is not known
// has none.
func labels(t Thread, state State) []proto.Label {
	list := make([]proto.Label, 0, 5)
	for _, l := range []proto.Label{
		{Key: labelInterp, Number: t.Interp}, {Key: labelPID, Number: int64(t.PID)}, {Key: labelState, Text: state.String()},
		{Key: labelThread, Text: t.Name}, {Key: labelTID, Number: int64(t.TID)},
	} {
		if l.Number != 0 || l.Text != "" {
			list = append(list, l)
		}
	}
	return list
}

func (e *encoder) location(f Frame) int {
	index, ok := e.locations[f]
	if !ok {
		index = len(e.out.Locations)
		e.locations[f] = index
		e.out.Locations = append(e.out.Locations, proto.Location{Lines: []proto.Line{{Function: e.function(f.Func), Line: int64(f.Line)}}})
	}
	return index
}

// function leaves the system's name empty: pprof would take names like <lambda> for
// parameters of C++ templates.
func (e *encoder) function(id FuncID) int {
	index, ok := e.functions[id]
	if !ok {
		fn := e.p.Funcs[id]
		file := fn.File
		if fn.Native {
			file = nativeName
		}
		index = len(e.out.Functions)
		e.functions[id] = index
		e.out.Functions = append(e.out.Functions, proto.Function{Name: fn.Name, File: file, StartLine: int64(fn.FirstLine)})
	}
	return index
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
