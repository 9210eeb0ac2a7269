package manager

import (
	"context"
	"slices"
	"sync"

	"github.com/cantil-py/cantil/value"
)

// List is a list that Go and Python share. Its own methods are for Go.
type List struct {
	mu    sync.Mutex
	items []value.Value
}

// NewList returns a list of items.
func NewList(items ...value.Value) *List { return &List{items: slices.Clone(items)} }

func makeList(args Args) (Object, error) {
	bound, err := args.Bind("list", "iterable?")
	if err != nil || bound[0] == nil {
		return NewList(), err
	}
	items, err := iterate(bound[0])
	return &List{items: items}, err
}

// Append adds items at the end.
func (l *List) Append(items ...value.Value) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.insert(len(l.items), items)
}

func (l *List) insert(at int, items []value.Value) error {
	if len(items) > maxItems-len(l.items) {
		return tooMany()
	}
	l.items = slices.Insert(l.items, at, items...)
	return nil
}

// Items are the items at this moment.
func (l *List) Items() []value.Value {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.items)
}

func (l *List) snapshot() value.Value { return &value.List{Items: l.Items()} }

// Methods implements [Object].
func (l *List) Methods() []string { return listMethods.names() }

// Call implements [Object].
func (l *List) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return listMethods.call(ctx, l, name, args)
}

func indexError(format string, args ...any) error {
	return &Exception{"builtins.IndexError", text(format, args...)}
}

// place is the place of an index, which may count from the end.
func (l *List) place(v value.Value, what string) (int, error) { return placeOf(v, len(l.items), what) }

func placeOf(v value.Value, n int, what string) (int, error) {
	i, err := integer(v)
	if i < 0 {
		i += n
	}
	if err == nil && (i < 0 || i >= n) {
		err = indexError("%s index out of range", what)
	}
	return i, err
}

// within is the index nearest to v that a slice may begin at; def if v is missing.
func (l *List) within(v value.Value, def int) (int, error) {
	if v == nil || v == value.None {
		return def, nil
	}
	i, err := integer(v)
	if i < 0 {
		i += len(l.items)
	}
	return min(max(i, 0), len(l.items)), err
}

// span is the part of the list that a slice with the step 1 means.
func (l *List) span(s *value.Slice) (from, to int, err error) {
	if s.Step != value.None && s.Step != value.Int(1) {
		return 0, 0, valueError("this manager has slices with the step 1 only")
	}
	if from, err = l.within(s.Start, 0); err != nil {
		return 0, 0, err
	}
	to, err = l.within(s.Stop, len(l.items))
	return from, max(from, to), err
}

func (l *List) getItem(key value.Value) (value.Value, error) {
	if s, ok := key.(*value.Slice); ok {
		from, to, err := l.span(s)
		if err != nil {
			return nil, err
		}
		return value.NewList(slices.Clone(l.items[from:to])...), nil
	}
	i, err := l.place(key, "list")
	if err != nil {
		return nil, err
	}
	return l.items[i], nil
}

// replace puts items in the place of a slice, or one in that of an index; nil deletes.
func (l *List) replace(key value.Value, items []value.Value, what string) error {
	var from, to int
	var err error
	if s, ok := key.(*value.Slice); ok {
		from, to, err = l.span(s)
	} else {
		from, err = l.place(key, what)
		to = from + 1
	}
	if err == nil && len(l.items)-(to-from)+len(items) > maxItems {
		err = tooMany()
	}
	if err == nil {
		l.items = slices.Replace(l.items, from, to, items...)
	}
	return err
}

func (l *List) setItem(key, v value.Value) error {
	items := []value.Value{v}
	if _, ok := key.(*value.Slice); ok {
		var err error
		if items, err = iterate(v); err != nil {
			return err
		}
	}
	return l.replace(key, items, "list assignment")
}

// find is the first place of an equal item in a part of the list, or -1.
func (l *List) find(v value.Value, from, to int) int {
	for i := from; i < to && i < len(l.items); i++ {
		if same(l.items[i], v) {
			return i
		}
	}
	return -1
}

func (l *List) pop(key value.Value) (value.Value, error) {
	if len(l.items) == 0 {
		return nil, indexError("pop from empty list")
	}
	if key == nil {
		key = value.Int(-1)
	}
	i, err := l.place(key, "pop")
	if err != nil {
		return nil, err
	}
	v := l.items[i]
	l.items = slices.Delete(l.items, i, i+1)
	return v, nil
}

