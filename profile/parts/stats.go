package parts

import "github.com/cantil-py/cantil/profile/pstats"

// Stats is the thread's profile as cProfile would have written it, open calls
// included. rename, if not nil, gives the file name to use for one of the program.
//
// It differs from cProfile where that one loses calls: functions that share file,
// line and name (two lambdas on a line) are summed; there the last one wins.
func (t *Thread) Stats(rename func(file string) string) *pstats.Stats {
	b := builder{ids: map[pstats.Func]pstats.FuncID{}, edges: map[edgeKey]int{}, rename: rename}
	entries := t.withoutBootstrap()
	for i := range entries {
		e := &entries[i]
		id := b.id(t.labels[e.label].Func)
		if e.calls > 0 {
			b.rows[id].Listed = true
			add(&b.rows[id].Counts, e.counts())
		}
		for _, c := range e.callees {
			b.addEdge(id, b.id(t.labels[c.label].Func), c.counts())
		}
	}
	b.addOpen(t.Open)
	return pstats.New(b.rows)
}

func (f figures) counts() pstats.Counts {
	return pstats.Counts{Calls: f.calls, Primitive: f.calls - f.recursive, Own: f.own, Cumulative: f.total}
}

func add(c *pstats.Counts, more pstats.Counts) {
	c.Calls += more.Calls
	c.Primitive += more.Primitive
	c.Own += more.Own
	c.Cumulative += more.Cumulative
}

// withoutBootstrap takes the bootstrap's own calls out. A built-in that it called
// loses those calls; what a runner called is the program's and stays, uncalled by
// anyone; a stand-in keeps its calls and has all its time for itself.
func (t *Thread) withoutBootstrap() []entry {
	byLabel := map[int]*entry{}
	entries := append([]entry(nil), t.entries...)
	for i := range entries {
		byLabel[entries[i].label] = &entries[i]
	}
	for i := range entries {
		switch t.labels[entries[i].label].kind {
		case ours, standIn:
			t.takeBack(&entries[i], byLabel)
		}
	}
	kept := entries[:0]
	for _, e := range entries {
		switch t.labels[e.label].kind {
		case ours, runner:
			continue
		case standIn:
			e.own, e.callees = e.total, nil
		default:
			e.callees = t.withoutOurs(e.callees)
		}
		kept = append(kept, e)
	}
	return kept
}

// takeBack takes the calls of a function of ours away from the built-ins it called.
func (t *Thread) takeBack(caller *entry, byLabel map[int]*entry) {
	for _, c := range caller.callees {
		callee := byLabel[c.label]
		if l := t.labels[c.label]; callee == nil || l.kind != program || l.File != "~" {
			continue
		}
		callee.calls -= c.calls
		callee.recursive -= c.recursive
		callee.total = max(0, callee.total-c.total)
		callee.own = min(max(0, callee.own-c.own), callee.total)
	}
}

func (t *Thread) withoutOurs(callees []callee) []callee {
	var kept []callee
	for _, c := range callees {
		if k := t.labels[c.label].kind; k == program || k == standIn {
			kept = append(kept, c)
		}
	}
	return kept
}

// builder makes the rows of a pstats profile, a row for each function.
type builder struct {
	ids    map[pstats.Func]pstats.FuncID
	rows   []pstats.Row
	edges  map[edgeKey]int // the place among the callee's callers
	rename func(string) string
}

type edgeKey struct{ caller, callee pstats.FuncID }

func (b *builder) id(f pstats.Func) pstats.FuncID {
	if b.rename != nil && f.File != "~" {
		f.File = b.rename(f.File)
	}
	id, ok := b.ids[f]
	if !ok {
		id = pstats.FuncID(len(b.rows))
		b.ids[f] = id
		b.rows = append(b.rows, pstats.Row{Func: f})
	}
	return id
}

func (b *builder) addEdge(caller, callee pstats.FuncID, c pstats.Counts) {
	callers := &b.rows[callee].Callers
	key := edgeKey{caller, callee}
	at, ok := b.edges[key]
	if !ok {
		at = len(*callers)
		b.edges[key] = at
		*callers = append(*callers, pstats.Edge{Caller: caller})
	}
	add(&(*callers)[at].Counts, c)
}

// addOpen counts the calls still open: once, with their time so far.
func (b *builder) addOpen(open []OpenCall) {
	opened := map[pstats.FuncID]bool{}
	caller := pstats.FuncID(-1)
	for i, call := range open {
		id := b.id(call.Func)
		c := pstats.Counts{Calls: 1, Own: call.Seconds - call.Callees}
		if i+1 < len(open) {
			c.Own -= open[i+1].Seconds
		}
		c.Own = max(0, c.Own)
		if !opened[id] { // of a recursion, pstats counts the outermost call's time
			c.Primitive, c.Cumulative = 1, call.Seconds
		}
		opened[id] = true
		b.rows[id].Listed = true
		add(&b.rows[id].Counts, c)
		if caller >= 0 {
			b.addEdge(caller, id, c)
		}
		caller = id
	}
	if len(open) > 0 {
		b.coverOwn()
	}
}

// coverOwn mends functions whose outermost call was a built-in's and still open: of
// the calls within it, the profiler has told only their own time.
func (b *builder) coverOwn() {
	for i := range b.rows {
		c := &b.rows[i].Counts
		c.Cumulative = max(c.Cumulative, c.Own)
	}
}
