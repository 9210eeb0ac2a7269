package manager

import (
	"context"
	"fmt"
	"sync"

	"github.com/cantil-py/cantil/value"
)

// slack is how many deleted places a dict keeps besides as many as it has keys.
const slack = 64

// Dict is a dict that Go and Python share. Its own methods are for Go.
type Dict struct {
	mu     sync.Mutex
	places value.Dict // of a key: where it is in pairs, or gone
	pairs  []value.Pair
	n      int // keys; the other places were deleted and have no key
}

const gone = value.Int(-1)

// NewDict returns an empty dict.
func NewDict() *Dict { return &Dict{} }

func makeDict(args Args) (Object, error) {
	d := NewDict()
	_, err := d.Call(context.Background(), "update", args)
	return d, err
}

// Get is the value of a key.
func (d *Dict) Get(key value.Value) (value.Value, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.get(key)
}

func (d *Dict) get(key value.Value) (value.Value, bool) {
	at, ok := d.places.Get(key)
	if !ok || at == gone {
		return nil, false
	}
	return d.pairs[at.(value.Int)].Value, true
}

// Set gives a key a value. A key that Python could not hash is an error.
func (d *Dict) Set(key, v value.Value) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.set(key, v)
}

func (d *Dict) set(key, v value.Value) error {
	if at, ok := d.places.Get(key); ok && at != gone {
		d.pairs[at.(value.Int)].Value = v
		return nil
	}
	if d.n >= maxItems {
		return tooMany()
	}
	if err := d.places.Set(key, value.Int(len(d.pairs))); err != nil {
		return hashable(err)
	}
	d.pairs = append(d.pairs, value.Pair{Key: key, Value: v})
	d.n++
	return nil
}

// Delete removes a key and returns its value, if it was there.
func (d *Dict) Delete(key value.Value) (value.Value, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.remove(key)
}

func (d *Dict) remove(key value.Value) (value.Value, bool) {
	v, ok := d.get(key)
	if !ok {
		return nil, false
	}
	at, _ := d.places.Get(key)
	d.pairs[at.(value.Int)] = value.Pair{}
	_ = d.places.Set(key, gone) // it could be hashed before
	d.n--
	if max(len(d.pairs), d.places.Len()) > 2*d.n+slack {
		d.compact()
	}
	return v, true
}

// compact leaves out the places of deleted keys.
func (d *Dict) compact() {
	pairs := d.live()
	d.places, d.pairs = value.Dict{}, pairs
	for i, p := range pairs {
		_ = d.places.Set(p.Key, value.Int(i)) // it could be hashed before
	}
}

