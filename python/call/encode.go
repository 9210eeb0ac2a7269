package call

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/marshal"
)

// encode makes a request's message, which py/worker.py describes.
func encode(t target, r Request) ([]byte, error) {
	var out bytes.Buffer
	w := writer{e: marshal.NewEncoder(&out), seen: map[value.Value]int{}}
	w.e.Tuple(6)
	w.text(t.file)
	w.text(t.module)
	w.e.Tuple(len(t.names))
	for _, name := range t.names {
		w.text(name)
	}
	w.e.List(len(r.Args))
	for i, arg := range r.Args {
		if err := w.argument(arg); err != nil {
			return nil, fmt.Errorf("sending argument %d: %w", i+1, err)
		}
	}
	kwargs := r.Kwargs
	if kwargs == nil {
		kwargs = &value.Dict{}
	}
	if err := w.value(kwargs, 1); err != nil {
		return nil, fmt.Errorf("sending the keyword arguments: %w", err)
	}
	w.e.Int(int64(max(r.Want, Data)))
	if err := w.e.Flush(); err != nil {
		return nil, fmt.Errorf("sending the arguments: %w", err)
	}
	return out.Bytes(), nil
}

// writer writes values in Python's marshal format. What is one object here is one there.
type writer struct {
	e    *marshal.Encoder
	seen map[value.Value]int // the numbers of containers
}

func (w *writer) argument(v value.Value) error {
	w.e.Tuple(2)
	literal, read := v.(Literal)
	w.e.Bool(read)
	if read {
		w.text(string(literal))
		return nil
	}
	return w.value(v, 1)
}

// text writes a str. A byte that is no UTF-8 is the surrogate that os.fsdecode makes of it,
// as package value has it: names of files come so.
func (w *writer) text(s string) {
	if !utf8.ValidString(s) {
		var b []byte
		for len(s) > 0 {
			r, size := value.DecodeRune(s)
			if r >= 0xD800 && r <= 0xDFFF {
				b = append(b, 0xED, byte(0x80|r>>6&0x3F), byte(0x80|r&0x3F))
			} else {
				b = utf8.AppendRune(b, r)
			}
			s = s[size:]
		}
		s = string(b)
	}
	w.e.String(s)
}

func (w *writer) value(v value.Value, depth int) error {
	if depth > marshal.MaxDepth {
		return fmt.Errorf("more than %d values within each other", marshal.MaxDepth)
	}
	switch v := v.(type) {
	case nil:
		w.e.None()
	case value.Singleton:
		return w.singleton(v)
	case value.Bool:
		w.e.Bool(bool(v))
	case value.Int:
		w.e.Int(int64(v))
	case value.BigInt:
		w.e.BigInt(v.X)
	case value.Float:
		w.e.Float(float64(v))
	case value.Complex:
		w.e.Complex(complex128(v))
	case value.Str:
		w.text(string(v))
	case value.Bytes:
		w.e.Bytes(string(v))
	default:
		return w.container(v, depth)
	}
	return nil
}

func (w *writer) singleton(v value.Singleton) error {
	switch v {
	case value.None:
		w.e.None()
	case value.Ellipsis:
		w.e.Ellipsis()
	default:
		return fmt.Errorf("%s is no plain data", v)
	}
	return nil
}

func (w *writer) container(v value.Value, depth int) error {
	if number, ok := w.seen[v]; ok {
		w.e.Ref(number)
		return nil
	}
	items := []value.Value(nil)
	start := w.e.List
	switch v := v.(type) {
	case *value.Tuple:
		items, start = v.Items, w.e.Tuple
	case *value.List:
		items = v.Items
	case *value.Set:
		items, start = v.Items(), w.e.Set
	case *value.FrozenSet:
		items, start = v.Items(), w.e.FrozenSet
	case *value.Dict:
		return w.dict(v, depth)
	default:
		return fmt.Errorf("a value of type %s is no plain data", v.Type())
	}
	w.seen[v] = w.e.Share()
	start(len(items))
	for _, item := range items {
		if err := w.value(item, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) dict(d *value.Dict, depth int) error {
	w.seen[d] = w.e.Share()
	w.e.Dict()
	for key, v := range d.All() {
		if err := w.value(key, depth+1); err != nil {
			return err
		}
		if err := w.value(v, depth+1); err != nil {
			return err
		}
	}
	w.e.End()
	return nil
}
