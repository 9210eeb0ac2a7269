package imports

import (
	"fmt"
	"strings"
	"time"

	"github.com/cantil-py/cantil/profile/proto"
	"github.com/cantil-py/cantil/profile/stacks"
)

// maxMemory bounds what a profile.proto may become.
const maxMemory = 2 << 30

// pprof is profile.proto, with gzip or without, of samples of time or of their number.
func pprof() Format {
	return Format{Name: Pprof, Summary: "profile.proto: go tool pprof, gperftools, pyroscope, perf by conversion", is: isProto, read: readProto}
}

// isProto: the first field of those that write the format is a type of samples, a message of some bytes.
func isProto(head []byte) bool {
	return stacks.Is(head) || len(head) > 3 && head[0] == 1<<3|2 && head[2]&^0x18 == 0 && head[2] != 0
}

// Proto reads a profile.proto of any tool, with gzip or without, as it is: for whom samples are not enough.
func Proto(path string) (*proto.Profile, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return unmarshal(data)
}

func unmarshal(data []byte) (*proto.Profile, error) {
	raw, err := unzipped(data)
	if err != nil {
		return nil, err
	}
	return proto.Unmarshal(raw, maxMemory)
}

func readProto(data []byte) (Profile, error) {
	in, err := unmarshal(data)
	if err != nil {
		return Profile{}, err
	}
	value, err := valueOf(in)
	if err != nil {
		return Profile{}, err
	}
	w := newWeighted()
	w.mode, w.perUnit = in.SampleTypes[value].Type, timeUnit(in.SampleTypes[value].Unit)
	if w.mode == "samples" {
		w.mode = "cpu" // what profilers of samples count if they do not say
		if in.PeriodType.Type != "" {
			w.mode = in.PeriodType.Type
		}
	}
	for i := range in.Samples {
		s := &in.Samples[i]
		if err := w.add(threadOf(s), w.protoFrames(in, s), float64(s.Values[value])); err != nil {
			return Profile{}, fmt.Errorf("sample %d: %w", i, err)
		}
	}
	if w.perUnit == 0 && in.Period > 0 { // weights are samples, whose distance is known
		w.perUnit = time.Duration(in.Period) * timeUnit(in.PeriodType.Unit)
		w.least = 1
	}
	return w.profile()
}

// valueOf chooses what the samples are weighed by: their number, else the first that is time.
func valueOf(in *proto.Profile) (int, error) {
	kinds := make([]string, len(in.SampleTypes))
	found := -1
	for i, t := range in.SampleTypes {
		kinds[i] = t.Type + " in " + t.Unit
		if t.Type == "samples" && t.Unit == "count" {
			return i, nil
		}
		if found < 0 && timeUnit(t.Unit) > 0 {
			found = i
		}
	}
	if found < 0 {
		return 0, fmt.Errorf("its samples have no time, but %s", strings.Join(kinds, ", "))
	}
	return found, nil
}

// timeUnit is what a unit stands for, 0 if it is not of time.
func timeUnit(name string) time.Duration {
	switch name {
	case "nanoseconds", "ns":
		return time.Nanosecond
	case "microseconds", "us":
		return time.Microsecond
	case "milliseconds", "ms":
		return time.Millisecond
	case "seconds", "s":
		return time.Second
	}
	return 0
}

func threadOf(s *proto.Sample) stacks.Thread {
	name := s.Text("thread")
	if name == "" {
		name = s.Text("thread_name")
	}
	return stacks.Thread{Name: name, PID: int(s.Number("pid")), TID: int(s.Number("tid"))}
}

// protoFrames are the frames of a sample, innermost first: a location has several where functions are inlined.
func (w *weighted) protoFrames(in *proto.Profile, s *proto.Sample) []stacks.Frame {
	frames := make([]stacks.Frame, 0, len(s.Locations))
	for _, l := range s.Locations {
		location := &in.Locations[l]
		if len(location.Lines) == 0 {
			frames = append(frames, w.frame(fmt.Sprintf("0x%x", location.Address), "", 0, 0))
		}
		for _, line := range location.Lines {
			if line.Function == proto.None {
				frames = append(frames, w.frame(fmt.Sprintf("0x%x", location.Address), "", 0, int(line.Line)))
				continue
			}
			f := &in.Functions[line.Function]
			frames = append(frames, w.frame(f.Name, f.File, int(f.StartLine), int(line.Line)))
		}
	}
	return frames
}
