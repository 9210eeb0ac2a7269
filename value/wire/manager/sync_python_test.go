package manager_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire/manager"
)

// bothSync is run with Python's own manager and with that of Go, and must print the same.
const bothSync = connected + `
import threading, time

def show(what, *args, **kwds):
    try:
        print(repr(what(*args, **kwds)))
    except Exception as e:
        print(type(e))

def aside(what, *args):
    t = threading.Thread(target=show, args=(what,) + args)
    t.start()
    t.join()

r = m.RLock()
show(r.acquire); show(r.acquire); aside(r.acquire, False); aside(r.acquire, True, 0.01); aside(r.release)
show(r.release); aside(r.acquire, False); show(r.release); show(r.release); aside(r.acquire, False)
show(r.acquire, False); show(r.acquire, True, 0.01); show(r.acquire, False, 3); show(r.acquire, True, -5)
with m.RLock():
    pass

s = m.Semaphore(2)
show(s.acquire); show(s.acquire, True, 1); show(s.acquire, False); show(s.acquire, True, 0.01); show(s.acquire, False, 1); show(s.acquire, True, -5)
show(s.release); show(s.acquire); show(s.release); show(s.release); show(s.release); show(s.acquire); show(m.Semaphore, -1); show(m.Semaphore, 'x')
b = m.BoundedSemaphore()
show(b.release); show(b.acquire); show(b.acquire, False); show(b.release); show(b.release); show(m.BoundedSemaphore(0).release)

c = m.Condition()
show(c.wait, 0.01); show(c.notify); show(c.notify_all); show(c.release)
show(c.acquire); show(c.acquire); show(c.wait, 0.01); show(c.wait, -1); aside(c.acquire, False); aside(c.notify_all); show(c.release); show(c.release); show(c.release)
items, taken = [], []
def consumer():
    with c:
        while not items:
            c.wait(20)
        taken.append(items.pop())
ts = [threading.Thread(target=consumer) for _ in range(4)]
for t in ts:
    t.start()
for i in range(4):
    with c:
        items.append(i)
        c.notify()
    time.sleep(0.02)
with c:
    c.notify_all()
for t in ts:
    t.join()
print(sorted(taken))
with c:
    show(c.wait_for, lambda: True); show(c.wait_for, lambda: False, 0.05)

a = m.Barrier(3)
print(a.parties, a.n_waiting, a.broken)
got = []
def party():
    for _ in range(5):
        got.append(a.wait(20))
ts = [threading.Thread(target=party) for _ in range(3)]
for t in ts:
    t.start()
for t in ts:
    t.join()
print(sorted(got), a.n_waiting, a.broken)
show(a.wait, 0.01); print(a.broken); show(a.wait); show(a.reset); print(a.broken)
def waits():
    try:
        a.wait(20)
    except threading.BrokenBarrierError:
        got.append('broken')
for breaker in a.abort, a.reset:
    got = []
    t = threading.Thread(target=waits)
    t.start()
    while a.n_waiting == 0:
        time.sleep(0.01)
    print(a.n_waiting, a.broken)
    breaker()
    t.join()
    print(got, a.n_waiting, a.broken)
    a.reset()
show(m.Barrier(1).wait); show(m.Barrier(2, None, 0.01).wait)

x = m.Array('i', [1, 2, 3])
print(x, len(x), x[0], x[-1], list(x)); x[1] = 7; print(x)
show(x.__getitem__, 3); show(x.__getitem__, 'k'); show(x.__setitem__, 9, 1); show(x.__setitem__, 0, 1.5); show(x.__setitem__, 0, 2**31); show(x.__setitem__, 0, -2**31)
show(x.__setitem__, 0, True); show(x.__setitem__, 0, 'x'); print(x)
for code, number in ('b', 127), ('b', 128), ('B', 255), ('B', -1), ('h', -32768), ('H', 65536), ('I', 2**32 - 1), ('q', -2**63), ('q', 2**63), ('Q', 2**64 - 1), ('Q', 2**64), ('Q', -1), ('d', 0.1), ('f', 0.5), ('f', 3), ('d', 'x'), ('z', 1), (5, 1):
    try:
        print(m.Array(code, [number]))
    except Exception as e:
        print(code, number, type(e))
print(m.Array('d', ()), m.Array('f', (0.1,))[0]); show(m.Array, 'i', 5)
`

