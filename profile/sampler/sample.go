// Package sampler reads the Python stacks of a running process from outside of it:
// nothing is injected, nothing is paused, nothing must be installed there.
//
// Call [Dump] for the stacks of this moment, or [Open] and [Sampler.Run] for a stream
// of them. Linux only; elsewhere both return remote.ErrSystem. On arm64, CPython 3.13
// and later only.
//
// A sample counts only if its stack can have existed; what cannot be proven is read
// again, and in the end counted in [Counts] and not handed on.
package sampler

import (
	"time"

	"github.com/cantil-py/cantil/profile/sampler/cpython"
)

// Func is a Python function (or module, or class body). A Sampler hands out one *Func
// for each code object of a process, so pointers may be compared.
type Func = cpython.Func

// Frame is a function and where in it a thread stands.
type Frame = cpython.Frame

// State is what a thread was doing.
type State uint8

// What a thread was doing when it was sampled.
const (
	Idle    State = iota // asleep: waits for input, a lock, a timer, or the GIL
	Running              // on a processor, or ready for one, in code that released the GIL
	Holding              // holds the GIL: runs Python, or native code that keeps the GIL
)

// String is "idle", "running" or "gil".
func (s State) String() string {
	switch s {
	case Holding:
		return "gil"
	case Running:
		return "running"
	}
	return "idle"
}

// Sample is the stack of one thread at one moment.
type Sample struct {
	Time   time.Duration // since the sampler began
	PID    int
	TID    int    // the kernel's; 0 where this Python does not tell it
	Thread string // the kernel's name for the thread, "" where unknown
	Interp int64  // number of the sub-interpreter, 0 for the main one
	State  State
	Frames []Frame // innermost first; never empty
}

// Mode is which threads a sampler takes.
type Mode uint8

// The modes.
const (
	Wall Mode = iota // every thread that has a Python stack
	CPU              // those that are not idle
	GIL              // the one that holds the GIL, if any
)

// String is "wall", "cpu" or "gil".
func (m Mode) String() string {
	switch m {
	case CPU:
		return "cpu"
	case GIL:
		return "gil"
	}
	return "wall"
}

// Counts is what became of a sampler's work. All of it belongs beside the shares
// that are computed from the samples: without it nobody can tell what they are worth.
type Counts struct {
	Ticks    int64         // moments at which the process was looked at
	Samples  int64         // stacks that were proven and handed on
	Rejects  int64         // stacks that could not be proven, even after reading again
	Rereads  int64         // readings that were repeated because they did not hold together
	Salvaged int64         // of Samples: caught between two calls, so that the top frame may be the one before or after, or be missing
	Reads    int64         // system calls that read the process's memory
	Missed   int64         // ticks that were skipped because the one before took too long
	Late     time.Duration // sum over all ticks of how late each began
	MaxLate  time.Duration
	CPU      time.Duration // processor time that the sampler itself has used
	Wall     time.Duration // from first tick to last
}
