package stacks

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// TestWilson compares with the roots of (share-x)^2 = z^2 x (1-x) / n, by which Wilson
// defines it, found with 40 digits.
func TestWilson(t *testing.T) {
	for _, c := range []struct{ count, n, low, high float64 }{
		{5, 10, 0.2365931, 0.7634069},
		{0, 10, 0, 0.2775328},
		{10, 10, 0.7224672, 1},
		{1, 1000, 0.0001765381, 0.005642562},
		{4512, 10000, 0.4414675606, 0.4609699165},
	} {
		low, high := Wilson(c.count/c.n, c.n)
		if math.Abs(low-c.low) > 2e-7 || math.Abs(high-c.high) > 2e-7 {
			t.Errorf("Wilson of %v of %v is %.9f to %.9f, want %.9f to %.9f", c.count, c.n, low, high, c.low, c.high)
		}
	}
	for n := 1.0; n < 1000; n++ {
		if low, _ := Wilson(0, n); low != 0 {
			t.Errorf("none of %v is from %v on", n, low)
		}
		if _, high := Wilson(1, n); high != 1 {
			t.Errorf("all of %v is up to %v", n, high)
		}
	}
	if low, high := Wilson(0, 0); low != 0 || high != 1 {
		t.Errorf("of nothing all is possible, not %v to %v", low, high)
	}
}

// program is a made-up run: in which of its functions each thread is, by the
// microsecond. period is how long a thread stays in one function, on average; threads
// that go together are in the same function always.
func program(rng *rand.Rand, threads int, period float64, together bool, length int) [][]int8 {
	run := make([][]int8, threads)
	for i := range run {
		if i > 0 && together {
			run[i] = run[0]
			continue
		}
		run[i] = make([]int8, length)
		for at := 0; at < length; {
			f := int8(0)
			switch r := rng.Float64(); {
			case r < 0.02:
				f = 1
			case r < 0.30:
				f = 2
			}
			for left := int(rng.ExpFloat64()*period) + 1; left > 0 && at < length; left-- {
				run[i][at] = f
				at++
			}
		}
	}
	return run
}

// sampled looks at the run as the sampler does: once in each millisecond, at random.
func sampled(rng *rand.Rand, run [][]int8) *Profile {
	r := NewRecorder()
	var funcs [3]FuncID
	for i, name := range []string{"most", "rare", "some"} {
		funcs[i] = r.Func(Func{Name: name})
	}
	for at := 0; at+1000 <= len(run[0]); at += 1000 {
		look := at + rng.IntN(1000)
		for i := range run {
			r.Add(time.Duration(look)*time.Microsecond, r.Thread(Thread{TID: i}), Holding, []Frame{{Func: funcs[run[i][look]]}})
		}
	}
	return r.Profile(testInfo())
}

func truth(run [][]int8) (shares [3]float64) {
	for _, thread := range run {
		for _, f := range thread {
			shares[f] += 1 / float64(len(run)*len(thread))
		}
	}
	return shares
}

// TestCoverage: the true share of the run is in the interval in at least 93 of 100
// cases, whether the program changes its place a thousand times in a period of the
// sampler or stays for seconds, and with threads that go in step.
func TestCoverage(t *testing.T) {
	const rounds, length = 200, 1_000_000
	for _, c := range []struct {
		name     string
		threads  int
		period   float64
		together bool
		rounds   int
	}{
		{"tiny calls", 1, 3, false, 10 * rounds},
		{"calls of the sampler's period", 1, 1000, false, rounds},
		{"long phases", 1, 300_000, false, rounds},
		{"ten threads in step", 10, 700, true, rounds / 2},
		{"four threads of their own", 4, 700, false, rounds / 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(1, uint64(c.period)))
			inside, all, run := 0, 0, program(rng, c.threads, c.period, c.together, length)
			real := truth(run)
			for range c.rounds {
				p := sampled(rng, run)
				for _, row := range p.Rows() {
					all++
					if row.Own.Low <= real[row.Func] && real[row.Func] <= row.Own.High {
						inside++
					}
				}
			}
			t.Logf("%d of %d inside; true shares %.4f", inside, all, real)
			if 100*inside < 93*all {
				t.Errorf("only %d of %d true shares are in their intervals", inside, all)
			}
		})
	}
}

// TestThreadsInStep: ten threads that are always in the same place tell no more than one.
func TestThreadsInStep(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	run := program(rng, 10, 700, true, 1_000_000)
	ten, one := sampled(rng, run).Rows(), sampled(rng, run[:1]).Rows()
	for i := range one {
		a, b := ten[i].Own, one[i].Own
		if ratio := (a.High - a.Low) / (b.High - b.Low); ratio < 0.8 || ratio > 1.25 {
			t.Errorf("function %d: the interval of ten threads is %.2f times as wide as that of one", i, ratio)
		}
	}
}
