package app

import (
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/cantil-py/cantil/profile/sampler"
)

// Bounds of what a live view remembers; what goes beyond is counted.
const (
	topFunctions = 50_000 // functions; a large program has as many, and calls few of them
	topPaths     = 20_000 // different stacks, for the paths
	topDepth     = 500    // innermost frames of a stack that is kept as a path
	topLines     = 1000   // lines of one function
	topThreads   = 1000   // threads that have a row
	ownTables    = 32     // threads that have a table of functions of their own
	ownFunctions = 2000   // functions in each of these
	ownPaths     = 1000   // and stacks: all together some 130 MB at the very most
)

// topWindow is how many buckets of time the recent shares are of: topWindow*topBucket is 5 s.
const topWindow = 10

// tally counts samples by function and by path; each count is by the thread's state.
type tally struct {
	rows  map[TopKey]*topRow
	known map[*sampler.Func]*topRow
	total topCount
	paths map[uint64]*topPath
	lost  topCount // samples whose path is not kept
	turn  int64    // counts samples, so that recursion counts once in each
	seed  maphash.Seed

	maxRows, maxPaths int
}

// TopKey tells a function from others.
type TopKey struct {
	Name, File string
	Line       int // the first
}

// compare orders functions by name, file and line.
func (k TopKey) compare(o TopKey) int {
	return cmp.Or(cmp.Compare(k.Name, o.Name), cmp.Compare(k.File, o.File), cmp.Compare(k.Line, o.Line))
}

// byState are numbers of samples for each sampler.State.
type byState [3]int64

func (b byState) of(m sampler.Mode) int64 {
	switch m {
	case sampler.GIL:
		return b[sampler.Holding]
	case sampler.CPU:
		return b[sampler.Holding] + b[sampler.Running]
	}
	return b[0] + b[1] + b[2]
}

// topCount is samples since the beginning and in the last buckets.
type topCount struct {
	all    byState
	recent [topWindow]byState
	at     [topWindow]int64 // number of the bucket that recent is of
}

func (c *topCount) add(state sampler.State, bucket int64) {
	i := bucket % topWindow
	if c.at[i] != bucket {
		c.at[i], c.recent[i] = bucket, byState{}
	}
	c.recent[i][state]++
	c.all[state]++
}

// window is the samples of the last buckets, up to the one that is being filled.
func (c *topCount) window(bucket int64) byState {
	var sum byState
	for i, at := range c.at {
		if at > bucket-topWindow && at <= bucket {
			for s := range sum {
				sum[s] += c.recent[i][s]
			}
		}
	}
	return sum
}

// topRow is what is counted of a function.
type topRow struct {
	key      TopKey
	own, cum topCount
	lines    map[int]*byState // own samples
	turn     int64
}

// topPath is a stack, outermost function first.
type topPath struct {
	rows  []*topRow
	count byState
}

func newTally(maxRows, maxPaths int) *tally {
	return &tally{rows: map[TopKey]*topRow{}, known: map[*sampler.Func]*topRow{}, paths: map[uint64]*topPath{}, seed: maphash.MakeSeed(),
		maxRows: maxRows, maxPaths: maxPaths}
}

// row finds the row of a function. A function whose code object was made anew is the same.
func (t *tally) row(fn *sampler.Func) *topRow {
	if r := t.known[fn]; r != nil {
		return r
	}
	key := TopKey{fn.Name, fn.File, fn.FirstLine}
	r := t.rows[key]
	if r == nil && len(t.rows) >= t.maxRows {
		key = TopKey{Name: "(other functions)"}
		r = t.rows[key]
	}
	if r == nil {
		r = &topRow{key: key, lines: map[int]*byState{}}
		t.rows[key] = r
	}
	if len(t.known) >= 2*t.maxRows {
		clear(t.known)
	}
	t.known[fn] = r
	return r
}

// add counts a sample.
func (t *tally) add(frames []sampler.Frame, state sampler.State, bucket int64) {
	t.turn++
	t.total.add(state, bucket)
	var h maphash.Hash
	h.SetSeed(t.seed)
	for i, f := range frames {
		r := t.row(f.Func)
		if i == 0 {
			r.own.add(state, bucket)
			r.addLine(f.Line, state)
		}
		if r.turn != t.turn {
			r.turn = t.turn
			r.cum.add(state, bucket)
		}
		if i < topDepth {
			maphash.WriteComparable(&h, r)
		}
	}
	t.addPath(h.Sum64(), frames, state, bucket)
}

