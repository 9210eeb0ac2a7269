package permute

import (
	"io"
	"testing"
)

// BenchmarkOf is a full pass over the arrangements of ten items, one step each; M/s is
// millions of them in a second.
func BenchmarkOf(b *testing.B) {
	for _, r := range []int{10, 7} {
		name := map[int]string{10: "10of10", 7: "7of10"}[r]
		b.Run(name, func(b *testing.B) {
			steps := 0
			for b.Loop() {
				steps += count(ascending(10), r)
			}
			b.ReportMetric(float64(steps)/b.Elapsed().Seconds()/1e6, "M/s")
		})
	}
}

// count stands apart from the loop of the benchmark, in which nothing is inlined.
func count(items []int, r int) int {
	steps := 0
	for range Of(items, r) {
		steps++
	}
	return steps
}

// BenchmarkWrite writes the 3,628,800 lines of ten letters.
func BenchmarkWrite(b *testing.B) {
	items := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	rounds := 0
	for b.Loop() {
		if err := Write(io.Discard, items, Text{R: 10, End: "\n"}); err != nil {
			b.Fatal(err)
		}
		rounds++
	}
	b.ReportMetric(float64(rounds)*3628800/b.Elapsed().Seconds()/1e6, "Mlines/s")
}
