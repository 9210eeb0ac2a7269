package diff

import "github.com/cantil-py/cantil/profile/pstats"

// FromStats makes a profile of one that pstats reads. What the file does not tell, but the caller knows, belongs into the Kind.
func FromStats(s *pstats.Stats, name string, kind Kind) Profile {
	kind.Mode = Exact
	if s.Sampled {
		kind.Mode = Sampled
	}
	p := Profile{Name: name, Kind: kind, Functions: make([]Function, len(s.Rows))}
	for id := range s.Rows {
		row := &s.Rows[id]
		f := Function{Func: Func(row.Func)}
		if row.Listed {
			f.Figures = figuresOf(row.Counts)
		}
		for _, e := range row.Callers {
			f.Callers = append(f.Callers, Edge{int(e.Caller), figuresOf(e.Counts)})
		}
		p.Functions[id] = f
	}
	return p
}

func figuresOf(c pstats.Counts) Figures { return Figures{c.Calls, c.Own, c.Cumulative} }
