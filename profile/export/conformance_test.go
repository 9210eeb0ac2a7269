package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// hostile are names that have a meaning in one format or another, or none in any.
var hostile = []string{"main", "Tree.insert", "<module>", "<lambda>", "a;b", "x (y:1)", "new\nline", "quote\"s", "</script>", "étude", "\xff\xfe", "", "fn=(1)", " lead", strings.Repeat("n", 10_000)}

// sampledProfile has two threads and these functions; each line of stacks is one sample.
func sampledProfile(names ...string) *stacks.Profile {
	r := stacks.NewRecorder()
	at := time.Duration(0)
	for i := range 200 {
		var frames []stacks.Frame
		for d := range 1 + i%4 {
			name := names[(i*7+d)%len(names)]
			f := stacks.Func{Name: name, File: "/src/" + name + ".py", FirstLine: 10 * d}
			if i%11 == 3 && d == 0 {
				f = stacks.Func{Name: name, Native: true}
			}
			frames = append(frames, stacks.Frame{Func: r.Func(f), Line: int32(d*10 + i%3)})
		}
		at += time.Millisecond
		r.Add(at, r.Thread(stacks.Thread{PID: 7, TID: 7 + i%2, Name: names[i%2]}), stacks.Holding, frames)
	}
	return r.Profile(stacks.Info{Mode: "wall", Rate: 1000, Command: []string{"python3", "x.py"}, Executable: "/usr/bin/python3", Counts: stacks.Counts{Ticks: 200, Wall: at}})
}

// exactProfile is a chain of these functions, each of which calls itself too; the first is
// called by one that has no row, and calls a built-in.
func exactProfile(names ...string) *pstats.Stats {
	n := len(names)
	length := pstats.Counts{Calls: 9, Primitive: 9, Own: 0.5, Cumulative: 0.5}
	rows := []pstats.Row{{Func: pstats.Func{File: "~", Name: "<built-in method builtins.len>"}, Listed: true, Counts: length, Callers: []pstats.Edge{{Caller: 1, Counts: length}}}}
	for i, name := range names {
		calls := int64(i + 2)
		row := pstats.Row{
			Func: pstats.Func{File: "/src/" + name + ".py", Line: int64(i + 1), Name: name}, Listed: true,
			Counts: pstats.Counts{Calls: calls, Primitive: calls - 1, Own: 0.25, Cumulative: 0.25 * float64(n-i)},
		}
		caller := pstats.FuncID(i)
		if i == 0 {
			row.Cumulative += 0.5
			caller = pstats.FuncID(n + 1)
		}
		row.Callers = []pstats.Edge{
			{Caller: caller, Counts: pstats.Counts{Calls: calls - 1, Primitive: calls - 1, Own: 0.2, Cumulative: row.Cumulative}},
			{Caller: pstats.FuncID(i + 1), Counts: pstats.Counts{Calls: 1, Own: 0.05, Cumulative: 0.1}},
		}
		rows = append(rows, row)
	}
	return pstats.New(append(rows, pstats.Row{Func: pstats.Func{File: "cron.py", Line: 3, Name: "no row"}}))
}

// onProfile is a profile of either kind.
type onProfile struct {
	kind    string
	sampled *stacks.Profile
	exact   *pstats.Stats
}

func profiles(names ...string) []onProfile {
	return []onProfile{{kind: "sampled", sampled: sampledProfile(names...)}, {kind: "exact", exact: exactProfile(names...)}}
}

func (p onProfile) fits(f Format) bool {
	return p.sampled != nil && f.Sampled != nil || p.exact != nil && f.Exact != nil
}

// seconds is the whole time of a profile.
func (p onProfile) seconds() float64 {
	if p.sampled != nil {
		return p.sampled.Time(int64(len(p.sampled.Samples))).Seconds()
	}
	sum := 0.0
	for _, row := range p.exact.Rows {
		sum += row.Own
	}
	return sum
}

// deepSampled has stacks of as many frames as are kept, each a function.
func deepSampled() *stacks.Profile {
	r := stacks.NewRecorder()
	var frames []stacks.Frame
	for d := range stacks.MaxDepth {
		frames = append(frames, stacks.Frame{Func: r.Func(stacks.Func{Name: fmt.Sprint("f", d), File: "x.py", FirstLine: d}), Line: int32(d)})
	}
	for i := range 30 {
		r.Add(time.Duration(i)*time.Millisecond, r.Thread(stacks.Thread{PID: 1}), stacks.Holding, frames[i:])
	}
	return r.Profile(stacks.Info{Rate: 1000, Counts: stacks.Counts{Ticks: 30, Wall: 30 * time.Millisecond}})
}

