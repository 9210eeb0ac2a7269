package proto

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"runtime/pprof"
	"strings"
	"testing"

	oracle "github.com/google/pprof/profile"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// limit is enough for everything in these tests.
const limit = 1 << 30

// anyProfile is a random one that says everything a profile can say.
func anyProfile(seed uint64) *Profile {
	rng := rand.New(rand.NewPCG(seed, 11))
	text := func() string { return []string{"", "main", "<lambda>", "étude", "a\x00b", "\n", "x::y"}[rng.IntN(7)] }
	p := &Profile{
		SampleTypes: []ValueType{{"samples", "count"}, {"cpu", "nanoseconds"}}[:1+rng.IntN(2)], DefaultSampleType: text(),
		TimeNanos: rng.Int64(), DurationNanos: -rng.Int64N(9), PeriodType: ValueType{"cpu", text()}, Period: rng.Int64N(5),
	}
	for range rng.IntN(3) {
		p.Comments = append(p.Comments, text())
		p.Mappings = append(p.Mappings, Mapping{Start: rng.Uint64(), Limit: rng.Uint64(), Offset: rng.Uint64N(3), File: text(), BuildID: text(),
			HasFunctions: rng.IntN(2) > 0, HasFilenames: rng.IntN(2) > 0, HasLineNumbers: rng.IntN(2) > 0, HasInlinedFunctions: rng.IntN(2) > 0})
	}
	for range 1 + rng.IntN(9) {
		p.Functions = append(p.Functions, Function{Name: text(), SystemName: text(), File: text(), StartLine: rng.Int64N(99) - 9})
		l := Location{Mapping: rng.IntN(len(p.Mappings)+1) - 1, Address: rng.Uint64()}
		for range rng.IntN(3) {
			l.Lines = append(l.Lines, Line{Function: rng.IntN(len(p.Functions)), Line: rng.Int64N(300) - 9})
		}
		p.Locations = append(p.Locations, l)
	}
	for range rng.IntN(20) {
		s := Sample{Values: make([]int64, len(p.SampleTypes))}
		for range 1 + rng.IntN(6) {
			s.Locations = append(s.Locations, rng.IntN(len(p.Locations)))
		}
		for i := range s.Values {
			s.Values[i] = rng.Int64N(1000) - 5
		}
		for _, l := range []Label{ // in the order that pprof writes them
			{Key: "text", Text: "t" + text()}, {Key: "number", Number: 1 + rng.Int64N(9)}, {Key: "unit", Number: -5, Unit: "bytes"}} {
			if rng.IntN(2) > 0 {
				s.Labels = append(s.Labels, l)
			}
		}
		p.Samples = append(p.Samples, s)
	}
	return p
}

// same compares two profiles; a list of nothing is a list that is not there.
func same(t *testing.T, what string, got, want *Profile) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		t.Fatalf("%s (-want +got):\n%s", what, d)
	}
}

// TestRoundTrip: what is written is read back, to the last field.
func TestRoundTrip(t *testing.T) {
	for seed := range uint64(300) {
		want := anyProfile(seed)
		got, err := Unmarshal(want.Marshal(), limit)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		same(t, "read back", got, want)
	}
}

// TestOracle: pprof's own library understands what we write, and we what it then writes.
func TestOracle(t *testing.T) {
	for seed := range uint64(300) {
		want := anyProfile(seed)
		theirs, err := oracle.ParseUncompressed(want.Marshal())
		if err != nil {
			t.Fatalf("seed %d: pprof's library: %v", seed, err)
		}
		if len(theirs.Sample) != len(want.Samples) || len(theirs.Location) != len(want.Locations) || theirs.TimeNanos != want.TimeNanos {
			t.Fatalf("seed %d: pprof's library read\n%v", seed, theirs)
		}
		var b bytes.Buffer
		if err := theirs.WriteUncompressed(&b); err != nil {
			t.Fatal(err)
		}
		got, err := Unmarshal(b.Bytes(), limit)
		if err != nil {
			t.Fatalf("seed %d: what pprof's library wrote: %v", seed, err)
		}
		same(t, "written again by pprof's library", got, want)
	}
}

