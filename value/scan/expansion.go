package scan

import (
	"fmt"

	"github.com/cantil-py/cantil/value"
)

// A pickle whose values, written out, would be so many, and so many times more than
// there are objects, is a bomb: printing or comparing it never ends.
const (
	maxExpanded = 100_000_000
	maxRatio    = 1000
)

// expansion finds values that share their parts so often that they are huge written out.
func (s *stream) expansion(v value.Value) {
	c := counter{sizes: map[value.Value]float64{}}
	size := c.size(v)
	objects := float64(len(c.sizes) + 1)
	if size > maxExpanded && size/objects > maxRatio {
		s.report.add(Finding{Verdict: Dangerous, Inside: s.inside,
			Why: fmt.Sprintf("stands for %.3g values though it has %.0f containers: written out it fills any memory", size, objects)})
	}
	if c.tooDeep {
		s.report.add(Finding{Verdict: Unknown, Inside: s.inside, Why: fmt.Sprintf("has more than %d values within each other", maxDepth)})
	}
}

const maxDepth = 10_000

// counter counts what a value holds, each time it is held; a cycle is counted once.
type counter struct {
	sizes   map[value.Value]float64
	depth   int
	tooDeep bool
}

func (c *counter) size(v value.Value) float64 {
	if n, ok := c.sizes[v]; ok {
		return n
	}
	switch v := v.(type) {
	case *value.List:
		return c.sum(v, v.Items)
	case *value.Tuple:
		return c.sum(v, v.Items)
	case *value.Deque:
		return c.sum(v, v.Items)
	case *value.Set:
		return c.sum(v, v.Items())
	case *value.FrozenSet:
		return c.sum(v, v.Items())
	case *value.Dict:
		return c.pairs(v, v)
	case *value.OrderedDict:
		return c.pairs(v, &v.Dict)
	case *value.DefaultDict:
		return c.pairs(v, &v.Dict)
	case *value.Counter:
		return c.pairs(v, &v.Dict)
	case *value.Slice:
		return c.sum(v, []value.Value{v.Start, v.Stop, v.Step})
	case *value.Array:
		return c.sum(v, v.Objects)
	case *value.Scalar:
		return c.sum(v, []value.Value{v.Object})
	case *value.Persistent:
		return c.sum(v, []value.Value{v.ID})
	case *value.Object:
		parts := []value.Value{v.Class, v.Args, v.Keywords}
		for _, step := range v.Steps {
			parts = append(parts, step.Values...)
		}
		return c.sum(v, parts)
	}
	return 1
}

func (c *counter) sum(v value.Value, items []value.Value) float64 {
	if c.depth++; c.depth > maxDepth {
		c.tooDeep = true
		c.depth--
		return 1
	}
	c.sizes[v] = 1 // while we are within it
	total := 1.0
	for _, item := range items {
		total += c.size(item)
	}
	c.depth--
	c.sizes[v] = total
	return total
}

func (c *counter) pairs(v value.Value, d *value.Dict) float64 {
	items := make([]value.Value, 0, 2*d.Len())
	for _, p := range d.Pairs() {
		items = append(items, p.Key, p.Value)
	}
	return c.sum(v, items)
}
