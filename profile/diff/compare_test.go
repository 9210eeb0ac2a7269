package diff

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/bench"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// program is a profile of main, which calls some functions; shift moves their lines.
func program(times []float64, calls int64, shift int64) Profile {
	p := Profile{Name: "p", Kind: Kind{Mode: Exact}}
	main := Function{Func: Func{"m.py", 1, "main"}, Figures: Figures{Calls: 1, Own: 0.001, Cumulative: 0.001}}
	for i, v := range times {
		f := Figures{calls, v, v}
		main.Cumulative += v
		p.Functions = append(p.Functions, Function{Func{"m.py", int64(10+10*i) + shift, fmt.Sprint("f", i)}, f, []Edge{{len(times), f}}})
	}
	p.Functions = append(p.Functions, main)
	return p
}

func row(t *testing.T, d *Diff, name string) Row {
	t.Helper()
	for _, r := range d.Rows {
		if r.Name().Name == name {
			return r
		}
	}
	t.Fatalf("there is no row of %s", name)
	return Row{}
}

// TestOneOfEach: figures, calls and what explains the change; no verdict.
func TestOneOfEach(t *testing.T) {
	d, err := Compare([]Profile{program([]float64{1, 2}, 5, 0)}, []Profile{program([]float64{1.5, 2}, 6, 3)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f0, f1, main := row(t, d, "f0"), row(t, d, "f1"), row(t, d, "main")
	if d.Judged || d.Speed != nil || d.Whole.Kind != bench.Unknown || math.Abs(d.Whole.Gained()-0.5) > 1e-12 {
		t.Errorf("the whole: %+v, judged %v", d.Whole, d.Judged)
	}
	if f0.Own.Before != 1 || f0.Own.After != 1.5 || math.Abs(f0.Own.Factor-1.5) > 1e-12 || math.Abs(f0.Explains-1) > 1e-9 || f0.Before.Line != 10 || f0.After.Line != 13 {
		t.Errorf("f0: %+v", f0)
	}
	if want := (Calls{Range{5, 5}, Range{6, 6}, true}); f1.Calls != want || f1.Explains != 0 || main.Calls.Differ {
		t.Errorf("f1: %+v, main: %+v", f1, main.Calls)
	}
	if len(f0.Callers) != 1 || f0.Callers[0].Name().Name != "main" || f0.Callers[0].Before == nil || f0.Callers[0].After == nil || f0.Callers[0].Own.After != 1.5 {
		t.Errorf("the callers of f0: %+v", f0.Callers)
	}
	if d.Rows[0].Name().Name != "f0" || main.Cumulative.Before != 3.001 {
		t.Errorf("first comes %s, and main took %v", d.Rows[0].Name().Name, main.Cumulative.Before)
	}
	if _, err := json.Marshal(d); err != nil {
		t.Error(err)
	}
}

// TestGoneAndNew: what is on one side only has no factor, and is a fact where calls are counted.
func TestGoneAndNew(t *testing.T) {
	before, after := program([]float64{1, 2}, 5, 0), program([]float64{1, 2}, 5, 0)
	after.Functions[1].Name = "g"
	var old, now []Profile
	for range 6 {
		old, now = append(old, before), append(now, after)
	}
	d, err := Compare(old, now, Options{})
	if err != nil {
		t.Fatal(err)
	}
	gone, fresh := row(t, d, "f1"), row(t, d, "g")
	if gone.After != nil || gone.Own.Kind != bench.Less || gone.Own.Factor != 0 || !gone.Calls.Differ {
		t.Errorf("gone: %+v", gone)
	}
	if fresh.Before != nil || fresh.Own.Kind != bench.More || fresh.Own.Factor != 0 || !fresh.Calls.Differ {
		t.Errorf("new: %+v", fresh)
	}
	if same := row(t, d, "f0"); same.Changed() {
		t.Errorf("same: %+v", same)
	}
}

// TestBuiltinsOfOneName: those that differ by an address are one.
func TestBuiltinsOfOneName(t *testing.T) {
	s := func(address ...string) *pstats.Stats {
		var rows []pstats.Row
		for _, a := range address {
			rows = append(rows, pstats.Row{Func: pstats.Func{File: "~", Name: "<new of type at " + a + ">"}, Listed: true, Counts: pstats.Counts{Calls: 2, Own: 1, Cumulative: 1}})
		}
		return pstats.New(rows)
	}
	d, err := Compare([]Profile{FromStats(s("0x1", "0x2"), "a", Kind{})}, []Profile{FromStats(s("0x3", "0x4"), "b", Kind{})}, Options{})
	if err != nil || len(d.Rows) != 1 || d.Rows[0].Calls.Differ || d.Rows[0].Calls.Before.Least != 4 || d.Rows[0].Own.Before != 2 {
		t.Errorf("%+v, %v", d, err)
	}
}

// many are profiles of forty functions, with a noise of each run of a fiftieth, and one of each function of a hundredth, and one long tail.
func many(r *rand.Rand, n int, factors map[int]float64) (list []Profile) {
	for range n {
		times, speed := make([]float64, 40), math.Exp(0.05*r.NormFloat64())
		for i := range times {
			times[i] = 0.002 * float64(i+1) * speed * math.Exp(0.01*r.NormFloat64())
			if f, ok := factors[i]; ok {
				times[i] *= f
			}
		}
		times[r.IntN(40)] += 0.01
		list = append(list, program(times, 3, 0))
	}
	return list
}

// TestPlanted: the function that takes a tenth longer is found, and no other; the whole is too noisy to tell. benchmarks/bench counts how often.
func TestPlanted(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	found, accused := 0, 0
	const trials = 10
	for trial := range trials {
		planted := 10 + trial
		d, err := Compare(many(r, 12, nil), many(r, 12, map[int]float64{planted: 1.1}), Options{Paired: trial%2 == 0})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range d.Rows {
			switch is := row.Name().Name == fmt.Sprint("f", planted); {
			case is && row.Own.Kind == bench.More && row.Callers[0].Own == row.Own:
				found++
			case !is && row.Own.Differs():
				accused++
			}
		}
		if d.Speed == nil || d.Speed.Differs() || d.Whole.Differs() {
			t.Errorf("speed %+v, whole %+v", d.Speed, d.Whole)
		}
	}
	t.Logf("found in %d, accused in %d of %d", found, accused, trials)
	if found < trials-1 || accused > 1 {
		t.Errorf("found in %d, accused in %d of %d", found, accused, trials)
	}
}

// TestSpeed: what is slower in everything is told once, and not of each function.
func TestSpeed(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	all := map[int]float64{}
	for i := range 40 {
		all[i] = 1.5
	}
	all[7] = 3
	d, err := Compare(many(r, 12, nil), many(r, 12, all), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d.Speed.Kind != bench.More || math.Abs(d.Speed.Factor-1.5) > 0.1 || d.Whole.Kind != bench.More {
		t.Errorf("speed %+v, whole %+v", d.Speed, d.Whole)
	}
	if seven := row(t, d, "f7"); seven.Own.Kind != bench.More || math.Abs(seven.Own.Factor-2) > 0.05 {
		t.Errorf("f7: %+v", seven.Own)
	}
	if eight := row(t, d, "f8"); eight.Own.Differs() {
		t.Errorf("f8: %+v", eight.Own)
	}
	if d, err = Compare(many(r, 12, nil), many(r, 12, all), Options{AsTimed: true}); err != nil {
		t.Fatal(err)
	}
	if eight := row(t, d, "f8"); d.Speed != nil || eight.Own.Kind != bench.More {
		t.Errorf("as timed: f8: %+v", eight.Own)
	}
}

// TestHalf: where half of all functions changed, the others are not accused of the contrary.
func TestHalf(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	some := map[int]float64{}
	for i := range 16 {
		some[2*i] = 1.2
	}
	d, err := Compare(many(r, 12, nil), many(r, 12, some), Options{})
	if err != nil {
		t.Fatal(err)
	}
	found, accused := 0, 0
	for i := range 40 {
		own := row(t, d, fmt.Sprint("f", i)).Own
		switch {
		case some[i] != 0 && own.Kind == bench.More:
			found++
		case some[i] == 0 && own.Differs():
			accused++
		}
	}
	if found < 15 || accused > 0 {
		t.Errorf("found %d of 16, accused %d of 24", found, accused)
	}
}

func TestIncompatible(t *testing.T) {
	of := func(k Kind) []Profile {
		return []Profile{{Name: "x.prof", Kind: k, Functions: program([]float64{1}, 1, 0).Functions}}
	}
	for _, c := range []struct {
		a, b Kind
		what string
	}{
		{Kind{Mode: Exact}, Kind{Mode: Sampled}, "mode"},
		{Kind{Mode: Exact, Clock: "wall"}, Kind{Mode: Exact, Clock: "cpu"}, "clock"},
		{Kind{Mode: Sampled, Rate: 100}, Kind{Mode: Sampled, Rate: 1000}, "rate"},
		{Kind{Mode: Exact, Python: "3.8.18"}, Kind{Mode: Exact, Python: "3.13.0"}, "python"},
		{Kind{Mode: Exact, Python: "3.12.1", Clock: "wall"}, Kind{Mode: Exact, Python: "3.12.9"}, ""},
	} {
		_, err := Compare(of(c.a), of(c.b), Options{})
		var refused *IncompatibleError
		switch {
		case c.what == "" && err != nil:
			t.Errorf("%+v and %+v: %v", c.a, c.b, err)
		case c.what != "" && (!errors.As(err, &refused) || refused.What != c.what || !strings.Contains(err.Error(), "x.prof")):
			t.Errorf("%+v and %+v: %v", c.a, c.b, err)
		}
	}
	if _, err := Compare(of(Kind{Mode: Exact, Python: "3.8"}), of(Kind{Mode: Exact, Python: "3.13"}), Options{AnyPython: true}); err != nil {
		t.Error(err)
	}
	if _, err := Compare(nil, of(Kind{}), Options{}); err == nil {
		t.Error("nothing was compared")
	}
	if _, err := Compare(of(Kind{}), append(of(Kind{}), of(Kind{})...), Options{Paired: true}); err == nil {
		t.Error("one was paired with two")
	}
}

// TestFromStacks: samples become times, and are no counts of calls.
func TestFromStacks(t *testing.T) {
	sampled := func(n int) Profile {
		r := stacks.NewRecorder()
		work, top := r.Func(stacks.Func{Name: "C.work", File: "a.py", FirstLine: 3}), r.Func(stacks.Func{Name: "<module>", File: "a.py", FirstLine: 1})
		thread := r.Thread(stacks.Thread{PID: 1, TID: 1})
		for i := range 100 {
			frames := []stacks.Frame{{Func: top}}
			if i < n {
				frames = []stacks.Frame{{Func: work}, {Func: work}, {Func: top}}
			}
			r.Add(time.Duration(i)*time.Millisecond, thread, stacks.Holding, frames)
		}
		return FromStacks(r.Profile(stacks.Info{Mode: "wall", Rate: 1000, Python: "3.12.1"}), "s")
	}
	d, err := Compare([]Profile{sampled(30)}, []Profile{sampled(60)}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	work, top := row(t, d, "C.work"), row(t, d, "<module>")
	if work.Calls.Differ || work.Calls.Before.Least != 30 || math.Abs(work.Own.After-0.06) > 0.001 || math.Abs(work.Cumulative.After-0.06) > 0.001 || math.Abs(top.Cumulative.Before-0.1) > 0.002 {
		t.Errorf("work: %+v\ntop: %+v", work, top.Cumulative)
	}
	if len(work.Callers) != 2 || d.BeforeKind != (Kind{Sampled, "wall", "3.12.1", 1000}) {
		t.Errorf("callers %+v, kind %+v", work.Callers, d.BeforeKind)
	}
}
