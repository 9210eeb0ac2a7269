package value

import (
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Values within values are printed down to this depth; what lies deeper is printed as
// "...". Python itself gives up at about a thousand.
const maxPrintDepth = 10_000

// Repr returns Python's repr of v. A value within itself is printed as Python prints
// it, for a list as [...].
//
// An [Object], which only its own class could print, is shown as the call that makes
// it, with its attributes as keywords: module.Class(1, name='x').
func Repr(v Value) string { return Printer{}.Repr(v) }

// Printer prints values as Python's repr.
type Printer struct {
	// Numpy, if set, prints an [Array], a [Scalar] or a [DType]; without it they are
	// told by type and shape.
	Numpy func(v Value) string
	// Limit is the number of bytes after which printing stops, with "..." at the end;
	// 0 is none.
	Limit int

	sorted bool // dicts by their keys, and cycles as pprint tells them
}

// Repr returns Python's repr of v.
func (p Printer) Repr(v Value) string { return string(p.Append(nil, v)) }

// Append adds Python's repr of v to out.
func (p Printer) Append(out []byte, v Value) []byte {
	limit := p.Limit
	if limit > 0 {
		limit += len(out)
	}
	w := printing{Printer: p, out: out, limit: limit, open: map[Value]bool{}}
	w.value(v)
	if w.full() {
		w.out = append(w.out, "..."...)
	}
	return w.out
}

// Write writes Python's repr of v to w as it goes, whatever its length.
func (p Printer) Write(w io.Writer, v Value) error {
	text := printing{Printer: p, limit: p.Limit, open: map[Value]bool{}, sink: w}
	text.value(v)
	if text.full() {
		text.text("...")
	}
	text.flush()
	return text.err
}

// flushAt is how much text is kept before it is written.
const flushAt = 64 << 10

// printing is one value being printed.
type printing struct {
	Printer
	out   []byte
	limit int
	open  map[Value]bool // the containers we are within

	sink    io.Writer // where out goes when it is long; nil keeps it all
	written int       // what has gone there
	err     error
}

// full says whether enough has been printed, or no more can be.
func (w *printing) full() bool {
	return w.limit > 0 && w.written+len(w.out) >= w.limit || w.err != nil
}

func (w *printing) flush() {
	if w.err == nil {
		_, w.err = w.sink.Write(w.out)
	}
	w.written += len(w.out)
	w.out = w.out[:0]
}

// next is called before each of many items; false is the end.
func (w *printing) next() bool {
	if w.sink != nil && len(w.out) >= flushAt {
		w.flush()
	}
	return !w.full()
}

func (w *printing) text(s string)  { w.out = append(w.out, s...) }
func (w *printing) number(i int64) { w.out = strconv.AppendInt(w.out, i, 10) }
func (w *printing) enter(v Value)  { w.open[v] = true }
func (w *printing) leave(v Value)  { delete(w.open, v) }
func (w *printing) within(v Value, again string) bool {
	if w.open[v] {
		if w.sorted {
			again = "<Recursion on " + v.Type() + ">"
		}
		w.text(again)
		return true
	}
	if len(w.open) >= maxPrintDepth {
		w.text("...")
		return true
	}
	return w.full()
}

func (w *printing) value(v Value) {
	switch v := v.(type) {
	case nil:
		w.text("None")
	case Int:
		w.number(int64(v))
	case Str, Float, Bytes, Bool, Singleton, BigInt, Complex:
		w.text(v.String())
	case *Tuple:
		w.tuple(v)
	case *List:
		w.listOf(v)
	case *Dict:
		w.dict(v, v, "{...}")
	default:
		sorted := w.sorted
		w.sorted = false // within others, pprint has plain reprs
		w.other(v)
		w.sorted = sorted
	}
}

func (w *printing) other(v Value) {
	switch v := v.(type) {
	case *Set:
		w.set(v, v.Items(), "{", "}", "set()", "set(...)")
	case *FrozenSet:
		w.set(v, v.Items(), "frozenset({", "})", "frozenset()", "frozenset(...)")
	case *Object:
		w.object(v)
	case *Array, *Scalar, *DType:
		w.numpy(v)
	default:
		w.special(v)
	}
}

// special prints the types of the standard library.
func (w *printing) special(v Value) {
	switch v := v.(type) {
	case *OrderedDict:
		w.ordered(v)
	case *DefaultDict:
		w.text("defaultdict(")
		w.value(v.Factory)
		w.text(", ")
		w.dict(v, &v.Dict, "{...}")
		w.text(")")
	case *Counter:
		w.counter(v)
	case *Deque:
		end := "])"
		if v.MaxLen != nil && v.MaxLen != Value(None) {
			end = fmt.Sprintf("], maxlen=%s)", v.MaxLen)
		}
		w.items(v, "deque([", v.Items, end, "[...]")
	case *Slice:
		w.items(v, "slice(", []Value{v.Start, v.Stop, v.Step}, ")", "slice(...)")
	case *Time:
		w.text("datetime.time(" + v.text())
		w.zone(v.Zone, v.Fold)
	case *DateTime:
		w.text(fmt.Sprintf("datetime.datetime(%d, %d, %d, %s", v.Year, v.Month, v.Day, v.text()))
		w.zone(v.Zone, v.Fold)
	case *Persistent:
		w.items(v, "<persistent ", []Value{v.ID}, ">", "<persistent ...>")
	default:
		w.text(v.String())
	}
}

func (w *printing) items(v Value, begin string, items []Value, end, again string) {
	if w.within(v, again) {
		return
	}
	w.enter(v)
	w.text(begin)
	w.commas(items)
	w.text(end)
	w.leave(v)
}

func (w *printing) listOf(v *List) {
	w.items(v, "[", v.Items, "]", "[...]")
}

// commas prints items with commas between them.
func (w *printing) commas(items []Value) {
	for i, item := range items {
		if i > 0 {
			w.text(", ")
		}
		if !w.next() {
			return
		}
		w.value(item)
	}
}

func (w *printing) tuple(t *Tuple) {
	end := ")"
	if len(t.Items) == 1 {
		end = ",)"
	}
	w.items(t, "(", t.Items, end, "(...)")
}

func (w *printing) set(v Value, items []Value, begin, end, empty, again string) {
	if len(items) == 0 {
		w.text(empty)
		return
	}
	w.items(v, begin, items, end, again)
}

// dict prints the pairs of d; v is what they are pairs of.
func (w *printing) dict(v Value, d *Dict, again string) {
	if w.within(v, again) {
		return
	}
	w.enter(v)
	w.pairs(d.Pairs())
	w.leave(v)
}

func (w *printing) pairs(pairs []Pair) {
	if w.sorted && 4*len(pairs) <= w.limit {
		pairs = sortedPairs(pairs) // more do not fit on the line that this is for
	}
	w.text("{")
	for i, p := range pairs {
		if i > 0 {
			w.text(", ")
		}
		if !w.next() {
			return
		}
		w.value(p.Key)
		w.text(": ")
		w.value(p.Value)
	}
	w.text("}")
}

func (w *printing) ordered(d *OrderedDict) {
	if d.Len() == 0 {
		w.text("OrderedDict()")
		return
	}
	if w.within(d, "...") {
		return
	}
	w.enter(d)
	w.text("OrderedDict(")
	w.pairs(d.Pairs())
	w.text(")")
	w.leave(d)
}

// counter prints the most common first, as Counter.most_common sorts them.
func (w *printing) counter(c *Counter) {
	if c.Len() == 0 {
		w.text("Counter()")
		return
	}
	if w.within(c, "Counter(...)") {
		return
	}
	w.enter(c)
	w.text("Counter(")
	w.pairs(mostCommon(c.Pairs()))
	w.text(")")
	w.leave(c)
}

// mostCommon sorts pairs by their values, largest first, if all are numbers.
func mostCommon(pairs []Pair) []Pair {
	for _, p := range pairs {
		if exactly(p.Value) == nil {
			return pairs
		}
	}
	sorted := slices.Clone(pairs)
	slices.SortStableFunc(sorted, func(a, b Pair) int {
		x, okx := a.Value.(Int)
		y, oky := b.Value.(Int)
		if okx && oky {
			return -compareInts(x, y)
		}
		return -exactly(a.Value).Cmp(exactly(b.Value))
	})
	return sorted
}

func compareInts(a, b Int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// zone ends a time or datetime.
func (w *printing) zone(zone Value, fold int) {
	if fold != 0 {
		w.text(fmt.Sprintf(", fold=%d", fold))
	}
	if zone != nil && zone != Value(None) {
		w.text(", tzinfo=")
		w.value(zone)
	}
	w.text(")")
}

func (w *printing) numpy(v Value) {
	if w.Numpy != nil {
		w.text(w.Numpy(v))
		return
	}
	switch v := v.(type) {
	case *Array:
		w.text(fmt.Sprintf("<array of %s, shape %s>", v.DType.Text, ShapeText(v.Shape)))
	case *Scalar:
		w.text(fmt.Sprintf("<numpy scalar of %s>", v.DType.Text))
	case *DType:
		w.text("dtype(" + ReprStr(v.Text) + ")")
	}
}

// ShapeText is a shape as Python prints the tuple.
func ShapeText(shape []int) string {
	items := make([]Value, len(shape))
	for i, n := range shape {
		items[i] = Int(n)
	}
	return Repr(NewTuple(items...))
}
