package diff

import "github.com/cantil-py/cantil/profile/stacks"

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
	c := stackCounter{stacks: s, profile: &p, edges: map[[2]stacks.FuncID]int{}}
	for id, n := range times {
		c.count(id, n, period*float64(n))
	}
	return p
}

// stackCounter adds up stacks; of a recursion each function and each pair counts once.
type stackCounter struct {
	stacks  *stacks.Profile
	profile *Profile
	edges   map[[2]stacks.FuncID]int // function and caller to the place among its callers
}

func (c *stackCounter) count(id stacks.StackID, samples int64, seconds float64) {
	seen, called := map[stacks.FuncID]bool{}, map[[2]stacks.FuncID]bool{}
	callee, own := stacks.FuncID(-1), seconds
	var ownOfCallee float64
	for f := range c.stacks.Stack(id) {
		if !seen[f.Func] {
			seen[f.Func] = true
			c.profile.Functions[f.Func].add(Figures{samples, own, seconds})
		} else {
			c.profile.Functions[f.Func].Own += own
		}
		if pair := [2]stacks.FuncID{callee, f.Func}; callee >= 0 && !called[pair] {
			called[pair] = true
			c.edge(callee, f.Func).add(Figures{samples, ownOfCallee, seconds})
		}
		callee, ownOfCallee, own = f.Func, own, 0
	}
}

func (c *stackCounter) edge(function, caller stacks.FuncID) *Figures {
	callers := &c.profile.Functions[function].Callers
	at, ok := c.edges[[2]stacks.FuncID{function, caller}]
	if !ok {
		at = len(*callers)
		c.edges[[2]stacks.FuncID{function, caller}] = at
		*callers = append(*callers, Edge{Caller: int(caller)})
	}
	return &(*callers)[at].Figures
}
