package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/profile/sampler"
)

// stackOf is a stack of functions, named outermost first.
func stackOf(funcs map[string]*sampler.Func, names ...string) []sampler.Frame {
	var frames []sampler.Frame
	for i, name := range slices.Backward(names) {
		if funcs[name] == nil {
			funcs[name] = &sampler.Func{Name: name, File: "f.py", FirstLine: 1}
		}
		frames = append(frames, sampler.Frame{Func: funcs[name], Line: 10 + i})
	}
	return frames
}

// TestTally: own and cumulative counts, recursion, states, the recent window, paths.
func TestTally(t *testing.T) {
	funcs, tl := map[string]*sampler.Func{}, newTally(topFunctions, topPaths)
	add := func(n int, state sampler.State, bucket int64, names ...string) {
		for range n {
			tl.add(stackOf(funcs, names...), state, bucket)
		}
	}
	add(5, sampler.Holding, 1, "main", "a", "b")
	add(3, sampler.Running, 1, "main", "a", "a", "a")
	add(2, sampler.Idle, 1, "main", "wait")
	add(1, sampler.Holding, 30, "main", "b")
	got := map[string][4]int64{}
	for _, f := range tl.functions(sampler.CPU, 31) {
		got[f.Name] = [4]int64{f.Recent.Own, f.Recent.Cumulative, f.All.Own, f.All.Cumulative}
	}
	if diff := cmp.Diff(map[string][4]int64{"main": {0, 1, 0, 9}, "a": {0, 0, 3, 8}, "b": {1, 1, 6, 6}}, got); diff != "" {
		t.Errorf("functions not idle (-want +got):\n%s", diff)
	}
	if n := len(tl.functions(sampler.Wall, 31)); n != 4 {
		t.Errorf("%d functions of any state, want 4", n)
	}
	if recent := tl.total.window(1 + topWindow - 1).of(sampler.Wall); recent != 10 {
		t.Errorf("%d samples in the window at its end, want 10", recent)
	}
	if recent := tl.total.window(1 + topWindow).of(sampler.Wall); recent != 0 {
		t.Errorf("%d samples in the window after its end, want 0", recent)
	}
	key := func(name string) TopKey { return TopKey{name, "f.py", 1} }
	want := TopPath{Through: 6, Own: 6, Callers: []TopStep{{key("a"), 5}, {key("main"), 1}}, Lines: []TopLine{{12, 5}, {11, 1}}}
	if diff := cmp.Diff(want, tl.path([]TopKey{key("b")}, sampler.CPU)); diff != "" {
		t.Errorf("paths through b (-want +got):\n%s", diff)
	}
	want = TopPath{Through: 8, Callees: []TopStep{{key("b"), 5}, {key("a"), 3}}}
	if diff := cmp.Diff(want, tl.path([]TopKey{key("main"), key("a")}, sampler.CPU)); diff != "" {
		t.Errorf("paths through main and a (-want +got):\n%s", diff)
	}
	if none := tl.path([]TopKey{key("nobody")}, sampler.CPU); none.Through != 0 {
		t.Errorf("paths through a function that is not there: %+v", none)
	}
}

// TestTallyAnotherCodeObject: a function whose code object was made anew is the same function.
func TestTallyAnotherCodeObject(t *testing.T) {
	tl := newTally(topFunctions, topPaths)
	for range 3 {
		tl.add(stackOf(map[string]*sampler.Func{}, "f"), sampler.Holding, 1)
	}
	if list := tl.functions(sampler.GIL, 1); len(list) != 1 || list[0].All.Own != 3 {
		t.Errorf("functions %+v", list)
	}
}

// TestTallyIsBounded: what goes beyond is counted, not kept.
func TestTallyIsBounded(t *testing.T) {
	tl := newTally(topFunctions, topPaths)
	const samples = topFunctions + 100
	for i := range samples {
		fn := &sampler.Func{Name: fmt.Sprint(i), File: "f.py", FirstLine: 1}
		tl.add([]sampler.Frame{{Func: fn, Line: 1}}, sampler.Holding, 1)
	}
	if len(tl.rows) != topFunctions+1 || len(tl.paths) != topPaths || tl.lost.all.of(sampler.Wall) != samples-topPaths {
		t.Errorf("%d rows, %d paths, %d lost", len(tl.rows), len(tl.paths), tl.lost.all.of(sampler.Wall))
	}
	if other := tl.rows[TopKey{Name: "(other functions)"}]; other == nil || other.own.all.of(sampler.Wall) != 100 {
		t.Errorf("other functions: %+v", other)
	}
}

// TestTopFamily: a process and its child are watched together, until both have ended.
func TestTopFamily(t *testing.T) {
	pid, _ := parked(t, testpy.Newest(t), "family.py")
	top, err := OpenTop(TopOptions{PID: pid, Rate: 100, Children: true})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	done := make(chan error, 1)
	var ended bool
	go func() {
		var err error
		ended, err = top.Run(ctx)
		done <- err
	}()
	var s TopSnapshot
	seen := func() bool {
		s = top.Snapshot(TopScope{Mode: sampler.CPU})
		var names []string
		for _, f := range s.Heaviest(10) {
			names = append(names, f.Name)
		}
		var cumulative []string
		for _, f := range s.Functions {
			cumulative = append(cumulative, f.Name)
		}
		return s.Processes == 2 && slices.Contains(names, "work") && slices.Contains(cumulative, "child") && slices.Contains(cumulative, "parent") &&
			s.Threads[0].Name == "MainThread" && s.Threads[1].Name == "MainThread"
	}
	for !seen() {
		if ctx.Err() != nil {
			t.Fatalf("never seen together: %+v", s)
		}
		time.Sleep(20 * time.Millisecond)
	}
	one := TopScope{Mode: sampler.CPU, PID: s.Threads[0].PID, TID: s.Threads[0].TID}
	if own := top.Snapshot(one); own.All == 0 || own.All >= top.Snapshot(TopScope{Mode: sampler.CPU}).All {
		t.Errorf("one thread has %d samples", own.All)
	}
	for _, th := range s.Threads {
		p, err := os.FindProcess(th.PID)
		if err == nil {
			err = p.Kill()
		}
		if err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil || !ended {
		t.Errorf("after the end of both: ended %v, %v", ended, err)
	}
}
