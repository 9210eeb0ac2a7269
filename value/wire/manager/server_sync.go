package manager

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cantil-py/cantil/value"
)

// maxName is how many bytes of a content are told in the text of a Namespace or Value.
const maxName = 10_000

// Event is a threading.Event that Go and Python share.
type Event struct {
	monitor
	on bool
}

// NewEvent returns an event that is not set.
func NewEvent() *Event { return &Event{} }

func makeEvent(args Args) (Object, error) {
	_, err := args.Bind("Event")
	return NewEvent(), err
}

// Set sets the event, or clears it.
func (e *Event) Set(on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.on = on
	e.note()
}

// IsSet says whether the event is set.
func (e *Event) IsSet() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.on
}

// Wait waits until the event is set, or the context ends.
func (e *Event) Wait(ctx context.Context) error {
	_, err := e.await(ctx, 0, false)
	return err
}

func (e *Event) await(ctx context.Context, limit time.Duration, limited bool) (bool, error) {
	ok, err := e.wait(ctx, limit, limited, func() bool { return e.on })
	e.mu.Unlock()
	return ok, err
}

// Methods implements [Object].
func (e *Event) Methods() []string { return eventMethods.names() }

// Call implements [Object].
func (e *Event) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	return eventMethods.call(ctx, e, name, args)
}

var eventMethods = methods[*Event]{
	"is_set": {nil, func(_ context.Context, e *Event, _ []value.Value) (value.Value, error) {
		return value.Bool(e.IsSet()), nil
	}},
	"set": {nil, func(_ context.Context, e *Event, _ []value.Value) (value.Value, error) {
		e.Set(true)
		return value.None, nil
	}},
	"clear": {nil, func(_ context.Context, e *Event, _ []value.Value) (value.Value, error) {
		e.Set(false)
		return value.None, nil
	}},
	"wait": {[]string{"timeout?"}, func(ctx context.Context, e *Event, args []value.Value) (value.Value, error) {
		limit, limited, err := seconds(args[0])
		if err != nil {
			return nil, err
		}
		ok, err := e.await(ctx, limit, limited)
		return value.Bool(ok), err
	}},
}

// Lock is a threading.Lock that Go and Python share. As Python's, it stays held when the
// client that has it is killed; anyone may release it.
type Lock struct {
	monitor
	held bool
}

// NewLock returns a lock that nobody holds.
func NewLock() *Lock { return &Lock{} }

func makeLock(args Args) (Object, error) {
	_, err := args.Bind("Lock")
	return NewLock(), err
}

// Acquire takes the lock, when it is free or until the context ends.
func (l *Lock) Acquire(ctx context.Context) error {
	_, err := l.acquire(ctx, 0, false)
	return err
}

func (l *Lock) acquire(ctx context.Context, limit time.Duration, limited bool) (bool, error) {
	ok, err := l.wait(ctx, limit, limited, func() bool { return !l.held })
	defer l.mu.Unlock()
	if ok {
		l.held = true
	}
	return ok, err
}

// Release frees the lock; one that is free is an error.
func (l *Lock) Release() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.held {
		return &Exception{"builtins.RuntimeError", text("release unlocked lock")}
	}
	l.held = false
	l.note()
	return nil
}

// Methods implements [Object].
func (l *Lock) Methods() []string { return lockMethods.names() }

// Call implements [Object].
func (l *Lock) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	return lockMethods.call(ctx, l, name, args)
}

var lockMethods = methods[*Lock]{
	"acquire": {[]string{"blocking?", "timeout?"}, func(ctx context.Context, l *Lock, args []value.Value) (value.Value, error) {
		limit, limited, err := lockPatience(args[0], args[1])
		if err != nil {
			return nil, err
		}
		ok, err := l.acquire(ctx, limit, limited)
		return value.Bool(ok), err
	}},
	"release": {nil, func(_ context.Context, l *Lock, _ []value.Value) (value.Value, error) { return value.None, l.Release() }},
}

// lockPatience is what blocking and timeout mean for a lock: how long to wait, if that
// has an end.
func lockPatience(blocking, timeout value.Value) (limit time.Duration, limited bool, err error) {
	limit, limited, err = seconds(timeout)
	switch {
	case err != nil:
		return 0, false, err
	case limited && limit == -time.Second: // Python's way to say for ever
		limited = false
	case limited && limit < 0:
		return 0, false, valueError("timeout value must be a non-negative number")
	}
	if truth(blocking, true) {
		return limit, limited, nil
	}
	if limited {
		return 0, false, valueError("can't specify a timeout for a non-blocking call")
	}
	return 0, true, nil
}

