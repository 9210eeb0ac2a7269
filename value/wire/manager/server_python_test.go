package manager_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
	"github.com/cantil-py/cantil/value/wire/manager"
)

// connected begins a program that has its manager m served by Go, or where it is told no
// address by Python itself.
const connected = `
import sys
from multiprocessing.managers import SyncManager
if sys.argv[1:]:
    m = SyncManager((sys.argv[1], int(sys.argv[2])), b'secret')
    m.connect()
else:
    m = SyncManager()
    m.start()
`

// both is run twice, with Python's own manager and with that of Go, and must print the same.
const both = connected + `
import queue

def show(what, *args, **kwds):
    try:
        print(repr(what(*args, **kwds)))
    except (KeyError, queue.Empty, queue.Full) as e:
        print(type(e), e.args)
    except Exception as e:
        print(type(e))

d = m.dict([('a', 1), (True, 2)], z=None)
show(d.copy); show(len, d); show(d.get, 'a'); show(d.get, 'x'); show(d.get, 'x', 7); show(d.get, [])
show(d.__getitem__, 1); show(d.__getitem__, ('no', 1.5)); show(d.__setitem__, {}, 1); show(d.__contains__, 1.0)
show(d.pop, 'a'); show(d.pop, 'a'); show(d.pop, 'a', None); d['a'] = [1, (2, {'k': b'v'})]
show(d.items); show(d.keys); show(d.values); show(d.setdefault, 'n', 3); show(d.setdefault, 'n', 4); show(d.setdefault, 'm')
show(d.update, {'q': 1}, r=2); show(d.update, [(1, 2, 3)]); show(d.update, [(3, 4), 'xy']); show(d.update, 5); show(d.update, [5])
show(d.popitem); show(d.__delitem__, 'z'); show(d.__delitem__, 'z'); show(d._getvalue); print(d)
for i in range(300):
    d[i] = str(i)
for i in range(0, 300, 2):
    del d[i]
d[0] = 'again'
print(d); show(d.clear); show(d.popitem); show(len, d); show(d.get)

l = m.list([3, 1, 2, 1])
show(l.append, 'x'); show(l.pop); show(l.pop, 0); show(l.pop, 9); show(l.insert, -1, 8); show(l.insert, 100, [1]); print(l)
show(l.__getitem__, -1); show(l.__getitem__, 5); show(l.__getitem__, 'k'); show(l.__getitem__, slice(1, None)); show(l.__getitem__, slice(-2, 1))
show(l.__setitem__, 0, 'y'); show(l.__setitem__, 50, 0); show(l.__setitem__, slice(0, 2), (9, 8, 7)); show(l.__delitem__, slice(1, 2)); show(l.__delitem__, 77)
print(l); show(l.index, [1]); show(l.index, 'none'); show(l.count, 1.0); show(l.remove, [1]); show(l.remove, [1]); show(l.__contains__, 8)
show(l.__add__, [0]); show(l.__mul__, 2); show(l.__mul__, -1); show(l.__mul__, 'x'); show(l.extend, 'abc'); show(l.reverse); show(l._getvalue)
show(l.extend, 5); show(l.sort); l += ['end']; print(l); show(len, l); print([x for x in l])
n = m.list([3, 1.5, True, -10**30, 2]); n.sort(); print(n); n.sort(reverse=True); print(n)
t = m.list('hällo'); t.sort(); print(t); show(m.list, 5)

q = m.Queue(2)
show(q.put, 1); show(q.put, [2], True, 0.1); show(q.full); show(q.put, 3, timeout=0.01); show(q.put_nowait, 3); show(q.put, 3, False)
show(q.qsize); show(q.get); show(q.get, timeout=5); show(q.get, timeout=0.01); show(q.get_nowait); show(q.get, block=False); show(q.empty)
show(q.get, True, -1); show(q.get, True, 'x'); show(q.task_done); show(q.task_done); show(q.task_done); show(q.join); show(q.put); show(q.put, 1, bad=2)
n = m.Namespace(x=1, _y=2)
n.z = [1]; print(n); print(n.x, n.z); show(lambda: n.nothing); del n.x; show(lambda: n.x); show(n.__delattr__, 'x')
v = m.Value('i', 5); v.value = 'text'; print(v.value, v.get(), v); show(v.set)
e = m.Event()
show(e.is_set); show(e.wait, 0.01); show(e.set); show(e.wait); show(e.clear); show(e.is_set)
k = m.Lock()
show(k.acquire); show(k.acquire, False); show(k.acquire, True, 0.01); show(k.acquire, False, 3); show(k.acquire, True, -5)
show(k.release); show(k.release)
with k:
    show(k.acquire, False)
show(k._callmethod, 'no_method'); show(m._create, 'no_type'); show(k._getvalue)
`