// times is the items n times.
func (l *List) times(v value.Value) ([]value.Value, error) {
	n, err := integer(v)
	if err != nil {
		return nil, err
	}
	n = max(n, 0)
	if n > 0 && len(l.items) > maxItems/n {
		return nil, tooMany()
	}
	return slices.Repeat(l.items, n), nil
}

func (l *List) index(args []value.Value) (value.Value, error) {
	from, err := l.within(args[1], 0)
	if err != nil {
		return nil, err
	}
	to, err := l.within(args[2], len(l.items))
	if err != nil {
		return nil, err
	}
	if i := l.find(args[0], from, to); i >= 0 {
		return value.Int(i), nil
	}
	return nil, valueError("%s is not in list", short(args[0]))
}

// listing is a method of a list.
func listing(f func(l *List, args []value.Value) (value.Value, error), params ...string) method[*List] {
	return method[*List]{params, func(_ context.Context, l *List, args []value.Value) (value.Value, error) { return f(l, args) }}
}

func multiplied(l *List, args []value.Value) (value.Value, error) {
	items, err := l.times(args[0])
	return value.NewList(items...), err
}

// listMethods are called with the list locked.
var listMethods = methods[*List]{
	"__len__": listing(func(l *List, _ []value.Value) (value.Value, error) { return value.Int(len(l.items)), nil }),
	"__contains__": listing(func(l *List, args []value.Value) (value.Value, error) {
		return value.Bool(l.find(args[0], 0, len(l.items)) >= 0), nil
	}, "value"),
	"__getitem__": listing(func(l *List, args []value.Value) (value.Value, error) { return l.getItem(args[0]) }, "index"),
	"__setitem__": listing(func(l *List, args []value.Value) (value.Value, error) {
		return value.None, l.setItem(args[0], args[1])
	}, "index", "value"),
	"__delitem__": listing(func(l *List, args []value.Value) (value.Value, error) {
		return value.None, l.replace(args[0], nil, "list assignment")
	}, "index"),
	"__add__": listing(func(l *List, args []value.Value) (value.Value, error) {
		other, ok := args[0].(*value.List)
		if !ok {
			return nil, typeError("can only concatenate list (not %q) to list", args[0].Type())
		}
		return value.NewList(slices.Concat(l.items, other.Items)...), nil
	}, "other"),
	"__mul__":  listing(multiplied, "n"),
	"__rmul__": listing(multiplied, "n"),
	"append": listing(func(l *List, args []value.Value) (value.Value, error) {
		return value.None, l.insert(len(l.items), args)
	}, "object"),
	"extend": listing(func(l *List, args []value.Value) (value.Value, error) {
		items, err := iterate(args[0])
		if err != nil {
			return nil, err
		}
		return value.None, l.insert(len(l.items), items)
	}, "iterable"),
	"insert": listing(func(l *List, args []value.Value) (value.Value, error) {
		at, err := l.within(args[0], 0)
		if err != nil {
			return nil, err
		}
		return value.None, l.insert(at, args[1:])
	}, "index", "object"),
	"pop":   listing(func(l *List, args []value.Value) (value.Value, error) { return l.pop(args[0]) }, "index?"),
	"index": listing(func(l *List, args []value.Value) (value.Value, error) { return l.index(args) }, "value", "start?", "stop?"),
	"remove": listing(func(l *List, args []value.Value) (value.Value, error) {
		i := l.find(args[0], 0, len(l.items))
		if i < 0 {
			return nil, valueError("list.remove(x): x not in list")
		}
		l.items = slices.Delete(l.items, i, i+1)
		return value.None, nil
	}, "value"),
	"count": listing(func(l *List, args []value.Value) (value.Value, error) {
		n := 0
		for _, item := range l.items {
			if same(item, args[0]) {
				n++
			}
		}
		return value.Int(n), nil
	}, "value"),
	"reverse": listing(func(l *List, _ []value.Value) (value.Value, error) {
		slices.Reverse(l.items)
		return value.None, nil
	}),
	"clear": listing(func(l *List, _ []value.Value) (value.Value, error) {
		l.items = nil
		return value.None, nil
	}),
	"copy": listing(func(l *List, _ []value.Value) (value.Value, error) {
		return value.NewList(slices.Clone(l.items)...), nil
	}),
	"sort": listing(func(l *List, args []value.Value) (value.Value, error) {
		return value.None, l.sort(truth(args[0], false))
	}, "reverse?"),
}
