package pickle

import (
	"bytes"
	"fmt"
	"io"

	"github.com/cantil-py/cantil/value"
)

// DefaultProtocol is what an [Encoder] writes if it is not told otherwise: every
// CPython from 3.4 on reads it.
const DefaultProtocol = 4

// EncoderOptions are what an [Encoder] may be told; they are its fields.
type EncoderOptions struct {
	// Protocol is from 0 to HighestProtocol; NewEncoder sets DefaultProtocol.
	Protocol int
	// Objects lets any class and function be named. Without it only those that the
	// package comment lists are: the Python that loads the pickle then runs nothing
	// else, whoever made the value.
	Objects bool
	// Buffers, if set, is given the bytes of arrays, in order, which then travel
	// beside the pickle (protocol 5 only).
	Buffers func(data []byte) error
}

// Encoder writes values to a stream as pickles, one after another.
type Encoder struct {
	EncoderOptions
	w io.Writer
}

// NewEncoder returns an encoder that writes to w.
func NewEncoder(w io.Writer) *Encoder {
	return &Encoder{EncoderOptions{Protocol: DefaultProtocol}, w}
}

// Value writes v, which ends up with as much sharing and as many cycles as it has
// here: one pointer is one object. Nothing is said of the memo of earlier values.
func (e *Encoder) Value(v value.Value) error {
	if e.Protocol < 0 || e.Protocol > HighestProtocol {
		return fmt.Errorf("pickling: there is no protocol %d", e.Protocol)
	}
	w := writer{EncoderOptions: &e.EncoderOptions, w: e.w, out: make([]byte, 0, firstOut),
		memo: map[value.Value]uint32{}, texts: map[string]uint32{}}
	if e.Protocol >= 2 {
		w.out = append(w.out, opProto, byte(e.Protocol))
	}
	if err := w.save(v); err != nil {
		return fmt.Errorf("pickling: %w", err)
	}
	w.op(opStop)
	if err := w.flush(); err != nil {
		return fmt.Errorf("pickling: %w", err)
	}
	return nil
}

// Dump returns v as a pickle of DefaultProtocol, of known classes only; for other
// protocols and classes see [Encoder].
func Dump(v value.Value) ([]byte, error) {
	var out bytes.Buffer
	err := NewEncoder(&out).Value(v)
	return out.Bytes(), err
}

const (
	firstOut = 512
	// flushAt is how much is kept before it is written.
	flushAt = 64 << 10
	// batch is how many items one APPENDS or SETITEMS takes, as in CPython: the
	// unpickler's stack holds no more at a time.
	batch = 1000
)

// writer writes one pickle.
type writer struct {
	*EncoderOptions
	w     io.Writer
	out   []byte
	memo  map[value.Value]uint32 // what is told apart by identity
	texts map[string]uint32      // str, by content
	count uint32                 // of the numbers given
	depth int
}

func (w *writer) op(code byte) { w.out = append(w.out, code) }

func (w *writer) flush() error {
	_, err := w.w.Write(w.out)
	w.out = w.out[:0]
	return err
}

// flushFull writes what is kept if it is much.
func (w *writer) flushFull() error {
	if len(w.out) < flushAt {
		return nil
	}
	return w.flush()
}

// bulk writes p, past the buffer if it is large.
func (w *writer) bulk(p []byte) error {
	if len(p) < flushAt {
		w.out = append(w.out, p...)
		return nil
	}
	if err := w.flush(); err != nil {
		return err
	}
	_, err := w.w.Write(p)
	return err
}

// bulkString is bulk for a string, without copying a large one as a whole.
func (w *writer) bulkString(s string) error {
	if len(s) < flushAt {
		w.out = append(w.out, s...)
		return nil
	}
	if err := w.flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w.w, s)
	return err
}

// save writes the opcodes that leave v on the stack.
func (w *writer) save(v value.Value) error {
	switch v := v.(type) {
	case nil:
		w.op(opNone)
	case value.Str:
		return w.str(string(v))
	case value.Int:
		w.int(int64(v))
	case value.Float:
		w.float(float64(v))
	case value.Bool:
		w.bool(bool(v))
	case value.BigInt:
		return w.bigInt(v.X)
	case value.Bytes:
		return w.bytes(v)
	case value.Singleton:
		return w.singleton(v)
	case value.Global:
		return w.global(v)
	default:
		return w.deeper(v)
	}
	return nil
}

// deeper saves what may hold other values, or a reference to it if it was saved before.
func (w *writer) deeper(v value.Value) error {
	if w.again(v) {
		return nil
	}
	if w.depth++; w.depth > MaxDepth {
		return fmt.Errorf("more than %d values within each other", MaxDepth)
	}
	err := w.container(v)
	w.depth--
	return err
}

// again writes a reference if v was saved before.
func (w *writer) again(v value.Value) bool {
	n, ok := w.memo[v]
	if ok {
		w.get(n)
	}
	return ok
}

// remember gives what is on top of the stack, which is v, a number.
func (w *writer) remember(v value.Value) { w.memo[v] = w.put() }

func (w *writer) put() uint32 {
	n := w.count
	w.count++
	switch {
	case w.Protocol >= 4:
		w.op(opMemoize)
	case w.Protocol == 0:
		w.out = fmt.Appendf(w.out, "p%d\n", n)
	case n < 256:
		w.out = append(w.out, opBinput, byte(n))
	default:
		w.out = append(w.out, opLongBinput, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
	return n
}

func (w *writer) get(n uint32) {
	switch {
	case w.Protocol == 0:
		w.out = fmt.Appendf(w.out, "g%d\n", n)
	case n < 256:
		w.out = append(w.out, opBinget, byte(n))
	default:
		w.out = append(w.out, opLongBinget, byte(n), byte(n>>8), byte(n>>16), byte(n>>24))
	}
}
