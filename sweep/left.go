package sweep

import (
	"math"
	"time"
)

const (
	// leastEnded is how many jobs must have ended before anything is said of the others.
	leastEnded = 3
	// errors2 is how many standard errors an interval of 95 % has to each side.
	errors2 = 1.96
)

// Left estimates how long the rest of a sweep takes: the mean of the jobs that ended, for each that has not, less what those that run have
// behind them, on so many workers. The interval holds it in 95 of 100 sweeps whose jobs take as long as a sample of those that ended; it
// knows nothing of jobs that grow longer. ok is false before three have ended.
func Left(ended []time.Duration, waiting int, running []time.Duration, workers int) (low, high time.Duration, ok bool) {
	if len(ended) < leastEnded {
		return 0, 0, false
	}
	mean, deviation := spread(ended)
	k, n := float64(len(ended)), float64(waiting+len(running))
	total, longest := float64(waiting)*mean, 0.0
	if waiting > 0 {
		longest = mean
	}
	for _, behind := range running {
		ahead := max(0, mean-behind.Seconds())
		total += ahead
		longest = max(longest, ahead)
	}
	off := errors2 * deviation * math.Sqrt(n+n*n/k) // of the sum itself, and of the mean that it was made with
	share := float64(max(1, min(workers, waiting+len(running))))
	between := func(seconds float64) time.Duration {
		return time.Duration(max(0, seconds) * float64(time.Second))
	}
	return between(max(longest, total/share) - off/share), between(max(longest, total/share) + off/share), true
}

// spread is the mean and the standard deviation, in seconds.
func spread(list []time.Duration) (mean, deviation float64) {
	for _, d := range list {
		mean += d.Seconds() / float64(len(list))
	}
	for _, d := range list {
		deviation += (d.Seconds() - mean) * (d.Seconds() - mean) / float64(len(list)-1)
	}
	return mean, math.Sqrt(deviation)
}
