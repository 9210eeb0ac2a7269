package sweep

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
)

// Space is all that points are made of.
type Space struct {
	Axes     []Axis   // every combination of their rows, the last one changing fastest
	Random   []Random // drawn together ...
	Samples  int      // ... so many times
	Seed     uint64   // of the draws, and of the order; the same seed gives the same points
	Repeat   int      // each point so many times; 0 is 1
	Permuted bool     // in an order of chance
}

// Points are the points of the space, each once, the names of their parameters, and how many were left out because they were there already.
func (s Space) Points() (points []Point, names []string, same int, err error) {
	axes, err := s.axes()
	if err != nil {
		return nil, nil, 0, err
	}
	if names, err = namesOf(axes); err != nil {
		return nil, nil, 0, err
	}
	total := max(1, s.Repeat)
	for _, a := range axes {
		if total *= len(a.Rows); total > MostPoints {
			return nil, nil, 0, fmt.Errorf("combining the parameters: there are more than %d points", MostPoints)
		}
	}
	seen := map[string]bool{}
	for repeat := range max(1, s.Repeat) {
		for n := range total / max(1, s.Repeat) {
			p := Point{pick(axes, n), repeat + 1}
			if id := p.ID(); seen[id] {
				same++
			} else {
				seen[id] = true
				points = append(points, p)
			}
		}
	}
	if s.Permuted {
		rand.New(rand.NewPCG(s.Seed, 1)).Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
	}
	return points, names, same, nil
}

// axes are those of the space, with that of the samples at their end.
func (s Space) axes() ([]Axis, error) {
	axes := slices.Clone(s.Axes)
	switch {
	case len(s.Random) > 0 && s.Samples < 1:
		return nil, errors.New("drawing values: the number of samples is missing")
	case len(s.Random) == 0 && s.Samples > 0:
		return nil, errors.New("drawing values: no parameter is random")
	case s.Samples > MostPoints:
		return nil, fmt.Errorf("drawing values: more than %d samples", MostPoints)
	case s.Samples > 0:
		axes = append(axes, samples(s.Random, s.Samples, s.Seed))
	}
	if len(axes) == 0 && s.Repeat < 1 {
		return nil, errors.New("there are no parameters to sweep over")
	}
	return axes, nil
}

func namesOf(axes []Axis) ([]string, error) {
	var names []string
	for _, a := range axes {
		for _, name := range a.Names {
			if slices.Contains(names, name) {
				return nil, fmt.Errorf("parameter %s is there twice", name)
			}
			names = append(names, name)
		}
		if len(a.Rows) == 0 {
			return nil, fmt.Errorf("parameter %v has no values", a.Names)
		}
	}
	return names, nil
}

// pick is the n-th combination.
func pick(axes []Axis, n int) Settings {
	chosen := Settings{}
	for i := len(axes) - 1; i >= 0; i-- {
		rows := axes[i].Rows
		maps.Copy(chosen, rows[n%len(rows)])
		n /= len(rows)
	}
	return chosen
}
