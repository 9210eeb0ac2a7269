package bench

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// drawnPairs are figures of many things in the runs of both sides, with a noise that the runs have in common and one of each; the
// first is factor times as much after.
func drawnPairs(r *rand.Rand, things, before, after int, factor float64) []Pair {
	speed := make([]float64, before+after)
	for i := range speed {
		speed[i] = math.Exp(0.02 * r.NormFloat64())
	}
	list := make([]Pair, things)
	for i := range list {
		for run, s := range speed {
			v := float64(i+1) * s * noise(r)
			switch {
			case run < before:
				list[i].Before = append(list[i].Before, v)
			case i == 0:
				list[i].After = append(list[i].After, v*factor)
			default:
				list[i].After = append(list[i].After, v)
			}
		}
	}
	return list
}

// TestCompareMany counts the families in which a thing is found that differs, and in which one is accused that does not.
func TestCompareMany(t *testing.T) {
	const trials, things = 40, 30
	r := rand.New(rand.NewPCG(4, 7))
	for _, c := range []struct {
		before, after int
		paired        bool
		factor        float64
		found         int // at least
	}{
		{8, 8, false, 1, 0}, {12, 12, true, 1, 0}, {5, 5, false, 1, 0}, {4, 20, false, 1, 0},
		{12, 12, false, 1.3, trials}, {12, 12, true, 1 / 1.3, trials - 1}, {30, 10, false, 1.2, trials - 1},
	} {
		found, accused := 0, 0
		for range trials {
			changes, err := CompareMany(drawnPairs(r, things, c.before, c.after, c.factor), c.paired, Certainty)
			if err != nil {
				t.Fatal(err)
			}
			if ch := changes[0]; ch.Differs() && (ch.Kind == More) == (c.factor > 1) {
				found++
			}
			if slices.ContainsFunc(changes[1:], Change.Differs) || c.factor == 1 && changes[0].Differs() {
				accused++
			}
			for i, ch := range changes {
				if ch.Differs() != (ch.Low > 1 || ch.High < 1) || !(ch.Low <= ch.Factor && ch.Factor <= ch.High) {
					t.Fatalf("thing %d: verdict and interval contradict each other: %+v", i, ch)
				}
			}
		}
		t.Logf("%d and %d, paired %v, factor %.2f: found in %d, accused in %d of %d", c.before, c.after, c.paired, c.factor, found, accused, trials)
		if c.factor != 1 && found < c.found {
			t.Errorf("%d and %d, paired %v: a factor of %v was found in %d of %d", c.before, c.after, c.paired, c.factor, found, trials)
		}
		if accused > 3 { // of 40 at 1 %: 1 of 1,000 by chance
			t.Errorf("%d and %d, paired %v: something is accused that did not change in %d of %d", c.before, c.after, c.paired, accused, trials)
		}
	}
}

// TestBeside: what changed a lot does not hide what changed a little.
func TestBeside(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	list := drawnPairs(r, 20, 8, 8, 1.5)
	for i := range list[1].After {
		list[1].Before[i], list[1].After[i] = 1e-6, 1
	}
	changes, err := CompareMany(list, false, Certainty)
	if err != nil {
		t.Fatal(err)
	}
	if !changes[0].Differs() || !changes[1].Differs() {
		t.Errorf("a factor of 1.5 beside one of a million: %+v, %+v", changes[0], changes[1])
	}
}

// TestDrift: a machine that grows slower is no change if the rounds are known.
func TestDrift(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	var p Pair
	for i := range 20 {
		p.Before = append(p.Before, noise(r)*(1+0.1*float64(i)))
		p.After = append(p.After, noise(r)*(1.02+0.1*float64(i)))
	}
	changes, err := CompareMany([]Pair{p}, true, Certainty)
	if err != nil || changes[0].Differs() {
		t.Errorf("%+v, %v", changes, err)
	}
}

func TestDeals(t *testing.T) {
	for _, c := range []struct {
		before, after int
		paired        bool
		want          int
	}{{3, 3, false, 20}, {2, 5, false, 21}, {4, 4, true, 16}, {1, 6, false, 7}, {20, 20, false, MostRelabelled}, {30, 30, true, MostRelabelled}} {
		list := deals(c.before, c.after, c.paired)
		seen := map[string]bool{}
		for _, deal := range list {
			n := 0
			for i, after := range deal {
				if after {
					n++
				}
				if c.paired && i < c.before && after == deal[c.before+i] {
					t.Fatalf("%+v: round %d is not exchanged within itself: %v", c, i, deal)
				}
			}
			if n != c.after {
				t.Fatalf("%+v: %d runs count as after", c, n)
			}
			seen[fmt.Sprint(deal)] = true
		}
		if len(list) != c.want || c.want < MostRelabelled && len(seen) != c.want {
			t.Errorf("%+v: %d deals, %d different; want %d", c, len(list), len(seen), c.want)
		}
	}
}

func TestNeeded(t *testing.T) {
	for _, c := range []struct {
		paired bool
		level  float64
		want   int
	}{{false, 0.99, 5}, {true, 0.99, 8}, {false, 0.95, 4}, {true, 0.95, 6}} {
		n := Needed(c.paired, c.level)
		if n != c.want || Enough(n-1, n-1, c.paired, c.level) || !Enough(n, n, c.paired, c.level) {
			t.Errorf("%+v: %d", c, n)
		}
	}
	few, err := CompareMany([]Pair{{[]float64{1, 1, 1, 1}, []float64{2, 2, 2, 2}}}, false, Certainty)
	if err != nil || few[0].Kind != Unknown || few[0].Known() || math.Abs(few[0].Factor-2) > 1e-12 {
		t.Errorf("four of each: %+v, %v", few, err)
	}
	if Enough(1, 5000, false, Certainty) {
		t.Error("one run tells nothing of its own noise")
	}
}

func TestCompareManyRefuses(t *testing.T) {
	one := []float64{1}
	for _, list := range [][]Pair{
		{{one, one}, {one, []float64{1, 2}}}, {{nil, one}}, {{[]float64{0}, one}}, {{[]float64{math.NaN()}, one}}, {{[]float64{math.Inf(1)}, one}},
	} {
		if got, err := CompareMany(list, false, Certainty); err == nil {
			t.Errorf("%v: %v", list, got)
		}
	}
	if got, err := CompareMany([]Pair{{one, []float64{1, 2}}}, true, Certainty); err == nil {
		t.Errorf("one and two in rounds: %v", got)
	}
	if got, err := CompareMany(nil, false, Certainty); err != nil || len(got) != 0 {
		t.Errorf("nothing: %v, %v", got, err)
	}
}

func TestTypical(t *testing.T) {
	for _, c := range []struct {
		x    []float64
		want float64
	}{{nil, 0}, {[]float64{3.7}, 3.7}, {[]float64{1, 4}, 2}, {[]float64{1, 2, 4, 8, 1e9}, 4}, {[]float64{0, 0, 1}, 1. / 3}} {
		if got := Typical(c.x); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v: %v, want %v", c.x, got, c.want)
		}
	}
}
