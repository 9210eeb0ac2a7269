package store_test

import (
	"testing"
	"time"
)

// BenchmarkList lists 10,000 runs from the index.
func BenchmarkList(b *testing.B) {
	s := newStore(b)
	for i := range 10_000 {
		keep(b, s, "x", start.Add(time.Duration(i)*time.Minute), i%10)
	}
	list(b, s)
	b.ResetTimer()
	for b.Loop() {
		if got := len(list(b, s)); got != 10_000 {
			b.Fatalf("%d runs", got)
		}
	}
}
