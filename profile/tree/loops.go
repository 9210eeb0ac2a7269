package tree

import (
	"math"
	"slices"
)

// findLoops numbers the circles of functions that call each other, by R. Tarjan's
// algorithm ("Depth-first search and linear graph algorithms", 1972) without recursion:
// profiles are deep.
func (g *graph) findLoops() (loops [][]int32) {
	n := int32(len(g.fns))
	index, low := make([]int32, n), make([]int32, n) // index 0: not seen; MaxInt32: done
	next := slices.Clone(g.first)
	var path, open []int32
	seen := int32(0)
	enter := func(f int32) {
		seen++
		index[f], low[f] = seen, seen
		path, open = append(path, f), append(open, f)
	}
	for start := range n {
		g.fns[start].loop = -1
		if index[start] == 0 {
			enter(start)
		}
		for len(path) > 0 {
			f := path[len(path)-1]
			if next[f] < g.first[f+1] {
				to := g.arcs[next[f]].to
				next[f]++
				if index[to] == 0 {
					enter(to)
				} else {
					low[f] = min(low[f], index[to])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				caller := path[len(path)-1]
				low[caller] = min(low[caller], low[f])
			}
			if low[f] == index[f] {
				open, loops = endLoop(open, f, index, loops)
			}
		}
	}
	for number, loop := range loops {
		for _, f := range loop {
			g.fns[f].loop = int32(number)
		}
	}
	return loops
}

// endLoop takes the functions from f on off those that are open. They are a circle, but
// where f is alone.
func endLoop(open []int32, f int32, index []int32, loops [][]int32) ([]int32, [][]int32) {
	at := len(open) - 1
	for ; open[at] != f; at-- {
		index[open[at]] = math.MaxInt32
	}
	index[f] = math.MaxInt32
	if len(open)-at > 1 {
		loops = append(loops, slices.Clone(open[at:]))
	}
	return open[:at], loops
}
