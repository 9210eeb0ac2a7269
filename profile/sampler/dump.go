package sampler

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cantil-py/cantil/profile/sampler/cpython"
	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// Stacks is what a process was doing at one moment.
type Stacks struct {
	PID     int
	Version string // of Python, "3.12.1"
	File    string // the program or library that the interpreter is in
	Threads []Thread
}

// Thread is one thread of [Stacks].
type Thread struct {
	TID    int    // the kernel's number; 0 where it cannot be told
	Name   string // that Python's threading has for it, else the kernel's, at most 15 bytes
	Main   bool
	Interp int64 // number of the sub-interpreter, 0 for the main one
	State  State
	Frames []Frame // innermost first; empty where Err says why, or where no Python runs
	Scopes []Scope // the variables of each of Frames; nil where they were not asked for
	Err    error   // a stack that could not be proven
}

// Scope is the variables of a frame, Value what one of them holds.
type (
	Scope = cpython.Scope
	Value = cpython.Value
)

// DumpOptions are what [DumpWith] reads beside the stacks, and how.
type DumpOptions struct {
	Locals bool // the variables of each frame
	Pause  bool // stop the process for that moment, by ptrace: all threads are then seen at one moment
	Native bool // stacks begin with the C function that the innermost frame has called, as [Options.Native] says
}

// Dump reads the stacks of all threads of a process, each on its own, without
// pausing it. The main thread comes first, the others in the order of their creation.
func Dump(pid int) (*Stacks, error) { return DumpWith(pid, DumpOptions{}) }

// DumpWith is [Dump] with options.
func DumpWith(pid int, opts DumpOptions) (*Stacks, error) {
	p, err := remote.Open(pid)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	t, err := cpython.Attach(p)
	if err != nil {
		return nil, err
	}
	t.Natives(opts.Native)
	tasks, err := newTasks(p)
	if err != nil {
		return nil, err
	}
	defer tasks.close()
	d := &dumper{t: t, tasks: tasks, opts: opts}
	if opts.Pause {
		return d.paused(p)
	}
	return d.dump()
}

// dumper reads one process.
type dumper struct {
	t      *cpython.Target
	tasks  *tasks
	opts   DumpOptions
	states map[uint64]State // from before the process was paused, by address of the thread; nil where it is not
}

// dumpPauses is how often a process is paused because a thread stood in the middle of a call.
const dumpPauses = 5

// paused reads the process while it stands still. What its threads did is asked before:
// afterwards all stand.
func (d *dumper) paused(p *remote.Process) (stacks *Stacks, err error) {
	d.t.Still(true)
	for range dumpPauses {
		if err := d.askStates(); err != nil {
			return nil, err
		}
		err = onOwnThread(func() error {
			if err := p.Pause(); err != nil {
				return err
			}
			defer p.Resume()
			stacks, err = d.dump()
			return err
		})
		if err != nil || !slices.ContainsFunc(stacks.Threads, func(th Thread) bool { return th.Err != nil }) {
			return stacks, err
		}
	}
	return stacks, nil
}

func (d *dumper) askStates() error {
	threads, err := d.t.Threads()
	if err != nil {
		return fmt.Errorf("process %d: %w", d.tasks.pid, err)
	}
	d.states = map[uint64]State{}
	for _, th := range threads {
		d.states[th.Addr] = d.tasks.state(d.tasks.tidOf(th), false)
	}
	return nil
}

func (d *dumper) dump() (*Stacks, error) {
	threads, err := d.t.Threads()
	if err != nil {
		return nil, fmt.Errorf("process %d: %w", d.tasks.pid, err)
	}
	stacks := &Stacks{PID: d.tasks.pid, Version: d.t.Version(), File: d.t.File()}
	for i := len(threads) - 1; i >= 0; i-- { // the newest is the first in Python's list
		one, err := d.thread(threads[i])
		if errors.Is(err, remote.ErrGone) {
			return nil, err
		}
		if err == nil {
			stacks.Threads = append(stacks.Threads, one)
		}
	}
	mainFirst(stacks.Threads)
	return stacks, nil
}

// thread reads one thread; an error is a thread that is there no more.
func (d *dumper) thread(th cpython.Thread) (Thread, error) {
	found, err := d.t.Inspect(th, d.opts.Locals)
	if errors.Is(err, remote.ErrGone) || errors.Is(err, cpython.ErrThreadGone) {
		return Thread{}, err
	}
	tid := d.tasks.tidOf(th)
	one := Thread{TID: tid, Name: d.tasks.name(tid), Main: tid == d.tasks.pid, Interp: th.ID}
	if err == nil {
		one.Frames, one.Scopes = found.Frames, found.Scopes
		if found.Name != "" {
			one.Name = found.Name
		}
	} else if !errors.Is(err, cpython.ErrNoStack) {
		one.Err = err
	}
	holder, err := d.t.Holder(th.Interp)
	if err != nil {
		return Thread{}, err
	}
	one.State = d.state(tid, th.Addr, holder)
	return one, nil
}

func (d *dumper) state(tid int, thread, holder uint64) State {
	before, known := d.states[thread]
	if known && thread != holder {
		return before
	}
	return d.tasks.state(tid, thread == holder)
}

// mainFirst moves the main thread to the front; the others keep their order.
func mainFirst(threads []Thread) {
	for i, th := range threads {
		if th.Main && th.Interp == 0 {
			copy(threads[1:i+1], threads[:i])
			threads[0] = th
			return
		}
	}
}

// Descendants lists the processes that a process has started, and those that these have,
// the nearest first, at most maxMembers. One whose parent has ended is nobody's here.
func Descendants(pid int) []int {
	found := []int{pid}
	for i := 0; i < len(found) && len(found) <= maxMembers; i++ {
		for _, child := range childrenOf(found[i]) {
			if !slices.Contains(found, child) {
				found = append(found, child)
			}
		}
	}
	return found[1:min(len(found), maxMembers+1)]
}
