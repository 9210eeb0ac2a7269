package stacks

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// record makes a profile of lines such as "0 main/job/leaf": the millisecond and the
// stack, outermost first, of thread "t"; "0 other: main/leaf" names another thread.
func record(t testing.TB, lines ...string) *Profile {
	t.Helper()
	r := NewRecorder()
	for _, line := range lines {
		var ms int
		if _, err := fmt.Sscan(line, &ms); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(line, " ")
		name, path, other := strings.Cut(rest, ": ")
		if !other {
			name, path = "t", rest
		}
		var frames []Frame
		for _, f := range strings.Split(path, "/") {
			frames = append(frames, Frame{r.Func(Func{Name: f, File: "prog.py", FirstLine: 1}), 7})
		}
		slices.Reverse(frames)
		thread := r.Thread(Thread{PID: 100, TID: 100 + len(name), Name: name})
		r.Add(time.Duration(ms)*time.Millisecond, thread, Holding, frames)
	}
	return r.Profile(testInfo())
}

func testInfo() Info {
	return Info{
		Mode: "wall", Clock: "monotonic", Rate: 1000, Began: time.Date(2026, 11, 22, 14, 3, 7, 123456789, time.UTC),
		PID: 100, Command: []string{"python3", "prog.py", "--x"}, Python: "3.12.1", Executable: "/usr/bin/python3.12",
		Counts: Counts{Ticks: 1000, Rejects: 2, Rereads: 5, Salvaged: 1, Reads: 1010, Missed: 3, Late: time.Second / 9, MaxLate: time.Second / 99, CPU: time.Second / 7, Wall: time.Second},
	}
}

// counts are the own and cumulative samples by name.
func counts(p *Profile) map[string][2]int64 {
	got := map[string][2]int64{}
	for _, row := range p.Rows() {
		got[p.Funcs[row.Func].Name] = [2]int64{row.Own.Count, row.Cumulative.Count}
	}
	return got
}

func checkCounts(t *testing.T, p *Profile, want map[string][2]int64) {
	t.Helper()
	if got := counts(p); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("own and cumulative samples are %v, want %v", got, want)
	}
}

func TestRows(t *testing.T) {
	p := record(t, "0 main/job/leaf", "1 main/job", "2 main/job/leaf", "3 main/rec/rec/rec")
	checkCounts(t, p, map[string][2]int64{"main": {0, 4}, "job": {1, 3}, "leaf": {2, 2}, "rec": {1, 1}})
	leaf := p.Rows()[slices.IndexFunc(p.Funcs, func(f Func) bool { return f.Name == "leaf" })]
	if s := leaf.Own; s.Value != 0.5 || s.Low >= 0.5 || s.High <= 0.5 {
		t.Errorf("own share of leaf is %+v", s)
	}
	if got := p.Time(3); got != 3*time.Millisecond {
		t.Errorf("3 samples stand for %v", got)
	}
}

func TestTree(t *testing.T) {
	p := record(t, "0 main/a/x", "1 main/a/x", "2 main/b/x", "3 main/b", "4 main/b", "5 main/a/y", "6 main/a/x")
	if got, want := draw(p, p.Tree()), "7/0(main 7/0(a 4/0(x 3/3 y 1/1) b 3/2(x 1/1)))"; got != want {
		t.Errorf("tree\n%s, want\n%s", got, want)
	}
	if got, want := draw(p, p.Inverted()), "7/0(x 4/0(a 3/0(main 3/3) b 1/0(main 1/1)) b 2/0(main 2/2) y 1/0(a 1/0(main 1/1)))"; got != want {
		t.Errorf("inverted\n%s, want\n%s", got, want)
	}
	if got := pathOf(p, p.Tree()); got != "main/a/x" {
		t.Errorf("heaviest path %s", got)
	}
	own := record(t, "0 main/a", "1 main/a", "2 main/a/x")
	if got := pathOf(own, own.Tree()); got != "main/a" {
		t.Errorf("heaviest path %s, should end where most of the time is", got)
	}
	if got := pathOf(p, p.Filter(func(*Sample) bool { return false }).Tree()); got != "" {
		t.Errorf("heaviest path of nothing is %s", got)
	}
}

