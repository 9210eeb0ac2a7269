package pstats

import (
	"bytes"
	"io"
	"sync"
	"testing"

	"github.com/cantil-py/cantil/benchmarks/bigprof"
)

// largeProfile is the file that the promises of speed are about.
var largeProfile = sync.OnceValues(func() ([]byte, error) {
	var out bytes.Buffer
	err := bigprof.Write(&out, bigprof.Large())
	return out.Bytes(), err
})

func largeStats(b *testing.B) ([]byte, *Stats) {
	b.Helper()
	data, err := largeProfile()
	if err != nil {
		b.Fatal(err)
	}
	s, err := Read(data, Source{Path: "large.prof"})
	if err != nil {
		b.Fatal(err)
	}
	return data, s
}

func BenchmarkReadLarge(b *testing.B) {
	data, _ := largeStats(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data, Source{Path: "large.prof"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteLarge(b *testing.B) {
	data, s := largeStats(b)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Write(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