// alone has nothing but BaseManager.
const alone = `
import sys, queue
from multiprocessing.managers import BaseManager, NamespaceProxy
class M(BaseManager):
    pass
for name in 'get_dict', 'get_list', 'jobs', 'results', 'get_event', 'get_lock', 'get_value':
    M.register(name)
M.register('get_ns', proxytype=NamespaceProxy)
m = M((sys.argv[1], int(sys.argv[2])), b'secret')
m.connect()
d, l, jobs, results = m.get_dict(), m.get_list(), m.jobs(), m.results()
assert d['from Go'] == [1, 2], d.copy()
d['from Python'] = {'k': (1, None)}
l.append('p')
assert [x for x in l] == ['g', 'p'] and len(l) == 2 and l[-1] == 'p'
assert 'from Go' in d and sorted(d.keys()) == ['from Go', 'from Python']
assert str(d) == repr(d.copy()), str(d)
m.get_value().set(42)
m.get_ns().x = 'attr'
assert m.get_event().wait(30)
lock = m.get_lock()
assert lock.acquire()
lock.release()
while True:
    job = jobs.get(timeout=30)
    if job is None:
        break
    results.put((job, job * job))
    jobs.task_done()
jobs.task_done()
try:
    jobs.get_nowait()
except queue.Empty:
    print('empty')
`

// waiter waits for a job for ever; it is killed. It holds the lock.
const waiter = `
import sys
from multiprocessing.managers import BaseManager
BaseManager.register('jobs')
BaseManager.register('get_lock')
m = BaseManager((sys.argv[1], int(sys.argv[2])), b'secret')
m.connect()
lock, jobs = m.get_lock(), m.jobs()
lock.acquire()
jobs.get()
`

// serve starts a server, whose registered objects fill sets.
func serve(t *testing.T, opts manager.Options, fill func(*manager.Server)) *manager.Server {
	t.Helper()
	opts.Wire.Key, opts.Wire.AllowMD5, opts.Wire.Handshake = []byte("secret"), true, 30*time.Second
	s, err := manager.NewServer("127.0.0.1:0", opts)
	if err != nil {
		t.Fatal(err)
	}
	fill(s)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("serving: %v", err)
			}
		case <-time.After(20 * time.Second):
			t.Error("the server does not end")
		}
	})
	return s
}

func hostPort(t *testing.T, s *manager.Server) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

// some are the oldest and the newest Python, or all.
func some(t *testing.T) []testpy.Python {
	all := testpy.All(t)
	if os.Getenv("CANTIL_SLOW") == "1" || len(all) < 3 {
		return all
	}
	t.Log("the versions between are left out here; CANTIL_SLOW=1 tests all")
	return []testpy.Python{all[0], all[len(all)-1]}
}

func TestServerLikePythons(t *testing.T) { likePythons(t, both, 100) }

// likePythons compares what a program prints with either manager, so many lines at the least.
func likePythons(t *testing.T, program string, least int) {
	t.Helper()
	for _, py := range some(t) {
		t.Run(py.Version, func(t *testing.T) {
			t.Parallel()
			s := serve(t, manager.Options{}, (*manager.Server).RegisterStandard)
			host, port := hostPort(t, s)
			want := strings.Split(testpy.Run(t, py, program), "\n")
			got := strings.Split(testpy.Run(t, py, program, host, port), "\n")
			if len(got) != len(want) || len(want) < least {
				t.Errorf("%d lines, Python's own manager gives %d", len(got), len(want))
			}
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Errorf("line %d: %s\nPython's own manager: %s", i+1, got[i], want[i])
				}
			}
		})
	}
}

// world is what Go and Python share.
type world struct {
	dict          *manager.Dict
	list          *manager.List
	jobs, results *manager.Queue
	event         *manager.Event
	lock          *manager.Lock
	value         *manager.Value
	ns            *manager.Namespace
}

func newWorld() *world {
	return &world{manager.NewDict(), manager.NewList(value.Str("g")), manager.NewQueue(5), manager.NewQueue(0),
		manager.NewEvent(), manager.NewLock(), manager.NewValue("i", value.Int(1)), manager.NewNamespace()}
}

