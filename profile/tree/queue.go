package tree

import "math"

// queue hands out the heaviest first. What is put in is never heavier than what was taken
// last, so that a row of buckets does: weights within an eighth of an octave count as
// equal, and come in the order in which they were put in.
type queue struct {
	buckets [][]int32
	taken   int // of the current bucket
	current int
	heavy   int // the bucket of the heaviest weight, counted from the top
}

const (
	bucketsPerOctave = 8
	queueBuckets     = 64 * bucketsPerOctave // 64 octaves below the heaviest all is one
)

func newQueue(heaviest float64) *queue {
	return &queue{buckets: make([][]int32, queueBuckets), heavy: octave(heaviest)}
}

// octave is a logarithm of a weight, in buckets.
func octave(weight float64) int {
	if !(weight > 0) {
		return math.MinInt32
	}
	fraction, exponent := math.Frexp(weight)
	return exponent*bucketsPerOctave + int((fraction-0.5)*2*bucketsPerOctave)
}

func (q *queue) put(id int32, weight float64) {
	at := min(max(q.heavy-octave(weight), q.current), queueBuckets-1)
	q.buckets[at] = append(q.buckets[at], id)
}

func (q *queue) take() (id int32, ok bool) {
	for q.current < queueBuckets {
		if bucket := q.buckets[q.current]; q.taken < len(bucket) {
			q.taken++
			return bucket[q.taken-1], true
		}
		q.buckets[q.current] = nil
		q.current++
		q.taken = 0
	}
	return 0, false
}
