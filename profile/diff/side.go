package diff

// side is all profiles of before, or of after, with one list of functions.
type side struct {
	runs  int
	funcs []Func
	ids   map[Func]int
	// Of each function the figures in each run, and of each pair of function and caller.
	figures [][]Figures
	edges   []map[int][]Figures // by function, then by caller
}

// newSide adds up what is alike within a profile: built-ins that differ by an address.
func newSide(profiles []Profile) *side {
	s := &side{runs: len(profiles), ids: map[Func]int{}}
	for run := range profiles {
		p := &profiles[run]
		id := make([]int, len(p.Functions))
		for i := range p.Functions {
			id[i] = s.id(withoutAddress(p.Functions[i].Func))
		}
		for i := range p.Functions {
			f := &p.Functions[i]
			s.figures[id[i]][run].add(f.Figures)
			for _, e := range f.Callers {
				s.edge(id[i], id[e.Caller])[run].add(e.Figures)
			}
		}
	}
	return s
}

func (s *side) id(f Func) int {
	id, ok := s.ids[f]
	if !ok {
		id = len(s.funcs)
		s.ids[f] = id
		s.funcs = append(s.funcs, f)
		s.figures = append(s.figures, make([]Figures, s.runs))
		s.edges = append(s.edges, nil)
	}
	return id
}

func (s *side) edge(function, caller int) []Figures {
	if s.edges[function] == nil {
		s.edges[function] = map[int][]Figures{}
	}
	list := s.edges[function][caller]
	if list == nil {
		list = make([]Figures, s.runs)
		s.edges[function][caller] = list
	}
	return list
}

func (f *Figures) add(more Figures) {
	f.Calls += more.Calls
	f.Own += more.Own
	f.Cumulative += more.Cumulative
}
