package manager

import (
	"context"
	"slices"
	"time"

	"github.com/cantil-py/cantil/value"
)

// ownerKey is where a context has who calls.
type ownerKey struct{}

// WithOwner is a context for calls of an [RLock] or [Condition] in the name of owner, which
// is told from others by ==. A client's thread is an owner of its own; calls of Go's own
// without an owner are all in one name.
func WithOwner(ctx context.Context, owner any) context.Context {
	return context.WithValue(ctx, ownerKey{}, owner)
}

// own is the owner of calls of Go's own.
type own struct{}

func ownerOf(ctx context.Context) any {
	if owner := ctx.Value(ownerKey{}); owner != nil {
		return owner
	}
	return own{}
}

// RLock is a threading.RLock that Go and Python share: its owner may take it again, and
// has to release it as often. It stays held when the client that has it is killed.
type RLock struct {
	monitor
	owner any
	depth int // how often the owner has it; 0 is free
}

// NewRLock returns a lock that nobody holds.
func NewRLock() *RLock { return &RLock{} }

func makeRLock(args Args) (Object, error) {
	_, err := args.Bind("RLock")
	return NewRLock(), err
}

// Acquire takes the lock for the owner of the context, when it is free or until the
// context ends.
func (l *RLock) Acquire(ctx context.Context) error {
	_, err := l.acquire(ctx, 0, false, 1)
	return err
}

func (l *RLock) acquire(ctx context.Context, limit time.Duration, limited bool, times int) (bool, error) {
	owner := ownerOf(ctx)
	ok, err := l.wait(ctx, limit, limited, func() bool { return l.depth == 0 || l.owner == owner })
	defer l.mu.Unlock()
	if ok {
		l.owner = owner
		l.depth += times
	}
	return ok, err
}

// Release gives the lock back once; it is an error if the context's owner has it not.
func (l *RLock) Release(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.mine(ctx) {
		return &Exception{"builtins.RuntimeError", text("cannot release un-acquired lock")}
	}
	if l.depth--; l.depth == 0 {
		l.free()
	}
	return nil
}

// mine says whether the context's owner has the lock, whose monitor is locked.
func (l *RLock) mine(ctx context.Context) bool { return l.depth > 0 && l.owner == ownerOf(ctx) }

func (l *RLock) free() {
	l.owner, l.depth = nil, 0
	l.note()
}

// Methods implements [Object].
func (l *RLock) Methods() []string { return rlockMethods.names() }

// Call implements [Object].
func (l *RLock) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	return rlockMethods.call(ctx, l, name, args)
}

var rlockMethods = methods[*RLock]{
	"acquire": {[]string{"blocking?", "timeout?"}, func(ctx context.Context, l *RLock, args []value.Value) (value.Value, error) {
		limit, limited, err := lockPatience(args[0], args[1])
		if err != nil {
			return nil, err
		}
		ok, err := l.acquire(ctx, limit, limited, 1)
		return value.Bool(ok), err
	}},
	"release": {nil, func(ctx context.Context, l *RLock, _ []value.Value) (value.Value, error) {
		return value.None, l.Release(ctx)
	}},
}

// Condition is a threading.Condition, with an RLock of its own, that Go and Python share.
type Condition struct {
	lock    *RLock
	waiters []*waiting // in the order in which they came; the lock's monitor is over it
}

// waiting is one who waits to be notified.
type waiting struct{ notified bool }

// NewCondition returns a condition for which nobody waits.
func NewCondition() *Condition { return &Condition{lock: NewRLock()} }

func makeCondition(args Args) (Object, error) {
	bound, err := args.Bind("Condition", "lock?")
	if err == nil && bound[0] != nil && bound[0] != value.None {
		err = typeError("this manager makes conditions with a lock of their own only")
	}
	return NewCondition(), err
}

// Acquire and Release take and give back the condition's lock.
func (c *Condition) Acquire(ctx context.Context) error { return c.lock.Acquire(ctx) }

// Release gives the lock back once.
func (c *Condition) Release(ctx context.Context) error { return c.lock.Release(ctx) }

// Wait gives the lock back, waits to be notified, and takes the lock again. After the end
// of the context the lock is not held.
func (c *Condition) Wait(ctx context.Context) error {
	_, err := c.await(ctx, 0, false)
	return err
}

func (c *Condition) await(ctx context.Context, limit time.Duration, limited bool) (bool, error) {
	l := c.lock
	l.mu.Lock()
	if !l.mine(ctx) {
		l.mu.Unlock()
		return false, &Exception{"builtins.RuntimeError", text("cannot wait on un-acquired lock")}
	}
	depth, me := l.depth, &waiting{}
	c.waiters = append(c.waiters, me)
	l.free()
	l.mu.Unlock()
	ok, err := l.wait(ctx, limit, limited, func() bool { return me.notified })
	if !ok {
		c.waiters = slices.DeleteFunc(c.waiters, func(w *waiting) bool { return w == me })
	}
	l.mu.Unlock()
	if err == nil {
		_, err = l.acquire(ctx, 0, false, depth)
	}
	return ok, err
}

