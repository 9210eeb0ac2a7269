package cpython

import (
	"fmt"

	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// oldStack remembers where the frames of a stack lay (before 3.11, when frames are
// objects on the heap that lead to each other by f_back).
type oldStack struct {
	addrs []uint64 // innermost first
	mem   []byte   // the frames, in the same order
	next  []uint64 // scratch: those of this time
	at    map[uint64]int
	one   []byte
}

func (o *oldStack) forget() { o.addrs = o.addrs[:0] }

// ranges adds the foreseen frames.
func (o *oldStack) ranges(to []remote.Range) []remote.Range {
	if len(o.addrs) == 0 {
		return to
	}
	size := len(o.mem) / len(o.addrs)
	for i, a := range o.addrs {
		to = append(to, remote.Range{Addr: a, Buf: o.mem[i*size : (i+1)*size]})
	}
	return to
}

// decodeOld follows f_back from the innermost frame. A frame that was not foreseen is
// read on its own.
func (r *Reader) decodeOld(top uint64) error {
	l, o := r.t.layout, &r.old
	r.stack, o.next = r.stack[:0], o.next[:0]
	if len(o.one) == 0 {
		o.one = make([]byte, l.frameSize)
	}
	expected := 0
	for addr := top; addr != 0; {
		if len(o.next) >= maxDepth {
			return fmt.Errorf("a stack of more than %d frames", maxDepth)
		}
		buf, place := o.foreseen(addr, expected, l.frameSize)
		if buf == nil {
			buf = o.one
			if err := r.t.mem.Read(addr, buf); err != nil {
				return err
			}
		} else {
			expected = place + 1
		}
		o.next = append(o.next, addr)
		if err := r.pushOld(addr, buf, len(o.next) == 1); err != nil {
			return err
		}
		addr = word(buf, l.framePrevious)
	}
	o.remember(l.frameSize)
	if len(r.stack) == 0 {
		return ErrNoStack
	}
	return nil
}

// pushOld adds the frame at addr. The innermost may not have begun or may have ended:
// it is on its way in or out, and its caller is what runs.
func (r *Reader) pushOld(addr uint64, buf []byte, innermost bool) error {
	l := r.t.layout
	if err := r.t.isA(word(buf, objectType), "frame", &r.t.frameType); err != nil {
		return fmt.Errorf("%w: %w", errTorn, err)
	}
	if buf[l.frameLive] != l.frameExecuting() {
		if innermost {
			return nil
		}
		return fmt.Errorf("%w: a caller that does not execute", errTorn)
	}
	instr := uint64(int64(int32(half(buf, l.frameInstr))))
	if l.minor == 10 {
		instr *= 2 // 3.10 counts code units
	}
	return r.push(r.t.codeAt(word(buf, l.frameCode), addr), instr)
}

// foreseen is the copy of the frame at addr, which is likely to be at place i.
func (o *oldStack) foreseen(addr uint64, i, size int) ([]byte, int) {
	if i >= len(o.addrs) || o.addrs[i] != addr {
		var ok bool
		if i, ok = o.at[addr]; !ok || i >= len(o.addrs) || o.addrs[i] != addr {
			return nil, 0
		}
	}
	return o.mem[i*size : (i+1)*size], i
}

// remember keeps the places for the next time, where they are other than before.
func (o *oldStack) remember(size int) {
	same := len(o.next) == len(o.addrs)
	for i := 0; same && i < len(o.next); i++ {
		same = o.next[i] == o.addrs[i]
	}
	if same {
		return
	}
	o.addrs, o.next = o.next, o.addrs
	if need := len(o.addrs) * size; cap(o.mem) < need {
		o.mem = make([]byte, need+16*size)
	}
	o.mem = o.mem[:len(o.addrs)*size]
	if o.at == nil {
		o.at = map[uint64]int{}
	}
	clear(o.at)
	for i, a := range o.addrs {
		o.at[a] = i
	}
}
