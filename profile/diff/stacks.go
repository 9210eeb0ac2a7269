package diff

import (
	"iter"

	"github.com/cantil-py/cantil/profile/stacks"
)

// FromStacks makes a profile of sampled stacks. A function's calls are the samples that had it on the stack, its times those that
// these samples stand for.
func FromStacks(s *stacks.Profile, name string) Profile {
	period := s.Period().Seconds()
	p := Profile{
		Name: name, Grain: period / 2,
		Kind:      Kind{Mode: Sampled, Clock: s.Info.Mode, Python: s.Info.Python, Rate: float64(s.Info.Rate)},
		Functions: make([]Function, len(s.Funcs)),
	}
	for i, f := range s.Funcs {
		p.Functions[i].Func = Func{File: f.File, Line: int64(f.FirstLine), Name: f.Name}
		if f.Native {
			p.Functions[i].Func = Func{File: builtinFile, Name: f.Name}
		}
	}
	times := map[stacks.StackID]int64{}
	for _, sample := range s.Samples {
		times[sample.Stack]++
	}
	c := newStackCounter(&p)
	for id, n := range times {
		c.count(functionsOf(s, id), n, n)
	}
	c.scale(period)
	return p
}

// functionsOf are those of a stack, the innermost first.
func functionsOf(s *stacks.Profile, id stacks.StackID) iter.Seq[int] {
	return func(yield func(int) bool) {
		for f := range s.Stack(id) {
			if !yield(int(f.Func)) {
				return
			}
		}
	}
}

// stackCounter adds up stacks; of a recursion each function and each pair counts once. Times are whole numbers of something until they are
// scaled, so that their sums do not hang on the order of the stacks.
type stackCounter struct {
	profile *Profile
	edges   map[[2]int]int // function and caller to the place among its callers
}

func newStackCounter(p *Profile) *stackCounter {
	return &stackCounter{p, map[[2]int]int{}}
}

// count adds a stack of functions, the innermost first, that so many samples had for so much time.
func (c *stackCounter) count(functions iter.Seq[int], samples, time int64) {
	seen, called := map[int]bool{}, map[[2]int]bool{}
	callee, own, all := -1, float64(time), float64(time)
	var ownOfCallee float64
	for f := range functions {
		if !seen[f] {
			seen[f] = true
			c.profile.Functions[f].add(Figures{samples, own, all})
		} else {
			c.profile.Functions[f].Own += own
		}
		if pair := [2]int{callee, f}; callee >= 0 && !called[pair] {
			called[pair] = true
			c.edge(callee, f).add(Figures{samples, ownOfCallee, all})
		}
		callee, ownOfCallee, own = f, own, 0
	}
}

func (c *stackCounter) edge(function, caller int) *Figures {
	callers := &c.profile.Functions[function].Callers
	at, ok := c.edges[[2]int{function, caller}]
	if !ok {
		at = len(*callers)
		c.edges[[2]int{function, caller}] = at
		*callers = append(*callers, Edge{Caller: caller})
	}
	return &(*callers)[at].Figures
}

// scale makes seconds of what was counted.
func (c *stackCounter) scale(seconds float64) {
	for i := range c.profile.Functions {
		f := &c.profile.Functions[i]
		f.scale(seconds)
		for j := range f.Callers {
			f.Callers[j].scale(seconds)
		}
	}
}

func (f *Figures) scale(seconds float64) {
	f.Own *= seconds
	f.Cumulative *= seconds
}