func (r *topRow) addLine(line int, state sampler.State) {
	count := r.lines[line]
	if count == nil {
		if len(r.lines) >= topLines {
			return
		}
		count = &byState{}
		r.lines[line] = count
	}
	count[state]++
}

func (t *tally) addPath(id uint64, frames []sampler.Frame, state sampler.State, bucket int64) {
	p := t.paths[id]
	if p == nil {
		if len(t.paths) >= t.maxPaths {
			t.lost.add(state, bucket)
			return
		}
		p = &topPath{}
		for _, f := range frames[:min(len(frames), topDepth)] {
			p.rows = append(p.rows, t.row(f.Func))
		}
		slices.Reverse(p.rows)
		t.paths[id] = p
	}
	p.count[state]++
}

// TopFigures are numbers of samples.
type TopFigures struct{ Own, Cumulative int64 }

// TopFunction is a row of the table.
type TopFunction struct {
	TopKey
	Recent, All TopFigures
}

// functions lists all functions that have samples in mode.
func (t *tally) functions(mode sampler.Mode, bucket int64) []TopFunction {
	list := make([]TopFunction, 0, len(t.rows))
	for _, r := range t.rows {
		f := TopFunction{TopKey: r.key, All: TopFigures{r.own.all.of(mode), r.cum.all.of(mode)}}
		if f.All.Cumulative == 0 {
			continue
		}
		f.Recent = TopFigures{r.own.window(bucket).of(mode), r.cum.window(bucket).of(mode)}
		list = append(list, f)
	}
	return list
}

// TopPath is what is known of the samples whose stack has some functions in a row.
type TopPath struct {
	Through int64     // samples that have them
	Own     int64     // of these, those in which the last of them was running
	Callers []TopStep // what called the first, most samples first; the one without a name is nobody
	Callees []TopStep // what the last called
	Lines   []TopLine // where the last was running; of a path of one function only
	Lost    int64     // samples whose path is not kept, because there were too many different ones
}

// TopStep is a neighbour of a path.
type TopStep struct {
	TopKey
	Samples int64
}

// TopLine is a line of a function.
type TopLine struct {
	Line    int
	Samples int64
}

// path looks for the functions keys, each called by the one before.
func (t *tally) path(keys []TopKey, mode sampler.Mode) TopPath {
	found := TopPath{Lost: t.lost.all.of(mode)}
	rows := make([]*topRow, len(keys))
	for i, key := range keys {
		if rows[i] = t.rows[key]; rows[i] == nil {
			return found
		}
	}
	callers, callees := map[TopKey]int64{}, map[TopKey]int64{}
	for _, p := range t.paths {
		n := p.count.of(mode)
		at := indexOfRun(p.rows, rows)
		if n == 0 || at < 0 {
			continue
		}
		found.Through += n
		if at > 0 {
			callers[p.rows[at-1].key] += n
		}
		if end := at + len(rows); end < len(p.rows) {
			callees[p.rows[end].key] += n
		} else {
			found.Own += n
		}
	}
	found.Callers, found.Callees = steps(callers), steps(callees)
	if len(rows) == 1 {
		found.Lines = rows[0].linesOf(mode)
	}
	return found
}

// indexOfRun is where the rows run stand in a path, one after the other; -1 where they do not.
func indexOfRun(path, run []*topRow) int {
	for i := 0; i+len(run) <= len(path); i++ {
		if slices.Equal(path[i:i+len(run)], run) {
			return i
		}
	}
	return -1
}

func steps(counts map[TopKey]int64) []TopStep {
	var list []TopStep
	for key, n := range counts {
		list = append(list, TopStep{key, n})
	}
	slices.SortFunc(list, func(a, b TopStep) int {
		return cmp.Or(cmp.Compare(b.Samples, a.Samples), a.compare(b.TopKey))
	})
	return list
}

func (r *topRow) linesOf(mode sampler.Mode) []TopLine {
	var list []TopLine
	for line, count := range r.lines {
		if n := count.of(mode); n > 0 {
			list = append(list, TopLine{line, n})
		}
	}
	slices.SortFunc(list, func(a, b TopLine) int { return cmp.Or(cmp.Compare(b.Samples, a.Samples), cmp.Compare(a.Line, b.Line)) })
	return list
}
