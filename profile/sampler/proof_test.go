package sampler

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// graphEdge is a call that a generated program can make.
type graphEdge struct {
	caller string
	line   int
	callee string
}

func (e *graphEdge) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&e.caller, &e.line, &e.callee})
}

// verdict is what a stretch of sampling a generated program gave.
type verdict struct {
	samples, lineEdges, functionEdges int64 // the last two: samples with an impossible one, of those alike in a row the first
	untold                            int64 // samples with the line of a caller left open
	short                             int64 // samples that do not reach down to the module
	counts                            Counts
	example                           string
}

func (v verdict) String() string {
	share := func(n int64) float64 { return 100 * float64(n) / float64(max(1, v.samples)) }
	return fmt.Sprintf("%d samples at %.0f/s, impossible lines %.4f %%, functions %.4f %%, left open %.2f %%, short %.4f %%; rejected %d, reread %d, salvaged %d, %.3f reads each",
		v.samples, float64(v.samples)/v.counts.Wall.Seconds(), share(v.lineEdges), share(v.functionEdges), share(v.untold), share(v.short),
		v.counts.Rejects, v.counts.Rereads, v.counts.Salvaged, float64(v.counts.Reads)/float64(max(1, v.samples)))
}

// fewest samples say something; a busy machine takes longer for them.
const fewest = 20

// judge samples a generated program for the time d, longer where it gives too few samples,
// and looks for stacks that cannot have existed.
func judge(t *testing.T, py testpy.Python, opts Options, d time.Duration, args ...string) verdict {
	t.Helper()
	p, line := start(t, py, "graph.py", args...)
	var edges []graphEdge
	if err := json.Unmarshal([]byte(line), &edges); err != nil {
		t.Fatal(err)
	}
	lines, functions := map[graphEdge]bool{}, map[graphEdge]bool{}
	for _, e := range edges {
		lines[e] = true
		e.line = 0
		functions[e] = true
	}
	s, err := Open(p.pid(), opts)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var v verdict
	var began time.Duration
	former := "" // a program that waits for a processor shows one moment many times
	err = s.Run(ctx, func(sample *Sample) error {
		if sample.TID != p.pid() || !has(sample, "loop") {
			return nil // the thread that waits for the end; or the program is being defined still
		}
		if v.samples == 0 {
			began = sample.Time
		}
		if v.samples >= fewest && sample.Time-began > d {
			cancel()
		}
		frames := sample.Frames
		if frames[len(frames)-1].Func.Name != "<module>" {
			v.short++
		}
		v.samples++
		badLine, badFunction, untold := false, false, false
		for i := 0; i+1 < len(frames); i++ {
			caller, callee := frames[i+1], frames[i]
			if caller.Func.File != "<graph>" {
				break
			}
			e := graphEdge{last(caller.Func.Name), caller.Line, last(callee.Func.Name)}
			if !lines[e] {
				untold = untold || e.line == 0
				badLine = badLine || e.line != 0
				e.line = 0
				badFunction = badFunction || !functions[e]
			}
		}
		if untold {
			v.untold++
		}
		if !badLine && !badFunction {
			former = ""
			return nil
		}
		text := stackText(frames)
		if text == former {
			return nil
		}
		former = text
		if badLine {
			v.lineEdges++
		}
		if badFunction {
			v.functionEdges++
			v.example = text
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	v.counts = s.Counts()
	return v
}

func last(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

func stackText(frames []Frame) string {
	var b strings.Builder
	for _, f := range frames {
		fmt.Fprintf(&b, "  %s:%d\n", f.Func.Name, f.Line)
	}
	return b.String()
}

// TestNoImpossibleStacks samples programs of calls of some 60 ns, as fast as it can. Mixed
// programs call through C, generators, loops over them and classes as well, where the frames
// of one stack lie in several places. Before 3.11 they always do.
func TestNoImpossibleStacks(t *testing.T) {
	d, pythons := 250*time.Millisecond, testpy.Some(t)
	if os.Getenv("CANTIL_SLOW") == "1" {
		d = 800 * time.Millisecond
	}
	for _, py := range pythons {
		for _, args := range [][]string{{"1", "0", "plain"}, {"2", "20", "plain"}, {"3", "5", "mixed"}} {
			t.Run("py"+py.Version+"/"+args[2]+args[1], func(t *testing.T) {
				v := judge(t, py, Options{Rate: FlatOut}, d, args...)
				t.Log(v)
				v.check(t, py.Minor, args[2] == "mixed")
			})
		}
	}
}

// check holds the verdict against what is promised: impossible edges between functions
// in one of 10,000 samples, between lines in one of 1000, dropped three of 1000. Three
// more of each are chance in a short test. Before 3.11 lines of callers are not promised:
// frames that are read some 0.5 us apart tell wrong ones more often.
func (v verdict) check(t *testing.T, minor int, mixed bool) {
	t.Helper()
	functions, lines, dropped := v.samples/10_000, v.samples/1000, v.samples*3/1000
	if minor < 11 {
		lines *= 15
		if mixed {
			lines *= 3
		}
	}
	const chance = 3
	const enough = 2000 // a program that stands still for want of a processor shows one moment many times
	if v.samples < enough {
		t.Skipf("THE MACHINE IS TOO BUSY: %d samples, %d are wanted; run this test alone", v.samples, enough)
	}
	if v.functionEdges > functions+chance {
		t.Errorf("%d samples with impossible calls, at most %d; one is\n%s", v.functionEdges, functions, v.example)
	}
	if v.lineEdges > lines+chance || v.counts.Rejects > dropped+chance || v.short > 0 {
		t.Errorf("%d samples with impossible lines, at most %d; %d dropped, at most %d; %d cut off",
			v.lineEdges, lines, v.counts.Rejects, dropped, v.short)
	}
}
