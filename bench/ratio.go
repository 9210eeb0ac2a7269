package bench

import (
	"math"
	"math/rand/v2"
	"slices"
)

const (
	// trim is the part of the figures that is left out at each end.
	trim = 0.2
	// resamples: the interval's ends move by some hundredths of its width with another seed.
	resamples = 2000
	// mostResampled bounds the work: of more figures the bootstrap would tell what Student's t does. Of fewer than
	// fewestRounds it has too little to draw from, and t, with the degrees of freedom that trimming leaves, is a guess.
	mostResampled = 300
	// Confidence is the level of intervals, unless another is asked for.
	Confidence = 0.95
	// Certainty is the level at which an interval must leave out 1 for a difference to be called one: of a hundred
	// comparisons of a thing with itself one is wrong on average.
	Certainty = 0.99
)

// Ratio is how many times more the first of two candidates took than the second, with the interval in which it lies at
// the level, and of how many rounds.
type Ratio struct {
	Ratio  float64 `json:"ratio"`
	Low    float64 `json:"low"`  // 0 if there are too few rounds to tell
	High   float64 `json:"high"` // infinite likewise, and left out
	Level  float64 `json:"level"`
	Rounds int     `json:"rounds"`
}

// Compare is the ratio of a to b, whose figures at the same place belong to the same round and are above 0.
func Compare(a, b []float64, level float64) Ratio {
	logs := make([]float64, min(len(a), len(b)))
	for i := range logs {
		logs[i] = math.Log(a[i] / b[i])
	}
	middle, half := interval(logs, level)
	return Ratio{math.Exp(middle), math.Exp(middle - half), math.Exp(middle + half), level, len(logs)}
}

// Known says whether there is an interval.
func (r Ratio) Known() bool { return r.Low > 0 && !math.IsInf(r.High, 1) && !math.IsNaN(r.Ratio) }

// Width is half the width of the interval, as a part of the ratio; infinite if there is none.
func (r Ratio) Width() float64 {
	if !r.Known() {
		return math.Inf(1)
	}
	return math.Sqrt(r.High/r.Low) - 1
}

// Differs says whether the interval leaves no room for "the same".
func (r Ratio) Differs() bool { return r.Known() && (r.Low > 1 || r.High < 1) }

// interval is the trimmed mean and half the width of its symmetric bootstrap-t interval; infinite for fewer
// than three figures.
func interval(x []float64, level float64) (middle, half float64) {
	sorted := slices.Sorted(slices.Values(x))
	middle, deviation := trimmed(sorted)
	switch {
	case len(x) < leastRounds:
		return middle, math.Inf(1)
	case sorted[0] == sorted[len(sorted)-1]:
		return middle, 0
	case deviation == 0: // most are equal, and trimming leaves nothing else
		deviation = standardError(x)
		middle = mean(x)
		return middle, quantileT(level, len(x)) * deviation
	case len(x) > mostResampled || len(x) < fewestRounds:
		return middle, quantileT(level, len(x)-2*int(trim*float64(len(x)))) * deviation
	}
	return middle, deviation * criticalT(sorted, middle, level)
}

// trimmed is the trimmed mean of sorted figures and its standard error, by the winsorized variance
// (Tukey and McLaughlin 1963).
func trimmed(sorted []float64) (middle, deviation float64) {
	n := len(sorted)
	if n == 0 {
		return math.NaN(), math.Inf(1)
	}
	cut := int(trim * float64(n))
	low, high := sorted[cut], sorted[n-1-cut]
	sum, all := 0.0, 0.0
	for _, v := range sorted {
		all += min(max(v, low), high)
	}
	for _, v := range sorted[cut : n-cut] {
		sum += v
	}
	center, squares := all/float64(n), 0.0
	for _, v := range sorted {
		d := min(max(v, low), high) - center
		squares += d * d
	}
	kept := float64(n-2*cut) / float64(n)
	return sum / float64(n-2*cut), math.Sqrt(squares/float64(max(1, n-1))/float64(n)) / kept
}

// criticalT is the quantile of how far, in its own standard errors, the trimmed mean of a resample lies from that of all.
func criticalT(sorted []float64, middle, level float64) float64 {
	random := rand.New(rand.NewPCG(uint64(len(sorted)), resamples))
	n := len(sorted)
	counts, drawn := make([]int, n), make([]float64, n)
	far := make([]float64, 0, resamples)
	for range resamples {
		clear(counts)
		for range n {
			counts[random.IntN(n)]++
		}
		drawn = drawn[:0]
		for i, c := range counts { // in order, so that nothing has to be sorted
			for range c {
				drawn = append(drawn, sorted[i])
			}
		}
		m, d := trimmed(drawn)
		switch {
		case d > 0:
			far = append(far, math.Abs(m-middle)/d)
		case m != middle:
			far = append(far, math.Inf(1)) // one figure, drawn over and over: it tells of no spread
		default:
			far = append(far, 0)
		}
	}
	slices.Sort(far)
	return far[min(len(far)-1, int(math.Ceil(level*float64(len(far))))-1)]
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func standardError(x []float64) float64 {
	return deviation(x) / math.Sqrt(float64(len(x)))
}

// deviation is the standard deviation of a sample.
func deviation(x []float64) float64 {
	if len(x) < 2 {
		return 0
	}
	m, squares := mean(x), 0.0
	for _, v := range x {
		squares += (v - m) * (v - m)
	}
	return math.Sqrt(squares / float64(len(x)-1))
}

// quantileT is the two-sided quantile of Student's t, from the normal's by the expansion of Cornish and Fisher
// (Abramowitz and Stegun 26.7.5): good to 1 % from 6 figures on, at levels up to 0.99, and to 10 % from 4; of 3 it is exact.
func quantileT(level float64, n int) float64 {
	if n <= 3 {
		return level * math.Sqrt(2/(1-level*level))
	}
	z := math.Sqrt2 * math.Erfinv(level)
	v := float64(n - 1)
	z3, z5, z7 := math.Pow(z, 3), math.Pow(z, 5), math.Pow(z, 7)
	return z + (z3+z)/(4*v) + (5*z5+16*z3+3*z)/(96*v*v) + (3*z7+19*z5+17*z3-15*z)/(384*v*v*v)
}
