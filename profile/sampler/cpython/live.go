package cpython

import (
	"cmp"
	"fmt"
)

// decodeNew makes the stack from the copied chunks (3.11 and later).
//
// current is what the thread state names as its frame. It is not to be trusted: in a
// program of short calls it has changed before the copy of the chunk was made. The
// chunk itself tells which of its frames is the innermost: until 3.13 the last whose
// stack top is not stored, from 3.14 on the last before one whose code was cleared.
func (r *Reader) decodeNew(current uint64, try int) error {
	if r.current = current; try == 1 {
		r.t.forgetNone()
	}
	if err := r.layOut(); err != nil {
		return err
	}
	at, outside, err := r.innermost(current, try)
	if err != nil {
		return err
	}
	pushed := false
	if outside == 0 && at > 0 && !r.frames[at].code.holds(r.frames[at].instr) {
		at-- // it is being pushed and has no instruction yet: its caller makes the call
		pushed = true
		r.Stats.Salvaged++
	}
	if err := r.climbDown(at, outside, pushed); err != nil {
		if try < salvageFrom {
			return err
		}
		if at, err = r.salvage(at, err); err != nil {
			return err
		}
	}
	r.lookAhead(at)
	r.extras.drop()
	if len(r.stack) == 0 {
		return ErrNoStack
	}
	return r.confirm()
}

// climbDown makes the stack from the frame at place at, on top of which are those from
// outside on, and proves that each leads to the next. cut says that there are more.
func (r *Reader) climbDown(at int, outside uint64, cut bool) error {
	unchanged := r.unchanged(at)
	r.kept.climbed, r.cut = 0, cut
	r.stack, r.kept.stack = r.kept.stack[:0], r.stack
	r.codes, r.kept.codes = r.kept.codes[:0], r.codes
	if r.broken = at; outside != 0 {
		if err := r.walkOutside(outside, at, true, byC); err != nil {
			return err
		}
	}
	for i := at; i > unchanged; i-- {
		f := &r.frames[i]
		r.broken = i
		if err := r.push(f.code, f.instr); err != nil {
			return err
		}
		if i == 0 {
			break
		}
		if err := r.link(i); err != nil {
			return err
		}
	}
	r.addUnchanged(unchanged)
	return r.end(at)
}

// end proves that the outermost frame of a stack that was made from place at leads to
// the end, over generators where a thread begins with one.
func (r *Reader) end(at int) error {
	if at < 0 {
		return nil
	}
	n, previous := len(r.stack), r.frames[0].previous
	if r.broken = 0; previous != 0 {
		up := byCall
		if r.frames[0].fromC {
			up = byC
		}
		if err := r.walkOutside(previous, -1, false, up); err != nil {
			return err
		}
	}
	if len(r.stack) == n {
		r.kept.climbed = at + 1
	}
	return nil
}

// salvage makes the longest stack that can be proven: what is on top of it changes too
// fast. It returns the place of its innermost frame.
func (r *Reader) salvage(at int, err error) (int, error) {
	for at = min(at, r.broken); err != nil && !final(err); at = r.broken - 1 {
		if at < 0 {
			return 0, err
		}
		if err = r.climbDown(at, 0, true); err == nil {
			r.Stats.Salvaged++
			return at, nil
		}
	}
	return 0, err
}

// innermost finds the last live frame of the chunks, and the frame outside of them
// that is on top of it, or 0.
func (r *Reader) innermost(current uint64, try int) (at int, outside uint64, err error) {
	if r.t.still {
		return r.named(current)
	}
	executing := r.lastExecuting()
	if current == 0 {
		current = r.addrOf(executing) // it could not be foreseen
	}
	if r.inChunk(current) {
		at = r.between(executing, r.indexOf(current))
	} else if at, outside, err = r.outermost(executing, current, try); err != nil {
		return 0, 0, err
	}
	if at > executing {
		r.Stats.Salvaged++
	}
	if proven := r.calling(at); proven < at {
		return proven, 0, nil
	}
	if at < 0 && (outside == 0 || len(r.frames) > 0) {
		return 0, 0, errTorn
	}
	return at, outside, nil
}

// outermost is innermost where the thread names a frame outside of the chunks, a
// generator's mostly: it counts if it leads to the last that executes or to one that is
// alive above that.
func (r *Reader) outermost(executing int, current uint64, try int) (at int, outside uint64, err error) {
	at, err = r.below(current)
	if err == nil && r.moved {
		err = errTorn // a generator that has ended since still seems to have its caller
	}
	if len(r.frames) == 0 {
		return at, current, err
	}
	if err == nil && at >= executing && r.between(executing, at) == at {
		if !r.resuming(at, current) {
			current = 0 // it has handed a value on since
		}
		return at, current, nil
	}
	if try < salvageFrom && (executing < 0 || err != nil && err != errSuspended) {
		return 0, 0, cmp.Or(err, errTorn)
	}
	if executing < 0 {
		executing = r.between(executing, r.unbroken())
		r.Stats.Salvaged++
	}
	return executing, 0, nil
}

// lastExecuting is the place of the last frame that executes or has called C, -1 where
// none does: until 3.13 it says so itself, from 3.14 on only the living are listed.
func (r *Reader) lastExecuting() int {
	at := len(r.frames) - 1
	for r.t.layout.frameStackTop >= 0 && at >= 0 && !r.frames[at].executes {
		at--
	}
	return at
}

