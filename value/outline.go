package value

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Outline prints the types and sizes within a value, a line for each, with what they
// contain below. Of items of one type only the first is gone into.
type Outline struct {
	Depth int // how deep to go; 0 is 8
	Most  int // how many keys of a dict are told; 0 is 50
	Lines int // how many lines in all; 0 is 10,000. What is shared is told each time.
}

// Write writes the outline of v to w.
func (o Outline) Write(w io.Writer, v Value) error {
	if o.Depth == 0 {
		o.Depth = 8
	}
	if o.Most == 0 {
		o.Most = 50
	}
	if o.Lines == 0 {
		o.Lines = 10_000
	}
	out := bufio.NewWriter(w)
	l := outlining{Outline: o, out: out, open: map[Value]bool{}}
	l.value(v, "", 0)
	if l.lines > l.Lines {
		fmt.Fprintf(out, "... more than %d lines\n", l.Lines)
	}
	return out.Flush()
}

type outlining struct {
	Outline
	out   *bufio.Writer
	open  map[Value]bool
	lines int
}

// maxLabel is how much of a key is shown.
const maxLabel = 60

func (l *outlining) value(v Value, label string, depth int) {
	if l.lines++; l.lines > l.Lines {
		return
	}
	if v == nil {
		v = None
	}
	indent := strings.Repeat("  ", depth)
	if l.open[v] {
		fmt.Fprintf(l.out, "%s%sthe same %s again, within itself\n", indent, label, v.Type())
		return
	}
	fmt.Fprintf(l.out, "%s%s%s\n", indent, label, summary(v))
	if depth >= l.Depth || l.lines >= l.Lines {
		return
	}
	l.open[v] = true
	l.below(v, depth+1)
	delete(l.open, v)
}

// summary is the type of v and its size.
func summary(v Value) string {
	switch v := v.(type) {
	case Str:
		return fmt.Sprintf("str of %d", width(string(v)))
	case Bytes:
		return fmt.Sprintf("bytes of %d", len(v))
	case *ByteArray:
		return fmt.Sprintf("bytearray of %d", len(v.Data))
	case *Set:
		return "set of " + kinds(v.Items())
	case *FrozenSet:
		return "frozenset of " + kinds(v.Items())
	case *Array:
		return fmt.Sprintf("numpy.ndarray of %s, shape %s", v.DType.Text, ShapeText(v.Shape))
	case *Scalar:
		return "numpy scalar of " + v.DType.Text
	case Singleton:
		return v.String()
	}
	if items, ok := Sequence(v); ok {
		return v.Type() + " of " + kinds(items)
	}
	if d, ok := Mapping(v); ok {
		return fmt.Sprintf("%s of %d", v.Type(), d.Len())
	}
	return v.Type()
}

// kinds counts items by type, in the order in which they first occur.
func kinds(items []Value) string {
	var names []string
	counts := map[string]int{}
	for _, item := range items {
		name := None.Type()
		if item != nil {
			name = item.Type()
		}
		if counts[name]++; counts[name] == 1 {
			names = append(names, name)
		}
	}
	switch len(names) {
	case 0:
		return "0"
	case 1:
		return fmt.Sprintf("%d %s", len(items), names[0])
	}
	const most = 5
	var parts []string
	for i, name := range names {
		if i == most {
			parts = append(parts, "and others")
			break
		}
		parts = append(parts, fmt.Sprintf("%d %s", counts[name], name))
	}
	return fmt.Sprintf("%d: %s", len(items), strings.Join(parts, ", "))
}

func (l *outlining) below(v Value, depth int) {
	if items, ok := Sequence(v); ok {
		l.firsts(items, depth)
		return
	}
	if d, ok := Mapping(v); ok {
		l.pairs(d.Pairs(), depth)
		return
	}
	if o, ok := v.(*Object); ok {
		for i, p := range o.parts() {
			if i == l.Most {
				l.more(len(o.parts())-i, depth)
				return
			}
			l.value(p.value, strings.TrimRight(p.before, "= ")+sepOf(p.before), depth)
		}
	}
}

func sepOf(before string) string {
	if before == "" {
		return ""
	}
	return ": "
}

func (l *outlining) more(n, depth int) {
	fmt.Fprintf(l.out, "%s... %d more\n", strings.Repeat("  ", depth), n)
}

// firsts goes into the first item of each type, if that holds anything.
func (l *outlining) firsts(items []Value, depth int) {
	seen := map[string]bool{}
	for i, item := range items {
		if item == nil || seen[item.Type()] {
			continue
		}
		seen[item.Type()] = true
		switch item.(type) {
		case *List, *Tuple, *Deque, *Dict, *OrderedDict, *DefaultDict, *Counter, *Object, *Array:
			l.value(item, fmt.Sprintf("[%d]: ", i), depth)
		}
	}
}

func (l *outlining) pairs(pairs []Pair, depth int) {
	for i, p := range pairs {
		if i == l.Most {
			l.more(len(pairs)-i, depth)
			return
		}
		l.value(p.Value, Printer{Limit: maxLabel}.Repr(p.Key)+": ", depth)
	}
}
