package bwt

import (
	"math"
	"testing"
)

// TestFetch names places far outside, as rows do that hold something else than a position.
// The transform's tests say that it changes nothing; with -tags purego they run without assembly.
func TestFetch(t *testing.T) {
	rows := []int32{0, 1, 2, 3, -1, math.MinInt32, math.MaxInt32, told | 5, done | 7, 4}
	bytes, words := []byte{1, 2, 3}, []int32{1, 2, 3}
	for begin := range rows {
		for end := begin; end <= len(rows); end++ {
			fetch(bytes, rows[begin:end])
			fetch(words, rows[begin:end])
			fetch(bytes[:0], rows[begin:end])
		}
	}
	if bytes[0] != 1 || words[2] != 3 || rows[4] != -1 {
		t.Errorf("fetching changed %v, %v or %v", bytes, words, rows)
	}
}
