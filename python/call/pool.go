package call

import (
	"context"
	"runtime"
	"sync"
)

const (
	// defaultCalls is after how many calls a Python is replaced: seldom enough to cost
	// nothing, often enough that what leaks does not add up.
	defaultCalls = 10_000
	// defaultMemory is the size at which a Python is replaced.
	defaultMemory = 1 << 30
)

// PoolOptions are the bounds of a [Pool]. The zero value is a good choice.
type PoolOptions struct {
	Size      int   // how many Pythons, and so calls at a time; 0 is one for each processor
	MaxCalls  int   // a Python is replaced after so many calls; 0 is 10,000
	MaxMemory int64 // and when it holds so many bytes after a call, where the system tells; 0 is 1 GiB
}

// Pool is a number of Pythons that stay ready to call functions. Modules stay imported in
// each, and what functions change in them stays changed. A Python is replaced when its
// function was ended or it died, after a number of calls, and when it has grown large;
// what it had started ends with it.
//
// All methods may be used by several goroutines.
type Pool struct {
	python  Python
	options PoolOptions
	idle    chan *worker // one for each place; nil where it is still to be started
	closing context.Context
	close   context.CancelCauseFunc
	once    sync.Once
}

// NewPool makes a pool and begins to start its Pythons. Its functions have no
// stdin.
func NewPool(p Python, o PoolOptions) *Pool {
	if o.Size <= 0 {
		o.Size = runtime.NumCPU()
	}
	if o.MaxCalls <= 0 {
		o.MaxCalls = defaultCalls
	}
	if o.MaxMemory <= 0 {
		o.MaxMemory = defaultMemory
	}
	p.Stdin, p.Signals = nil, nil
	pool := &Pool{python: p, options: o, idle: make(chan *worker, o.Size)}
	pool.closing, pool.close = context.WithCancelCause(context.Background())
	for range o.Size {
		go pool.refill()
	}
	return pool
}

// refill starts the worker for one place. Where that fails the next call tries again, and
// tells the error.
func (p *Pool) refill() {
	var w *worker
	if p.closing.Err() == nil {
		w, _ = startWorker(p.python, 0)
	}
	p.idle <- w
}

// Call calls a function, as [Func] does, in a Python of the pool. It waits for one that is
// free; that waiting is bounded by the context alone.
func (p *Pool) Call(ctx context.Context, r Request) (Result, error) {
	t, err := r.check(p.python)
	if err != nil {
		return Result{}, err
	}
	w, err := p.take(ctx)
	if err != nil {
		return Result{}, err
	}
	ctx, cancel := r.bound(ctx)
	defer cancel()
	ctx, cancelCause := context.WithCancelCause(ctx)
	defer cancelCause(nil)
	defer context.AfterFunc(p.closing, func() { cancelCause(ErrClosed) })()
	result, err := w.call(ctx, t, r)
	p.giveBack(w)
	return result, err
}

// take waits for a place that is free and returns its worker, alive.
func (p *Pool) take(ctx context.Context) (*worker, error) {
	if p.closing.Err() != nil {
		return nil, ErrClosed
	}
	var w *worker
	select {
	case w = <-p.idle:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-p.closing.Done():
		return nil, ErrClosed
	}
	if w != nil && !w.process.ended() {
		return w, nil
	}
	if w != nil {
		w.stop() // it died while nothing was asked of it
	}
	w, err := startWorker(p.python, 0)
	if err != nil {
		p.idle <- nil
	}
	return w, err
}

// giveBack returns a worker to its place, or puts a new one there.
func (p *Pool) giveBack(w *worker) {
	if !w.broken && w.calls < p.options.MaxCalls && residentMemory(w.process.pid()) < p.options.MaxMemory {
		p.idle <- w
		return
	}
	if w.broken {
		w.retire() // its call returns when all of it has ended
		go p.refill()
		return
	}
	go func() {
		w.retire()
		p.refill()
	}()
}

// Close ends all Pythons and what they started; calls that run end with [ErrClosed]. It
// returns when all have ended. The error is always nil.
func (p *Pool) Close() error {
	p.once.Do(func() {
		p.close(ErrClosed)
		var ends sync.WaitGroup
		for range p.options.Size {
			if w := <-p.idle; w != nil {
				ends.Go(w.retire)
			}
		}
		ends.Wait()
	})
	return nil
}
