package pickle

import (
	"fmt"

	"github.com/cantil-py/cantil/value"
)

func (w *writer) container(v value.Value) error {
	switch v := v.(type) {
	case *value.Tuple:
		return w.tuple(v)
	case *value.List:
		w.empty(v, opEmptyList, opList)
		return w.appendAll(v.Items)
	case *value.Dict:
		w.empty(v, opEmptyDict, opDict)
		return w.setAll(v.Pairs())
	case *value.Set:
		return w.set(v)
	case *value.FrozenSet:
		return w.frozenSet(v)
	case *value.ByteArray:
		return w.byteArray(v)
	case *value.Object:
		return w.object(v)
	case *value.Persistent:
		return w.persistent(v)
	case value.Extension:
		return w.extension(v.Code)
	case *value.Buffer:
		return w.buffer(v)
	case *value.Array, *value.Scalar, *value.DType:
		return w.numpy(v)
	}
	return w.standard(v)
}

// empty writes an empty list or dict, which is then filled: it may contain itself.
func (w *writer) empty(v value.Value, code, ofMark byte) {
	if w.Protocol == 0 {
		w.out = append(w.out, opMark, ofMark)
	} else {
		w.op(code)
	}
	w.remember(v)
}

func (w *writer) tuple(t *value.Tuple) error {
	n := len(t.Items)
	if n == 0 && w.Protocol >= 1 {
		w.op(opEmptyTuple)
		return nil
	}
	short := w.Protocol >= 2 && n <= 3
	if !short {
		w.op(opMark)
	}
	for _, item := range t.Items {
		if err := w.save(item); err != nil {
			return err
		}
	}
	if number, ok := w.memo[t]; ok {
		w.drop(n, short) // one of the items holds the tuple, and has saved it
		w.get(number)
		return nil
	}
	if short {
		w.op(opTuple1 + byte(n-1))
	} else {
		w.op(opTuple)
	}
	w.remember(t)
	return nil
}

// drop takes n items off the stack, or all down to the mark.
func (w *writer) drop(n int, short bool) {
	if !short && w.Protocol >= 1 {
		w.op(opPopMark)
		return
	}
	if !short {
		n++ // protocol 0 pops the mark as well
	}
	for range n {
		w.op(opPop)
	}
}

