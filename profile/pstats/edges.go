package pstats

import (
	"fmt"
	"io"
	"runtime/debug"
	"slices"
)

// call is one line below a function: the other one of the pair, and the figures of the pair.
type call struct {
	other FuncID
	edge  *Edge
}

// callPlace is a call in an index, which may hold millions: the function called,
// and where in its list of callers the caller stands.
type callPlace struct {
	called FuncID
	caller int32
}

// PrintCallers writes who called each function, as pstats' print_callers does.
//
// A profile of the pure-Python profile module has callers that are counted but
// have no row of their own. pstats stops there with a KeyError, and this with an
// error, the lines before it being written; after [Stats.Correct] the line
// is printed without the time that is not known.
func (s *Stats) PrintCallers(w io.Writer, restrictions ...Restriction) error {
	return s.printCalls(w, "was called by...", "<-", restrictions, func() lister {
		rank := s.callOrder()
		return func(k *sink, id FuncID) []call { return k.sortedCallers(s.Rows[id].Callers, rank) }
	})
}

// lister returns the calls listed under a function. They are valid until the next call with the same sink.
type lister func(k *sink, id FuncID) []call

// sortedCallers lists callers by their rank.
func (k *sink) sortedCallers(callers []Edge, rank []uint32) []call {
	k.keys, k.calls = k.keys[:0], k.calls[:0]
	for i := range callers {
		k.keys = append(k.keys, uint64(rank[callers[i].Caller])<<32|uint64(i))
	}
	slices.Sort(k.keys)
	for _, key := range k.keys {
		e := &callers[uint32(key)]
		k.calls = append(k.calls, call{e.Caller, e})
	}
	return k.calls
}

// PrintCallees writes what each function called, as pstats' print_callees does.
// What it says about count-only callers in [Stats.PrintCallers] holds here too.
//
// pstats works the callees out once, and again only after strip_dirs: after
// print_callees and add, print_callees shows the old ones. So does this, but
// not after [Stats.Correct].
func (s *Stats) PrintCallees(w io.Writer, restrictions ...Restriction) error {
	return s.printCalls(w, "called...", "->", restrictions, func() lister {
		if s.callees == nil || s.correct {
			s.callees = s.invert()
		}
		return func(k *sink, id FuncID) []call { return s.callees.of(k, id) }
	})
}

// callIndex lists the callees of every function, in the order they are printed in.
type callIndex struct {
	rows  []Row // as they were when it was made
	calls []callPlace
	end   []int // by FuncID: where the callees of a function end in calls
}

// of lists the callees of a function.
func (x *callIndex) of(k *sink, id FuncID) []call {
	start := 0
	switch {
	case int(id) >= len(x.end): // added after the index was made
		return nil
	case id > 0:
		start = x.end[id-1]
	}
	k.calls = k.calls[:0]
	for _, c := range x.calls[start:x.end[id]] {
		k.calls = append(k.calls, call{c.called, &x.rows[c.called].Callers[c.caller]})
	}
	return k.calls
}

// invert works out the callees from the callers.
func (s *Stats) invert() *callIndex {
	end := make([]int, len(s.Rows))
	total := 0
	for _, id := range s.order {
		for i := range s.Rows[id].Callers {
			end[s.Rows[id].Callers[i].Caller]++
		}
		total += len(s.Rows[id].Callers)
	}
	sum := 0
	for id, n := range end {
		end[id] = sum // the start for now; filling moves it to the end
		sum += n
	}
	calls := make([]callPlace, total)
	for _, id := range s.orderBy(s.order, byFile, byLine, byName) {
		callers := s.Rows[id].Callers
		for i := range callers {
			at := &end[callers[i].Caller]
			calls[*at] = callPlace{id, int32(i)}
			*at++
		}
	}
	return &callIndex{s.Rows, calls, end}
}

// manyRows is from how many functions on the memory for an index of calls counts:
// giving back what reading took costs less than a tenth of printing them.
const manyRows = 50_000

// callOrder numbers the functions by file, line and name, in which order pstats lists callers.
func (s *Stats) callOrder() []uint32 {
	ids := make([]FuncID, len(s.Rows))
	for i := range ids {
		ids[i] = FuncID(i)
	}
	rank := make([]uint32, len(ids))
	for place, id := range s.orderBy(ids, byFile, byLine, byName) {
		rank[id] = uint32(place)
	}
	return rank
}

