package pstats

import (
	"io"
	"testing"
)

func BenchmarkSortLarge(b *testing.B) {
	_, s := largeStats(b)
	for _, key := range []string{"cumtime", "calls", "filename", "name", "stdname", "nfl"} {
		b.Run(key, func(b *testing.B) {
			for b.Loop() {
				if err := s.Sort(key); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkPrintLarge(b *testing.B) {
	for name, view := range map[string]func(*Stats, io.Writer, ...Restriction) error{
		"table": (*Stats).Print, "callers": (*Stats).PrintCallers, "callees": (*Stats).PrintCallees,
		"json": (*Stats).WriteJSON, "csv": (*Stats).WriteCSV,
	} {
		b.Run(name, func(b *testing.B) {
			_, s := largeStats(b)
			for b.Loop() {
				s.callees = nil // worked out anew each time
				if err := view(s, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkStripDirsLarge(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		_, s := largeStats(b)
		b.StartTimer()
		if err := s.StripDirs(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAddLarge(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		_, s := largeStats(b)
		_, other := largeStats(b)
		b.StartTimer()
		if err := s.Add(other); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFixed3(b *testing.B) {
	var buf [32]byte
	x := 0.000123
	for b.Loop() {
		appendFixed3(buf[:0], x, 8)
		x += 0.37
	}
}
