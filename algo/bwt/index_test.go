package bwt

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// locations is the definition of Locate.
func locations(text, pattern []byte) (places []int) {
	for i := 0; i+len(pattern) <= len(text); i++ {
		if bytes.HasPrefix(text[i:], pattern) {
			places = append(places, i)
		}
	}
	return places
}

func index(t *testing.T, text []byte) *Index {
	t.Helper()
	x, err := NewIndex(text)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func checkIndex(t *testing.T, x *Index, text, pattern []byte) {
	t.Helper()
	want := locations(text, pattern)
	if got := x.Locate(pattern); !slices.Equal(got, want) {
		t.Fatalf("Locate(%q) in %.200q is %d, want %d", pattern, text, got, want)
	}
	if got := x.Count(pattern); got != len(want) {
		t.Fatalf("Count(%q) in %.200q is %d, want %d", pattern, text, got, len(want))
	}
}

// TestIndexAllShort looks for every pattern of up to 5 of two letters in every text of up to 7.
func TestIndexAllShort(t *testing.T) {
	for size := range 8 {
		eachString(size, "ab", func(text []byte) {
			x := index(t, text)
			for length := 1; length < 6; length++ {
				eachString(length, "ab", func(pattern []byte) { checkIndex(t, x, text, pattern) })
			}
		})
	}
}

func TestIndexRandom(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for range 200 {
		text := randomText(random, 10_000)
		x := index(t, text)
		at := random.IntN(len(text))
		pattern := bytes.Clone(text[at:min(at+1+random.IntN(40), len(text))])
		checkIndex(t, x, text, pattern)
		pattern[random.IntN(len(pattern))] ^= byte(random.IntN(3))
		checkIndex(t, x, text, pattern)
		checkIndex(t, x, text, append(pattern, text[:random.IntN(len(text))]...))
	}
}

func TestCountEncoded(t *testing.T) {
	random := rand.New(rand.NewPCG(13, 14))
	for range 60 {
		text := randomText(random, 8000)
		file := encoded(t, text, Options{BlockSize: MinBlockSize})
		for _, length := range []int{1, 2, 5, 30, 1500, 3000} {
			at := random.IntN(len(text))
			pattern := text[at:min(at+length, len(text))]
			got, err := CountEncoded(bytes.NewReader(file), pattern)
			if want := len(locations(text, pattern)); err != nil || got != int64(want) {
				t.Fatalf("%d bytes from %d of %d occur %d times, %v; want %d", len(pattern), at, len(text), got, err, want)
			}
		}
	}
	if _, err := CountEncoded(bytes.NewReader(encoded(t, []byte("a"), Options{})), nil); err == nil {
		t.Error("counted nothing")
	}
}