// appendAll appends items to the list below.
func (w *writer) appendAll(items []value.Value) error {
	for len(items) > 0 {
		n := min(len(items), batch)
		if w.Protocol == 0 {
			n = 1
		}
		if err := w.batch(items[:n], opAppend, opAppends); err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

// batch writes items and the opcode that takes one, or all down to a mark.
func (w *writer) batch(items []value.Value, one, many byte) error {
	if len(items) > 1 {
		w.op(opMark)
	}
	for _, item := range items {
		if f, ok := item.(value.Float); ok { // spares large lists of numbers the way through save
			w.float(float64(f))
			continue
		}
		if err := w.save(item); err != nil {
			return err
		}
	}
	if len(items) > 1 {
		w.op(many)
	} else {
		w.op(one)
	}
	return w.flushFull()
}

// setAll sets pairs in the dict below.
func (w *writer) setAll(pairs []value.Pair) error {
	for len(pairs) > 0 {
		n := min(len(pairs), batch)
		if w.Protocol == 0 {
			n = 1
		}
		if n > 1 {
			w.op(opMark)
		}
		for _, p := range pairs[:n] {
			if err := w.save(p.Key); err != nil {
				return err
			}
			if err := w.save(p.Value); err != nil {
				return err
			}
		}
		if n > 1 {
			w.op(opSetitems)
		} else {
			w.op(opSetitem)
		}
		if err := w.flushFull(); err != nil {
			return err
		}
		pairs = pairs[n:]
	}
	return nil
}

func (w *writer) set(s *value.Set) error {
	if w.Protocol < 4 {
		return w.reduce(s, builtin("set"), value.NewList(s.Items()...))
	}
	w.op(opEmptySet)
	w.remember(s)
	return w.addAll(s.Items())
}

func (w *writer) addAll(items []value.Value) error {
	for len(items) > 0 {
		n := min(len(items), batch)
		w.op(opMark)
		for _, item := range items[:n] {
			if err := w.save(item); err != nil {
				return err
			}
		}
		w.op(opAdditems)
		if err := w.flushFull(); err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

func (w *writer) frozenSet(s *value.FrozenSet) error {
	if w.Protocol < 4 {
		return w.reduce(s, builtin("frozenset"), value.NewList(s.Items()...))
	}
	w.op(opMark)
	for _, item := range s.Items() {
		if err := w.save(item); err != nil {
			return err
		}
	}
	if n, ok := w.memo[s]; ok {
		w.op(opPopMark)
		w.get(n)
		return nil
	}
	w.op(opFrozenset)
	w.remember(s)
	return nil
}

// call writes a call that makes a value without an identity.
func (w *writer) call(f value.Global, args ...value.Value) error {
	if err := w.named(f); err != nil {
		return err
	}
	if err := w.save(value.NewTuple(args...)); err != nil {
		return err
	}
	w.op(opReduce)
	return nil
}

// reduce writes the call that makes v.
func (w *writer) reduce(v value.Value, f value.Global, args ...value.Value) error {
	if err := w.named(f); err != nil {
		return err
	}
	if err := w.args(args); err != nil {
		return err
	}
	w.made(v, opReduce, 2)
	return nil
}

// args writes a tuple that nothing else refers to.
func (w *writer) args(args []value.Value) error {
	if len(args) == 0 || w.Protocol >= 2 && len(args) <= 3 {
		for _, arg := range args {
			if err := w.save(arg); err != nil {
				return err
			}
		}
		w.out = append(w.out, w.tupleCode(len(args))...)
		return nil
	}
	w.op(opMark)
	for _, arg := range args {
		if err := w.save(arg); err != nil {
			return err
		}
	}
	w.op(opTuple)
	return nil
}

func (w *writer) tupleCode(n int) string {
	switch {
	case n == 0 && w.Protocol == 0:
		return "(t"
	case n == 0:
		return ")"
	}
	return string([]byte{opTuple1 + byte(n-1)})
}

// made ends what makes v out of the n topmost values, unless one of them holds v and
// has saved it already.
func (w *writer) made(v value.Value, code byte, n int) {
	if number, ok := w.memo[v]; ok {
		for range n {
			w.op(opPop)
		}
		w.get(number)
		return
	}
	w.op(code)
	w.remember(v)
}

func (w *writer) persistent(p *value.Persistent) error {
	if w.Protocol == 0 {
		id, ok := p.ID.(value.Str)
		if !ok || !oneLine(string(id)) {
			return fmt.Errorf("protocol 0 has persistent ids of one line of text only, not %.40s", value.Printer{Limit: 40}.Repr(p.ID))
		}
		w.out = append(append(append(w.out, opPersid), id...), '\n')
		return nil
	}
	if err := w.save(p.ID); err != nil {
		return err
	}
	w.op(opBinpersid)
	return nil
}

func (w *writer) extension(code int32) error {
	switch {
	case w.Protocol < 2 || code <= 0:
		return fmt.Errorf("extension code %d needs protocol 2 and has to be positive", code)
	case code < 1<<8:
		w.out = append(w.out, opExt1, byte(code))
	case code < 1<<16:
		w.out = append(w.out, opExt2, byte(code), byte(code>>8))
	default:
		w.out = append(w.out, opExt4, byte(code), byte(code>>8), byte(code>>16), byte(code>>24))
	}
	return nil
}

// buffer writes the place of an out-of-band buffer, and hands over its data.
func (w *writer) buffer(b *value.Buffer) error {
	if w.Protocol < 5 || w.Buffers == nil {
		if b.Data == nil {
			return fmt.Errorf("the data of buffer %d was not given when it was read", b.Index)
		}
		if b.ReadOnly {
			return w.bytes(value.Bytes(b.Data))
		}
		return w.byteArray(&value.ByteArray{Data: b.Data})
	}
	if err := w.Buffers(b.Data); err != nil {
		return err
	}
	w.op(opNextBuffer)
	if b.ReadOnly {
		w.op(opReadonlyBuffer)
	}
	return nil
}
