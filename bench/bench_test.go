package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// fixed is a candidate that takes what times say, run after run.
func fixed(name string, times ...float64) Candidate {
	n := 0
	return Candidate{name, func(context.Context) (Run, error) {
		n++
		return Run{Wall: times[(n-1)%len(times)]}, nil
	}}
}

func noisy(name string, wall, spread float64, seed uint64) Candidate {
	r := rand.New(rand.NewPCG(seed, 9))
	return Candidate{name, func(context.Context) (Run, error) {
		return Run{Wall: wall * (1 + spread*r.NormFloat64())}, nil
	}}
}

// TestRounds: every candidate runs once a round, and all orders occur as often.
func TestRounds(t *testing.T) {
	list := []Candidate{fixed("a", 1), fixed("b", 2), fixed("c", 3)}
	r, err := Measure(t.Context(), Plan{Rounds: 12, WarmUp: 2, Seed: 5}, list)
	if err != nil || r.End != EndRounds {
		t.Fatal(r, err)
	}
	orders := map[string]int{}
	for round := range 12 {
		order := make([]byte, 3)
		for _, s := range r.Series {
			if len(s.Runs) != 12 || s.Runs[round].Round != round {
				t.Fatalf("%s: %+v", s.Name, s.Runs)
			}
			order[s.Runs[round].Place] = s.Name[0]
		}
		orders[string(order)]++
	}
	// two rounds of warm-up took two of the first six orders
	if len(orders) != 6 {
		t.Errorf("orders: %v", orders)
	}
	for order, n := range orders {
		if n < 1 || n > 3 {
			t.Errorf("order %s came %d times of 12", order, n)
		}
	}
}

func TestOrdersOfMany(t *testing.T) {
	o := newOrders(40, rand.New(rand.NewPCG(1, 1)))
	sum := 0.0
	for range 2000 {
		order := o.next()
		if !slices.Equal(slices.Sorted(slices.Values(order)), numbers(40)) {
			t.Fatalf("no order: %v", order)
		}
		sum += float64(slices.Index(order, 0))
	}
	if got := sum / 2000; math.Abs(got-19.5) > 1 {
		t.Errorf("the first candidate runs at place %.1f on average; want 19.5", got)
	}
}

func TestEnds(t *testing.T) {
	quiet := []Candidate{noisy("a", 1, 0.01, 1), noisy("b", 1, 0.01, 2)}
	r, err := Measure(t.Context(), Plan{Precision: 0.01, MaxTime: time.Minute}, quiet)
	if err != nil || r.End != EndPrecision || r.precision() > 0.01 || len(r.Series[0].Runs) < fewestRounds {
		t.Errorf("precision: %v after %d rounds (%v), %v", r.End, len(r.Series[0].Runs), r.precision(), err)
	}
	slow := Candidate{"slow", func(context.Context) (Run, error) {
		time.Sleep(5 * time.Millisecond)
		return Run{Wall: rand.Float64() + 0.1}, nil
	}}
	r, err = Measure(t.Context(), Plan{Precision: 0.0001, MaxTime: 40 * time.Millisecond}, []Candidate{slow, slow})
	if err != nil || r.End != EndTime || len(r.Series[0].Runs) < leastRounds {
		t.Errorf("time: %v, %v", r.End, err)
	}
	r, err = Measure(t.Context(), Plan{Rounds: 1, MinTime: 50 * time.Millisecond}, []Candidate{slow})
	if err != nil || r.End != EndRounds || r.Elapsed < 0.05 {
		t.Errorf("at least so long: %v, %v s, %v", r.End, r.Elapsed, err)
	}
}