// named is innermost for a process that stands still: the thread state tells the truth.
func (r *Reader) named(current uint64) (at int, outside uint64, err error) {
	if !r.inChunk(current) {
		at, err = r.below(current)
		return at, current, err
	}
	if at = r.indexOf(current); at < 0 {
		return 0, 0, errTorn // in the middle of a call
	}
	return at, 0, nil
}

// addrOf is where the frame at a place is, 0 for none.
func (r *Reader) addrOf(place int) uint64 {
	if place < 0 {
		return 0
	}
	return r.frames[place].addr
}

// indexOf is the place of the frame at addr in the chunks, or -1.
func (r *Reader) indexOf(addr uint64) int {
	for i := len(r.frames) - 1; i >= 0; i-- {
		if r.frames[i].addr == addr {
			return i
		}
	}
	return -1
}

// errSuspended is a generator that has handed a value on just now, so that what it was
// called from is what runs.
var errSuspended = fmt.Errorf("%w: a suspended generator", errTorn)

// below follows the frames outside of the chunks from addr on and returns the place of
// the frame in the chunks that they lead to; -1 where they end before.
func (r *Reader) below(addr uint64) (int, error) {
	l := r.t.layout
	for n := range len(r.extras.list) + 2 { // more would be a circle
		if addr == 0 {
			return -1, nil
		}
		if r.inChunk(addr) {
			if i := r.indexOf(addr); i >= 0 {
				return i, nil
			}
			return -1, errTorn
		}
		buf, err := r.extraAt(addr, n == 0)
		if err != nil {
			return -1, err
		}
		if buf[l.frameOwner] == generatorOwner && word(buf, l.framePrevious) == 0 {
			return -1, errSuspended
		}
		addr = word(buf, l.framePrevious)
	}
	return -1, errTorn
}

// walkOutside adds the frames from addr on down to the frame of the chunks at place at.
// runs says that nothing is on top of the first, otherwise up how what is came to run.
func (r *Reader) walkOutside(addr uint64, at int, runs bool, up way) error {
	l := r.t.layout
	end := uint64(0)
	if at >= 0 {
		end = r.frames[at].addr
	}
	for n := 0; addr != end; n++ {
		if n > len(r.extras.list) || addr == 0 || r.inChunk(addr) {
			return errTorn
		}
		buf, err := r.extraAt(addr, runs && n == 0)
		if err != nil {
			return err
		}
		switch owner := buf[l.frameOwner]; {
		case owner >= cStackOwner:
		case owner != generatorOwner:
			return fmt.Errorf("%w: a frame outside of the stack that is no generator's", errTorn)
		default:
			if err := r.pushOutside(buf, runs && n == 0, up); err != nil {
				return err
			}
		}
		addr, up = word(buf, l.framePrevious), l.wayUp(buf)
	}
	if at >= 0 && !up.fits(r.t.role(r.frames[at].code, r.frames[at].instr)) {
		return errTorn
	}
	return nil
}

// pushOutside adds the frame of a generator.
func (r *Reader) pushOutside(buf []byte, runs bool, up way) error {
	l := r.t.layout
	at, instr := word(buf, l.frameCode), word(buf, l.frameInstr)
	if l.taggedCode() {
		at &^= 3
	}
	c := r.t.codeAt(at, 0)
	if err := r.push(c, instr); err != nil {
		return err
	}
	if !runs && !up.fits(r.t.role(c, instr)) {
		return errTorn // what it has called is over, or had not begun
	}
	return nil
}

// link proves that the frame at place i leads to the one below it, and adds the
// generators in between.
func (r *Reader) link(i int) error {
	previous, up := r.frames[i].previous, byCall
	if r.frames[i].fromC {
		up = byC
	}
	if previous == r.frames[i-1].addr {
		return nil
	}
	return r.walkOutside(previous, i-1, false, up)
}

// push adds a frame that was proven to be one.
func (r *Reader) push(c *code, instr uint64) error {
	if c == nil || !c.holds(instr) {
		if c != nil && c.passing {
			r.t.same(c) // if it is not, the next try knows
		}
		return fmt.Errorf("%w: a frame whose instruction is not in its code", errTorn)
	}
	if len(r.stack) == 0 && !r.cut {
		if f := r.t.native(c, instr); f != nil {
			r.stack = append(r.stack, Frame{f, 0})
		}
	}
	if !c.shim {
		r.stack, r.codes = append(r.stack, Frame{c.fn, c.line(instr)}), append(r.codes, c)
	}
	return nil
}

// lookAhead settles how much of the newest chunk is read the next time: to its top and
// some more, in steps, so that it does not change with every call.
func (r *Reader) lookAhead(at int) {
	if at < 0 || len(r.chunks) == 0 {
		return
	}
	c := &r.chunks[len(r.chunks)-1]
	top := int(r.frames[at].addr-c.addr) + r.frames[at].code.frameSize
	if top < 0 || top > c.size {
		top = chunkHeader // the innermost frame lies in an older chunk
	}
	want := (top + 2*minAhead) &^ (minAhead - 1)
	if want > c.want || want < c.want-4*minAhead {
		r.resize(c, want)
	}
}
