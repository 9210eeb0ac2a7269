package ints

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// BenchmarkRead reads 32 MiB of numbers up to a million, and up to ten.
func BenchmarkRead(b *testing.B) {
	for name, most := range map[string]int64{"million": 1e6, "ten": 10} {
		text := randomText(most, 32<<20)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Read(bytes.NewReader(text)); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"Sum", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				var sum Summary
				s := NewScanner(bytes.NewReader(text))
				for s.Scan() {
					sum.Add(s.Number())
				}
				if s.Err() != nil {
					b.Fatal(s.Err())
				}
			}
		})
	}
}

func randomText(most int64, size int) []byte {
	random := rand.New(rand.NewPCG(5, 6))
	text := make([]byte, 0, size+32)
	for len(text) < size {
		if len(text) > 0 {
			text = append(text, ", "...)
		}
		text = Append(text, random.Int64N(most))
	}
	return text
}
