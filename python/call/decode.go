package call

import (
	"fmt"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/marshal"
)

// decode reads a marshalled value. Its texts point into data.
func decode(data []byte) (value.Value, error) {
	r := reader{d: marshal.NewDecoder(data), seen: map[int]value.Value{}, left: len(data)}
	return r.next(1)
}

// reader makes values of what a marshal.Decoder reads.
type reader struct {
	d    *marshal.Decoder
	seen map[int]value.Value // containers by number: what is one object there is one here
	left int                 // items that may still come: each takes at least a byte of the data
}

func (r *reader) next(depth int) (value.Value, error) { return r.value(r.d.Next(), depth) }

func (r *reader) value(kind marshal.Kind, depth int) (value.Value, error) {
	if depth > marshal.MaxDepth {
		return nil, r.d.Expected(fmt.Sprintf("at most %d values within each other", marshal.MaxDepth))
	}
	d := r.d
	switch kind {
	case marshal.KindNone:
		return value.None, nil
	case marshal.KindEllipsis:
		return value.Ellipsis, nil
	case marshal.KindBool:
		return value.Bool(d.Int() != 0), nil
	case marshal.KindInt:
		return value.Int(d.Int()), nil
	case marshal.KindBigInt:
		return value.NewInt(d.BigInt()), nil
	case marshal.KindFloat:
		return value.Float(d.Float()), nil
	case marshal.KindComplex:
		return value.Complex(complex(d.Float(), d.Imag())), nil
	case marshal.KindString:
		return value.Str(d.Text()), nil
	case marshal.KindBytes:
		return value.Bytes(d.Text()), nil
	case marshal.KindRef:
		if v, ok := r.seen[d.Ref()]; ok {
			return v, nil
		}
	case marshal.KindTuple, marshal.KindList, marshal.KindSet, marshal.KindFrozenSet, marshal.KindDict:
		return r.container(kind, depth)
	}
	return nil, d.Expected("plain data")
}

func (r *reader) container(kind marshal.Kind, depth int) (value.Value, error) {
	switch kind {
	case marshal.KindTuple:
		t := &value.Tuple{}
		r.keep(t)
		var err error
		t.Items, err = r.items(r.d.Len(), depth)
		return t, err
	case marshal.KindList:
		l := &value.List{}
		r.keep(l)
		var err error
		l.Items, err = r.items(r.d.Len(), depth)
		return l, err
	case marshal.KindSet:
		s := &value.Set{}
		r.keep(s)
		return s, r.members(s, depth)
	case marshal.KindFrozenSet:
		s := &value.FrozenSet{}
		r.keep(s)
		return s, r.members(&s.Set, depth)
	}
	return r.dict(depth)
}

// keep remembers a container before what is in it is read: that may be itself.
func (r *reader) keep(v value.Value) {
	if number := r.d.Ref(); number >= 0 {
		r.seen[number] = v
	}
}

// items reads n values.
func (r *reader) items(n, depth int) ([]value.Value, error) {
	if r.left -= n; r.left < 0 {
		return nil, r.d.Expected("no more items than there is data for")
	}
	items := make([]value.Value, n)
	for i := range items {
		var err error
		if items[i], err = r.next(depth + 1); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (r *reader) members(s *value.Set, depth int) error {
	for range r.d.Len() {
		item, err := r.next(depth + 1)
		if err != nil {
			return err
		}
		if err := s.Add(item); err != nil {
			return fmt.Errorf("reading a set: %w", err)
		}
	}
	return nil
}

func (r *reader) dict(depth int) (value.Value, error) {
	dict := &value.Dict{}
	r.keep(dict)
	for {
		kind := r.d.Next()
		if kind == marshal.KindNull {
			return dict, nil
		}
		key, err := r.value(kind, depth+1)
		if err != nil {
			return nil, err
		}
		v, err := r.next(depth + 1)
		if err != nil {
			return nil, err
		}
		if err := dict.Set(key, v); err != nil {
			return nil, fmt.Errorf("reading a dict: %w", err)
		}
	}
}
