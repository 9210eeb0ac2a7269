package cpython

import (
	"fmt"
	"strings"
)

// oldStack is what finds the innermost frame before 3.11, when frames are objects on
// the heap that lead to each other by f_back.
type oldStack struct {
	live   []oldFrame
	at     map[uint64]int // places in live, by address
	path   []int          // scratch
	bottom uint64         // the outermost frame of the thread
}

// oldFrame is a frame that executed when it was read.
type oldFrame struct {
	*extra
	depth  int    // of the stack that it is on top of, 1 for the outermost; 0: not known yet, -1: of none
	bottom uint64 // the outermost of that stack
}

// decodeOld makes the stack of the frames that were read (3.6 to 3.10). They are small
// and mostly lie close to each other, so that one copy of all those of late is almost a
// picture of one moment. As in chunks, the innermost frame is found in that picture: it
// is the one with the most callers that all execute. What the thread state names is over
// in programs of short calls; it tells where new frames are.
func (r *Reader) decodeOld(top uint64, try int) error {
	if try == 1 {
		r.t.forgetNone()
	}
	grown, err := r.foresee(top)
	if err != nil {
		return err
	}
	if grown && try < salvageFrom {
		return errTorn
	}
	if !r.t.still {
		var ok bool
		if top, ok = r.deepest(top); !ok {
			return errTorn
		}
	}
	r.stack, r.codes, r.cut = r.stack[:0], r.codes[:0], false
	var above *extra
	for n, addr := 0, top; addr != 0; n++ {
		e := r.extras.find(addr, r.t.layout.frameSize)
		if e == nil || n >= maxDepth {
			return errTorn
		}
		if err := r.pushOld(e, above); err != nil {
			return err
		}
		above, addr = e, word(e.before, r.t.layout.framePrevious)
	}
	r.extras.drop()
	if len(r.stack) == 0 {
		return ErrNoStack
	}
	return r.confirm()
}

// foresee plans to read the frame at addr and its callers, and says whether it had not
// before.
func (r *Reader) foresee(addr uint64) (grown bool, err error) {
	l := r.t.layout
	buf := make([]byte, l.frameSize)
	for n := 0; addr != 0 && n < maxDepth; n++ {
		if e := r.extras.find(addr, l.frameSize); e != nil {
			addr = word(e.before, l.framePrevious)
			continue
		}
		if err := r.t.mem.Read(addr, buf); err != nil {
			return grown, err
		}
		if err := r.t.isA(word(buf, objectType), "frame", &r.t.frameType); err != nil {
			return grown, fmt.Errorf("%w: %w", errTorn, err)
		}
		if r.extras.planned(addr, l.frameSize) {
			return true, nil // in a circle
		}
		if err := r.extras.add(addr, l.frameSize); err != nil {
			return grown, err
		}
		grown, addr = true, word(buf, l.framePrevious)
	}
	return grown, nil
}

// pushOld adds a frame, above which is the one that it called, or nil. The innermost may
// not have begun or may have ended: it is on its way in or out, and its caller is what
// runs.
func (r *Reader) pushOld(e, above *extra) error {
	l := r.t.layout
	if !r.executes(e.before) {
		if above == nil {
			r.cut = true
			return nil
		}
		return errTorn
	}
	instr := uint64(int64(int32(half(e.before, l.frameInstr))))
	if l.minor == 10 {
		instr *= 2 // 3.10 counts code units
	}
	c := r.t.codeAt(word(e.before, l.frameCode), e.addr)
	if err := r.push(c, instr); err != nil {
		return err
	}
	if above != nil && !r.t.still && !r.lineProven(e, above, r.t.called(c, instr)) {
		r.stack[len(r.stack)-1].Line = 0
	}
	return nil
}

// lineProven says whether the line of a caller can be told: neither it nor what it called
// has changed while all was read. Where what it calls there has another name, it may have
// come to the next line and back, and what it called must stand where it stood.
func (r *Reader) lineProven(e, above *extra, called string) bool {
	name := ""
	if c := r.t.codeAt(word(above.before, r.t.layout.frameCode), above.addr); c != nil {
		name = c.fn.Name[strings.LastIndexByte(c.fn.Name, '.')+1:]
	}
	return r.stays(e, true) && r.stays(above, called != name)
}

// stays says whether a frame was the same both times that it was read, at the same
// instruction or at any.
func (r *Reader) stays(e *extra, there bool) bool {
	l := r.t.layout
	if e.in.once {
		return true
	}
	return r.executes(e.after) && (!there || half(e.before, l.frameInstr) == half(e.after, l.frameInstr)) &&
		word(e.before, l.frameCode) == word(e.after, l.frameCode) && word(e.before, l.framePrevious) == word(e.after, l.framePrevious)
}

// executes says whether what was read is a frame that executes.
func (r *Reader) executes(raw []byte) bool {
	l := r.t.layout
	return word(raw, objectType) == r.t.frameType && raw[l.frameLive] == l.frameExecuting()
}

// deepest is the frame with the most callers among those of the thread, which named one
// of its frames.
func (r *Reader) deepest(named uint64) (uint64, bool) {
	o := &r.old
	o.collect(r)
	if i, ok := o.at[named]; ok && o.measure(i, r.t.layout.framePrevious) > 0 {
		o.bottom = o.live[i].bottom
	}
	depth, addr := 0, uint64(0)
	for i := range o.live {
		if d := o.measure(i, r.t.layout.framePrevious); d > depth && o.live[i].bottom == o.bottom {
			depth, addr = d, o.live[i].addr
		}
	}
	return addr, depth > 0
}

// collect lists the frames that execute.
func (o *oldStack) collect(r *Reader) {
	if o.at == nil {
		o.at = map[uint64]int{}
	}
	clear(o.at)
	o.live = o.live[:0]
	for _, e := range r.extras.list {
		if e.before != nil && r.executes(e.before) {
			o.at[e.addr] = len(o.live)
			o.live = append(o.live, oldFrame{extra: e})
		}
	}
}

// measure counts the frames from the i-th of live down to the outermost; -1 where they
// do not lead there. What it passes is settled with it.
func (o *oldStack) measure(i int, back int64) int {
	o.path = o.path[:0]
	for o.live[i].depth == 0 {
		o.path = append(o.path, i)
		o.live[i].depth = -1 // for now; and for good where they lead in a circle
		next, ok := o.at[word(o.live[i].before, back)]
		if !ok {
			break
		}
		i = next
	}
	below := o.live[i]
	if last := len(o.path) - 1; last >= 0 && o.path[last] == i && word(below.before, back) == 0 {
		below.depth, below.bottom = 0, below.addr // the outermost
	}
	for n := len(o.path) - 1; n >= 0 && below.depth >= 0; n-- {
		f := &o.live[o.path[n]]
		f.depth, f.bottom = below.depth+1, below.bottom
		below = *f
	}
	if len(o.path) > 0 {
		return o.live[o.path[0]].depth
	}
	return below.depth
}