func (w *world) register(s *manager.Server) {
	for name, o := range map[string]manager.Object{"get_dict": w.dict, "get_list": w.list, "jobs": w.jobs, "results": w.results,
		"get_event": w.event, "get_lock": w.lock, "get_value": w.value, "get_ns": w.ns} {
		s.Register(name, manager.Share(o))
	}
}

func TestServerBaseManagerAlone(t *testing.T) {
	for _, py := range some(t) {
		t.Run(py.Version, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			if err := w.dict.Set(value.Str("from Go"), value.NewList(value.Int(1), value.Int(2))); err != nil {
				t.Fatal(err)
			}
			s := serve(t, manager.Options{}, w.register)
			host, port := hostPort(t, s)
			go func() {
				w.event.Set(true)
				for i := range 20 {
					_ = w.jobs.Put(context.Background(), value.Int(i))
				}
				_ = w.jobs.Put(context.Background(), value.None)
			}()
			if out := testpy.Run(t, py, alone, host, port); strings.TrimSpace(out) != "empty" {
				t.Errorf("Python says %q", out)
			}
			for i := range 20 {
				v, err := w.results.Get(t.Context())
				if want := value.NewTuple(value.Int(i), value.Int(i*i)); err != nil || !value.Equal(v, want) {
					t.Errorf("result %v, %v, want %v", v, err, want)
				}
			}
			if v, _ := w.dict.Get(value.Str("from Python")); v == nil || value.Repr(v) != "{'k': (1, None)}" {
				t.Errorf("the dict has %v", v)
			}
			if v := w.value.Get(); v != value.Int(42) {
				t.Errorf("the value is %v", v)
			}
			if v, _ := w.ns.Get("x"); v != value.Str("attr") {
				t.Errorf("the attribute is %v", v)
			}
		})
	}
}

// TestServerManyClients: no job of many clients at once is lost or done twice.
func TestServerManyClients(t *testing.T) {
	const clients, each = 4, 50
	py := testpy.Newest(t)
	code := `
import sys
from multiprocessing.managers import BaseManager
for name in 'jobs', 'results':
    BaseManager.register(name)
m = BaseManager((sys.argv[1], int(sys.argv[2])), b'secret')
m.connect()
jobs, results = m.jobs(), m.results()
for i in range(int(sys.argv[3])):
    results.put(jobs.get())
`
	w := newWorld()
	s := serve(t, manager.Options{}, w.register)
	host, port := hostPort(t, s)
	var all sync.WaitGroup
	for range clients {
		all.Go(func() { testpy.Run(t, py, code, host, port, strconv.Itoa(each)) })
	}
	for i := range clients * each {
		if err := w.jobs.Put(t.Context(), value.Int(i)); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[value.Value]bool{}
	for range clients * each {
		v, err := w.results.Get(t.Context())
		if err != nil || seen[v] {
			t.Fatalf("%v, %v, seen before: %v", v, err, seen[v])
		}
		seen[v] = true
	}
	all.Wait()
}

// TestServerKilledClient: what it waited for goes to another; the lock stays held, as
// with Python's own manager.
func TestServerKilledClient(t *testing.T) {
	py := testpy.Newest(t)
	w := newWorld()
	s := serve(t, manager.Options{}, w.register)
	host, port := hostPort(t, s)
	cmd := exec.Command(py.Path, "-c", waiter, host, port)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	taken := func() bool { return w.lock.Release() == nil }
	for deadline := time.Now().Add(30 * time.Second); !taken(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("Python never took the lock")
		}
	}
	if err := w.lock.Acquire(t.Context()); err != nil { // on behalf of the client
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // it waits for a job now
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	time.Sleep(200 * time.Millisecond)
	if err := w.jobs.Put(t.Context(), value.Str("job")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	if n := w.jobs.Len(); n != 1 {
		t.Errorf("%d jobs: the killed client took it", n)
	}
	if err := w.lock.Release(); err != nil {
		t.Errorf("the lock: %v", err)
	}
	m := dial(t, s)
	if n, err := m.Objects(t.Context()); err != nil || n != 2 {
		t.Errorf("%d objects, %v; a killed client gives none back", n, err)
	}
}

func dial(t *testing.T, s *manager.Server) *manager.Client {
	t.Helper()
	m, err := manager.Dial(t.Context(), s.Addr().String(), wire.Options{Key: []byte("secret")})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
