package cpython

import (
	"errors"
	"fmt"
	"slices"

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
	cframe extra  // 3.11, 3.12

	chunks []chunk
	extras []extra
	cursor int // of the extra that is likely to be asked for next
	used   int // times, for telling which extras are still of use
	ranges []remote.Range

	current uint64      // the frame that the thread state names
	frames  []liveFrame // of the chunks, outermost first; scratch
	epoch   int         // of the target, when frames was made
	stack   []Frame

	old oldStack

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
}

// extra is a frame outside of the chunks.
type extra struct {
	addr uint64
	buf  []byte
	last int // the time it was last of use
}

// Bounds of one stack. A frame takes 80 bytes at least and Python's own limit on
// recursion is a matter of memory from 3.11 on; 200,000 frames are 10 to 20 MB.
const (
	maxDepth    = 200_000
	maxChunks   = 4096
	maxChunk    = 16 << 20 // bytes; CPython makes them of 16 KiB, larger only for one huge frame
	maxExtras   = 4096     // nested generators, and calls from C
	minAhead    = 1 << 10  // read beyond the top: room for calls deeper than the last time
	maxTries    = 6        // readings of one stack
	keepExtras  = 64       // samples after which a frame that was not met is forgotten
	firstChunk  = 4 << 10  // read of a chunk the first time
	patience    = 2        // tries before what cannot be foreseen is taken as it comes
	salvageFrom = 4        // tries before the top frame of the thread state is believed
)

// NewReader prepares to sample a thread.
func NewReader(t *Target, thread Thread) *Reader {
	return &Reader{t: t, thread: thread, raw: make([]byte, t.layout.threadSize), cframe: extra{buf: make([]byte, 16)}}
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
		r.ranges = r.plan(r.ranges[:0])
		if err = r.readAll(); err == nil {
			err = r.decode(try)
		}
		if err != nil {
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

// plan adds everything that is foreseen.
func (r *Reader) plan(to []remote.Range) []remote.Range {
	to = append(to, remote.Range{Addr: r.thread.Addr, Buf: r.raw})
	if r.cframe.addr != 0 {
		to = append(to, remote.Range{Addr: r.cframe.addr, Buf: r.cframe.buf})
	}
	if !r.t.layout.newStyle() {
		return r.old.ranges(to)
	}
	for i := range r.extras {
		to = append(to, remote.Range{Addr: r.extras[i].addr, Buf: r.extras[i].buf})
	}
	for i := range r.chunks {
		to = append(to, remote.Range{Addr: r.chunks[i].addr, Buf: r.chunks[i].buf})
	}
	return to
}

// readAll reads the ranges, more than one call's worth where it must be. A range that
// is gone is forgotten with all other plans: the next reading makes new ones.
func (r *Reader) readAll() error {
	for done := 0; done < len(r.ranges); {
		n, err := r.t.mem.ReadMany(r.ranges[done:min(done+remote.MaxRanges, len(r.ranges))])
		if err != nil && done+n == 0 && !errors.Is(err, remote.ErrGone) {
			return fmt.Errorf("%w: %w", ErrThreadGone, err)
		}
		if err != nil {
			r.forgetPlans()
			return err
		}
		done += n
	}
	return nil
}

func (r *Reader) forgetPlans() {
	r.cframe.addr, r.chunks, r.extras, r.cursor = 0, r.chunks[:0], r.extras[:0], 0
	r.old.forget()
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
	if !l.newStyle() {
		return r.decodeOld(top)
	}
	if l.cframeFrame >= 0 {
		if top != r.cframe.addr {
			r.cframe.addr = top // it moves with every call from C
			if try < patience && !r.t.still {
				return errTorn
			}
			if err := r.t.mem.Read(top, r.cframe.buf); err != nil {
				return err
			}
		}
		if top = word(r.cframe.buf, l.cframeFrame); top == 0 {
			return ErrNoStack
		}
	}
	if err := r.checkChunks(); err != nil {
		return err
	}
	return r.decodeNew(top, try)
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

// extraAt is the frame outside of the chunks at addr. Where it was not foreseen it
// is read with the rest the next time, and with it the frames that it leads to. What
// never lies at the same place twice, such as generators that live for one call, is
// taken as it is from the third try on: the links are proven all the same.
func (r *Reader) extraAt(addr uint64, try int) ([]byte, error) {
	for i := range r.extras {
		if e := &r.extras[(r.cursor+i)%len(r.extras)]; e.addr == addr {
			r.cursor = (r.cursor + i + 1) % len(r.extras)
			e.last = r.used
			return e.buf, nil
		}
	}
	first := len(r.extras)
	for at := addr; at != 0 && !r.inChunk(at); {
		if at%8 != 0 || len(r.extras) >= maxExtras {
			return nil, fmt.Errorf("%w: %d frames outside of the stack", errTorn, len(r.extras))
		}
		e := extra{addr: at, buf: make([]byte, r.t.layout.frameSize), last: r.used}
		if err := r.t.mem.Read(at, e.buf); err != nil {
			return nil, err
		}
		r.extras = append(r.extras, e)
		if at = word(e.buf, r.t.layout.framePrevious); r.foreseen(at) {
			break
		}
	}
	if try < patience && !r.t.still {
		return nil, errTorn
	}
	return r.extras[first].buf, nil
}

func (r *Reader) foreseen(addr uint64) bool {
	return slices.ContainsFunc(r.extras, func(e extra) bool { return e.addr == addr })
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

// dropExtras forgets frames that have not been met for a while.
func (r *Reader) dropExtras() {
	r.used++
	if r.used%keepExtras != 0 {
		return
	}
	kept := r.extras[:0]
	for _, e := range r.extras {
		if r.used-e.last <= keepExtras {
			kept = append(kept, e)
		}
	}
	r.extras, r.cursor = kept, 0
}
