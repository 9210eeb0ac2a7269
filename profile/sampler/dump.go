package sampler

import (
	"errors"
	"fmt"

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

// DumpOptions are what [DumpWith] reads beside the stacks.
type DumpOptions struct {
	Locals bool // the variables of each frame
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
	threads, err := t.Threads()
	if err != nil {
		return nil, fmt.Errorf("process %d: %w", pid, err)
	}
	tasks, err := newTasks(p)
	if err != nil {
		return nil, err
	}
	defer tasks.close()
	stacks := &Stacks{PID: pid, Version: t.Version(), File: t.File()}
	for i := len(threads) - 1; i >= 0; i-- { // the newest is the first in Python's list
		one, err := dumpThread(t, tasks, threads[i], opts)
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

// dumpThread reads one thread; an error is a thread that is there no more.
func dumpThread(t *cpython.Target, tasks *tasks, th cpython.Thread, opts DumpOptions) (Thread, error) {
	found, err := t.Inspect(th, opts.Locals)
	if errors.Is(err, remote.ErrGone) || errors.Is(err, cpython.ErrThreadGone) {
		return Thread{}, err
	}
	tid := tasks.tidOf(th)
	one := Thread{TID: tid, Name: tasks.name(tid), Main: tid == tasks.pid, Interp: th.ID}
	if err == nil {
		one.Frames, one.Scopes = found.Frames, found.Scopes
		if found.Name != "" {
			one.Name = found.Name
		}
	} else if !errors.Is(err, cpython.ErrNoStack) {
		one.Err = err
	}
	holder, err := t.Holder(th.Interp)
	if err != nil {
		return Thread{}, err
	}
	one.State = tasks.state(tid, holder == th.Addr)
	return one, nil
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
