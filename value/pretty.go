package value

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Pretty prints values over several lines, as Python's pprint does: dicts sorted, long
// texts broken between words.
type Pretty struct {
	Width int // of a line, in characters; 0 is pprint's own 80
	// Numpy prints numpy's values, see [Printer].
	Numpy func(v Value) string
	// Most is how many items of one container are printed; how many are left out is
	// said in their place. 0 is all.
	Most int
	// Text is how many characters of one text, or bytes, are printed, as Most is.
	Text int
	// Total is how many values are printed in all, 0 for all; of the rest it is
	// said how many items of each container are missing. A small pickle whose values share their parts can be endless.
	Total int
}

// defaultWidth is pprint's.
const defaultWidth = 80

// Write writes v and a line feed to w. A value within itself is told as
// <Recursion on list>; pprint adds an address.
func (p Pretty) Write(w io.Writer, v Value) error {
	if p.Width == 0 {
		p.Width = defaultWidth
	}
	out := bufio.NewWriter(w)
	f := &format{Pretty: p, out: out, open: map[Value]bool{}}
	f.value(v, 0, 0, 0)
	out.WriteByte('\n')
	return out.Flush()
}

// format is one value being printed. Its methods are those of pprint.PrettyPrinter:
// indent is where the value begins, allowance what has to fit behind its last line.
type format struct {
	Pretty
	out  *bufio.Writer
	open map[Value]bool
	done int // values printed
}

func (f *format) text(s string) { f.out.WriteString(s) }

// line is v on one line, as far as the line may be of use.
func (f *format) line(v Value) string {
	return Printer{Numpy: f.Numpy, Limit: utf8.UTFMax*f.Width + utf8.UTFMax, sorted: true}.Repr(v)
}

// maxWhole bounds what has no other form than one line where not all is printed.
const maxWhole = 1 << 16

// whole is v on one line, however long.
func (f *format) whole(v Value) string {
	p := Printer{Numpy: f.Numpy}
	if f.Total > 0 {
		p.Limit = maxWhole
	}
	return p.Repr(v)
}

func width(s string) int {
	n := 0
	for s != "" {
		_, size := DecodeRune(s)
		s = s[size:]
		n++
	}
	return n
}

func (f *format) value(v Value, indent, allowance, level int) {
	if f.done++; f.Total > 0 && f.done > f.Total {
		f.text("...")
		return
	}
	if f.open[v] {
		f.text("<Recursion on " + v.Type() + ">")
		return
	}
	line := f.line(v)
	if width(line) <= f.Width-indent-allowance {
		f.text(line)
		return
	}
	if level < maxPrintDepth && f.long(v, indent, allowance, level+1) {
		return
	}
	f.text(f.whole(v))
}

// long prints what does not fit on a line; false for what has no other form.
func (f *format) long(v Value, indent, allowance, level int) bool {
	switch v := v.(type) {
	case Str:
		f.str(string(v), indent, allowance, level)
		return true
	case Bytes:
		f.bytes(string(v), indent, allowance, level)
		return true
	case *ByteArray:
		f.text("bytearray(")
		f.bytes(string(v.Data), indent+10, allowance+1, level+1)
		f.text(")")
		return true
	case *Tuple, *List, *Dict, *Set, *FrozenSet, *OrderedDict, *DefaultDict, *Counter, *Deque, *Object:
		f.open[v] = true
		f.container(v, indent, allowance, level)
		delete(f.open, v)
		return true
	}
	return false
}