// printCalls writes a listing of calls. Once there is something to list, calls
// makes the function that gives the calls of one row.
func (s *Stats) printCalls(w io.Writer, title, arrow string, restrictions []Restriction, calls func() lister) error {
	chosen, err := s.restrict(restrictions)
	if err != nil || len(chosen.ids) == 0 {
		return err
	}
	listed := chosen.ids
	if len(listed) == len(s.order) {
		listed = s.order
	}
	if len(s.Rows) >= manyRows {
		debug.FreeOSMemory() // the index takes the room that reading needed
	}
	list := callList{stats: s, nameWidth: s.widest(listed) + 2, arrow: arrow, of: calls()}
	top := append(s.appendListing(nil, chosen), s.callHeading(title, list.nameWidth)...)
	if _, err := w.Write(top); err != nil {
		return err
	}
	if err := emit(w, len(chosen.ids), func(k *sink, row int) error { return list.render(k, chosen.ids[row]) }); err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n\n")
	return err
}

// callList renders functions with their callers or callees.
type callList struct {
	stats     *Stats
	nameWidth int
	arrow     string
	of        lister
}

// render appends a function and its calls, each but the first on a line of its own.
func (l *callList) render(k *sink, id FuncID) error {
	start := len(k.buf)
	k.buf = l.appendName(k.buf, id)
	k.buf = appendBlanks(k.buf, l.nameWidth-width(k.buf[start:]))
	k.buf = append(k.buf, l.arrow...)
	k.buf = append(k.buf, ' ')
	calls := l.of(k, id)
	if len(calls) == 0 {
		k.buf = append(k.buf, '\n')
	}
	for i, c := range calls {
		if i%touchedAhead == 0 {
			k.touched += l.touch(calls[i:min(len(calls), i+touchedAhead)])
		}
		if err := l.renderCall(k, c, i == 0); err != nil {
			return err
		}
		if err := k.spill(); err != nil {
			return err
		}
	}
	return nil
}

func (l *callList) appendName(dst []byte, id FuncID) []byte {
	return appendName(dst, l.stats.Rows[id].Func)
}

// touchedAhead is how many calls or rows are touched at a time: few enough to stay in the cache.
const touchedAhead = 16

// touch reads a byte of what the lines of the calls need, which lies all over
// memory: so the processor fetches it at once for all, not for line after line.
func (l *callList) touch(calls []call) (sum int64) {
	rows := l.stats.Rows
	for _, c := range calls {
		sum += c.edge.Calls + rows[c.other].Func.Line
	}
	for _, c := range calls {
		sum += rows[c.other].Func.touch()
	}
	return sum
}

// renderCall appends what stands right of the arrow.
func (l *callList) renderCall(k *sink, c call, first bool) error {
	if c.edge.CountOnly {
		return l.renderCount(k, c, first)
	}
	dst, callsWidth := k.buf, 7
	if !first {
		dst, callsWidth = appendBlanks(dst, l.nameWidth+1), 9
	}
	dst = appendCalls(dst, c.edge.Calls, c.edge.Primitive, callsWidth)
	dst = append(dst, ' ')
	dst = appendFixed3(dst, c.edge.Own, 8)
	dst = append(dst, ' ')
	dst = appendFixed3(dst, c.edge.Cumulative, 8)
	dst = append(dst, "  "...)
	dst = l.appendName(dst, c.other)
	k.buf = append(dst, '\n')
	return nil
}

// renderCount appends a call of which only the number is known, with the whole
// cumulative time of the other function.
func (l *callList) renderCount(k *sink, c call, first bool) error {
	other := &l.stats.Rows[c.other]
	if !other.Listed && !l.stats.correct {
		return fmt.Errorf("no row for %s, which is counted as a caller: its time is not known", other.Func.short())
	}
	dst := k.buf
	if !first {
		dst = appendBlanks(dst, l.nameWidth+3)
	}
	dst = l.appendName(dst, c.other)
	dst = append(dst, '(')
	dst = appendInt(dst, c.edge.Calls, 0)
	dst = append(dst, ") "...)
	if other.Listed {
		dst = appendFixed3(dst, other.Cumulative, 8)
	}
	k.buf = append(dst, '\n')
	return nil
}
