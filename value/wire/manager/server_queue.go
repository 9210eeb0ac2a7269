package manager

import (
	"context"
	"sync"
	"time"

	"github.com/cantil-py/cantil/value"
)

// monitor is a lock with one condition, that something changed.
type monitor struct {
	mu      sync.Mutex
	changed chan struct{} // closed at the next change; nil while nobody waits
}

// note wakes all who wait; the lock is held.
func (m *monitor) note() {
	if m.changed != nil {
		close(m.changed)
		m.changed = nil
	}
}

// wait waits until ready, which is asked with the lock held. It returns with the lock
// held: false after the time, if it is limited, and an error after the end of the context.
func (m *monitor) wait(ctx context.Context, limit time.Duration, limited bool, ready func() bool) (bool, error) {
	var late <-chan time.Time
	if limited {
		t := time.NewTimer(limit)
		defer t.Stop()
		late = t.C
	}
	m.mu.Lock()
	for over := limited && limit <= 0; !ready(); {
		if over {
			return false, nil
		}
		if m.changed == nil {
			m.changed = make(chan struct{})
		}
		changed := m.changed
		m.mu.Unlock()
		select {
		case <-changed:
		case <-late:
			over = true
		case <-ctx.Done():
		}
		m.mu.Lock()
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
	}
	return true, nil
}

// Queue is a queue.Queue that Go and Python share. Put and Get are for Go.
type Queue struct {
	monitor
	size       int // 0 for any number
	items      []value.Value
	unfinished int
}

// NewQueue returns a queue of at most size items; 0 is without an end.
func NewQueue(size int) *Queue { return &Queue{size: max(size, 0)} }

func makeQueue(args Args) (Object, error) {
	bound, err := args.Bind("Queue", "maxsize?")
	if err != nil || bound[0] == nil {
		return NewQueue(0), err
	}
	size, err := integer(bound[0])
	return NewQueue(size), err
}

// Put adds an item, when there is room for it or until the context ends.
func (q *Queue) Put(ctx context.Context, item value.Value) error {
	_, err := q.put(ctx, item, 0, false)
	return err
}

// Get takes an item, when there is one or until the context ends.
func (q *Queue) Get(ctx context.Context) (value.Value, error) {
	item, _, err := q.get(ctx, 0, false)
	return item, err
}

// Len is the number of items.
func (q *Queue) Len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

func (q *Queue) full() bool { return q.size > 0 && len(q.items) >= q.size }

func (q *Queue) put(ctx context.Context, item value.Value, limit time.Duration, limited bool) (bool, error) {
	ok, err := q.wait(ctx, limit, limited, func() bool { return !q.full() })
	defer q.mu.Unlock()
	if !ok {
		return false, err
	}
	if len(q.items) >= maxItems {
		return false, tooMany()
	}
	q.items = append(q.items, item)
	q.unfinished++
	q.note()
	return true, nil
}

func (q *Queue) get(ctx context.Context, limit time.Duration, limited bool) (value.Value, bool, error) {
	ok, err := q.wait(ctx, limit, limited, func() bool { return len(q.items) > 0 })
	defer q.mu.Unlock()
	if !ok {
		return nil, false, err
	}
	item := q.items[0]
	q.items[0] = nil // not kept in memory by the slice
	q.items = q.items[1:]
	q.note()
	return item, true, nil
}

// Methods implements [Object].
func (q *Queue) Methods() []string { return queueMethods.names() }

// Call implements [Object].
func (q *Queue) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	return queueMethods.call(ctx, q, name, args)
}

// patience is what block and timeout mean: how long to wait, if that has an end.
func patience(block, timeout value.Value) (time.Duration, bool, error) {
	if !truth(block, true) {
		return 0, true, nil
	}
	limit, limited, err := seconds(timeout)
	if limited && limit < 0 {
		return 0, false, valueError("'timeout' must be a non-negative number")
	}
	return limit, limited, err
}

func putting(ctx context.Context, q *Queue, item, block, timeout value.Value) (value.Value, error) {
	limit, limited, err := patience(block, timeout)
	if err != nil {
		return nil, err
	}
	ok, err := q.put(ctx, item, limit, limited)
	if err == nil && !ok {
		err = &Exception{Class: "queue.Full"}
	}
	return value.None, err
}

func getting(ctx context.Context, q *Queue, block, timeout value.Value) (value.Value, error) {
	limit, limited, err := patience(block, timeout)
	if err != nil {
		return nil, err
	}
	item, ok, err := q.get(ctx, limit, limited)
	if err == nil && !ok {
		err = &Exception{Class: "queue.Empty"}
	}
	return item, err
}

// looking is a method that only looks.
func looking(f func(q *Queue) value.Value) method[*Queue] {
	return method[*Queue]{nil, func(_ context.Context, q *Queue, _ []value.Value) (value.Value, error) {
		q.mu.Lock()
		defer q.mu.Unlock()
		return f(q), nil
	}}
}

var queueMethods = methods[*Queue]{
	"qsize": looking(func(q *Queue) value.Value { return value.Int(len(q.items)) }),
	"empty": looking(func(q *Queue) value.Value { return value.Bool(len(q.items) == 0) }),
	"full":  looking(func(q *Queue) value.Value { return value.Bool(q.full()) }),
	"put": {[]string{"item", "block?", "timeout?"}, func(ctx context.Context, q *Queue, args []value.Value) (value.Value, error) {
		return putting(ctx, q, args[0], args[1], args[2])
	}},
	"put_nowait": {[]string{"item"}, func(ctx context.Context, q *Queue, args []value.Value) (value.Value, error) {
		return putting(ctx, q, args[0], value.Bool(false), nil)
	}},
	"get": {[]string{"block?", "timeout?"}, func(ctx context.Context, q *Queue, args []value.Value) (value.Value, error) {
		return getting(ctx, q, args[0], args[1])
	}},
	"get_nowait": {nil, func(ctx context.Context, q *Queue, _ []value.Value) (value.Value, error) {
		return getting(ctx, q, value.Bool(false), nil)
	}},
	"task_done": {nil, func(_ context.Context, q *Queue, _ []value.Value) (value.Value, error) {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.unfinished == 0 {
			return nil, valueError("task_done() called too many times")
		}
		q.unfinished--
		q.note()
		return value.None, nil
	}},
	"join": {nil, func(ctx context.Context, q *Queue, _ []value.Value) (value.Value, error) {
		_, err := q.wait(ctx, 0, false, func() bool { return q.unfinished == 0 })
		q.mu.Unlock()
		return value.None, err
	}},
}
