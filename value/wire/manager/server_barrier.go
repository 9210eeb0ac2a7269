package manager

import (
	"context"
	"time"

	"github.com/cantil-py/cantil/value"
)

// barrierState is where a barrier is, in threading.Barrier's own terms.
type barrierState int

const (
	filling   barrierState = iota // some wait for the others
	draining                      // all have come, and are leaving
	resetting                     // those who waited are leaving
	broken                        // nobody gets through until it is reset
)

// Barrier is a threading.Barrier that Go and Python share. A client that is killed while
// it waits breaks it, where Python's would count on it for ever.
type Barrier struct {
	monitor
	parties int
	limit   time.Duration // of a wait that names none
	limited bool
	state   barrierState
	count   int
}

// NewBarrier returns a barrier for a number of parties, at least 1.
func NewBarrier(parties int) *Barrier { return &Barrier{parties: max(parties, 1)} }

func makeBarrier(args Args) (Object, error) {
	bound, err := args.Bind("Barrier", "parties", "action?", "timeout?")
	if err != nil {
		return nil, err
	}
	parties, err := integer(bound[0])
	if err != nil {
		return nil, err
	}
	if parties < 1 {
		return nil, valueError("parties must be > 0")
	}
	if bound[1] != nil && bound[1] != value.None {
		return nil, typeError("this manager's barriers have no action")
	}
	b := NewBarrier(parties)
	b.limit, b.limited, err = seconds(bound[2])
	return b, err
}

// Wait waits until all parties do, and returns which of them this is, from 0. A broken
// barrier is an [Exception]; the end of the context breaks it.
func (b *Barrier) Wait(ctx context.Context) (int, error) { return b.await(ctx, b.limit, b.limited) }

func (b *Barrier) await(ctx context.Context, limit time.Duration, limited bool) (int, error) {
	_, err := b.wait(ctx, 0, false, func() bool { return b.state == filling || b.state == broken })
	defer b.mu.Unlock()
	if err != nil {
		return 0, err
	}
	if b.state == broken {
		return 0, errBroken()
	}
	index := b.count
	b.count++
	if b.count == b.parties {
		b.become(draining)
	} else {
		err = b.others(ctx, limit, limited)
	}
	if b.count--; b.count == 0 && b.state != broken {
		b.become(filling)
	}
	return index, err
}

// others waits for the rest of the parties, with the lock held before and after.
func (b *Barrier) others(ctx context.Context, limit time.Duration, limited bool) error {
	b.mu.Unlock()
	ok, err := b.wait(ctx, limit, limited, func() bool { return b.state != filling })
	if !ok {
		b.become(broken)
	}
	if err == nil && b.state != draining {
		err = errBroken()
	}
	return err
}

func (b *Barrier) become(s barrierState) {
	b.state = s
	b.note()
}

func errBroken() error { return &Exception{Class: "threading.BrokenBarrierError"} }

// Abort breaks the barrier for all who wait and all who come.
func (b *Barrier) Abort() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.become(broken)
}

// Reset mends the barrier; for those who wait it is broken.
func (b *Barrier) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.count == 0:
		b.become(filling)
	case b.state != draining:
		b.become(resetting)
	}
}

// Methods implements [Object].
func (b *Barrier) Methods() []string { return barrierMethods.names() }

// Call implements [Object].
func (b *Barrier) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	return barrierMethods.call(ctx, b, name, args)
}

// attribute is what Python's properties of a barrier are.
func (b *Barrier) attribute(name value.Value) (value.Value, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch name {
	case value.Str("parties"):
		return value.Int(b.parties), nil
	case value.Str("n_waiting"):
		if b.state != filling {
			return value.Int(0), nil
		}
		return value.Int(b.count), nil
	case value.Str("broken"):
		return value.Bool(b.state == broken), nil
	}
	return nil, &Exception{"builtins.AttributeError", text("'Barrier' object has no attribute %s", short(name))}
}

var barrierMethods = methods[*Barrier]{
	"__getattribute__": {[]string{"name"}, func(_ context.Context, b *Barrier, args []value.Value) (value.Value, error) {
		return b.attribute(args[0])
	}},
	"wait": {[]string{"timeout?"}, func(ctx context.Context, b *Barrier, args []value.Value) (value.Value, error) {
		limit, limited, err := seconds(args[0])
		if err != nil {
			return nil, err
		}
		if !limited {
			limit, limited = b.limit, b.limited
		}
		index, err := b.await(ctx, limit, limited)
		return value.Int(index), err
	}},
	"abort": {nil, func(_ context.Context, b *Barrier, _ []value.Value) (value.Value, error) {
		b.Abort()
		return value.None, nil
	}},
	"reset": {nil, func(_ context.Context, b *Barrier, _ []value.Value) (value.Value, error) {
		b.Reset()
		return value.None, nil
	}},
}
