package parts

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/value/marshal"
)

// fields reads the values of a dict; the first that is missing or of another type
// is kept in err, and every later read gives a zero value.
type fields struct {
	dict *marshal.Dict
	err  error
}

func openFields(data []byte) (*fields, error) {
	v, err := marshal.Unmarshal(data)
	if err != nil {
		return nil, err
	}
	d, ok := v.(*marshal.Dict)
	if !ok {
		return nil, errors.New("it does not hold a dict")
	}
	return &fields{dict: d}, nil
}

func get[T any](f *fields, key string) (t T) {
	v, _ := f.dict.Get(key)
	t, ok := v.(T)
	if !ok && f.err == nil {
		f.err = fmt.Errorf("%q is %T where %T was expected", key, v, t)
	}
	return t
}

func (f *fields) int(key string) int64     { return get[int64](f, key) }
func (f *fields) text(key string) string   { return get[string](f, key) }
func (f *fields) bool(key string) bool     { return get[bool](f, key) }
func (f *fields) float(key string) float64 { return get[float64](f, key) }

func (f *fields) list(key string) []marshal.Value {
	list := get[*marshal.List](f, key)
	if list == nil {
		return nil
	}
	return list.Items
}

func (f *fields) texts(key string) []string {
	var texts []string
	for _, v := range f.list(key) {
		s, ok := v.(string)
		if !ok && f.err == nil {
			f.err = fmt.Errorf("%q holds %T where str was expected", key, v)
		}
		texts = append(texts, s)
	}
	return texts
}

// time is that of a float of seconds since 1970.
func (f *fields) time(key string) time.Time {
	whole, part := math.Modf(f.float(key))
	return time.Unix(int64(whole), int64(part*1e9))
}

func threadOf(f *fields) (Thread, error) {
	t := Thread{Serial: f.int("serial"), Name: f.text("name"), Main: f.bool("main")}
	for _, v := range f.list("labels") {
		items := tuple(f, v, 4)
		if f.err != nil {
			return Thread{}, f.err
		}
		t.labels = append(t.labels, label{funcOf(f, items), kind(item[int64](f, items, 3))})
	}
	for _, v := range f.list("rows") {
		t.entries = append(t.entries, t.entryOf(f, tuple(f, v, 6)))
		if f.err != nil {
			return Thread{}, f.err
		}
	}
	for _, v := range f.list("open") {
		items := tuple(f, v, 5)
		if f.err != nil {
			return Thread{}, f.err
		}
		t.Open = append(t.Open, OpenCall{funcOf(f, items), item[float64](f, items, 3), item[float64](f, items, 4)})
	}
	return t, f.err
}

// entryOf reads (label, calls, recursive, total, own, callees); callees repeats the
// first five, flat.
func (t *Thread) entryOf(f *fields, items marshal.Tuple) (e entry) {
	if f.err != nil {
		return e
	}
	e.label, e.figures = t.figuresOf(f, items)
	flat := item[marshal.Tuple](f, items, 5)
	for len(flat) >= 5 && f.err == nil {
		var c callee
		c.label, c.figures = t.figuresOf(f, flat)
		e.callees = append(e.callees, c)
		flat = flat[5:]
	}
	return e
}

func (t *Thread) figuresOf(f *fields, items marshal.Tuple) (label int, g figures) {
	n := item[int64](f, items, 0)
	if (n < 0 || n >= int64(len(t.labels))) && f.err == nil {
		f.err = fmt.Errorf("label %d of %d", n, len(t.labels))
	}
	g = figures{item[int64](f, items, 1), item[int64](f, items, 2), item[float64](f, items, 3), item[float64](f, items, 4)}
	return int(n), g
}

func funcOf(f *fields, items marshal.Tuple) pstats.Func {
	return pstats.Func{File: item[string](f, items, 0), Line: item[int64](f, items, 1), Name: item[string](f, items, 2)}
}

func tuple(f *fields, v marshal.Value, n int) marshal.Tuple {
	items, ok := v.(marshal.Tuple)
	if (!ok || len(items) != n) && f.err == nil {
		f.err = fmt.Errorf("%T where a tuple of %d was expected", v, n)
	}
	return items
}

func item[T any](f *fields, items marshal.Tuple, i int) (t T) {
	t, ok := items[i].(T)
	if !ok && f.err == nil {
		f.err = fmt.Errorf("%T where %T was expected", items[i], t)
	}
	return t
}
