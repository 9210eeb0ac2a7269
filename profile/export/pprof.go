package export

import (
	"io"
	"math"

	"github.com/cantil-py/cantil/profile/proto"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
	"github.com/cantil-py/cantil/profile/tree"
)

// pprof is profile.proto. Samples are as samples.pb.gz has them: docs/formats/samples.md.
//
// Of an exact profile it is the tree of calls: a sample for each path, with the label
// sureness for how much is known of it. What a function has of its own is what the profile
// has, but for functions that call each other in circles.
func pprof() Format {
	return Format{
		Name: "pprof", Summary: "go tool pprof, Pyroscope, Perfetto and others: profile.proto", Ending: ".pb.gz", Binary: true,
		Sampled: func(w io.Writer, p *stacks.Profile) error { return p.Write(w) },
		Exact:   writePprof,
	}
}

// maxPprofFrames bounds the frames that are written: profile.proto repeats every path whole.
const maxPprofFrames = 16 << 20

func writePprof(w io.Writer, s *pstats.Stats) error {
	t := tree.FromExact(s, pathOptions())
	e := &pprofEncoder{tree: t, locations: map[int32]int{}, out: &proto.Profile{
		SampleTypes: []proto.ValueType{{Type: "calls", Unit: "count"}, {Type: "wall", Unit: "nanoseconds"}},
		PeriodType:  proto.ValueType{Type: "wall", Unit: "nanoseconds"}, Period: 1,
		DurationNanos: nanoseconds(t.Nodes[0].Cumulative),
		Comments:      []string{"An exact profile: who called whom is known, the paths are not. The label sureness tells known, bounded and guessed ones apart."},
		Mappings:      []proto.Mapping{{File: sourceName(s), HasFunctions: true, HasFilenames: true, HasLineNumbers: true}},
	}}
	visit(t, e.enter, e.leave)
	if e.left > 0 {
		e.out.Comments = append(e.out.Comments, "Paths with "+duration(e.left)+" are left out: there are too many.")
	}
	return e.out.Write(w)
}

type pprofEncoder struct {
	tree      *tree.Tree
	out       *proto.Profile
	path      []int // locations, the outermost first
	locations map[int32]int
	frames    int
	left      float64 // seconds for which there was no room
}

// enter writes the path to a node, where the node has time of its own.
func (e *pprofEncoder) enter(at int32) {
	n := &e.tree.Nodes[at]
	e.path = append(e.path, e.location(n.Func))
	e.sample(e.path, n.Calls, n.Own, n.Sureness)
}

// leave writes what is left out below a node.
func (e *pprofEncoder) leave(at int32) {
	if rest := missing(e.tree, at); rest > 0 {
		e.sample(append(e.path, e.location(-1)), 0, rest, tree.Guessed)
	}
	e.path = e.path[:len(e.path)-1]
}

func (e *pprofEncoder) sample(path []int, calls int64, seconds float64, s tree.Sureness) {
	if calls == 0 && nanoseconds(seconds) == 0 {
		return
	}
	if e.frames += len(path); e.frames > maxPprofFrames {
		e.left += seconds
		return
	}
	locations := make([]int, len(path))
	for i, l := range path {
		locations[len(path)-1-i] = l
	}
	e.out.Samples = append(e.out.Samples, proto.Sample{
		Locations: locations, Values: []int64{calls, nanoseconds(seconds)}, Labels: []proto.Label{{Key: "sureness", Text: s.String()}},
	})
}

// location is the number of a function's location, or of what is left out, -1.
func (e *pprofEncoder) location(id int32) int {
	at, ok := e.locations[id]
	if ok {
		return at
	}
	f := tree.Func{Name: leftOut, Native: true}
	if id >= 0 {
		f = e.tree.Funcs[id]
	}
	if f.Native {
		f.File = "[native]"
	}
	at = len(e.out.Locations)
	e.locations[id] = at
	name := oneLine(f.Name, "", ' ')
	e.out.Functions = append(e.out.Functions, proto.Function{Name: name, SystemName: name, File: oneLine(f.File, "", ' '), StartLine: f.Line})
	e.out.Locations = append(e.out.Locations, proto.Location{Lines: []proto.Line{{Function: at, Line: f.Line}}})
	return at
}

// nanoseconds is 0 for what is no time: a damaged profile may have anything.
func nanoseconds(seconds float64) int64 {
	ns := math.Round(seconds * 1e9)
	if !(ns >= 0 && ns < math.MaxInt64) {
		return 0
	}
	return int64(ns)
}
