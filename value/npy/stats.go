package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrNoNumbers is the error of [Describe] and [Floats] about elements that are neither
// numbers nor times; that of [Floats] about complex numbers, too.
var ErrNoNumbers = errors.New("the elements are no numbers")

// Stats tell about the elements of an array of numbers or times.
type Stats struct {
	Count    int // elements
	NaN, Inf int // of them no number or no time, and infinite
	// Min and Max are the places in Data of the smallest and the largest element that is
	// a number, infinite ones included; -1 where there is none, as among complex numbers.
	Min, Max int
	// Mean, Deviation and Histogram are of the finite numbers; of times there are none, of complex
	// numbers no histogram.
	Mean, Deviation float64
	MeanImag        float64 // the imaginary part of the mean of complex numbers
	Finite          int
	Histogram       []Bin
}

// Bin is a range of a histogram and how many numbers are in it. The last one includes
// its upper end.
type Bin struct {
	From, To float64
	Count    int
}

// Describe takes the statistics of a, with so many bins of equal width from the least
// to the largest finite number. The mean is summed with compensation (Neumaier 1974),
// so it can be nearer to the true one than numpy's; the deviation is of the population.
func Describe(a *Array, bins int) (Stats, error) {
	if len(a.DType.Fields) > 0 {
		return Stats{}, fmt.Errorf("%w: they are structures", ErrNoNumbers)
	}
	if bins < 1 || bins > maxBins {
		return Stats{}, fmt.Errorf("%d bins are not within 1 and %d", bins, maxBins)
	}
	if a.DType.Kind == Datetime || a.DType.Kind == Timedelta {
		return describeTimes(a), nil
	}
	if a.DType.Kind == Complex {
		return describeComplex(a)
	}
	convert, err := toFloat(a.DType)
	if err != nil {
		return Stats{}, err
	}
	s := newStats(a)
	least, most := s.extremes(a, convert)
	if s.Finite == 0 {
		return s, nil
	}
	s.moments(a, convert)
	s.histogram(a, convert, bins, least, most)
	return s, nil
}

// maxBins is more than a screen has columns.
const maxBins = 10_000

func newStats(a *Array) Stats { return Stats{Count: a.Len(), Min: -1, Max: -1} }

// extremes returns the least and the largest finite number. Integers are compared as
// such, beyond what a float64 tells apart.
func (s *Stats) extremes(a *Array, convert func([]byte) float64) (least, most float64) {
	less := lessOf(a, convert)
	least, most = math.Inf(1), math.Inf(-1)
	a.offsets(func(at int) {
		f := convert(a.Data[at:])
		if f != f {
			s.NaN++
			return
		}
		if s.Min < 0 || less(at, s.Min) {
			s.Min = at
		}
		if s.Max < 0 || less(s.Max, at) {
			s.Max = at
		}
		if math.IsInf(f, 0) {
			s.Inf++
			return
		}
		s.Finite++
		least, most = min(least, f), max(most, f)
	})
	return least, most
}

// lessOf compares the elements at two places.
func lessOf(a *Array, convert func([]byte) float64) func(i, j int) bool {
	if a.DType.Size != 8 || a.DType.Kind == Float {
		return func(i, j int) bool { return convert(a.Data[i:]) < convert(a.Data[j:]) }
	}
	var order binary.ByteOrder = binary.LittleEndian
	if a.DType.Big {
		order = binary.BigEndian
	}
	flip := uint64(1) << 63 // makes the order of signed numbers that of unsigned ones
	if a.DType.Kind == Uint {
		flip = 0
	}
	return func(i, j int) bool { return order.Uint64(a.Data[i:])^flip < order.Uint64(a.Data[j:])^flip }
}

// moments are the mean and the deviation from it, in two passes.
func (s *Stats) moments(a *Array, convert func([]byte) float64) {
	n := float64(s.Finite)
	s.Mean = sumOf(a, convert, func(f float64) float64 { return f }) / n
	if math.IsInf(s.Mean, 0) {
		s.Mean = sumOf(a, convert, func(f float64) float64 { return f / n })
	}
	s.Deviation = math.Sqrt(sumOf(a, convert, func(f float64) float64 { return (f - s.Mean) / n * (f - s.Mean) }))
}

// sumOf adds what term makes of the finite numbers.
func sumOf(a *Array, convert func([]byte) float64, term func(float64) float64) float64 {
	var sum, lost float64
	a.offsets(func(at int) {
		f := convert(a.Data[at:])
		if f-f != 0 {
			return
		}
		x := term(f)
		next := sum + x
		if math.Abs(sum) >= math.Abs(x) {
			lost += sum - next + x
		} else {
			lost += x - next + sum
		}
		sum = next
	})
	return sum + lost
}

// histogram counts as numpy.histogram does: numbers at an edge belong to the bin above.
func (s *Stats) histogram(a *Array, convert func([]byte) float64, bins int, least, most float64) {
	if least == most {
		least, most = least-0.5, most+0.5
	}
	width := most/float64(bins) - least/float64(bins)
	s.Histogram = make([]Bin, bins)
	for i := range s.Histogram {
		s.Histogram[i].From = least + float64(i)*width
		s.Histogram[i].To = least + float64(i+1)*width
	}
	s.Histogram[bins-1].To = most
	a.offsets(func(at int) {
		f := convert(a.Data[at:])
		if f-f != 0 {
			return
		}
		i := max(0, min(bins-1, int((f/width)-(least/width))))
		for i > 0 && f < s.Histogram[i].From {
			i--
		}
		for i < bins-1 && f >= s.Histogram[i].To {
			i++
		}
		s.Histogram[i].Count++
	})
}

// describeTimes counts what is no time, and finds the first and the last.
func describeTimes(a *Array) Stats {
	s := newStats(a)
	less := lessOf(a, nil)
	a.offsets(func(at int) {
		var order binary.ByteOrder = binary.LittleEndian
		if a.DType.Big {
			order = binary.BigEndian
		}
		if int64(order.Uint64(a.Data[at:])) == notATime {
			s.NaN++
			return
		}
		if s.Min < 0 || less(at, s.Min) {
			s.Min = at
		}
		if s.Max < 0 || less(s.Max, at) {
			s.Max = at
		}
	})
	return s
}

// At is the element at a place in Data, as an array of shape ().
func (a *Array) At(place int) *Array {
	return &Array{DType: a.DType, Data: a.Data[place : place+a.DType.ItemSize()], Objects: a.Objects}
}
