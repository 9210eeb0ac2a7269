package bench

import (
	"math"
	"slices"
)

// Summary describes the figures of one candidate.
type Summary struct {
	N      int     `json:"n"`
	Mean   float64 `json:"mean"`
	Stddev float64 `json:"stddev"` // of the sample
	Median float64 `json:"median"`
	// Typical is what Compare has for ratios, see [Typical], and the next two its interval; those are 0 where there are too few figures.
	Typical float64 `json:"typical"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Min     float64 `json:"min"`
	Max     float64 `json:"max"`
}

// Summarize describes figures, in any order. Of none, all is 0.
func Summarize(x []float64) Summary {
	if len(x) == 0 {
		return Summary{}
	}
	s := slices.Sorted(slices.Values(x))
	sum := Summary{N: len(s), Mean: mean(s), Stddev: deviation(s), Median: median(s), Typical: Typical(s), Min: s[0], Max: s[len(s)-1]}
	ones := make([]float64, len(s))
	for i := range ones {
		ones[i] = 1
	}
	if r := Compare(x, ones, Confidence); s[0] > 0 && r.Known() {
		sum.Low, sum.High = r.Low, r.High
	}
	return sum
}

// median of sorted figures.
func median(s []float64) float64 { return (s[(len(s)-1)/2] + s[len(s)/2]) / 2 }

// robustZ is how far v lies from the median, in standard deviations estimated by the median absolute deviation, which
// outliers do not move (Iglewicz and Hoaglin 1993); middleAndSpread gives both.
func robustZ(v, middle, spread float64) float64 {
	if spread == 0 {
		return 0
	}
	return (v - middle) / spread
}

// middleAndSpread are the median and the standard deviation by the median absolute deviation.
func middleAndSpread(x []float64) (middle, spread float64) {
	s := slices.Sorted(slices.Values(x))
	middle = median(s)
	for i, v := range s {
		s[i] = math.Abs(v - middle)
	}
	slices.Sort(s)
	return middle, 1.4826 * median(s)
}