// deepExact is a chain of functions, each calling the next.
func deepExact(n int) *pstats.Stats {
	rows := make([]pstats.Row, n)
	for i := range rows {
		c := pstats.Counts{Calls: 1, Primitive: 1, Own: 0.001, Cumulative: 0.001 * float64(n-i)}
		rows[i] = pstats.Row{Func: pstats.Func{File: "x.py", Line: int64(i + 1), Name: "f"}, Listed: true, Counts: c}
		if i > 0 {
			rows[i].Callers = []pstats.Edge{{Caller: pstats.FuncID(i - 1), Counts: c}}
		}
	}
	return pstats.New(rows)
}

// damaged has figures that cannot be.
func damaged() *pstats.Stats {
	nan, inf := math.NaN(), math.Inf(1)
	return pstats.New([]pstats.Row{
		{Func: pstats.Func{File: "x.py", Name: "a"}, Listed: true, Counts: pstats.Counts{Calls: -1, Own: nan, Cumulative: -inf}},
		{Func: pstats.Func{File: "x.py", Name: "b"}, Listed: true, Counts: pstats.Counts{Calls: math.MaxInt64, Own: inf, Cumulative: inf},
			Callers: []pstats.Edge{{Caller: 0, Counts: pstats.Counts{Calls: math.MinInt64, Own: -1, Cumulative: nan}}, {Caller: 1, Counts: pstats.Counts{Calls: 1, Own: inf, Cumulative: 1e300}}}},
	})
}

// failing is a writer that stops after some bytes.
type failing struct{ left int }

var errFull = errors.New("no room")

func (f *failing) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// TestConformance is what every format must do.
func TestConformance(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			if f.Name == "" || f.Summary == "" || !strings.HasPrefix(f.Ending, ".") || seen[f.Name] || strings.ToLower(f.Name) != f.Name {
				t.Fatalf("not well described: %+v", f)
			}
			seen[f.Name] = true
			if found, err := Find(f.Name); err != nil || found.Name != f.Name {
				t.Errorf("finding it gives %q, %v", found.Name, err)
			}
			if (f.Sampled == nil || f.Exact == nil) != (f.Refusal != "") || f.Sampled == nil && f.Exact == nil {
				t.Errorf("what it cannot write, and why: %q", f.Refusal)
			}
			if reads[f.Name] == nil {
				t.Fatal("the test has nothing that reads it")
			}
			if err := f.write(io.Discard, sampledProfile("main", "work"), exactProfile("main")); errors.Is(err, ErrNoGraphviz) {
				t.Skip("NO dot FOUND: this test draws with it (Debian: apt-get install graphviz)")
			}
			checkKept(t, f)
			if f.Name == "png" || f.Name == "svg" { // what dot draws of the format dot, which does the rest
				return
			}
			checkWhole(t, f)
			checkOdd(t, f)
			checkFailing(t, f)
		})
	}
	if _, err := Find("no such"); err == nil || !strings.Contains(err.Error(), "collapsed") {
		t.Errorf("an unknown format: %v", err)
	}
}

// write writes whichever of the two profiles the format can hold; nil is none.
func (f Format) write(w io.Writer, p *stacks.Profile, s *pstats.Stats) error {
	var err error
	if p != nil && f.Sampled != nil {
		err = f.Sampled(w, p)
	}
	if s != nil && f.Exact != nil {
		err = errors.Join(err, f.Exact(w, s))
	}
	return err
}

// checkWhole: the same each time, text where it says so, whatever the names.
func checkWhole(t *testing.T, f Format) {
	t.Helper()
	for _, names := range [][]string{{"main", "work", "leaf"}, hostile} {
		for _, p := range profiles(names...) {
			if !p.fits(f) {
				continue
			}
			var first, second bytes.Buffer
			if err := errors.Join(f.write(&first, p.sampled, p.exact), f.write(&second, p.sampled, p.exact)); err != nil {
				t.Fatalf("%s: %v", p.kind, err)
			}
			if !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Errorf("%s: the same profile gives different bytes", p.kind)
			}
			if first.Len() == 0 {
				t.Errorf("%s: nothing is written", p.kind)
			}
			if f.Binary {
				continue
			}
			text := first.String()
			if strings.ToValidUTF8(text, "") != text && !f.Raw {
				t.Errorf("%s: it is no UTF-8", p.kind)
			}
			if !strings.HasSuffix(text, "\n") || strings.ContainsAny(text, "\x00\r") {
				t.Errorf("%s: it is no text of lines", p.kind)
			}
		}
	}
}

