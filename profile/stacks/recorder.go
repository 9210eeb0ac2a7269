package stacks

import (
	"slices"
	"time"
)

// Bounds of what a Recorder keeps, so that sampling for days needs no more memory than
// sampling for an hour.
const (
	// MaxDepth is how many frames of a stack are kept: twice Python's own limit of recursion. A
	// deeper stack keeps its outermost frames and its innermost one.
	MaxDepth = 2048

	maxSamples = 4 << 20 // 96 MiB; at the bound every second tick is dropped, here and from then on
	maxNodes   = 4 << 20
	maxFuncs   = 1 << 20
	maxThreads = 1 << 20
	maxPaths   = 1024 // threads whose last stack is remembered
)

// leftOut stands in the place of frames that were not kept.
var leftOut = Func{Name: "[frames left out]", Native: true}

// Recorder makes a profile of samples as they come. Its methods are for one goroutine.
type Recorder struct {
	funcs   map[Func]FuncID
	threads map[Thread]ThreadID
	nodes   map[Node]StackID
	paths   map[ThreadID][]StackID // the last stack of each thread, outermost first
	p       Profile
	ticks   int           // moments with samples so far
	at      time.Duration // the last of them
	most    int           // samples that are kept
}

// NewRecorder returns an empty one.
func NewRecorder() *Recorder {
	return &Recorder{
		funcs: map[Func]FuncID{}, threads: map[Thread]ThreadID{}, nodes: map[Node]StackID{}, paths: map[ThreadID][]StackID{},
		p: Profile{Info: Info{Stride: 1}}, at: -1, most: maxSamples,
	}
}

// Func returns the number of a function.
func (r *Recorder) Func(f Func) FuncID {
	id, ok := r.funcs[f]
	if ok {
		return id
	}
	if len(r.p.Funcs) >= maxFuncs && f != leftOut {
		return r.Func(leftOut)
	}
	id = FuncID(len(r.p.Funcs))
	r.p.Funcs = append(r.p.Funcs, f)
	r.funcs[f] = id
	return id
}

// Thread returns the number of a thread.
func (r *Recorder) Thread(t Thread) ThreadID {
	id, ok := r.threads[t]
	if ok {
		return id
	}
	if len(r.p.Threads) >= maxThreads && t != (Thread{}) {
		return r.Thread(Thread{}) // one that is not known
	}
	id = ThreadID(len(r.p.Threads))
	r.p.Threads = append(r.p.Threads, t)
	r.threads[t] = id
	return id
}

// Add adds a sample. Its frames, innermost first, are of functions that Func has
// numbered, and there is at least one. Times never go back.
func (r *Recorder) Add(at time.Duration, thread ThreadID, state State, frames []Frame) {
	at = max(at.Truncate(time.Microsecond), r.at, 0)
	if at != r.at {
		r.at = at
		r.ticks++
	}
	if len(frames) == 0 || (r.ticks-1)%r.p.Info.Stride != 0 {
		return
	}
	stack := r.stack(thread, frames)
	r.p.Samples = append(r.p.Samples, Sample{At: at, Thread: thread, Stack: stack, State: state})
	if len(r.p.Samples) >= r.most {
		r.thin()
	}
}

// stack finds or makes the nodes of a stack. Most stacks begin as the last of their
// thread did, so that is compared first.
func (r *Recorder) stack(thread ThreadID, frames []Frame) StackID {
	if len(frames) > MaxDepth {
		frames = r.cut(frames)
	}
	path, ok := r.paths[thread]
	if !ok && len(r.paths) >= maxPaths {
		clear(r.paths)
	}
	parent := NoParent
	for i := range frames {
		want := Node{parent, frames[len(frames)-1-i]}
		if i >= len(path) || r.p.Nodes[path[i]] != want {
			id, ok := r.node(want)
			if !ok {
				return r.noRoom()
			}
			path = append(path[:i], id)
		}
		parent = path[i]
	}
	r.paths[thread] = path[:len(frames)]
	return parent
}

func (r *Recorder) node(n Node) (id StackID, ok bool) {
	if id, ok = r.nodes[n]; ok {
		return id, true
	}
	if len(r.p.Nodes) >= maxNodes {
		return 0, false
	}
	id = StackID(len(r.p.Nodes))
	r.p.Nodes = append(r.p.Nodes, n)
	r.nodes[n] = id
	return id, true
}

// noRoom is the stack in the place of those that there is no room for.
func (r *Recorder) noRoom() StackID {
	r.p.Info.LeftOut++
	n := Node{NoParent, Frame{Func: r.Func(leftOut)}}
	id, ok := r.nodes[n]
	if !ok { // one beyond the bound
		id = StackID(len(r.p.Nodes))
		r.p.Nodes = append(r.p.Nodes, n)
		r.nodes[n] = id
	}
	return id
}

// cut leaves out what is between the outermost frames and the innermost one.
func (r *Recorder) cut(frames []Frame) []Frame {
	r.p.Info.LeftOut++
	short := append(make([]Frame, 0, MaxDepth), frames[0], Frame{Func: r.Func(leftOut)})
	return append(short, frames[len(frames)-MaxDepth+2:]...)
}

// thin drops every second tick. The moments that are left are as random as before.
func (r *Recorder) thin() {
	kept := make([]Sample, 0, len(r.p.Samples)) // a new one: profiles handed out have the old
	ticks, at := 0, time.Duration(-1)
	for _, s := range r.p.Samples {
		if s.At != at {
			at = s.At
			ticks++
		}
		if ticks%2 == 1 {
			kept = append(kept, s)
		}
	}
	r.p.Samples = kept
	r.p.Info.Stride *= 2
}

// Profile returns what was recorded so far, with the given info, of which Stride and
// LeftOut are the recorder's. It may be used, and written, while more is recorded.
func (r *Recorder) Profile(info Info) *Profile {
	p := r.p
	info.Stride, info.LeftOut = p.Info.Stride, p.Info.LeftOut
	p.Info = info
	p.Funcs, p.Threads = slices.Clip(p.Funcs), slices.Clip(p.Threads)
	p.Nodes, p.Samples = slices.Clip(p.Nodes), slices.Clip(p.Samples)
	return &p
}
