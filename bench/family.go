package bench

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
)

const (
	// MostRelabelled is in how many ways the labels are dealt out: all there are, or so many drawn. The 99 % quantile of the
	// largest t then moves by a twentieth with another seed.
	MostRelabelled = 1000
	// MostCompared bounds the work of one family: some seconds.
	MostCompared = 4000
	// finest is the smallest standard error that is believed, as a part: no clock tells a program's time any closer.
	finest = 1e-4
	// widest is the largest half of an interval, of logarithms, that is told: a factor of 10^43 in either direction.
	widest = 100
)

// Pair is one thing that was measured before and after a change. All figures are above 0.
type Pair struct{ Before, After []float64 }

// Change is what became of a figure.
type Change struct {
	Factor float64     `json:"factor"`         // after divided by before, typically
	Low    float64     `json:"low,omitempty"`  // the interval of the factor; 0 if there are too few runs to tell
	High   float64     `json:"high,omitempty"` // likewise
	Kind   VerdictKind `json:"verdict"`        // of what there is after: more, less, no difference found, unknown
}

// Differs says whether it changed beyond the noise.
func (c Change) Differs() bool { return c.Kind == More || c.Kind == Less }

// Known says whether there is an interval.
func (c Change) Known() bool { return c.High > 0 }

// CompareMany compares many things at once that were measured in the same runs: figures at one place of all Befores are of one
// run, and likewise of the Afters. If paired, those at one place of Before and After are of one round. The chance that any one
// of all verdicts is wrong is 1-level, and all intervals hold together at the level.
//
// The factor is that of the 20 % trimmed means of the logarithms. What its t must exceed is found by resampling (Westfall and Young,
// Resampling-based multiple testing, 1993: maxT in a single step): each side's own trimmed mean is taken off, the labels of
// the runs are dealt out anew, to all things alike, and the largest t of all is kept. So nothing is assumed of how the figures are distributed, nor of how they hang
// together. Of paired figures the labels are exchanged within rounds only, so that a machine that grows slower is not taken for a
// change. With too few runs to deal, see [Enough], every verdict is [Unknown]. The draws are seeded: the same figures give the same answer.
func CompareMany(list []Pair, paired bool, level float64) ([]Change, error) {
	if len(list) == 0 {
		return nil, nil
	}
	if err := checkPairs(list, paired); err != nil {
		return nil, err
	}
	before, after := len(list[0].Before), len(list[0].After)
	rows := make([]relabelled, len(list))
	for i, p := range list {
		rows[i] = newRelabelled(p)
	}
	enough, critical := Enough(before, after, paired, level), 0.0
	if enough {
		// Taking off both means took two degrees of freedom, which the observed figures have.
		runs := float64(before + after)
		critical = largestT(rows, deals(before, after, paired), level) * math.Sqrt(runs/(runs-2))
	}
	changes := make([]Change, len(list))
	for i, row := range rows {
		changes[i] = Change{Factor: math.Exp(row.middle), Kind: Unknown}
		if enough {
			changes[i] = changeOf(row.middle, critical*row.deviation)
		}
	}
	return changes, nil
}

func checkPairs(list []Pair, paired bool) error {
	if len(list) > MostCompared {
		return fmt.Errorf("comparing %d things at once; at most %d", len(list), MostCompared)
	}
	first := list[0]
	for i, p := range list {
		if len(p.Before) != len(first.Before) || len(p.After) != len(first.After) || len(p.Before) == 0 || len(p.After) == 0 {
			return fmt.Errorf("comparing: number %d has %d figures before and %d after, the first %d and %d", i, len(p.Before), len(p.After), len(first.Before), len(first.After))
		}
		for _, v := range slices.Concat(p.Before, p.After) {
			if !(v > 0) || math.IsInf(v, 1) {
				return fmt.Errorf("comparing: number %d has the figure %v", i, v)
			}
		}
	}
	if paired && len(first.Before) != len(first.After) {
		return fmt.Errorf("comparing in rounds: %d runs before and %d after", len(first.Before), len(first.After))
	}
	return nil
}

func changeOf(middle, half float64) Change {
	c := Change{Factor: math.Exp(middle), Low: math.Exp(middle - half), High: math.Exp(middle + half), Kind: Same}
	if half > widest {
		c.Low, c.High = 0, 0
	}
	switch {
	case middle-half > 0:
		c.Kind = More
	case middle+half < 0:
		c.Kind = Less
	}
	return c
}

// Enough says whether so many runs can give a verdict: the labels must have so many arrangements that what is as rare
// as the level asks occurs twice among them. [Needed] tells how many it takes.
func Enough(before, after int, paired bool, level float64) bool {
	if before < 2 || after < 2 {
		return false
	}
	return int((1-level)*float64(arrangements(before, after, paired))+1e-9) >= 2
}

// Needed is how many runs on each side, or how many rounds, are enough.
func Needed(paired bool, level float64) int {
	n := 2
	for !Enough(n, n, paired, level) && n < MostRelabelled {
		n++
	}
	return n
}

// arrangements is how many there are, or MostRelabelled if that is less.
func arrangements(before, after int, paired bool) int {
	n := 1.0
	if paired {
		n = math.Pow(2, float64(before))
	} else {
		for i := range before {
			n = n * float64(after+1+i) / float64(i+1)
		}
	}
	return int(math.Round(min(n, MostRelabelled)))
}

// largestT is what the largest t of all rows exceeds in so few of the deals as the level leaves.
func largestT(rows []relabelled, deals [][]bool, level float64) float64 {
	largest := make([]float64, len(deals))
	var mutex sync.Mutex
	var wait sync.WaitGroup
	each := (len(rows) + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	for part := range slices.Chunk(rows, each) {
		wait.Go(func() {
			own := make([]float64, len(deals))
			for _, row := range part {
				for i, deal := range deals {
					own[i] = max(own[i], row.t(deal))
				}
			}
			mutex.Lock()
			defer mutex.Unlock()
			for i, t := range own {
				largest[i] = max(largest[i], t)
			}
		})
	}
	wait.Wait()
	slices.Sort(largest)
	return largest[len(largest)-1-int((1-level)*float64(len(largest))+1e-9)]
}

// Typical is the typical one of figures, as a [Change] has it: the 20 % trimmed mean of their logarithms or, where one is
// not above 0, of themselves.
func Typical(x []float64) float64 {
	switch len(x) {
	case 0:
		return 0
	case 1:
		return x[0]
	}
	s := slices.Sorted(slices.Values(x))
	if !(s[0] > 0) {
		middle, _ := trimmed(s)
		return middle
	}
	for i := range s {
		s[i] = math.Log(s[i])
	}
	middle, _ := trimmed(s)
	return math.Exp(middle)
}