// TestOfGo: profiles that Go itself makes say here what they say to pprof's library.
func TestOfGo(t *testing.T) {
	for _, name := range []string{"heap", "goroutine", "allocs"} {
		var file bytes.Buffer
		if err := pprof.Lookup(name).WriteTo(&file, 0); err != nil {
			t.Fatal(err)
		}
		theirs, err := oracle.ParseData(file.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		var raw bytes.Buffer
		if err := theirs.WriteUncompressed(&raw); err != nil {
			t.Fatal(err)
		}
		ours, err := Unmarshal(raw.Bytes(), limit)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(ours.Samples) == 0 || len(ours.Samples) != len(theirs.Sample) {
			t.Fatalf("%s: %d samples, pprof's library has %d", name, len(ours.Samples), len(theirs.Sample))
		}
		for i, s := range theirs.Sample {
			if got, want := stackOf(ours, i), stackOfTheirs(s); got != want {
				t.Errorf("%s: sample %d is\n%s\nto pprof's library\n%s", name, i, got, want)
			}
		}
	}
}

func stackOf(p *Profile, i int) string {
	var b strings.Builder
	for _, l := range p.Samples[i].Locations {
		for _, line := range p.Locations[l].Lines {
			b.WriteString(p.Functions[line.Function].Name + "\n")
		}
	}
	return b.String()
}

func stackOfTheirs(s *oracle.Sample) string {
	var b strings.Builder
	for _, l := range s.Location {
		for _, line := range l.Line {
			b.WriteString(line.Function.Name + "\n")
		}
	}
	return b.String()
}

// message is one field that is a message.
func message(number int, fields ...byte) []byte { return putBytes(nil, number, fields) }

// TestDamaged: what is wrong is an error that says so.
func TestDamaged(t *testing.T) {
	empty := message(profileString)
	for name, raw := range map[string][]byte{
		"nothing":               nil,
		"text":                  []byte("hello"),
		"no strings":            message(profileSample),
		"string 0 is not empty": message(profileString, 'x'),
		"field 0":               append(empty[:len(empty):len(empty)], 0, 1),
		"unknown kind":          append(empty[:len(empty):len(empty)], 9<<3|7, 1),
		"too long":              append(empty[:len(empty):len(empty)], 2<<3|2, 200, 1),
		"number without end":    append(empty[:len(empty):len(empty)], 9<<3, 0xff),
		"string of no number":   append(empty[:len(empty):len(empty)], message(profileSampleType, 1<<3, 9)...),
		"location of no number": append(empty[:len(empty):len(empty)], message(profileSample, 1<<3, 9)...),
		"function of no number": append(empty[:len(empty):len(empty)], message(profileLocation, 1<<3, 1, 4<<3|2, 2, 1<<3, 7)...),
		"two of a number":       append(append(empty[:len(empty):len(empty)], message(profileFunction, 1<<3, 1)...), message(profileFunction, 1<<3, 1)...),
		"values without types":  append(empty[:len(empty):len(empty)], message(profileSample, 2<<3, 1)...),
	} {
		if _, err := Unmarshal(raw, limit); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
}

// TestBomb: a file that would need more than the limit is refused before it does.
func TestBomb(t *testing.T) {
	for name, part := range map[string][]byte{"samples": message(profileSample), "labels": message(profileSample, bytes.Repeat([]byte{3<<3 | 2, 0}, 5000)...)} {
		_, err := Unmarshal(bytes.Repeat(part, 1<<20/len(part)), 1<<20)
		if err == nil || !strings.Contains(err.Error(), "needs more than 1 MiB") && !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzUnmarshal: whatever the bytes, no panic, and what was read can be written and read again.
func FuzzUnmarshal(f *testing.F) {
	for seed := range uint64(5) {
		f.Add(anyProfile(seed).Marshal())
	}
	f.Add(binary.AppendUvarint(nil, 1<<63))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := Unmarshal(raw, 64<<20)
		if err != nil {
			return
		}
		again, err := Unmarshal(p.Marshal(), limit)
		if err != nil {
			t.Fatalf("what was written: %v", err)
		}
		same(t, "written and read again", again, p)
	})
}