// checkKept: what is written has all the time that the profile has, and its names.
func checkKept(t *testing.T, f Format) {
	t.Helper()
	for _, names := range [][]string{{"main", "work", "étude"}, hostile} {
		for _, p := range profiles(names...) {
			if !p.fits(f) {
				continue
			}
			var out bytes.Buffer
			if err := f.write(&out, p.sampled, p.exact); err != nil {
				t.Fatal(err)
			}
			got, err := reads[f.Name](out.Bytes())
			if err != nil {
				t.Errorf("%s: reading it back: %v", p.kind, err)
				continue
			}
			if want := p.seconds(); got.seconds >= 0 && math.Abs(got.seconds-want) > got.within*want+1e-9 {
				t.Errorf("%s: it holds %v s, the profile %v", p.kind, got.seconds, want)
			}
			if got.seconds < 0 && f.Name != "png" && f.Name != "html" {
				t.Error("how much time it holds was not read")
			}
			for _, name := range []string{"main", "étude"} {
				if got.names != "" && !strings.Contains(got.names, name) {
					t.Errorf("%s: %s is not in it", p.kind, name)
				}
			}
		}
	}
}

// checkOdd: nothing, stacks as deep as they get, and figures that cannot be.
func checkOdd(t *testing.T, f Format) {
	t.Helper()
	deep := deepSampled()
	odd := map[string]onProfile{
		"empty":          {sampled: &stacks.Profile{}},
		"empty, exact":   {exact: pstats.New(nil)},
		"deep":           {sampled: deep},
		"deep, exact":    {exact: deepExact(5000)},
		"damaged":        {exact: damaged()},
		"without a time": {exact: pstats.New([]pstats.Row{{Func: pstats.Func{File: "x.py", Name: "main"}, Listed: true, Counts: pstats.Counts{Calls: 1, Primitive: 1}}})},
	}
	for name, p := range odd {
		if !p.fits(f) {
			continue
		}
		var out bytes.Buffer
		if err := f.write(&out, p.sampled, p.exact); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := reads[f.Name](out.Bytes())
		if err != nil {
			t.Errorf("%s: reading it back: %v", name, err)
		}
		if strings.HasPrefix(name, "deep") && got.seconds >= 0 && math.Abs(got.seconds-p.seconds()) > got.within*p.seconds()+1e-9 {
			t.Errorf("%s: it holds %v s, the profile %v", name, got.seconds, p.seconds())
		}
		if out.Len() > 100<<20 {
			t.Errorf("%s: %d bytes", name, out.Len())
		}
	}
}

// checkFailing: a full disk is an error, wherever it strikes.
func checkFailing(t *testing.T, f Format) {
	t.Helper()
	for _, room := range []int{0, 10, 300} {
		for _, p := range profiles(hostile...) {
			if !p.fits(f) {
				continue
			}
			if err := f.write(&failing{room}, p.sampled, p.exact); !errors.Is(err, errFull) {
				t.Errorf("%s, with room for %d bytes: %v", p.kind, room, err)
			}
		}
	}
}

// TestCollapsed: py-spy's form, and every sample is in it.
func TestCollapsed(t *testing.T) {
	r := stacks.NewRecorder()
	top, work := r.Func(stacks.Func{Name: "<module>", File: "train.py", FirstLine: 1}), r.Func(stacks.Func{Name: "work;x", File: "train.py", FirstLine: 3})
	native := r.Func(stacks.Func{Name: "len", Native: true})
	for i := range 5 {
		frames := []stacks.Frame{{Func: native}, {Func: work, Line: 4}, {Func: top, Line: 9}}
		if i > 2 {
			frames = frames[2:]
		}
		r.Add(time.Duration(i)*time.Millisecond, r.Thread(stacks.Thread{TID: i}), stacks.Idle, frames)
	}
	var got bytes.Buffer
	if err := writeCollapsed(&got, r.Profile(stacks.Info{})); err != nil {
		t.Fatal(err)
	}
	if want := "<module> (train.py:9) 2\n<module> (train.py:9);work:x (train.py:4);len 3\n"; got.String() != want {
		t.Errorf("wrote\n%swant\n%s", got.String(), want)
	}
	got.Reset()
	if err := writeCollapsed(&got, sampledProfile(hostile...)); err != nil {
		t.Fatal(err)
	}
	sum, line := 0, regexp.MustCompile(`^[^\n]+ (\d+)$`)
	for _, text := range strings.Split(strings.TrimSuffix(got.String(), "\n"), "\n") {
		m := line.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("no line of a stack: %.200q", text)
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		sum += n
	}
	if sum != 200 {
		t.Errorf("%d of 200 samples are written", sum)
	}
}