func TestServerSyncLikePythons(t *testing.T) { likePythons(t, bothSync, 80) }

// syncs are the locks and the like of a manager, whoever's it is.
func syncs(t *testing.T, m *manager.Client) {
	rlocks(t, m)
	conditions(t, m)
	barriers(t, m)
	s := create(t, m, "Semaphore", value.Int(2))
	gives(t, s, "True", "acquire")
	gives(t, s, "True", "acquire")
	gives(t, s, "False", "acquire", value.Bool(false))
	gives(t, s, "None", "release")
	gives(t, s, "True", "acquire")
	b := create(t, m, "BoundedSemaphore", value.Int(1))
	raises(t, b, "ValueError", "release")
	a := create(t, m, "Array", value.Str("i"), value.NewList(value.Int(1), value.Int(2)))
	gives(t, a, "2", "__len__")
	gives(t, a, "None", "__setitem__", value.Int(0), value.Int(9))
	gives(t, a, "9", "__getitem__", value.Int(0))
	gives(t, a, `"array('i', [9, 2])"`, "__str__")
	raises(t, a, "OverflowError", "__setitem__", value.Int(0), value.Int(1<<40))
}

// raises calls a method that has to end in an exception of a class.
func raises(t *testing.T, p *manager.Proxy, class, method string, args ...value.Value) {
	t.Helper()
	var remote *manager.RemoteError
	if v, err := p.Call(t.Context(), method, args...); !errors.As(err, &remote) || !strings.HasSuffix(remote.Class, class) {
		t.Errorf("%s.%s: %v, %v, want %s", p.Type, method, v, err, class)
	}
}

func again(t *testing.T, p *manager.Proxy) *manager.Proxy {
	t.Helper()
	other, err := p.Again(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close(context.Background()) }) // the manager may be gone
	return other
}

// rlocks: two proxies are two threads.
func rlocks(t *testing.T, m *manager.Client) {
	one := create(t, m, "RLock")
	two := again(t, one)
	gives(t, one, "True", "acquire")
	gives(t, one, "True", "acquire")
	gives(t, two, "False", "acquire", value.Bool(false))
	raises(t, two, "RuntimeError", "release")
	gives(t, one, "None", "release")
	gives(t, one, "None", "release")
	gives(t, two, "True", "acquire", value.Bool(false))
	gives(t, two, "None", "release")
}

// conditions: one waits, the other notifies.
func conditions(t *testing.T, m *manager.Client) {
	one := create(t, m, "Condition")
	two := again(t, one)
	raises(t, one, "RuntimeError", "wait")
	gives(t, one, "True", "acquire")
	gives(t, one, "False", "wait", value.Float(0.01))
	woken := make(chan error, 1)
	go func() {
		v, err := one.Call(context.Background(), "wait", value.Int(20))
		if err == nil && v != value.Value(value.Bool(true)) {
			err = errors.New("the wait ended by itself")
		}
		woken <- err
	}()
	gives(t, two, "True", "acquire", value.Bool(true), value.Int(20)) // it is free once the other waits
	gives(t, two, "None", "notify_all")
	gives(t, two, "None", "release")
	if err := <-woken; err != nil {
		t.Error(err)
	}
	gives(t, one, "None", "release")
}

func barriers(t *testing.T, m *manager.Client) {
	one := create(t, m, "Barrier", value.Int(2))
	two := again(t, one)
	gives(t, one, "2", "__getattribute__", value.Str("parties"))
	indexes := make([]value.Value, 2)
	var all sync.WaitGroup
	for i, p := range []*manager.Proxy{one, two} {
		all.Go(func() {
			v, err := p.Call(context.Background(), "wait", value.Int(20))
			if err != nil {
				t.Errorf("waiting at the barrier: %v", err)
			}
			indexes[i] = v
		})
	}
	all.Wait()
	if indexes[0] == indexes[1] {
		t.Errorf("both are number %v", indexes[0])
	}
	raises(t, one, "BrokenBarrierError", "wait", value.Float(0.01))
	gives(t, one, "True", "__getattribute__", value.Str("broken"))
	gives(t, two, "None", "reset")
	gives(t, one, "False", "__getattribute__", value.Str("broken"))
}

