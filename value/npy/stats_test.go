package npy

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
)

// describe prints what Describe says, as far as numpy says the same.
const describe = `
import sys, numpy as np
for path in sys.argv[1:]:
    a = np.load(path)
    f = a.astype('f8')
    f = f[np.isfinite(f)]
    n, edges = np.histogram(f, 7) if f.size else ([], [])
    mean, std = (f.mean(), f.std()) if f.size else (0, 0)
    print(a.size, np.isnan(a).sum(), np.isinf(a).sum(), *(map(int, n)), *map(repr, map(float, [*edges, mean, std])))
`

func TestDescribeAgainstNumPy(t *testing.T) {
	py, dir := testpy.NumPy(t)[0], t.TempDir()
	g := rand.New(rand.NewPCG(1, 2))
	var paths []string
	var mine []Stats
	for i := range 60 {
		s := make([]float64, g.IntN(50))
		for j := range s {
			s[j] = []float64{g.NormFloat64(), float64(g.IntN(8)), 1e8 * g.Float64(), math.NaN(), math.Inf(1)}[min(g.IntN(8), 4)]
			if i%2 == 0 {
				s[j] = float64(g.IntN(8)) // many at the edges of bins
			}
		}
		a, _ := Of(s)
		path := filepath.Join(dir, fmt.Sprint(i, ".npy"))
		if err := Save(path, a); err != nil {
			t.Fatal(err)
		}
		stats, err := Describe(a, 7)
		if err != nil {
			t.Fatal(err)
		}
		paths, mine = append(paths, path), append(mine, stats)
	}
	lines := strings.Split(run(t, py, describe, paths...), "\n")
	for i, s := range mine {
		var want []float64
		for _, word := range strings.Fields(lines[i]) {
			var f float64
			if _, err := fmt.Sscan(word, &f); err != nil {
				t.Fatal(err)
			}
			want = append(want, f)
		}
		got := []float64{float64(s.Count), float64(s.NaN), float64(s.Inf)}
		for _, b := range s.Histogram {
			got = append(got, float64(b.Count))
		}
		for j, b := range s.Histogram {
			if got = append(got, b.From); j == len(s.Histogram)-1 {
				got = append(got, b.To)
			}
		}
		got = append(got, s.Mean, s.Deviation)
		if !near(got, want) {
			t.Errorf("array %d:\n cantil %v\n numpy  %v", i, got, want)
		}
	}
}

// near compares figures up to the last bits.
func near(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if d := math.Abs(a[i] - b[i]); d > 1e-12*max(math.Abs(a[i]), math.Abs(b[i])) && d > 1e-15 {
			return false
		}
	}
	return true
}

// describeC is describe for complex numbers.
const describeC = `
import sys, numpy as np
for path in sys.argv[1:]:
    a = np.load(path)
    f = a[np.isfinite(a)].astype('c16')
    mean, std = (f.mean(), f.std()) if f.size else (0j, 0)
    print(a.size, np.isnan(a).sum(), np.isinf(a).sum(), f.size, *map(repr, map(float, [mean.real, mean.imag, std])))
`

func TestDescribeComplexAgainstNumPy(t *testing.T) {
	py, dir := testpy.NumPy(t)[0], t.TempDir()
	g := rand.New(rand.NewPCG(3, 4))
	part := func() float64 {
		return []float64{g.NormFloat64(), float64(g.IntN(8)), 1e8 * g.Float64(), math.NaN(), math.Inf(1), math.Inf(-1)}[min(g.IntN(24), g.IntN(6))]
	}
	var paths []string
	var mine [][]float64
	for i, descr := range []string{"<c16", ">c16", "<c8", ">c8"} {
		d, err := ParseDType(descr)
		if err != nil {
			t.Fatal(err)
		}
		for n := range 12 {
			a, _ := Of(make([]complex128, n*n))
			a.DType = d
			a.Data = a.Data[:n*n*d.Size]
			for j := 0; j < len(a.Data); j += d.Size / 2 {
				putPart(a.Data[j:], d, part())
			}
			path := filepath.Join(dir, fmt.Sprint(i, "-", n, ".npy"))
			if err := Save(path, a); err != nil {
				t.Fatal(err)
			}
			s, err := Describe(a, 7)
			if err != nil || s.Min != -1 || s.Max != -1 || s.Histogram != nil {
				t.Fatalf("%+v, %v", s, err)
			}
			paths = append(paths, path)
			mine = append(mine, []float64{float64(s.Count), float64(s.NaN), float64(s.Inf), float64(s.Finite), s.Mean, s.MeanImag, s.Deviation})
		}
	}
	lines := strings.Split(run(t, py, describeC, paths...), "\n")
	for i, got := range mine {
		want := make([]float64, len(got))
		for j, word := range strings.Fields(lines[i]) {
			if _, err := fmt.Sscan(word, &want[j]); err != nil {
				t.Fatal(err)
			}
		}
		if !near(got, want) {
			t.Errorf("%s:\n cantil %v\n numpy  %v", filepath.Base(paths[i]), got, want)
		}
	}
}

// putPart writes one part of a complex number of d.
func putPart(p []byte, d DType, f float64) {
	var order binary.ByteOrder = binary.LittleEndian
	if d.Big {
		order = binary.BigEndian
	}
	if d.Size == 8 {
		order.PutUint32(p, math.Float32bits(float32(f)))
		return
	}
	order.PutUint64(p, math.Float64bits(f))
}

func TestDescribeTellsLargeIntegersApart(t *testing.T) {
	a, _ := Of([]int64{math.MaxInt64 - 1, math.MaxInt64, math.MinInt64 + 1, math.MinInt64})
	if s, err := Describe(a, 1); err != nil || s.Min != 24 || s.Max != 8 {
		t.Errorf("%+v, %v", s, err)
	}
	dates := *a
	dates.DType, _ = ParseDType("<M8[D]")
	if s, err := Describe(&dates, 1); err != nil || s.Min != 16 || s.Max != 8 || s.NaN != 1 || s.Finite != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	text, _ := New(DType{Kind: Bytes, Size: 1}, []int{1}, false, []byte("x"))
	if _, err := Describe(text, 1); err == nil {
		t.Error("texts have statistics")
	}
}
