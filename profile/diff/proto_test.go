package diff

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/profile/proto"
)

// foreign is a profile of another tool: main calls f, into which g is inlined, and code without a name.
func foreign() *proto.Profile {
	return &proto.Profile{
		SampleTypes: []proto.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "milliseconds"}},
		PeriodType:  proto.ValueType{Type: "cpu", Unit: "nanoseconds"}, Period: 10_000_000,
		Functions: []proto.Function{{Name: "main", File: "m.go", StartLine: 3}, {Name: "f", File: "m.go", StartLine: 9}, {Name: "g", File: "m.go"}},
		Mappings:  []proto.Mapping{{Start: 0x1000, Offset: 0x200, File: "/lib/libx.so"}},
		Locations: []proto.Location{
			{Mapping: proto.None, Lines: []proto.Line{{Function: 0, Line: 4}}},
			{Mapping: proto.None, Lines: []proto.Line{{Function: 2, Line: 1}, {Function: 1, Line: 10}}},
			{Mapping: 0, Address: 0x1010},
		},
		Samples: []proto.Sample{
			{Locations: []int{1, 0}, Values: []int64{3, 30}},
			{Locations: []int{2, 1, 0}, Values: []int64{1, 10}},
			{Locations: []int{0}, Values: []int64{2, 20}},
		},
	}
}

func TestFromProto(t *testing.T) {
	p, err := FromProto(foreign(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if want := (Kind{Mode: Sampled, Clock: "cpu", Rate: 100}); p.Kind != want || p.Grain != 0.005 {
		t.Errorf("%+v, grain %v; want %+v", p.Kind, p.Grain, want)
	}
	got := map[Func]Figures{}
	callers := map[string]string{}
	for _, f := range p.Functions {
		got[f.Func] = f.Figures
		for _, e := range f.Callers {
			callers[f.Name] += p.Functions[e.Caller].Name
		}
	}
	want := map[Func]Figures{
		{"m.go", 3, "main"}: {6, 0.02, 0.06}, {"m.go", 9, "f"}: {4, 0, 0.04}, {"m.go", 0, "g"}: {4, 0.03, 0.04}, {"~", 0, "libx.so+0x210"}: {1, 0.01, 0.01},
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if wantCallers := map[string]string{"f": "main", "g": "f", "libx.so+0x210": "g"}; !maps.Equal(callers, wantCallers) {
		t.Errorf("%v, want %v", callers, wantCallers)
	}
}

// TestFromProtoTimes: which values are taken, and which files have none.
func TestFromProtoTimes(t *testing.T) {
	with := func(change func(*proto.Profile)) *proto.Profile {
		p := foreign()
		change(p)
		return p
	}
	count, wall := proto.ValueType{Type: "samples", Unit: "count"}, proto.ValueType{Type: "wall", Unit: "seconds"}
	for name, c := range map[string]struct {
		in    *proto.Profile
		clock string
		whole float64
	}{
		"the last":         {with(func(p *proto.Profile) { p.SampleTypes[0] = wall }), "cpu", 0.06},
		"the one shown":    {with(func(p *proto.Profile) { p.SampleTypes[0], p.DefaultSampleType = wall, "wall" }), "wall", 6},
		"counts and rate":  {with(func(p *proto.Profile) { p.SampleTypes[1] = proto.ValueType{Type: "alloc", Unit: "bytes"} }), "cpu", 0.06},
		"without a period": {with(func(p *proto.Profile) { p.Period = 0 }), "cpu", 0.06},
	} {
		p, err := FromProto(c.in, "x")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		whole := sums(newSide([]Profile{p}))[0]
		if p.Kind.Clock != c.clock || whole < c.whole*0.999 || whole > c.whole*1.001 {
			t.Errorf("%s: %s time, %v s; want %s, %v", name, p.Kind.Clock, whole, c.clock, c.whole)
		}
	}
	for want, in := range map[string]*proto.Profile{
		"its samples have no time, but samples in count, cpu in bytes": with(func(p *proto.Profile) { p.SampleTypes[1].Unit, p.Period = "bytes", 0 }),
		"its samples have no time, but alloc in bytes":                 {SampleTypes: []proto.ValueType{{Type: "alloc", Unit: "bytes"}}, PeriodType: count, Period: 1},
		"times below 0": with(func(p *proto.Profile) { p.Samples[0].Values[1] = -1 }),
		"it is damaged": with(func(p *proto.Profile) { p.Samples[0].Values[1] = 1 << 60 }),
	} {
		if p, err := FromProto(in, "x"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v, %v; want %s", p, err, want)
		}
	}
}

// TestStackSums: the same samples make the same profile to the last digit, in whatever order they are added up.
func TestStackSums(t *testing.T) {
	in := foreign()
	in.Samples = nil
	for i := range 1000 {
		in.Samples = append(in.Samples, proto.Sample{Locations: []int{1, 0}, Values: []int64{1, int64(i%7 + 1)}})
	}
	a, errA := FromProto(in, "a")
	slices.Reverse(in.Samples)
	b, errB := FromProto(in, "b")
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	for i := range a.Functions {
		if a.Functions[i].Figures != b.Functions[i].Figures {
			t.Errorf("%+v and %+v", a.Functions[i], b.Functions[i])
		}
	}
}