func (f *format) container(v Value, indent, allowance, level int) {
	switch v := v.(type) {
	case *Tuple:
		end := ")"
		if len(v.Items) == 1 {
			end = ",)"
		}
		f.items("(", v.Items, end, indent, allowance+len(end), level)
	case *List:
		f.items("[", v.Items, "]", indent, allowance+1, level)
	case *Set:
		f.items("{", sortedItems(v.Items()), "}", indent, allowance+1, level)
	case *FrozenSet:
		f.items("frozenset({", sortedItems(v.Items()), "})", indent+len("frozenset("), allowance+2, level)
	case *Dict:
		f.dict(sortedPairs(v.Pairs()), indent, allowance+1, level)
	case *OrderedDict:
		f.ordered(v, indent, allowance, level)
	case *DefaultDict:
		indent += len("defaultdict(")
		f.text("defaultdict(" + f.line(v.Factory) + ",\n" + strings.Repeat(" ", indent))
		f.dict(sortedPairs(v.Pairs()), indent, allowance+2, level)
		f.text(")")
	case *Counter:
		f.text("Counter(")
		f.dict(mostCommon(v.Pairs()), indent+len("Counter("), allowance+2, level)
		f.text(")")
	case *Deque:
		f.deque(v, indent, allowance, level)
	case *Object:
		f.object(v, indent, allowance, level)
	}
}

// ordered prints an OrderedDict as pprint does, as a list of pairs.
func (f *format) ordered(v *OrderedDict, indent, allowance, level int) {
	list := new(List)
	for _, p := range v.Pairs() {
		list.Items = append(list.Items, NewTuple(p.Key, p.Value))
	}
	f.text("OrderedDict(")
	f.value(list, indent+len("OrderedDict("), allowance+1, level)
	f.text(")")
}

func (f *format) deque(v *Deque, indent, allowance, level int) {
	f.text("deque(")
	indent += len("deque(")
	if v.MaxLen == nil || v.MaxLen == Value(None) {
		f.items("[", v.Items, "])", indent, allowance+2, level)
		return
	}
	f.items("[", v.Items, "],\n"+strings.Repeat(" ", indent)+"maxlen="+f.line(v.MaxLen)+")", indent, 2, level)
}

// shown is how many of n items are printed.
func (f *format) shown(n int) int {
	if f.Most > 0 && n > f.Most {
		n = f.Most
	}
	if f.Total > 0 {
		n = min(n, max(0, f.Total-f.done))
	}
	return n
}

// spent says whether as many values have been printed as there are to be.
func (f *format) spent() bool { return f.Total > 0 && f.done >= f.Total }

// hidden says how many items are not.
func (f *format) hidden(left, indent int) {
	if left > 0 {
		f.text(fmt.Sprintf(",\n%s... %d more", strings.Repeat(" ", indent), left))
	}
}

// each prints n items one below the other, as many as are to be shown. last is what
// stands behind the last one on its line.
func (f *format) each(n, indent, last int, item func(i, allowance int)) {
	shown := f.shown(n)
	for i := range shown {
		if i > 0 && f.spent() {
			shown = i
			break
		}
		if i > 0 {
			f.text(",\n" + strings.Repeat(" ", indent))
		}
		behind := 1
		if i == n-1 {
			behind = last
		}
		item(i, behind)
	}
	f.hidden(n-shown, indent)
}

func (f *format) items(begin string, items []Value, end string, indent, allowance, level int) {
	f.text(begin)
	f.each(len(items), indent+1, allowance, func(i, allowance int) {
		f.value(items[i], indent+1, allowance, level)
	})
	f.text(end)
}

func (f *format) dict(pairs []Pair, indent, allowance, level int) {
	f.text("{")
	f.each(len(pairs), indent+1, allowance, func(i, allowance int) {
		key := f.line(pairs[i].Key)
		f.text(key + ": ")
		f.value(pairs[i].Value, indent+1+width(key)+2, allowance, level)
	})
	f.text("}")
}

// object prints arguments and attributes one below the other, as pprint does for
// dataclasses.
func (f *format) object(o *Object, indent, allowance, level int) {
	parts := o.parts()
	name := o.callee()
	f.text(name + "(")
	indent += width(name) + 1
	f.each(len(parts), indent, allowance+1, func(i, allowance int) {
		f.text(parts[i].before)
		f.value(parts[i].value, indent+width(parts[i].before), allowance, level)
	})
	f.text(")")
}
