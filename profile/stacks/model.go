package stacks

import (
	"iter"
	"time"
)

// Func is a function, a module or the body of a class.
type Func struct {
	Name      string // qualified where Python knows it: "Tree.insert", "<module>"
	File      string // as the code has it; "" of native code
	FirstLine int    // of its def or decorator
	Native    bool   // not Python's: only the name is known
}

// FuncID is the index of a function in [Profile.Funcs].
type FuncID int32

// ThreadID is the index of a thread in [Profile.Threads].
type ThreadID int32

// StackID is the index in [Profile.Nodes] of the innermost frame of a stack.
type StackID int32

// NoParent is the parent of an outermost frame.
const NoParent StackID = -1

// Frame is a function and the line in it that runs, 0 where it belongs to no line.
type Frame struct {
	Func FuncID
	Line int32
}

// Node is a frame and the stack that called it. Stacks that begin alike share their
// nodes. A parent always stands before its children.
type Node struct {
	Parent StackID
	Frame
}

// Thread is a thread of a process, as the kernel knows it.
type Thread struct {
	PID, TID int // TID is 0 where the Python does not tell it
	Name     string
	Interp   int64 // number of the sub-interpreter, 0 for the main one
}

// State is what a thread was doing.
type State uint8

// What a thread was doing when it was sampled.
const (
	Idle    State = iota // asleep: waits for input, a lock, a timer, or the GIL
	Running              // on a processor, or ready for one, without the GIL
	Holding              // holds the GIL
)

var stateNames = [...]string{"idle", "running", "gil"}

// String is "idle", "running" or "gil".
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// Sample is the stack of one thread at one moment. All samples of one look at a
// process and its children have the same At.
type Sample struct {
	At     time.Duration // since [Info.Began], whole microseconds
	Thread ThreadID
	Stack  StackID
	State  State
}

// Counts is what became of the sampler's work.
type Counts struct {
	Ticks    int64         `json:"ticks"`                   // moments at which the process was looked at
	Rejects  int64         `json:"rejects"`                 // stacks that could not be proven, and are not among the samples
	Rereads  int64         `json:"rereads"`                 // readings that were repeated
	Salvaged int64         `json:"salvaged"`                // samples between two calls: the top frame may be the one before or after
	Reads    int64         `json:"reads"`                   // system calls that read the process's memory
	Missed   int64         `json:"missed"`                  // ticks that were skipped, the one before having taken too long
	Late     time.Duration `json:"late_nanoseconds"`        // sum over all ticks of how late each began
	MaxLate  time.Duration `json:"latest_nanoseconds"`      // the largest
	CPU      time.Duration `json:"sampler_cpu_nanoseconds"` // processor time that sampling itself took
	Wall     time.Duration `json:"wall_nanoseconds"`        // from the first tick to the last
}

// FlatOut is the rate of a sampler that looks as often as it can.
const FlatOut = -1

// Info is what a profile is worth: how, of what and how well it was taken.
type Info struct {
	Mode       string    `json:"mode"`                  // which threads: "wall" all, "cpu" those that are not idle, "gil" the one that holds the GIL
	Clock      string    `json:"clock"`                 // "monotonic"
	Rate       int       `json:"rate"`                  // ticks a second that were asked for, or FlatOut
	Paused     bool      `json:"paused"`                // the process was stopped for each look
	Biased     bool      `json:"cumulative_biased"`     // cumulative shares may be off: this Python cannot be read in one piece
	Stride     int       `json:"stride"`                // of the ticks each Stride-th is kept: 1, or more in long profiles
	LeftOut    int64     `json:"samples_cut,omitempty"` // samples of which frames were left out, being too deep or too many
	Began      time.Time `json:"began"`
	PID        int       `json:"pid,omitempty"`     // of the process, whose children may be among the threads
	Command    []string  `json:"command,omitempty"` // its command line
	Python     string    `json:"python"`            // the interpreter's version, "3.12.1"
	Executable string    `json:"executable"`        // the program or library that the interpreter is in
	Merged     int       `json:"merged,omitempty"`  // of how many profiles this is the sum; 0 for one
	Counts     Counts    `json:"counts"`
}

// Profile is what a sampler has seen.
type Profile struct {
	Info    Info
	Funcs   []Func
	Threads []Thread
	Nodes   []Node
	Samples []Sample // by At
	Untimed bool     // times and order of the samples are not known: another tool has rewritten the file
}

// Stack returns the frames of a stack, innermost first.
func (p *Profile) Stack(id StackID) iter.Seq[Frame] {
	return func(yield func(Frame) bool) {
		for ; id != NoParent; id = p.Nodes[id].Parent {
			if !yield(p.Nodes[id].Frame) {
				return
			}
		}
	}
}

// Depth is the number of frames of a stack.
func (p *Profile) Depth(id StackID) int {
	n := 0
	for ; id != NoParent; id = p.Nodes[id].Parent {
		n++
	}
	return n
}

// Period is the time that a sample stands for: from one tick that is kept to the next,
// on average.
func (p *Profile) Period() time.Duration {
	stride := time.Duration(max(1, p.Info.Stride))
	if c := p.Info.Counts; c.Ticks > 0 && c.Wall > 0 {
		return time.Duration(float64(c.Wall) / float64(c.Ticks) * float64(stride))
	}
	if p.Info.Rate > 0 {
		return time.Second / time.Duration(p.Info.Rate) * stride
	}
	return 0
}

// stackCounts is how often each node was the innermost one.
func (p *Profile) stackCounts() []int64 {
	counts := make([]int64, len(p.Nodes))
	for i := range p.Samples {
		counts[p.Samples[i].Stack]++
	}
	return counts
}
