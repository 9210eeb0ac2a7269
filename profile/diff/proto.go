package diff

import (
	"fmt"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/cantil-py/cantil/profile/proto"
)

// units of time, in seconds.
var units = map[string]float64{"nanoseconds": 1e-9, "microseconds": 1e-6, "milliseconds": 1e-3, "seconds": 1}

// mostValue is some two weeks of nanoseconds: sums of more would not be exact.
const mostValue = 1 << 50

// FromProto makes a profile of a profile.proto of any tool whose values are times, as those of processors are. Of several times it takes
// the one that the file shows by itself, else the last. An error says what its values are instead.
func FromProto(in *proto.Profile, name string) (Profile, error) {
	v, err := timeOf(in)
	if err != nil {
		return Profile{}, fmt.Errorf("reading %s: %w", name, err)
	}
	p := Profile{Name: name, Kind: Kind{Mode: Sampled, Clock: v.clock}, Functions: make([]Function, len(in.Functions))}
	if period := float64(in.Period) * units[in.PeriodType.Unit]; period > 0 {
		p.Kind.Rate, p.Grain = 1/period, period/2
	}
	for i, f := range in.Functions {
		p.Functions[i].Func = Func{File: f.File, Line: f.StartLine, Name: f.Name}
	}
	places := protoPlaces(in, &p)
	c := newStackCounter(&p)
	for i := range in.Samples {
		s := &in.Samples[i]
		value, samples := s.Values[v.at], int64(1)
		if v.samples >= 0 {
			samples = s.Values[v.samples]
		}
		switch {
		case min(value, samples) < 0:
			return Profile{}, fmt.Errorf("reading %s: it has times below 0, as the difference of two profiles has", name)
		case max(value, samples) > mostValue:
			return Profile{}, fmt.Errorf("reading %s: it is damaged: a sample has the value %d", name, max(value, samples))
		}
		c.count(flat(places, s.Locations), samples, value)
	}
	c.scale(v.scale)
	return p, nil
}

// values are which of a sample's are looked at.
type values struct {
	at, samples int // samples is below 0 where nothing counts them
	clock       string
	scale       float64 // in seconds
}

// timeOf finds the values that are times, or numbers of samples that stand for times.
func timeOf(in *proto.Profile) (v values, err error) {
	v = values{at: -1, samples: slices.Index(in.SampleTypes, proto.ValueType{Type: "samples", Unit: "count"})}
	var names []string
	for i, t := range in.SampleTypes {
		names = append(names, t.Type+" in "+t.Unit)
		if units[t.Unit] > 0 && (v.at < 0 || in.SampleTypes[v.at].Type != in.DefaultSampleType) {
			v.at, v.clock, v.scale = i, t.Type, units[t.Unit]
		}
	}
	if scale := float64(in.Period) * units[in.PeriodType.Unit]; v.at < 0 && v.samples >= 0 && scale > 0 {
		v.at, v.clock, v.scale = v.samples, in.PeriodType.Type, scale
	}
	if v.at < 0 {
		return v, fmt.Errorf("its samples have no time, but %s", strings.Join(names, ", "))
	}
	return v, nil
}

// protoPlaces are the functions of each location, the innermost first. One that has none is a function by itself, as far as it can be named.
func protoPlaces(in *proto.Profile, p *Profile) [][]int {
	places := make([][]int, len(in.Locations))
	for i, l := range in.Locations {
		for _, line := range l.Lines {
			if line.Function != proto.None {
				places[i] = append(places[i], line.Function)
			}
		}
		if len(places[i]) == 0 {
			places[i] = []int{len(p.Functions)}
			p.Functions = append(p.Functions, Function{Func: Func{File: builtinFile, Name: unnamed(in, l)}})
		}
	}
	return places
}

// unnamed is where in its file the code of a location lies, which is the same wherever that was loaded.
func unnamed(in *proto.Profile, l proto.Location) string {
	if l.Mapping == proto.None {
		return fmt.Sprintf("%#x", l.Address)
	}
	m := in.Mappings[l.Mapping]
	return fmt.Sprintf("%s+%#x", path.Base(m.File), l.Address-m.Start+m.Offset)
}

func flat(places [][]int, locations []int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for _, l := range locations {
			for _, f := range places[l] {
				if !yield(f) {
					return
				}
			}
		}
	}
}