// pools: functions of Python's library, which Objects lets be named.
func pools(t *testing.T, m *manager.Client) {
	p := create(t, m, "Pool", value.Int(2))
	sqrt := value.Global{Module: "math", Name: "sqrt"}
	numbers := value.NewList(value.Int(4), value.Int(9))
	gives(t, p, "3.0", "apply", sqrt, value.NewTuple(value.Int(9)))
	gives(t, p, "[2.0, 3.0]", "map", sqrt, numbers)
	gives(t, p, "[8, 9]", "starmap", value.Global{Module: "operator", Name: "pow"},
		value.NewList(value.NewTuple(value.Int(2), value.Int(3)), value.NewTuple(value.Int(3), value.Int(2))))
	result, err := p.CallProxy(t.Context(), "apply_async", sqrt, value.NewTuple(value.Int(16)))
	if err != nil {
		t.Fatal(err)
	}
	gives(t, result, "4.0", "get", value.Int(30))
	gives(t, result, "True", "ready")
	gives(t, result, "True", "successful")
	items, err := p.CallProxy(t.Context(), "imap", sqrt, numbers)
	if err != nil {
		t.Fatal(err)
	}
	gives(t, items, "2.0", "__next__")
	gives(t, items, "3.0", "__next__")
	raises(t, items, "StopIteration", "__next__")
	raises(t, p, "ValueError", "apply", sqrt, value.NewTuple(value.Int(-1)))
	for _, o := range []*manager.Proxy{result, items} {
		if err := o.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
	gives(t, p, "None", "close")
	gives(t, p, "None", "join")
	if _, err := p.Call(t.Context(), "apply", sqrt, value.NewTuple(value.Int(1))); err == nil {
		t.Error("a pool that is closed took a job")
	}
}

// TestServerOwners: calls of Go's own are in one name, or in that of WithOwner.
func TestServerOwners(t *testing.T) {
	l, ctx := manager.NewRLock(), t.Context()
	mine, other := manager.WithOwner(ctx, 1), manager.WithOwner(ctx, 2)
	for _, c := range []context.Context{mine, mine} {
		if err := l.Acquire(c); err != nil {
			t.Fatal(err)
		}
	}
	late, cancel := context.WithTimeout(other, 50*time.Millisecond)
	defer cancel()
	if err := l.Acquire(late); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("another has it: %v", err)
	}
	if err := l.Release(ctx); err == nil {
		t.Error("who has it not gave it back")
	}
	if err := errors.Join(l.Release(mine), l.Release(mine), l.Acquire(other), l.Release(other)); err != nil {
		t.Error(err)
	}
}

// TestServerKilledAtBarrier: a client that goes while it waits breaks the barrier.
func TestServerKilledAtBarrier(t *testing.T) {
	b := manager.NewBarrier(2)
	m := dial(t, serve(t, manager.Options{}, func(s *manager.Server) { s.Register("b", manager.Share(b)) }))
	p := create(t, m, "b")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := p.Call(ctx, "wait"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	limit, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	for isBroken := value.Value(nil); isBroken != value.Value(value.Bool(true)); time.Sleep(5 * time.Millisecond) {
		var err error
		if isBroken, err = b.Call(limit, "__getattribute__", manager.Args{Positional: []value.Value{value.Str("broken")}}); err != nil || limit.Err() != nil {
			t.Fatalf("it does not break: %v, %v", err, limit.Err())
		}
	}
	var e *manager.Exception
	if _, err := b.Wait(limit); !errors.As(err, &e) || e.Class != "threading.BrokenBarrierError" {
		t.Errorf("waiting for one who has gone: %v", err)
	}
}
