package call

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Func calls a function in a Python of its own. The error is one of this package, or the
// context's, or that Python could not be started.
//
// The function's process ends as any Python does, after its threads; Func returns then, or
// when the time is up. Processes that the function leaves behind go on, unless it was ended.
func Func(ctx context.Context, p Python, r Request) (Result, error) {
	t, err := r.check(p)
	if err != nil {
		return Result{}, err
	}
	if ctx.Err() != nil {
		return Result{}, context.Cause(ctx)
	}
	ctx, cancel := r.bound(ctx)
	defer cancel()
	w, err := startWorker(p, r.Timeout)
	if err != nil {
		return Result{}, err
	}
	result, err := w.call(ctx, t, r)
	if !w.broken {
		_ = w.requests.Close() // no more requests: it ends by itself
		select {
		case <-w.process.done:
		case <-ctx.Done(): // the answer stands
		}
	}
	w.stop()
	if w.process.signaled.Load() {
		w.process.endLeft() // they would have had the signal too
	}
	return result, err
}

// check finds what is wrong with a request before anything is started for it.
func (r *Request) check(p Python) (target, error) {
	if r.Target == "" && len(r.Args) != 1 {
		return target{}, errors.New("calling a function: neither a target nor one argument is given")
	}
	if r.Timeout < 0 {
		return target{}, fmt.Errorf("calling %s: a timeout of %v", r.Target, r.Timeout)
	}
	return parseTarget(r.Target, p.Dir)
}

// bound is the context with the request's timeout.
func (r *Request) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if r.Timeout == 0 {
		return ctx, func() {}
	}
	return context.WithDeadlineCause(ctx, time.Now().Add(r.Timeout), ErrTimeout)
}