// Namespace has attributes that Go and Python share; Python needs NamespaceProxy for it.
type Namespace struct{ attrs *Dict }

// NewNamespace returns a namespace without attributes.
func NewNamespace() *Namespace { return &Namespace{NewDict()} }

func makeNamespace(args Args) (Object, error) {
	n := NewNamespace()
	if len(args.Positional) > 0 {
		return nil, typeError("Namespace() takes no positional arguments")
	}
	return n, n.attrs.update(args)
}

// Get is the value of an attribute.
func (n *Namespace) Get(name string) (value.Value, bool) { return n.attrs.Get(value.Str(name)) }

// Set gives an attribute a value.
func (n *Namespace) Set(name string, v value.Value) error { return n.attrs.Set(value.Str(name), v) }

// String is the repr.
func (n *Namespace) String() string {
	var list []string
	for _, p := range n.attrs.Pairs() {
		if name, ok := p.Key.(value.Str); ok && !strings.HasPrefix(string(name), "_") {
			list = append(list, string(name)+"="+value.Printer{Limit: maxName}.Repr(p.Value))
		}
	}
	slices.Sort(list)
	return "Namespace(" + strings.Join(list, ", ") + ")"
}

// Methods implements [Object].
func (n *Namespace) Methods() []string { return namespaceMethods.names() }

// Call implements [Object].
func (n *Namespace) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	return namespaceMethods.call(ctx, n, name, args)
}

// attribute is a method whose first argument is the name of an attribute; f says whether it is there.
func attribute(f func(n *Namespace, name value.Str, args []value.Value) (value.Value, bool, error), params ...string) method[*Namespace] {
	return method[*Namespace]{params, func(_ context.Context, n *Namespace, args []value.Value) (value.Value, error) {
		name, ok := args[0].(value.Str)
		if !ok {
			return nil, typeError("attribute name must be string, not '%s'", args[0].Type())
		}
		v, ok, err := f(n, name, args)
		if err == nil && !ok {
			err = &Exception{"builtins.AttributeError", text("'Namespace' object has no attribute '%s'", string(name))}
		}
		return v, err
	}}
}

var namespaceMethods = methods[*Namespace]{
	"__getattribute__": attribute(func(n *Namespace, name value.Str, _ []value.Value) (value.Value, bool, error) {
		v, ok := n.attrs.Get(name)
		return v, ok, nil
	}, "name"),
	"__setattr__": attribute(func(n *Namespace, name value.Str, args []value.Value) (value.Value, bool, error) {
		return value.None, true, n.attrs.Set(name, args[1])
	}, "name", "value"),
	"__delattr__": attribute(func(n *Namespace, name value.Str, _ []value.Value) (value.Value, bool, error) {
		_, ok := n.attrs.Delete(name)
		return value.None, ok, nil
	}, "name"),
}

// Value is one value that Go and Python share.
type Value struct {
	code value.Value // what Python calls the typecode; it means nothing
	mu   sync.Mutex
	v    value.Value
}

// NewValue returns a shared value. Python's typecode, "i" or "d", is not looked at.
func NewValue(typecode string, v value.Value) *Value { return &Value{code: value.Str(typecode), v: v} }

func makeValue(args Args) (Object, error) {
	bound, err := args.Bind("Value", "typecode", "value", "lock?")
	if err != nil {
		return nil, err
	}
	return &Value{code: bound[0], v: bound[1]}, nil
}

// Get is the value at this moment.
func (v *Value) Get() value.Value {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.v
}

// Set replaces the value.
func (v *Value) Set(to value.Value) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.v = to
}

// String is the repr.
func (v *Value) String() string {
	return fmt.Sprintf("Value(%s, %s)", short(v.code), value.Printer{Limit: maxName}.Repr(v.Get()))
}

// Methods implements [Object].
func (v *Value) Methods() []string { return valueMethods.names() }

// Call implements [Object].
func (v *Value) Call(ctx context.Context, name string, args Args) (value.Value, error) {
	return valueMethods.call(ctx, v, name, args)
}

var valueMethods = methods[*Value]{
	"get": {nil, func(_ context.Context, v *Value, _ []value.Value) (value.Value, error) { return v.Get(), nil }},
	"set": {[]string{"value"}, func(_ context.Context, v *Value, args []value.Value) (value.Value, error) {
		v.Set(args[0])
		return value.None, nil
	}},
}
