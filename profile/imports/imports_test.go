package imports

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	goprofile "runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/profile/export"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// written is a file in a new folder, of a name that tells nothing.
func written(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "profile")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, data []byte) Profile {
	t.Helper()
	p, err := Open(written(t, data))
	if err != nil {
		t.Fatal(err)
	}
	if (p.Exact == nil) == (p.Sampled == nil) {
		t.Fatalf("not exactly one profile: %+v", p)
	}
	return p
}

// told is each stack, outermost function first, with its number of samples.
func told(p *stacks.Profile) string {
	counts := map[string]int{}
	for _, s := range p.Samples {
		var names []string
		for f := range p.Stack(s.Stack) {
			names = append(names, p.Funcs[f.Func].Name)
		}
		slices.Reverse(names)
		counts[strings.Join(names, ";")]++
	}
	var lines []string
	for stack, n := range counts {
		lines = append(lines, fmt.Sprintf("%s %d", stack, n))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// sampled is a profile with recursion, odd names, two threads.
func sampled() *stacks.Profile {
	r := stacks.NewRecorder()
	fn := func(name string) stacks.Frame {
		return stacks.Frame{Func: r.Func(stacks.Func{Name: name, File: "/src/a b (1).py", FirstLine: 3}), Line: 7}
	}
	main, work, odd := fn("<module>"), fn("Tree.work"), fn("<lambda> (x)")
	native := stacks.Frame{Func: r.Func(stacks.Func{Name: "memcpy", Native: true})}
	one, two := r.Thread(stacks.Thread{PID: 3, TID: 4, Name: "main"}), r.Thread(stacks.Thread{PID: 3, TID: 5, Name: "other"})
	for i := range 40 {
		at := time.Duration(i) * time.Millisecond
		switch {
		case i%4 == 0:
			r.Add(at, one, stacks.Holding, []stacks.Frame{native, work, work, main})
		case i%2 == 0:
			r.Add(at, two, stacks.Idle, []stacks.Frame{odd, main})
		default:
			r.Add(at, one, stacks.Running, []stacks.Frame{work, main})
		}
	}
	return r.Profile(stacks.Info{Mode: "wall", Rate: 1000, Counts: stacks.Counts{Ticks: 40, Wall: 40 * time.Millisecond}})
}

// exact is a profile with a recursion and a built-in.
func exact() *pstats.Stats {
	return pstats.New([]pstats.Row{
		{Func: pstats.Func{File: "/src/a.py", Line: 1, Name: "<module>"}, Listed: true, Counts: pstats.Counts{Calls: 1, Primitive: 1, Own: 0.5, Cumulative: 3.25}},
		{Func: pstats.Func{File: "/src/a.py", Line: 9, Name: "walk"}, Listed: true, Counts: pstats.Counts{Calls: 7, Primitive: 2, Own: 1.5, Cumulative: 2.75},
			Callers: []pstats.Edge{{Caller: 0, Counts: pstats.Counts{Calls: 2, Primitive: 2, Own: 0.5, Cumulative: 2.75}}, {Caller: 1, Counts: pstats.Counts{Calls: 5, Own: 1}}}},
		{Func: pstats.Func{File: "~", Name: "<built-in method len>"}, Listed: true, Counts: pstats.Counts{Calls: 4, Primitive: 4, Own: 1.25, Cumulative: 1.25},
			Callers: []pstats.Edge{{Caller: 1, Counts: pstats.Counts{Calls: 4, Primitive: 4, Own: 1.25, Cumulative: 1.25}}}},
	})
}

// TestOurOwn: what cantil export writes in a format is read back from it.
func TestOurOwn(t *testing.T) {
	known := map[string]bool{}
	for _, f := range Formats() {
		known[f.Name] = true
	}
	want := told(sampled())
	for _, f := range export.Formats() {
		if !known[f.Name] {
			continue
		}
		delete(known, f.Name)
		var b bytes.Buffer
		if f.Sampled == nil {
			if err := f.Exact(&b, exact()); err != nil {
				t.Fatal(err)
			}
			sameCalls(t, f.Name, open(t, b.Bytes()).Exact)
			continue
		}
		if err := f.Sampled(&b, sampled()); err != nil {
			t.Fatal(err)
		}
		if got := told(open(t, b.Bytes()).Sampled); got != want {
			t.Errorf("%s: read back\n%s\nwritten\n%s", f.Name, got, want)
		}
	}
	if len(known) > 0 {
		t.Errorf("read, and never written: %v", known)
	}
}

// sameCalls compares with exact what a format keeps: names, lines, calls, times.
func sameCalls(t *testing.T, format string, got *pstats.Stats) {
	t.Helper()
	if got == nil {
		t.Fatalf("%s: it became samples", format)
	}
	want := exact()
	for _, w := range want.Rows {
		i := slices.IndexFunc(got.Rows, func(r pstats.Row) bool { return r.Func.Name == w.Func.Name })
		if i < 0 {
			t.Errorf("%s: %s is not there", format, w.Func)
			continue
		}
		g := got.Rows[i]
		if w.Func.File != "~" && g.Func != w.Func {
			t.Errorf("%s: %+v became %+v", format, w.Func, g.Func)
		}
		if g.Calls != w.Calls || g.Primitive != w.Primitive || math.Abs(g.Own-w.Own) > 1e-9 || math.Abs(g.Cumulative-w.Cumulative) > 1e-9 {
			t.Errorf("%s: %s: %+v became %+v", format, w.Func, w.Counts, g.Counts)
		}
		if len(g.Callers) != len(w.Callers) {
			t.Errorf("%s: %s has %d callers, not %d", format, w.Func, len(g.Callers), len(w.Callers))
		}
	}
}

// TestPstats: Python's own profiles are read as ever.
func TestPstats(t *testing.T) {
	var b bytes.Buffer
	if err := exact().Write(&b); err != nil {
		t.Fatal(err)
	}
	if p := open(t, b.Bytes()); p.Exact == nil || len(p.Exact.Rows) != 3 {
		t.Errorf("became %+v", p)
	}
}

// TestOfOthers: as other tools write these formats.
func TestOfOthers(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"py-spy, raw": {"<module> (a.py:1);f (a.py:3) 3\n<module> (a.py:1) 1\n", "<module> 1\n<module>;f 3"},
		"perf":        {"python;[libc.so];memcpy@plt 12\r\npython;main loop 1", "python;[libc.so];memcpy@plt 12\npython;main loop 1"},
		"py-spy, speedscope": {`{"$schema":"https://www.speedscope.app/file-format-schema.json","profiles":[{"type":"sampled","name":"Thread 1 \"MainThread\"","unit":"seconds",
			"startValue":0.0,"endValue":0.03,"samples":[[0,1],[0],[]],"weights":[0.02,0.01,0.01]}],"shared":{"frames":[{"name":"main","file":"a.py","line":1,"col":null},{"name":"f","file":"a.py","line":4}]},"activeProfileIndex":null,"exporter":"py-spy@0.4.1","name":"x"}`,
			"main 1\nmain;f 2"},
	} {
		t.Run(name, func(t *testing.T) {
			p := open(t, []byte(c.text))
			if p.Sampled == nil {
				t.Fatal("it became calls")
			}
			if got := told(p.Sampled); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for _, f := range p.Sampled.Funcs {
				if f.File != "" && f.File != "a.py" {
					t.Errorf("the file of %s is %q", f.Name, f.File)
				}
			}
		})
	}
}

// TestEvented: calls with their beginning and end are counted as cProfile counts them.
func TestEvented(t *testing.T) {
	const text = ` { "exporter": "x", "shared": {"frames": [{"name": "main", "file": "a.py", "line": 1}, {"name": "f", "file": "a.py", "line": 5}]},
		"profiles": [{"type": "evented", "name": "p", "unit": "milliseconds", "startValue": 0, "endValue": 10, "events": [
		{"type": "O", "frame": 0, "at": 0}, {"type": "O", "frame": 1, "at": 1000}, {"type": "O", "frame": 1, "at": 2000},
		{"type": "C", "frame": 1, "at": 4000}, {"type": "C", "frame": 1, "at": 5000}, {"type": "C", "frame": 0, "at": 5500}]}]}`
	p := open(t, []byte(text))
	if p.Exact == nil {
		t.Fatal("it became samples")
	}
	want := map[string]pstats.Counts{
		"main": {Calls: 1, Primitive: 1, Own: 1.5, Cumulative: 5.5},
		"f":    {Calls: 2, Primitive: 1, Own: 4, Cumulative: 4},
	}
	for _, row := range p.Exact.Rows {
		if row.Counts != want[row.Func.Name] {
			t.Errorf("%s: %+v, want %+v", row.Func, row.Counts, want[row.Func.Name])
		}
	}
}

// TestGoProfile: a profile of a Go program, counted as go tool pprof counts it.
func TestGoProfile(t *testing.T) {
	var b bytes.Buffer
	if err := goprofile.StartCPUProfile(&b); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for began := time.Now(); time.Since(began) < 300*time.Millisecond; {
		sum += math.Sqrt(sum + 1)
	}
	goprofile.StopCPUProfile()
	p := open(t, b.Bytes())
	if p.Sampled == nil || p.Sampled.Info.Mode != "cpu" || p.Sampled.Period() != 10*time.Millisecond {
		t.Fatalf("became %+v, a sample every %v", p.Sampled.Info, p.Sampled.Period())
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("NO go TOOL FOUND: this test compares with go tool pprof; run it with a Go installation")
	}
	out, err := exec.Command(tool, "tool", "pprof", "-top", "-sample_index=samples", written(t, b.Bytes())).Output()
	if want := fmt.Sprintf("of %d total", len(p.Sampled.Samples)); err != nil || !strings.Contains(string(out), want) {
		t.Errorf("%v: %q is not in\n%s", err, want, out)
	}
}

// TestRefused: what cannot become a profile of time is told, with the reason.
func TestRefused(t *testing.T) {
	var heap bytes.Buffer
	if err := goprofile.Lookup("heap").WriteTo(&heap, 0); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, want string }{
		"memory of a Go program": {heap.String(), "its samples have no time, but alloc_objects in count"},
		"instructions":           {"# callgrind format\nevents: Ir\nfn=main\n1 100\n", "it holds no time, but Ir"},
		"bytes":                  {`{"profiles":[{"type":"sampled","unit":"bytes","samples":[],"weights":[]}]}`, "it holds no time, but bytes"},
		"other JSON":             {`{"profiles": []}`, "not a profile of a known kind"},
		"half of JSON":           {`{"profiles":[{"type":`, "damaged JSON"},
		"frame of no number":     {`{"profiles":[{"type":"sampled","unit":"none","samples":[[4]],"weights":[1]}]}`, "frame 4 of 0"},
		"negative weight":        {`{"profiles":[{"type":"sampled","unit":"none","samples":[[0]],"weights":[-1]}],"shared":{"frames":[{"name":"f"}]}}`, "negative"},
		"call that closes twice": {`{"profiles":[{"type":"evented","unit":"seconds","events":[{"type":"C","frame":0,"at":1}]}],"shared":{"frames":[{"name":"f"}]}}`, "not the innermost"},
		"calls of nothing":       {"events: ns\nfn=f\ncalls=1 1\n1 1\n", "calls of nothing"},
		"unnamed function":       {"events: ns\nfn=(4)\n1 1\n", "was not named"},
		"text":                   {"hello", ""},
		"nothing":                {"", ""},
	} {
		_, err := Open(written(t, []byte(c.text)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
}

// TestBound: weights of any size become a bounded number of samples, of the same shares.
func TestBound(t *testing.T) {
	p := open(t, []byte("a;b 3000000000\na;c 1000000000\n")).Sampled
	rows := p.Rows()
	if len(p.Samples) > maxSamples+2 || len(rows) != 3 {
		t.Fatalf("%d samples, %d rows", len(p.Samples), len(rows))
	}
	counts := map[string]int{}
	for _, s := range p.Samples {
		counts[p.Funcs[p.Nodes[s.Stack].Func].Name]++
	}
	if share := float64(counts["b"]) / float64(len(p.Samples)); math.Abs(share-0.75) > 1e-5 {
		t.Errorf("the share of b is %v", share)
	}
}

// FuzzOpen: whatever the file, no panic, and one profile or an error.
func FuzzOpen(f *testing.F) {
	for _, format := range export.Formats() {
		var b bytes.Buffer
		if format.Sampled != nil && format.Sampled(&b, sampled()) == nil {
			f.Add(b.Bytes())
		}
		b.Reset()
		if format.Exact != nil && format.Exact(&b, exact()) == nil {
			f.Add(slices.Clone(b.Bytes()))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, format := range Formats() {
			p, err := format.read(data)
			if err != nil {
				continue
			}
			if (p.Exact == nil) == (p.Sampled == nil) {
				t.Fatalf("%s: not exactly one profile", format.Name)
			}
			if p.Sampled != nil {
				p.Sampled.Rows()
			} else if err := p.Exact.Print(&bytes.Buffer{}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