// Notify wakes at most n who wait. The lock has to be held.
func (c *Condition) Notify(ctx context.Context, n int) error {
	c.lock.mu.Lock()
	defer c.lock.mu.Unlock()
	if !c.lock.mine(ctx) {
		return &Exception{"builtins.RuntimeError", text("cannot notify on un-acquired lock")}
	}
	n = min(max(n, 0), len(c.waiters))
	for _, w := range c.waiters[:n] {
		w.notified = true
	}
	c.waiters = slices.Delete(c.waiters, 0, n)
	c.lock.note()
	return nil
}

// NotifyAll wakes all who wait. The lock has to be held.
func (c *Condition) NotifyAll(ctx context.Context) error { return c.Notify(ctx, maxConnections) }

// Methods implements [Object].
func (c *Condition) Methods() []string { return conditionMethods.names() }

// Call implements [Object].
func (c *Condition) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	return conditionMethods.call(ctx, c, name, args)
}

var conditionMethods = methods[*Condition]{
	"acquire": {[]string{"blocking?", "timeout?"}, func(ctx context.Context, c *Condition, args []value.Value) (value.Value, error) {
		return rlockMethods["acquire"].do(ctx, c.lock, args)
	}},
	"release": {nil, func(ctx context.Context, c *Condition, _ []value.Value) (value.Value, error) {
		return value.None, c.Release(ctx)
	}},
	"wait": {[]string{"timeout?"}, func(ctx context.Context, c *Condition, args []value.Value) (value.Value, error) {
		limit, limited, err := seconds(args[0])
		if err != nil {
			return nil, err
		}
		ok, err := c.await(ctx, limit, limited)
		return value.Bool(ok), err
	}},
	"notify": {[]string{"n?"}, func(ctx context.Context, c *Condition, args []value.Value) (value.Value, error) {
		n, err := 1, error(nil)
		if args[0] != nil {
			n, err = integer(args[0])
		}
		if err != nil {
			return nil, err
		}
		return value.None, c.Notify(ctx, n)
	}},
	"notify_all": {nil, func(ctx context.Context, c *Condition, _ []value.Value) (value.Value, error) {
		return value.None, c.NotifyAll(ctx)
	}},
}

// Semaphore is a threading.Semaphore that Go and Python share, or a BoundedSemaphore.
type Semaphore struct {
	monitor
	free    int
	bounded bool
	most    int // of a bounded one
}

// NewSemaphore returns a semaphore that n may hold; a bounded one refuses to be released
// more often than it was acquired.
func NewSemaphore(n int, bounded bool) *Semaphore {
	n = max(n, 0)
	return &Semaphore{free: n, bounded: bounded, most: n}
}

// semaphoreMaker makes semaphores of one of the two kinds.
func semaphoreMaker(name string, bounded bool) Maker {
	return func(args Args) (Object, error) {
		n := 1
		bound, err := args.Bind(name, "value?")
		if err == nil && bound[0] != nil {
			n, err = integer(bound[0])
		}
		if err == nil && n < 0 {
			err = valueError("semaphore initial value must be >= 0")
		}
		if err != nil {
			return nil, err
		}
		return NewSemaphore(n, bounded), nil
	}
}

// Acquire takes one, when there is one or until the context ends.
func (s *Semaphore) Acquire(ctx context.Context) error {
	_, err := s.acquire(ctx, 0, false)
	return err
}

func (s *Semaphore) acquire(ctx context.Context, limit time.Duration, limited bool) (bool, error) {
	ok, err := s.wait(ctx, limit, limited, func() bool { return s.free > 0 })
	defer s.mu.Unlock()
	if ok {
		s.free--
	}
	return ok, err
}

// Release gives n back.
func (s *Semaphore) Release(n int) error {
	if n < 1 {
		return valueError("n must be one or more")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bounded && n > s.most-s.free {
		return valueError("Semaphore released too many times")
	}
	if n > maxFree-s.free {
		return &Exception{"builtins.OverflowError", text("a semaphore of more than %d", maxFree)}
	}
	s.free += n
	s.note()
	return nil
}

// maxFree bounds a semaphore, far from where an int ends.
const maxFree = 1 << 40

// Methods implements [Object].
func (s *Semaphore) Methods() []string { return semaphoreMethods.names() }

// Call implements [Object].
func (s *Semaphore) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	return semaphoreMethods.call(ctx, s, name, args)
}

var semaphoreMethods = methods[*Semaphore]{
	"acquire": {[]string{"blocking?", "timeout?"}, func(ctx context.Context, s *Semaphore, args []value.Value) (value.Value, error) {
		limit, limited, err := seconds(args[1])
		if err != nil {
			return nil, err
		}
		if !truth(args[0], true) {
			if limited {
				return nil, valueError("can't specify timeout for non-blocking acquire")
			}
			limited = true
		}
		ok, err := s.acquire(ctx, limit, limited)
		return value.Bool(ok), err
	}},
	"release": {[]string{"n?"}, func(_ context.Context, s *Semaphore, args []value.Value) (value.Value, error) {
		n, err := 1, error(nil)
		if args[0] != nil {
			n, err = integer(args[0])
		}
		if err != nil {
			return nil, err
		}
		return value.None, s.Release(n)
	}},
}
