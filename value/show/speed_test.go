package show

import (
	"math/rand/v2"
	"testing"
)

func normals(n int) []float64 {
	g := rand.New(rand.NewPCG(1, 2))
	s := make([]float64, n)
	for i := range s {
		s[i] = g.NormFloat64()
	}
	return s
}

func BenchmarkPrint100k(b *testing.B) {
	s := normals(100_000)
	o := Defaults()
	o.Threshold = len(s)
	for b.Loop() {
		if _, err := Slice(s, o); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPrint100kSuppressed(b *testing.B) {
	s := normals(100_000)
	o := Wide()
	o.Threshold = len(s)
	for b.Loop() {
		if _, err := Slice(s, o, 1000, 100); err != nil {
			b.Fatal(err)
		}
	}
}
