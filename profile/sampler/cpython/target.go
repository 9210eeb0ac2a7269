// Package cpython knows how CPython 3.6 to 3.14 lay out threads, frames and code in
// memory, and reads the stacks of a running interpreter from outside of it.
//
// Call [Attach] for a process, [Target.Threads] for its threads, and [Target.Stack]
// or, for many samples of one thread, [NewReader] and [Reader.Sample].
//
// A stack is returned only if it can have existed: every frame links to the next, the
// chain ends where it must, every code object is one and every instruction lies in it.
// Sizes, counts and lengths that the process tells are bounded; what lies outside of
// the bounds is an error, never a panic.
package cpython

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// Bounds on lists that the process tells; a process has a few sub-interpreters and,
// on Linux, at most 32,768 threads by default.
const (
	maxInterpreters = 1024
	maxThreads      = 100_000
)

// Target is a CPython in another process. Its methods are for one goroutine at a time.
type Target struct {
	mem    remote.Memory
	place  place
	layout *layout
	codes  map[uint64]*code
	none   []uint64 // where codes has nil: no code object

	wantNatives bool             // names of C functions
	opcodes     *[256]opcode     // nil until they are needed
	natives     map[string]*Func // by name
	python      map[string]bool  // names of the functions in Python that were met

	codeType, bytesType, strType, frameType uint64
	stats                                   Stats
	epoch                                   int // grows when a code object is found to be another
	still                                   bool
	read                                    time.Time // when the last stacks were
}

// Still tells whether the process stands still while it is read (ptrace).
func (t *Target) Still(yes bool) { t.still = yes }

// Attach finds the interpreter in a process.
func Attach(p Process) (*Target, error) {
	where, err := locate(p)
	if err != nil {
		return nil, err
	}
	return newTarget(p, where), nil
}

func newTarget(mem remote.Memory, where place) *Target {
	return &Target{mem: mem, place: where, layout: where.layout, codes: map[uint64]*code{}, natives: map[string]*Func{}, python: map[string]bool{}}
}

// Version is the version of the interpreter, "3.12.1".
func (t *Target) Version() string { return t.place.version }

// File is the program or library that the interpreter is in, as the process sees it.
func (t *Target) File() string { return t.place.file }

// InclusiveBiased says whether stacks of very short calls may be put together of two
// moments when the process is not paused: before 3.11 frames are scattered over the heap.
func (t *Target) InclusiveBiased() bool { return !t.layout.newStyle() }

// forget empties the cache of code objects.
func (t *Target) forget() {
	clear(t.codes)
	clear(t.python)
	t.none = t.none[:0]
	t.epoch++
}

// Revalidate compares every code object that is remembered with memory and forgets
// those that are no more: their places are used again. Call it about once a second.
func (t *Target) Revalidate() error {
	t.forgetNone()
	addrs := make([]uint64, 0, len(t.codes))
	for addr, c := range t.codes {
		if c != nil {
			addrs = append(addrs, addr)
		}
	}
	for piece := range slices.Chunk(addrs, remote.MaxRanges) {
		if err := t.revalidate(piece); err != nil {
			return err
		}
	}
	return nil
}

func (t *Target) revalidate(addrs []uint64) error {
	size := t.layout.codeSize
	buf := make([]byte, len(addrs)*size)
	ranges := make([]remote.Range, len(addrs))
	for i, addr := range addrs {
		ranges[i] = remote.Range{Addr: addr, Buf: buf[i*size : (i+1)*size]}
	}
	for done := 0; done < len(addrs); {
		n, err := t.mem.ReadMany(ranges[done:])
		for i := done; i < done+n; i++ {
			raw := ranges[i].Buf
			if word(raw, objectType) != t.codeType || t.layout.fingerprint(raw) != t.codes[addrs[i]].print {
				t.drop(addrs[i])
			}
		}
		if done += n; err != nil {
			if errors.Is(err, remote.ErrGone) {
				return err
			}
			t.drop(addrs[done]) // its memory is gone
			done++
		}
	}
	return nil
}

func (t *Target) drop(addr uint64) {
	delete(t.codes, addr)
	t.epoch++
}

// Thread is a thread that Python knows.
type Thread struct {
	Addr   uint64 // of its PyThreadState
	Interp uint64 // of its PyInterpreterState
	ID     int64  // of the interpreter: 0 is the main one
	Ident  uint64 // threading.get_ident(): pthread_t
	TID    int    // the kernel's number, as the process sees it; 0 before 3.11
}

// Threads lists the threads of all interpreters. A list that changes while it is read
// is read again, a few times.
func (t *Target) Threads() ([]Thread, error) {
	const tries = 5
	var threads []Thread
	var err error
	for range tries {
		if threads, err = t.threads(); err == nil || errors.Is(err, remote.ErrGone) {
			return threads, err
		}
	}
	return nil, fmt.Errorf("listing Python's threads: %w", err)
}

func (t *Target) threads() ([]Thread, error) {
	interp, err := t.pointer(t.place.runtime + uint64(t.layout.interpretersHead))
	if err != nil {
		return nil, err
	}
	var all []Thread
	for n := 0; interp != 0; n++ {
		if n >= maxInterpreters {
			return nil, fmt.Errorf("more than %d interpreters", maxInterpreters)
		}
		if all, err = t.threadsOf(interp, all); err != nil {
			return nil, err
		}
		if interp, err = t.pointer(interp + uint64(t.layout.interpNext)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// threadsOf adds the threads of one interpreter to all.
func (t *Target) threadsOf(interp uint64, all []Thread) ([]Thread, error) {
	l := t.layout
	var id int64
	if l.interpID >= 0 {
		v, err := t.pointer(interp + uint64(l.interpID))
		if err != nil {
			return nil, err
		}
		id = int64(v)
	}
	addr, err := t.pointer(interp + uint64(l.interpThreads))
	raw := make([]byte, l.threadSize)
	for ; err == nil && addr != 0; addr = word(raw, l.threadNext) {
		if len(all) >= maxThreads {
			return nil, fmt.Errorf("more than %d threads", maxThreads)
		}
		if err := t.mem.Read(addr, raw); err != nil {
			return nil, err
		}
		if word(raw, l.threadInterp) != interp {
			return nil, fmt.Errorf("the thread at %#x belongs to no interpreter that is known", addr)
		}
		all = append(all, l.thread(raw, addr, interp, id))
	}
	return all, err
}

func (l *layout) thread(raw []byte, addr, interp uint64, id int64) Thread {
	th := Thread{Addr: addr, Interp: interp, ID: id, Ident: word(raw, l.threadID)}
	if l.nativeID >= 0 {
		th.TID = int(int32(word(raw, l.nativeID)))
	}
	return th
}

// Holder is the thread (the address of its PyThreadState) that holds the GIL of the
// interpreter; 0 where none does.
func (t *Target) Holder(interp uint64) (uint64, error) {
	l := t.layout
	if l.interpGIL < 0 {
		if t.place.currentWord == 0 {
			return 0, nil
		}
		return t.pointer(t.place.currentWord)
	}
	gil, err := t.pointer(interp + uint64(l.interpGIL))
	if err != nil {
		return 0, err
	}
	var raw [24]byte
	if err := t.mem.Read(gil, raw[:]); err != nil {
		return 0, err
	}
	if int32(half(raw[:], l.gilLocked)) <= 0 {
		return 0, nil
	}
	return word(raw[:], l.gilHolder), nil
}

// pointer reads a word.
func (t *Target) pointer(addr uint64) (uint64, error) {
	var b [8]byte
	err := t.mem.Read(addr, b[:])
	return word(b[:], 0), err
}
