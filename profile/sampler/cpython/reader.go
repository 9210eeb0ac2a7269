package cpython

import (
	"errors"
	"fmt"
	"time"

	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// A Reader samples one thread. It remembers where the stack lay the last time and
// reads all of that in one system call; what was not foreseen is read in addition,
// once, and foreseen from then on.
//
// From 3.11 on, frames lie one after the other in chunks of the thread's data stack,
// so that one copy of the chunk is almost a picture of one moment; see live.go for
// how the innermost frame is found in it. Frames of generators and entry frames lie
// elsewhere ("extras"). Before 3.11 all frames are objects on the heap.
type Reader struct {
	t      *Target
	thread Thread
	raw    []byte // of the PyThreadState

	chunks []chunk
	extras extras
	ranges []remote.Range

	current uint64      // the frame that the thread state names
	broken  int         // place of the frame that could not be proven to lead to the next
	frames  []liveFrame // of the chunks, outermost first; scratch
	epoch   int         // of the target, when frames was made
	stack   []Frame
	cut     bool // frames on top of it could not be proven

	kept kept
	old  oldStack

	moved  bool    // what the thread names as its frame changed while all was read
	codes  []*code // of stack
	stayed []*code // of the last stack, from the innermost one that was passing outwards

	Stats Stats
}

// Stats counts what a Reader had to do.
type Stats struct {
	Rereads  int64 // readings that were made again because they did not hold together
	Salvaged int64 // stacks caught between two calls whose top frame is that of the thread state
	Rejects  int64 // stacks that did not hold together to the end
}

// chunk is a piece of the thread's data stack.
type chunk struct {
	addr uint64
	size int    // as it says of itself
	want int    // how much of it is read
	buf  []byte // want bytes

	former []byte // as it was when its frames were listed the last time
	same   int    // bytes of both from the beginning
}

// Bounds of one stack. A frame takes 80 bytes at least and Python's own limit on
// recursion is a matter of memory from 3.11 on; 200,000 frames are 10 to 20 MB.
const (
	maxDepth    = 200_000
	maxChunks   = 4096
	maxChunk    = 16 << 20 // bytes; CPython makes them of 16 KiB, larger only for one huge frame
	minAhead    = 1 << 10  // read beyond the top: room for calls deeper than the last time
	maxTries    = 6        // readings of one stack
	firstChunk  = 4 << 10  // read of a chunk the first time
	salvageFrom = 4        // tries before what cannot be proven is cut off
)

// NewReader prepares to sample a thread.
func NewReader(t *Target, thread Thread) *Reader {
	return &Reader{t: t, thread: thread, raw: make([]byte, t.layout.threadSize)}
}

// Thread is the thread that the reader samples.
func (r *Reader) Thread() Thread { return r.thread }

// errTorn is a reading that does not hold together; read again.
var errTorn = errors.New("the stack changed while it was read")

// ErrNoStack is a thread that runs no Python at the moment.
var ErrNoStack = errors.New("the thread has no Python stack")

// ErrThreadGone is a thread that has ended.
var ErrThreadGone = errors.New("the thread has ended")

// Sample reads the stack, innermost frame first. The slice is valid until the next
// call. The errors are ErrNoStack, ErrThreadGone, remote.ErrGone, and others for
// stacks that could not be proven.
func (r *Reader) Sample() ([]Frame, error) { return r.sample(0) }

// sample is Sample, of which so many tries were made already.
func (r *Reader) sample(tried int) ([]Frame, error) {
	var err error
	for try := tried; try < maxTries; try++ {
		if try > 0 {
			r.Stats.Rereads++
		}
		if try == compareFrom {
			r.compare()
		}
		r.ranges = r.plan(r.ranges[:0])
		if err = r.readAll(); err == nil {
			err = r.decode(try)
		}
		if err == nil || final(err) {
			return r.stack, err
		}
	}
	r.Stats.Rejects++
	return nil, fmt.Errorf("the stack of the thread at %#x: %w", r.thread.Addr, err)
}

// final says whether reading again cannot help.
func final(err error) bool {
	return errors.Is(err, ErrNoStack) || errors.Is(err, ErrThreadGone) || errors.Is(err, remote.ErrGone)
}

// plan adds everything that is foreseen. What changes most is read last and together.
func (r *Reader) plan(to []remote.Range) []remote.Range {
	thread := remote.Range{Addr: r.thread.Addr, Buf: r.raw}
	newest := max(0, len(r.chunks)-1)
	for i := range r.chunks[:newest] {
		to = append(to, remote.Range{Addr: r.chunks[i].addr, Buf: r.chunks[i].buf})
	}
	to = append(r.extras.ranges(to, false), thread)
	for i := newest; i < len(r.chunks); i++ {
		to = append(to, remote.Range{Addr: r.chunks[i].addr, Buf: r.chunks[i].buf})
	}
	return r.extras.ranges(to, true)
}

// readAll reads the ranges, more than one call's worth where it must be. A range that
// is gone is forgotten with all other plans: the next reading makes new ones.
func (r *Reader) readAll() error {
	r.t.read = time.Now()
	for done := 0; done < len(r.ranges); {
		n, err := r.t.mem.ReadMany(r.ranges[done:min(done+remote.MaxRanges, len(r.ranges))])
		if done += n; err == nil {
			continue
		}
		r.forgetPlans()
		if !errors.Is(err, remote.ErrGone) && r.ranges[done].Addr == r.thread.Addr {
			return fmt.Errorf("%w: %w", ErrThreadGone, err)
		}
		return err
	}
	return nil
}

func (r *Reader) forgetPlans() {
	r.chunks = r.chunks[:0]
	r.extras.forget()
}

// decode makes a stack of what was fetched.
func (r *Reader) decode(try int) error {
	l := r.t.layout
	if word(r.raw, l.threadInterp) != r.thread.Interp || word(r.raw, l.threadID) != r.thread.Ident {
		return ErrThreadGone
	}
	top := word(r.raw, l.threadFrame)
	if top == 0 {
		return ErrNoStack
	}
	if r.extras.settle() && !r.t.still {
		return errTorn
	}
	if !l.newStyle() {
		return r.decodeOld(top, try)
	}
	if l.cframeFrame >= 0 {
		var err error
		if top, err = r.throughCFrame(top, try); err != nil {
			return err
		}
	}
	if err := r.checkChunks(); err != nil {
		return err
	}
	return r.decodeNew(top, try)
}

// cframeSize is how much of a _PyCFrame is read (3.11, 3.12).
const cframeSize = 16

// maxThreadState is more than the size of a PyThreadState (288 and 360 bytes).
const maxThreadState = 1 << 10

// throughCFrame is the frame that the _PyCFrame at addr names: 0, without an error,
// where it cannot be foreseen, for a new one is made by every call from C.
func (r *Reader) throughCFrame(addr uint64, try int) (uint64, error) {
	var buf []byte
	if e := r.extras.find(addr, cframeSize); e != nil {
		buf = e.before
		at := r.t.layout.cframeFrame
		r.moved = !e.in.once && !r.t.still && word(e.before, at) != word(e.after, at)
	} else if try >= salvageFrom {
		return 0, nil
	} else if err := r.extras.add(addr, cframeSize); err != nil {
		return 0, err
	} else {
		return 0, errTorn
	}
	if frame := word(buf, r.t.layout.cframeFrame); frame != 0 || addr-r.thread.Addr >= maxThreadState {
		return frame, nil
	}
	return 0, ErrNoStack // the thread's own _PyCFrame, which is below all others
}

// checkChunks makes sure that the chunks that were read are those that the thread has.
func (r *Reader) checkChunks() error {
	newest := word(r.raw, r.t.layout.dataChunk)
	if newest == 0 {
		return ErrNoStack
	}
	n := len(r.chunks)
	if n == 0 || r.chunks[n-1].addr != newest {
		return r.planChunks(newest)
	}
	for i := n - 1; i >= 0; i-- {
		previous := word(r.chunks[i].buf, 0)
		if i == 0 && previous != 0 || i > 0 && previous != r.chunks[i-1].addr || int(word(r.chunks[i].buf, 8)) != r.chunks[i].size {
			return r.planChunks(newest)
		}
		// An older chunk keeps how much of it is in use.
		if used := chunkHeader + 8*int(word(r.chunks[i].buf, 16)); i < n-1 && used > r.chunks[i].want {
			if used > r.chunks[i].size {
				return errTorn
			}
			r.resize(&r.chunks[i], used)
			return errTorn
		}
	}
	return nil
}

// planChunks follows the list of chunks. Nothing else is made of it: all is read
// again together.
func (r *Reader) planChunks(newest uint64) error {
	var found []chunk
	for addr := newest; addr != 0; {
		var head [chunkHeader]byte
		if err := r.t.mem.Read(addr, head[:]); err != nil {
			return err
		}
		size, used := word(head[:], 8), word(head[:], 16)
		if size < chunkHeader || size > maxChunk || len(found) == maxChunks || used > size/8 {
			return fmt.Errorf("%w: a chunk of %d bytes at %#x", errTorn, size, addr)
		}
		c := chunk{addr: addr, size: int(size), want: min(firstChunk, int(size))}
		if len(found) > 0 {
			c.want = chunkHeader + 8*int(used)
		} else if limit := word(r.raw, r.t.layout.dataChunk+8); limit > addr && limit < addr+size {
			c.want = min(int(limit-addr)+minAhead, int(size))
		}
		found = append(found, c)
		addr = word(head[:], 0)
	}
	r.chunks = r.chunks[:0]
	for i := len(found) - 1; i >= 0; i-- {
		r.resize(&found[i], found[i].want)
		r.chunks = append(r.chunks, found[i])
	}
	return errTorn
}

// resize changes how much of a chunk is read, up to the chunk's own size.
func (r *Reader) resize(c *chunk, want int) {
	c.want = max(chunkHeader+8, min(want, c.size)) &^ 7
	if cap(c.buf) < c.want {
		c.buf = make([]byte, c.want+minAhead)
	}
	c.buf = c.buf[:c.want]
}

// extraAt is the frame outside of the chunks at addr, runs says that nothing is on top
// of it. Where it was not foreseen it is read with the rest the next time, and with it
// the frames that it leads to.
func (r *Reader) extraAt(addr uint64, runs bool) ([]byte, error) {
	l := r.t.layout
	if e := r.extras.find(addr, l.frameSize); e != nil {
		if !r.t.still && !e.steady(l, runs) {
			return nil, errTorn
		}
		return e.before, nil
	}
	buf := make([]byte, l.frameSize)
	for at := addr; at != 0 && !r.inChunk(at) && !r.extras.planned(at, l.frameSize); at = word(buf, l.framePrevious) {
		if err := r.extras.add(at, l.frameSize); err != nil {
			return nil, err
		}
		if err := r.t.mem.Read(at, buf); err != nil {
			return nil, err
		}
	}
	return nil, errTorn
}

// inChunk says whether addr lies in a chunk of the thread's stack.
func (r *Reader) inChunk(addr uint64) bool {
	for i := range r.chunks {
		if c := &r.chunks[i]; addr-c.addr < uint64(c.size) {
			return true
		}
	}
	return false
}
