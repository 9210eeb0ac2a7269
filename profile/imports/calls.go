package imports

import (
	"github.com/cantil-py/cantil/profile/pstats"
)

// calls makes an exact profile: functions, and who called whom.
type calls struct {
	ids   map[pstats.Func]pstats.FuncID
	rows  []pstats.Row
	edges map[edge]int // the place among the callee's callers
}

type edge struct{ caller, callee pstats.FuncID }

func newCalls() *calls { return &calls{ids: map[pstats.Func]pstats.FuncID{}, edges: map[edge]int{}} }

func (c *calls) id(f pstats.Func) pstats.FuncID {
	id, ok := c.ids[f]
	if !ok {
		id = pstats.FuncID(len(c.rows))
		c.ids[f] = id
		c.rows = append(c.rows, pstats.Row{Func: f, Listed: true})
	}
	return id
}

// edge are the figures of a caller's calls.
func (c *calls) edge(caller, callee pstats.FuncID) *pstats.Counts {
	callers := &c.rows[callee].Callers
	at, ok := c.edges[edge{caller, callee}]
	if !ok {
		at = len(*callers)
		c.edges[edge{caller, callee}] = at
		*callers = append(*callers, pstats.Edge{Caller: caller})
	}
	return &(*callers)[at].Counts
}

func (c *calls) profile() (Profile, error) {
	if len(c.rows) == 0 {
		return Profile{}, errNoSamples
	}
	return Profile{Exact: pstats.New(c.rows)}, nil
}

func add(to *pstats.Counts, c pstats.Counts) {
	to.Calls += c.Calls
	to.Primitive += c.Primitive
	to.Own += c.Own
	to.Cumulative += c.Cumulative
}