func draw(p *Profile, t *Tree) string {
	text := fmt.Sprintf("%d/%d", t.Total, t.Own)
	if t.Func >= 0 {
		text = p.Funcs[t.Func].Name + " " + text
	}
	var below []string
	for _, c := range t.Children {
		below = append(below, draw(p, c))
	}
	if below != nil {
		text += "(" + strings.Join(below, " ") + ")"
	}
	return text
}

func pathOf(p *Profile, t *Tree) string {
	var names []string
	for _, n := range t.HeaviestPath() {
		names = append(names, p.Funcs[n.Func].Name)
	}
	return strings.Join(names, "/")
}

func TestFilters(t *testing.T) {
	p := record(t, "0 main/job/leaf", "1 main/other", "2 main/job")
	named := func(name string) func(Func) bool { return func(f Func) bool { return f.Name == name } }
	checkCounts(t, p.Focus(named("job")), map[string][2]int64{"main": {0, 2}, "job": {1, 2}, "leaf": {1, 1}})
	checkCounts(t, p.Ignore(named("job")), map[string][2]int64{"main": {0, 1}, "other": {1, 1}})
	if len(p.Samples) != 3 {
		t.Error("the profile itself was changed")
	}
}

func TestRename(t *testing.T) {
	p := record(t, "0 main/a/b/leaf", "1 main/b", "2 main/a")
	one := p.Rename(func(f Func) Func {
		if f.Name == "a" || f.Name == "b" {
			f.Name = "ab"
		}
		return f
	})
	checkCounts(t, one, map[string][2]int64{"main": {0, 3}, "ab": {2, 3}, "leaf": {1, 1}})
	checkCounts(t, p, map[string][2]int64{"main": {0, 3}, "a": {1, 2}, "b": {1, 2}, "leaf": {1, 1}})
	if got := pathOf(one, one.Tree()); got != "main/ab" {
		t.Errorf("heaviest path %s", got)
	}
}

func TestMerge(t *testing.T) {
	a := record(t, "0 main/a", "2 main/b")
	b := record(t, "0 main/c", "5 main/a")
	b.Info.Began = a.Info.Began.Add(time.Millisecond)
	b.Info.PID = 200
	sum, err := Merge(b, a)
	if err != nil {
		t.Fatal(err)
	}
	if got := timeline(sum); got != "0s main/a; 1ms main/c; 2ms main/b; 6ms main/a" {
		t.Errorf("merged: %s", got)
	}
	if c := sum.Info.Counts; c.Ticks != 2000 || c.Rejects != 4 || c.MaxLate != time.Second/99 || sum.Info.PID != 0 || sum.Info.Merged != 2 {
		t.Errorf("merged info: %+v", sum.Info)
	}
	if err := checkProfile(sum); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Info){
		"mode wall":   func(i *Info) { i.Mode = "cpu" },
		"by the cl":   func(i *Info) { i.Clock = "other" },
		"1000 ticks":  func(i *Info) { i.Rate = 100 },
		"one of 2":    func(i *Info) { i.Stride = 2 },
		"was paused":  func(i *Info) { i.Paused = true },
		"as possible": func(i *Info) { i.Rate = FlatOut },
	} {
		other := *b
		change(&other.Info)
		if _, err := Merge(a, &other); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("merging what differs gives %v, want %q in it", err, want)
		}
	}
	if _, err := Merge(); err == nil {
		t.Error("merging nothing is no error")
	}
}

// timeline shows all samples in their order.
func timeline(p *Profile) string {
	var list []string
	for _, s := range p.Samples {
		var names []string
		for f := range p.Stack(s.Stack) {
			names = append(names, p.Funcs[f.Func].Name)
		}
		slices.Reverse(names)
		list = append(list, s.At.String()+" "+strings.Join(names, "/"))
	}
	return strings.Join(list, "; ")
}

