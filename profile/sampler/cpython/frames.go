package cpython

import "fmt"

// liveFrame is a frame in a chunk of the data stack.
type liveFrame struct {
	addr     uint64
	code     *code
	codeAddr uint64
	instr    uint64
	previous uint64
	executes bool // 3.11 to 3.13: its stack top is kept in a register: it runs, or has called C
	entered  bool // from C or a generator, so that the frame below may execute as well
	fromC    bool // 3.11: from C
	plain    bool // it and all below lead to the next in the chunks
	entries  int  // of a stack that it and those below make
	linked   bool // its previous is the frame below, or outside of the chunks
}

// layOut lists the frames in the chunks, in the order in which they lie: dead ones
// may follow the innermost.
func (r *Reader) layOut() error {
	old := r.frames
	if r.epoch != r.t.epoch {
		old = nil
	}
	first, at := r.keep()
	r.epoch = r.t.epoch
	for ci := first; ci < len(r.chunks); ci++ {
		if ci > first {
			at = chunkHeader
		}
		if err := r.layOutChunk(ci, at, old); err != nil {
			r.frames, r.kept.climbed = r.frames[:0], 0
			return err
		}
	}
	r.remember(first)
	return nil
}

// layOutChunk lists the frames of a chunk from at on.
func (r *Reader) layOutChunk(ci int, at int64, old []liveFrame) error {
	c, end := &r.chunks[ci], int64(r.chunks[ci].want)
	last := ci == len(r.chunks)-1
	if !last {
		end = min(end, int64(chunkHeader)+8*int64(word(c.buf, 16)))
	}
	for at+int64(r.t.layout.frameSize) <= end {
		f := r.frameAt(c.buf[at:], c.addr+uint64(at), old)
		if f.code == nil || !f.linked {
			break
		}
		if len(r.frames) >= maxDepth {
			return fmt.Errorf("a stack of more than %d frames", maxDepth)
		}
		r.frames = append(r.frames, f)
		at += int64(f.code.frameSize)
	}
	if !last && at != end {
		return errTorn // an older chunk is full of frames to its mark
	}
	return nil
}

// frameAt decodes the frame that lies in buf. old are the frames of the last reading,
// whose storage is being used again, so only places not yet overwritten are looked at.
func (r *Reader) frameAt(buf []byte, addr uint64, old []liveFrame) liveFrame {
	l := r.t.layout
	f := liveFrame{addr: addr, codeAddr: word(buf, l.frameCode), previous: word(buf, l.framePrevious), instr: word(buf, l.frameInstr)}
	if l.taggedCode() {
		f.codeAddr &^= 3
	}
	if f.codeAddr == 0 {
		return f
	}
	n := len(r.frames)
	if n < len(old) && old[n].codeAddr == f.codeAddr {
		f.code = old[n].code
	} else {
		f.code = r.t.codeAt(f.codeAddr, 0)
	}
	below := uint64(0)
	if f.plain = true; n > 0 {
		below, f.entries = r.frames[n-1].addr, r.frames[n-1].entries
		f.plain = r.frames[n-1].plain && f.previous == below
	}
	if f.code != nil && !f.code.shim {
		f.entries++
	}
	f.entered = f.previous != below || n == 0
	f.linked = f.previous == below || !r.inChunk(f.previous) && f.previous != 0 || n == 0
	if l.frameStackTop >= 0 {
		f.executes = int32(half(buf, l.frameStackTop)) == -1
	}
	if l.frameEntry >= 0 && buf[l.frameEntry] != 0 {
		f.entered, f.fromC = true, true
	}
	if buf[l.frameOwner] != 0 {
		f.code = nil // frames of others do not lie here
	} else if l.frameStackTop < 0 && f.code != nil && f.code.generator && !(r.t.still && addr == r.current) {
		// A call of a generator function makes a frame here, moves it into the new
		// generator and, alone among the dead, leaves its code in place (3.14).
		f.code = nil
	}
	return f
}
