package value

import (
	"fmt"
	"iter"
)

// Tuple is Python's tuple. Its items are only set while it is made.
type Tuple struct{ Items []Value }

// List is Python's list.
type List struct{ Items []Value }

// NewTuple returns a tuple of items.
func NewTuple(items ...Value) *Tuple { return &Tuple{items} }

// NewList returns a list of items.
func NewList(items ...Value) *List { return &List{items} }

// Pair is a key of a dict and its value.
type Pair struct{ Key, Value Value }

// Dict is Python's dict: keys are compared as Python does (1 == 1.0 == True) and keep
// the order in which they came. The zero Dict is empty and ready.
type Dict struct {
	pairs []Pair
	index index
}

// Set is Python's set, in the order of insertion. The zero Set is empty and ready.
type Set struct {
	items []Value
	index index
}

// FrozenSet is Python's frozenset.
type FrozenSet struct{ Set }

// UnhashableError says that a value cannot be a dict's key or a member of a set.
type UnhashableError struct{ Type string }

func (e *UnhashableError) Error() string { return fmt.Sprintf("unhashable type: '%s'", e.Type) }

// NewDict returns a dict of pairs, of which the later ones win. A key that Python
// could not hash is an [UnhashableError].
func NewDict(pairs ...Pair) (*Dict, error) {
	d := &Dict{pairs: make([]Pair, 0, len(pairs))}
	for _, p := range pairs {
		if err := d.Set(p.Key, p.Value); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// NewDictIn returns a dict that takes its first pairs into room, which must be empty;
// a decoder of many dicts cuts their rooms from one large piece.
func NewDictIn(room []Pair) Dict { return Dict{pairs: room[:0]} }

// Len returns the number of keys.
func (d *Dict) Len() int { return len(d.pairs) }

// Pairs returns the pairs in order. They are the dict's own: only values may be changed.
func (d *Dict) Pairs() []Pair { return d.pairs }

// All goes through keys and values in order.
func (d *Dict) All() iter.Seq2[Value, Value] {
	return func(yield func(Value, Value) bool) {
		for _, p := range d.pairs {
			if !yield(p.Key, p.Value) {
				return
			}
		}
	}
}

// Get returns the value of key, as Python's d[key].
func (d *Dict) Get(key Value) (Value, bool) {
	i, err := find(&d.index, key, pairKeys(d.pairs))
	if err != nil || i < 0 {
		return nil, false
	}
	return d.pairs[i].Value, true
}

// Str returns the value of the key that is the str key.
func (d *Dict) Str(key string) (Value, bool) { return d.Get(Str(key)) }

// Set gives key a value, as Python's d[key] = v: a key that is there keeps its place.
func (d *Dict) Set(key, v Value) error {
	i, err := add(&d.index, key, pairKeys(d.pairs))
	if err != nil {
		return err
	}
	if i < 0 {
		d.pairs = append(d.pairs, Pair{key, v})
	} else {
		d.pairs[i].Value = v
	}
	return nil
}

// SetAll sets keys and values, which stand in turn; a last key without a value is left
// out.
func (d *Dict) SetAll(items []Value) error {
	n := len(items) / 2
	if len(d.pairs) > 0 || n > smallEnough || !distinctNames(items) {
		for i := range n {
			if err := d.Set(items[2*i], items[2*i+1]); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range n {
		d.pairs = append(d.pairs, Pair{items[2*i], items[2*i+1]})
	}
	return nil
}

// distinctNames says whether the keys, which are every second item and few, are all str
// and all different, as in most dicts.
func distinctNames(items []Value) bool {
	var names [smallEnough]Str
	for i := range len(items) / 2 {
		name, ok := items[2*i].(Str)
		if !ok {
			return false
		}
		for _, other := range names[:i] {
			if name == other {
				return false
			}
		}
		names[i] = name
	}
	return true
}

// Grow makes room for n more keys.
func (d *Dict) Grow(n int) {
	if room := cap(d.pairs) - len(d.pairs); room < n {
		d.pairs = append(make([]Pair, 0, len(d.pairs)+n), d.pairs...)
	}
}

// NewSet returns a set of items. One that Python could not hash is an [UnhashableError].
func NewSet(items ...Value) (*Set, error) {
	s := &Set{items: make([]Value, 0, len(items))}
	for _, item := range items {
		if err := s.Add(item); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// NewFrozenSet returns a frozenset of items, as [NewSet] does.
func NewFrozenSet(items ...Value) (*FrozenSet, error) {
	s, err := NewSet(items...)
	if err != nil {
		return nil, err
	}
	return &FrozenSet{*s}, nil
}

// Len returns the number of members.
func (s *Set) Len() int { return len(s.items) }

// Items returns the members in the order of insertion; they are not to be changed.
func (s *Set) Items() []Value { return s.items }

// Has says whether item is a member.
func (s *Set) Has(item Value) bool {
	i, err := find(&s.index, item, itemKeys(s.items))
	return err == nil && i >= 0
}

// Add makes item a member, as Python's set.add.
func (s *Set) Add(item Value) error {
	i, err := add(&s.index, item, itemKeys(s.items))
	if err == nil && i < 0 {
		s.items = append(s.items, item)
	}
	return err
}

// Type implements [Value].
func (*Tuple) Type() string { return "tuple" }

func (t *Tuple) String() string { return Repr(t) }

// Type implements [Value].
func (*List) Type() string { return "list" }

func (l *List) String() string { return Repr(l) }

// Type implements [Value].
func (*Dict) Type() string { return "dict" }

func (d *Dict) String() string { return Repr(d) }

// Type implements [Value].
func (*Set) Type() string { return "set" }

func (s *Set) String() string { return Repr(s) }

// Type implements [Value].
func (*FrozenSet) Type() string { return "frozenset" }

func (s *FrozenSet) String() string { return Repr(s) }