// checkProfile finds numbers that lead nowhere.
func checkProfile(p *Profile) error {
	for i, n := range p.Nodes {
		if n.Parent < NoParent || int(n.Parent) >= i || n.Func < 0 || int(n.Func) >= len(p.Funcs) {
			return fmt.Errorf("node %d is %+v", i, n)
		}
	}
	for i, s := range p.Samples {
		if i > 0 && s.At < p.Samples[i-1].At {
			return fmt.Errorf("sample %d at %v is before the one before it", i, s.At)
		}
		if s.Stack < 0 || int(s.Stack) >= len(p.Nodes) || s.Thread < 0 || int(s.Thread) >= len(p.Threads) || p.Depth(s.Stack) > MaxDepth {
			return fmt.Errorf("sample %d is %+v", i, s)
		}
	}
	return nil
}

func TestDeepStacks(t *testing.T) {
	r := NewRecorder()
	var frames []Frame
	for i := range 50_000 {
		frames = append(frames, Frame{r.Func(Func{Name: fmt.Sprint("f", i%3)}), int32(i)})
	}
	thread := r.Thread(Thread{PID: 1})
	for i := range 100 {
		r.Add(time.Duration(i)*time.Millisecond, thread, Holding, frames[i:])
	}
	p := r.Profile(testInfo())
	if err := checkProfile(p); err != nil {
		t.Fatal(err)
	}
	if p.Info.LeftOut != 100 || len(p.Nodes) > MaxDepth+100 {
		t.Errorf("%d samples were cut, %d nodes are kept", p.Info.LeftOut, len(p.Nodes))
	}
	for i, s := range p.Samples {
		if top, want := p.Nodes[s.Stack].Frame, frames[i]; top != want {
			t.Fatalf("sample %d has %+v on top, want %+v", i, top, want)
		}
	}
	first := slices.Collect(p.Stack(p.Samples[0].Stack))
	if p.Funcs[first[1].Func] != leftOut || first[len(first)-1] != frames[len(frames)-1] {
		t.Error("the outermost frames are not kept")
	}
}

// TestThin: a recording that becomes too long drops every second tick, whole.
func TestThin(t *testing.T) {
	r := NewRecorder()
	r.most = 100
	f := []Frame{{Func: r.Func(Func{Name: "f"})}}
	a, b := r.Thread(Thread{TID: 1}), r.Thread(Thread{TID: 2})
	for i := range 1000 {
		r.Add(time.Duration(i)*time.Millisecond, a, Idle, f)
		r.Add(time.Duration(i)*time.Millisecond, b, Idle, f)
	}
	p := r.Profile(testInfo())
	if p.Info.Stride != 32 || len(p.Samples) != 2*((1000+31)/32) {
		t.Fatalf("stride %d, %d samples", p.Info.Stride, len(p.Samples))
	}
	for i, s := range p.Samples {
		if want := time.Duration(i/2*32) * time.Millisecond; s.At != want || s.Thread != ThreadID(i%2) {
			t.Fatalf("sample %d is %+v, want at %v", i, s, want)
		}
	}
	if got := p.Period(); got != 32*time.Millisecond {
		t.Errorf("a sample stands for %v", got)
	}
}

// TestRecorderSnapshot: what was handed out does not change when more is recorded.
func TestRecorderSnapshot(t *testing.T) {
	r := NewRecorder()
	r.most = 64
	rng := rand.New(rand.NewPCG(1, 2))
	var before *Profile
	var want string
	for i := range 200 {
		frames := []Frame{{r.Func(Func{Name: fmt.Sprint("f", rng.IntN(20))}), int32(rng.IntN(5))}, {Func: r.Func(Func{Name: "main"})}}
		r.Add(time.Duration(i)*time.Millisecond, r.Thread(Thread{TID: i / 10}), Running, frames)
		if i == 60 {
			before = r.Profile(testInfo())
			want = timeline(before)
		}
	}
	if got := timeline(before); got != want {
		t.Errorf("the snapshot changed from\n%s\nto\n%s", want, got)
	}
}
