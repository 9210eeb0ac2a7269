package npy

import "math"

// describeComplex takes the statistics of what has no order: no least, no largest, no
// histogram. The deviation is numpy's, of the distances from the mean.
func describeComplex(a *Array) (Stats, error) {
	half := a.DType
	half.Kind, half.Size = Float, a.DType.Size/2
	part, err := toFloat(half)
	if err != nil {
		return Stats{}, err
	}
	s := newStats(a)
	a.offsets(func(at int) {
		re, im := part(a.Data[at:]), part(a.Data[at+half.Size:])
		nan, inf := re != re || im != im, math.IsInf(re, 0) || math.IsInf(im, 0)
		if nan {
			s.NaN++
		}
		if inf { // numpy counts inf+nanj as both
			s.Inf++
		}
		if !nan && !inf {
			s.Finite++
		}
	})
	if s.Finite == 0 {
		return s, nil
	}
	// A part counts where both are finite.
	first := func(p []byte) float64 { return part(p) + 0*part(p[half.Size:]) }
	second := func(p []byte) float64 { return part(p[half.Size:]) + 0*part(p) }
	re, im := Stats{Finite: s.Finite}, Stats{Finite: s.Finite}
	re.moments(a, first)
	im.moments(a, second)
	s.Mean, s.MeanImag = re.Mean, im.Mean
	s.Deviation = math.Hypot(re.Deviation, im.Deviation)
	return s, nil
}