// TestInterrupted: what was measured is kept, whole rounds and the rest.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	stop := Candidate{"stop", func(ctx context.Context) (Run, error) {
		if n++; n == 8 {
			cancel()
			return Run{}, ctx.Err()
		}
		return Run{Wall: 1}, nil
	}}
	r, err := Measure(ctx, Plan{Rounds: 100}, []Candidate{stop, fixed("b", 2)})
	if !errors.Is(err, context.Canceled) || r.End != EndInterrupted || len(r.Series[0].Runs) != 7 || len(r.Verdicts()) != 1 || r.Verdicts()[0].Kind != More {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestFailed(t *testing.T) {
	broken := errors.New("broken")
	r, err := Measure(t.Context(), Plan{Rounds: 5}, []Candidate{{"x", func(context.Context) (Run, error) { return Run{}, broken }}})
	if !errors.Is(err, broken) || r.End != EndFailed {
		t.Errorf("%+v, %v", r, err)
	}
	for _, p := range []Plan{{}, {Rounds: -1}, {WarmUp: -1, Rounds: 1}, {Rounds: MostRounds + 1}, {Rounds: 1, Precision: math.NaN()}} {
		if _, err := Measure(t.Context(), p, []Candidate{fixed("a", 1)}); err == nil {
			t.Errorf("%+v was measured", p)
		}
	}
	if _, err := Measure(t.Context(), Plan{Rounds: 1}, nil); err == nil {
		t.Error("nothing was measured")
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		a, b Candidate
		kind VerdictKind
		text string
	}{
		{noisy("A", 1.31, 0.01, 1), noisy("B", 1, 0.01, 2), Less, "B is 1.3"},
		{noisy("A", 1, 0.01, 3), noisy("B", 2, 0.01, 4), More, "B is 2.0"},
		{noisy("A", 1, 0.01, 5), noisy("B", 1, 0.01, 6), Same, "B: no difference found above "},
	} {
		r, err := Measure(t.Context(), Plan{Rounds: 30}, []Candidate{c.a, c.b})
		if err != nil {
			t.Fatal(err)
		}
		v := r.Verdicts()[0]
		if v.Kind != c.kind || !strings.HasPrefix(v.Text, c.text) || !strings.Contains(v.Text, "95 %") {
			t.Errorf("%+v", v)
		}
		t.Log(v.Text)
		if _, err := json.Marshal(v); err != nil {
			t.Error(err)
		}
	}
}

// TestVerdictWords: figures are told as closely as they are known.
func TestVerdictWords(t *testing.T) {
	for _, c := range []struct {
		r    Ratio
		m    Metric
		want string
	}{
		{Ratio{1.3124, 1.281, 1.342, 0.95, 20}, Wall, "B is 1.31x faster (95 %: 1.28 to 1.34)"},
		{Ratio{1.0042, 1.0031, 1.0053, 0.95, 20}, Wall, "B is 1.004x faster (95 %: 1.003 to 1.005)"},
		{Ratio{0.5, 0.4, 0.625, 0.95, 20}, Wall, "B is 2.00x slower (95 %: 1.60 to 2.50)"},
		{Ratio{2, 2, 2, 0.95, 20}, Instructions, "B executes 2.00x fewer instructions"},
		{Ratio{0.005, 0.00417, 0.0064, 0.95, 20}, Wall, "B is 200x slower (95 %: 156 to 240)"},
		{Ratio{0.9, 0.8, 0.95, 0.95, 20}, Memory, "B needs 1.11x more memory (95 %: 1.05 to 1.25)"},
		{Ratio{1.001, 0.99, 1.012, 0.975, 20}, CPU, "B: no difference found above 1.2 % (97.5 %)"},
		{Ratio{1.3, 0.5, 3.5, 0.95, 3}, Wall, "B: cannot tell: even 3.5x is lost in the noise; more runs would help (95 %)"},
		{Compare([]float64{1}, []float64{2}, 0.95), Wall, "B: too few rounds to compare it with A (1)"},
	} {
		v := Verdict{Baseline: "A", Candidate: "B", Ratio: c.r}
		v.Kind = c.r.kind()
		if got := v.words(c.m); !strings.HasPrefix(got, c.want) {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestSeveral: with four candidates the three verdicts hold together.
func TestSeveral(t *testing.T) {
	r, err := Measure(t.Context(), Plan{Rounds: 20}, []Candidate{noisy("a", 1, 0.01, 1), noisy("b", 2, 0.01, 2), noisy("c", 3, 0.01, 3), noisy("d", 1, 0.01, 4)})
	if err != nil {
		t.Fatal(err)
	}
	kinds := []VerdictKind{More, More, Same}
	for i, v := range r.Verdicts() {
		if v.Baseline != "a" || v.Kind != kinds[i] || math.Abs(v.Level-(1-0.05/3)) > 1e-12 || !strings.Contains(v.Text, "98.3 %") {
			t.Errorf("%+v", v)
		}
	}
}

func TestTimedOutRunsDoNotCount(t *testing.T) {
	a, b := Series{Name: "a"}, Series{Name: "b"}
	for i := range 12 {
		a.Runs = append(a.Runs, Run{Wall: 1, Round: i})
		b.Runs = append(b.Runs, Run{Wall: 0.5, Round: i, TimedOut: i < 4, Code: 137 * b2i(i < 4)})
	}
	v := judge(a, b, Wall, 1)
	if v.Rounds != 8 || v.Kind != Less || math.Abs(v.Ratio.Ratio-2) > 1e-9 {
		t.Errorf("%+v", v)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestWarnings(t *testing.T) {
	kinds := func(r *Result) (list []WarningKind) {
		for _, w := range r.Warnings() {
			if w.Text == "" {
				t.Errorf("%s has no text", w.Kind)
			}
			list = append(list, w.Kind)
		}
		return list
	}
	series := func(times ...float64) Series {
		s := Series{Name: "x"}
		for i, v := range times {
			s.Runs = append(s.Runs, Run{Round: i, Wall: v})
		}
		return s
	}
	random := rand.New(rand.NewPCG(7, 7))
	plain := func(n int, change func(i int, v float64) float64) Series {
		times := make([]float64, n)
		for i := range times {
			times[i] = change(i, 1+0.01*random.NormFloat64())
		}
		return series(times...)
	}
	steady := func(_ int, v float64) float64 { return v }
	failed := plain(20, steady)
	failed.Runs[3].Code = 1
	late := plain(20, steady)
	late.Runs[3].TimedOut = true
	for name, c := range map[string]struct {
		r    Result
		want []WarningKind
	}{
		"steady":  {Result{Series: []Series{plain(40, steady)}}, nil},
		"few":     {Result{Series: []Series{plain(4, steady)}}, []WarningKind{WarnFew}},
		"failed":  {Result{Series: []Series{failed}}, []WarningKind{WarnFailed}},
		"timeout": {Result{Series: []Series{late}}, []WarningKind{WarnTimeout}},
		"short":   {Result{Cost: 0.2, Series: []Series{plain(20, steady)}}, []WarningKind{WarnShort}},
		"load":    {Result{Load: 3, CPUs: 2, Series: []Series{plain(20, steady)}}, []WarningKind{WarnLoad}},
		"late":    {Result{End: EndTime, Precision: 1e-5, Series: []Series{plain(20, steady)}}, []WarningKind{WarnPrecision}},
		"unknown": {Result{Metric: Memory, Series: []Series{plain(20, steady)}}, []WarningKind{WarnNothing}},
		"first": {Result{Series: []Series{plain(20, func(i int, v float64) float64 {
			if i == 0 {
				return 3
			}
			return v
		})}}, []WarningKind{WarnFirst}},
		"outliers": {Result{Series: []Series{plain(40, func(i int, v float64) float64 {
			if i == 7 || i == 30 {
				return 2
			}
			return v
		})}}, []WarningKind{WarnOutliers}},
		"drift": {Result{Series: []Series{plain(60, func(i int, v float64) float64 { return v + float64(i)/100 })}}, []WarningKind{WarnDrift}},
	} {
		if got := kinds(&c.r); !slices.Equal(got, c.want) {
			t.Errorf("%s: warnings %v, want %v", name, got, c.want)
		}
	}
}

func TestText(t *testing.T) {
	for want, got := range map[string]string{
		"12.3 ms": Wall.Text(0.01234), "1.50 s": Wall.Text(1.5), "999 µs": Wall.Text(0.0009994), "0 ns": Wall.Text(0), "123 s": Wall.Text(123.4),
		"9.80 MB": Memory.Text(9.8e6), "1.23 G": Instructions.Text(1.23e9), "1.00 ms": Wall.Text(0.00099999),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func ExampleMeasure() {
	slow := Candidate{"slow", func(context.Context) (Run, error) { return Run{Wall: 0.3}, nil }}
	fast := Candidate{"fast", func(context.Context) (Run, error) { return Run{Wall: 0.2}, nil }}
	result, err := Measure(context.Background(), Plan{Rounds: 10}, []Candidate{slow, fast})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range result.Verdicts() {
		fmt.Println(v.Text)
	}
	// Output: fast is 1.50x faster (95 %: 1.50 to 1.50)
}

// TestNothingTold: why a figure is missing.
func TestNothingTold(t *testing.T) {
	r := &Result{Metric: Memory, Floor: 9_000_000, Series: []Series{{Name: "a", Runs: make([]Run, 20)}}}
	for floor, want := range map[int64]string{
		9_000_000: "a: it holds less than 9.00 MB, as the process that starts it does: what is below cannot be told",
		0:         "a: its memory cannot be told here",
	} {
		r.Floor = floor
		if got := r.Warnings(); len(got) != 1 || got[0].Kind != WarnNothing || got[0].Text != want {
			t.Errorf("%+v, want %q", got, want)
		}
	}
}
