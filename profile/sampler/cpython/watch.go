package cpython

import (
	"errors"
	"time"

	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// A Watch samples all threads of an interpreter's process together: one system call
// reads the list of threads, the GIL and every stack.
type Watch struct {
	t       *Target
	interps []watched
	Threads []*Watched // the newest first, as Python has them
	ranges  []remote.Range
	root    [8]byte // the runtime's pointer to the first interpreter
}

// watched is an interpreter.
type watched struct {
	addr           uint64
	gil            uint64 // where holder, locked and switches are read
	gilBuf         []byte
	switches       uint64
	holder         uint64
	next, head     [8]byte
	first, threads int // its part of Watch.Threads
}

// Watched is a thread and what the last Tick found of it.
type Watched struct {
	Thread
	Frames []Frame // innermost first; valid until the next Tick
	Err    error   // why there are none: ErrNoStack, or a stack that could not be proven
	Holds  bool    // the GIL
	Fresh  bool    // it was read at this Tick; else nothing of it can have changed

	reader  *Reader
	planned bool // for this Tick
}

// gilBytes is how much of the GIL's struct is read: holder, locked, switches.
const gilBytes = 32

// NewWatch lists the threads of t.
func NewWatch(t *Target) (*Watch, error) {
	w := &Watch{t: t}
	return w, w.refresh()
}

// Stats sums what the readers of all threads had to do. It never falls.
func (w *Watch) Stats() Stats { return w.t.stats }

// refresh lists interpreters and threads anew and keeps the readers of those that are
// still there.
func (w *Watch) refresh() error {
	threads, err := w.t.Threads()
	if err != nil {
		return err
	}
	known := map[Thread]*Watched{}
	for _, th := range w.Threads {
		known[th.Thread] = th
	}
	w.interps, w.Threads = w.interps[:0], w.Threads[:0:0]
	for _, th := range threads {
		if n := len(w.interps); n == 0 || w.interps[n-1].addr != th.Interp {
			w.interps = append(w.interps, watched{addr: th.Interp, first: len(w.Threads)})
		}
		one := known[th]
		if one == nil {
			one = &Watched{Thread: th, reader: NewReader(w.t, th)}
		}
		w.Threads = append(w.Threads, one)
		w.interps[len(w.interps)-1].threads++
	}
	for i := range w.interps {
		if err := w.interps[i].findGIL(w.t); err != nil {
			return err
		}
	}
	return nil
}

// findGIL settles where the GIL's state is read.
func (i *watched) findGIL(t *Target) error {
	l := t.layout
	switch {
	case l.interpGIL >= 0:
		gil, err := t.pointer(i.addr + uint64(l.interpGIL))
		i.gil, i.gilBuf = gil, make([]byte, gilBytes)
		return err
	case t.place.currentWord != 0:
		i.gil, i.gilBuf = t.place.currentWord, make([]byte, 8)
	}
	return nil
}

// fewThreads are read all together at every tick. Of more, those that cannot have
// changed are left out, which takes a second call when the GIL has changed hands. Before
// 3.12 it does not tell, and all are always read.
const fewThreads = 8

// Tick samples every thread. With list, it also makes sure that the threads are still
// those that Python has, which costs some words more in the same system call. An
// error means that the process has ended or become another program.
func (w *Watch) Tick(list bool) error {
	few := len(w.Threads) <= fewThreads || w.t.layout.interpGIL < 0
	failed := w.read(list, few)
	if errors.Is(failed, remote.ErrGone) {
		return failed
	}
	if failed != nil || list && !w.listHolds() {
		if err := w.refresh(); err != nil {
			return err
		}
		few = true
		failed = w.read(false, true)
	}
	switched := w.readGILs() // before failed is looked at: what was read of it is right or zero
	if failed == nil && !few && switched {
		failed = w.read(false, true)
		w.readGILs()
	}
	return w.decode(failed)
}

// read fetches what is planned: with all every thread, else those that can have
// changed while the GIL has not.
func (w *Watch) read(list, all bool) error {
	l := w.t.layout
	w.ranges = w.ranges[:0]
	if list {
		w.ranges = append(w.ranges, remote.Range{Addr: w.t.place.runtime + uint64(l.interpretersHead), Buf: w.root[:]})
	}
	for i := range w.interps {
		in := &w.interps[i]
		if in.gil != 0 {
			w.ranges = append(w.ranges, remote.Range{Addr: in.gil, Buf: in.gilBuf})
		}
		if list {
			w.ranges = append(w.ranges,
				remote.Range{Addr: in.addr + uint64(l.interpNext), Buf: in.next[:]},
				remote.Range{Addr: in.addr + uint64(l.interpThreads), Buf: in.head[:]})
		}
	}
	for _, th := range w.Threads {
		if th.planned = all || th.Holds || th.Err != nil; th.planned {
			w.ranges = th.reader.plan(w.ranges)
		}
	}
	w.t.read = time.Now()
	for rest := w.ranges; len(rest) > 0; {
		piece := rest[:min(len(rest), remote.MaxRanges)]
		if _, err := w.t.mem.ReadMany(piece); err != nil {
			return err
		}
		rest = rest[len(piece):]
	}
	return nil
}

// listHolds says whether interpreters and threads are those that were read: each
// interpreter leads to the next, each first thread to the one after it.
func (w *Watch) listHolds() bool {
	l := w.t.layout
	next := word(w.root[:], 0)
	for i := range w.interps {
		in := &w.interps[i]
		if next != in.addr {
			return false
		}
		next = word(in.next[:], 0)
		at := word(in.head[:], 0)
		for _, th := range w.Threads[in.first : in.first+in.threads] {
			if at != th.Addr {
				return false
			}
			at = word(th.reader.raw, l.threadNext)
		}
		if at != 0 {
			return false
		}
	}
	return next == 0
}

// readGILs notes which threads hold a GIL, and says whether one has changed hands
// since the last tick.
func (w *Watch) readGILs() bool {
	l := w.t.layout
	changed := false
	for i := range w.interps {
		in := &w.interps[i]
		holder, switches := uint64(0), uint64(0)
		switch {
		case in.gil == 0:
		case l.interpGIL < 0:
			holder = word(in.gilBuf, 0)
		case int32(half(in.gilBuf, l.gilLocked)) > 0:
			holder = word(in.gilBuf, l.gilHolder)
		}
		if l.interpGIL >= 0 {
			switches = word(in.gilBuf, l.gilSwitches)
		}
		changed = changed || switches != in.switches || holder != in.holder
		in.switches, in.holder = switches, holder
		for _, th := range w.Threads[in.first : in.first+in.threads] {
			th.Holds = holder != 0 && th.Addr == holder
		}
	}
	return changed
}

// decode makes the stacks of what was read. Where the common reading failed, or a
// stack does not hold together, the thread is read again on its own.
func (w *Watch) decode(failed error) error {
	gone := false
	for _, th := range w.Threads {
		th.Fresh = th.planned
		if !th.planned {
			continue
		}
		err := failed
		if err == nil {
			err = th.reader.decode(0)
		}
		if err != nil && !final(err) {
			_, err = th.reader.sample(1)
		}
		if errors.Is(err, remote.ErrGone) {
			return err
		}
		gone = gone || errors.Is(err, ErrThreadGone)
		if th.Frames, th.Err = th.reader.stack, err; err != nil {
			th.Frames = nil
		}
	}
	w.sum()
	if gone {
		return w.refresh()
	}
	return nil
}

// sum moves the readers' counts to the target, where they outlive their threads.
func (w *Watch) sum() {
	for _, th := range w.Threads {
		s := &th.reader.Stats
		w.t.stats.Rereads += s.Rereads
		w.t.stats.Salvaged += s.Salvaged
		w.t.stats.Rejects += s.Rejects
		*s = Stats{}
	}
}

// Again says whether a stack could not be proven at the last Tick. Those that could not
// then count as read again, not as rejected: the caller will call Tick once more.
func (w *Watch) Again() bool {
	var n int64
	for _, th := range w.Threads {
		if th.Fresh && th.Err != nil && !final(th.Err) {
			n++
		}
	}
	w.t.stats.Rejects -= n
	w.t.stats.Rereads += n
	return n > 0
}