// live are the pairs in order, in a slice of their own.
func (d *Dict) live() []value.Pair {
	pairs := make([]value.Pair, 0, d.n)
	for _, p := range d.pairs {
		if p.Key != nil {
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// Pairs are the keys and values, in order, at this moment.
func (d *Dict) Pairs() []value.Pair {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.live()
}

// Len is the number of keys.
func (d *Dict) Len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.n
}

func (d *Dict) snapshot() value.Value {
	c := &value.Dict{}
	pairs := d.Pairs()
	c.Grow(len(pairs))
	for _, p := range pairs {
		_ = c.Set(p.Key, p.Value) // it could be hashed before
	}
	return c
}

// Methods implements [Object].
func (d *Dict) Methods() []string { return append(dictMethods.names(), "update") }

// Call implements [Object].
func (d *Dict) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	if name == "update" { // any keyword is a key
		return value.None, d.update(args)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return dictMethods.call(ctx, d, name, args)
}

func (d *Dict) update(args Args) error {
	if len(args.Positional) > 1 {
		return typeError("update expected at most 1 argument, got %d", len(args.Positional))
	}
	var pairs []value.Pair
	if len(args.Positional) == 1 {
		var err error
		if pairs, err = pairsOf(args.Positional[0]); err != nil {
			return err
		}
	}
	for key, v := range args.keywords().All() {
		pairs = append(pairs, value.Pair{Key: key, Value: v})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range pairs {
		if err := d.set(p.Key, p.Value); err != nil {
			return err
		}
	}
	return nil
}

// pairsOf are the pairs of a dict, or of a list of pairs.
func pairsOf(v value.Value) ([]value.Pair, error) {
	if m, ok := value.Mapping(v); ok {
		return append([]value.Pair(nil), m.Pairs()...), nil
	}
	items, err := iterate(v)
	if err != nil {
		return nil, err
	}
	var pairs []value.Pair
	for i, item := range items {
		two, err := iterate(item)
		if err != nil {
			return nil, typeError("cannot convert dictionary update sequence element #%d to a sequence", i)
		}
		if len(two) != 2 {
			return nil, valueError("dictionary update sequence element #%d has length %d; 2 is required", i, len(two))
		}
		pairs = append(pairs, value.Pair{Key: two[0], Value: two[1]})
	}
	return pairs, nil
}

// keyed says whether Python could hash a key, as it does before it looks for one.
func keyed(key value.Value) error {
	_, err := value.NewSet(key)
	return hashable(err)
}

// on is a method whose first argument is a key.
func on(f func(d *Dict, args []value.Value) (value.Value, error), params ...string) method[*Dict] {
	return method[*Dict]{params, func(_ context.Context, d *Dict, args []value.Value) (value.Value, error) {
		if err := keyed(args[0]); err != nil {
			return nil, err
		}
		return f(d, args)
	}}
}

// all is a method that answers with a list of something of each pair.
func all(f func(p value.Pair) value.Value) method[*Dict] {
	return method[*Dict]{nil, func(_ context.Context, d *Dict, _ []value.Value) (value.Value, error) {
		l := value.NewList()
		for _, p := range d.live() {
			l.Items = append(l.Items, f(p))
		}
		return l, nil
	}}
}

func missing(key value.Value) error {
	return &Exception{"builtins.KeyError", []value.Value{key}}
}

// dictMethods are called with the dict locked.
var dictMethods = methods[*Dict]{
	"__contains__": on(func(d *Dict, args []value.Value) (value.Value, error) {
		_, ok := d.get(args[0])
		return value.Bool(ok), nil
	}, "key"),
	"__getitem__": on(func(d *Dict, args []value.Value) (value.Value, error) {
		if v, ok := d.get(args[0]); ok {
			return v, nil
		}
		return nil, missing(args[0])
	}, "key"),
	"__setitem__": on(func(d *Dict, args []value.Value) (value.Value, error) {
		return value.None, d.set(args[0], args[1])
	}, "key", "value"),
	"__delitem__": on(func(d *Dict, args []value.Value) (value.Value, error) {
		if _, ok := d.remove(args[0]); !ok {
			return nil, missing(args[0])
		}
		return value.None, nil
	}, "key"),
	"get": on(func(d *Dict, args []value.Value) (value.Value, error) {
		if v, ok := d.get(args[0]); ok {
			return v, nil
		}
		return args[1], nil
	}, "key", "default?"),
	"pop": on(func(d *Dict, args []value.Value) (value.Value, error) {
		if v, ok := d.remove(args[0]); ok {
			return v, nil
		}
		if args[1] == nil {
			return nil, missing(args[0])
		}
		return args[1], nil
	}, "key", "default?"),
	"setdefault": on(func(d *Dict, args []value.Value) (value.Value, error) {
		if v, ok := d.get(args[0]); ok {
			return v, nil
		}
		if args[1] == nil {
			args[1] = value.None
		}
		return args[1], d.set(args[0], args[1])
	}, "key", "default?"),
	"popitem": {nil, func(_ context.Context, d *Dict, _ []value.Value) (value.Value, error) {
		for len(d.pairs) > 0 && d.pairs[len(d.pairs)-1].Key == nil {
			d.pairs = d.pairs[:len(d.pairs)-1]
		}
		if d.n == 0 {
			return nil, &Exception{"builtins.KeyError", text("popitem(): dictionary is empty")}
		}
		p := d.pairs[len(d.pairs)-1]
		d.remove(p.Key)
		return value.NewTuple(p.Key, p.Value), nil
	}},
	"clear": {nil, func(_ context.Context, d *Dict, _ []value.Value) (value.Value, error) {
		d.places, d.pairs, d.n = value.Dict{}, nil, 0
		return value.None, nil
	}},
	"copy": {nil, func(_ context.Context, d *Dict, _ []value.Value) (value.Value, error) {
		c, err := value.NewDict(d.live()...)
		if err != nil {
			return nil, fmt.Errorf("copying a dict: %w", err)
		}
		return c, nil
	}},
	"__len__": {nil, func(_ context.Context, d *Dict, _ []value.Value) (value.Value, error) {
		return value.Int(d.n), nil
	}},
	"keys":   all(func(p value.Pair) value.Value { return p.Key }),
	"values": all(func(p value.Pair) value.Value { return p.Value }),
	"items":  all(func(p value.Pair) value.Value { return value.NewTuple(p.Key, p.Value) }),
}
