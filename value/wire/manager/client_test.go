package manager_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
	"github.com/cantil-py/cantil/value/wire/manager"
)

// server is a SyncManager with a queue of its own; it ends when it is told to.
const server = `
import queue
from multiprocessing.managers import SyncManager
jobs = queue.Queue()
SyncManager.register('get_jobs', lambda: jobs)
s = SyncManager(('127.0.0.1', 0), b'secret').get_server()
print('%s:%d' % s.address, flush=True)
s.serve_forever()
`

// start runs the server and returns a client of it.
func start(t *testing.T, py testpy.Python) *manager.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	cmd := exec.CommandContext(ctx, py.Path, "-c", server)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(out).ReadString('\n')
	m, err := manager.Dial(ctx, strings.TrimSpace(line), wire.Options{Key: []byte("secret"), AllowMD5: py.Minor < 12, Handshake: 30 * time.Second, Objects: true})
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	t.Cleanup(func() {
		if err := m.Shutdown(context.Background()); err != nil {
			t.Errorf("shutting down: %v", err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("Python %s: %v\n%s", py.Version, err, stderr.String())
		}
		cancel()
	})
	return m
}

func TestSyncManager(t *testing.T) {
	all := testpy.All(t)
	if os.Getenv("CANTIL_SLOW") != "1" && len(all) > 2 {
		t.Log("the versions between are left out here; CANTIL_SLOW=1 tests all")
		all = []testpy.Python{all[0], all[len(all)-1]}
	}
	for _, py := range all {
		t.Run(py.Version, func(t *testing.T) {
			m := start(t, py)
			lists(t, m)
			dicts(t, m)
			queues(t, m)
			others(t, m)
			syncs(t, m)
			pools(t, m)
		})
	}
}

func create(t *testing.T, m *manager.Client, typeid string, args ...value.Value) *manager.Proxy {
	t.Helper()
	p, err := m.Create(t.Context(), typeid, args...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// gives calls a method and compares the repr of what it returns.
func gives(t *testing.T, p *manager.Proxy, want, method string, args ...value.Value) {
	t.Helper()
	v, err := p.Call(t.Context(), method, args...)
	if err != nil {
		t.Errorf("%s.%s: %v", p.Type, method, err)
	} else if got := value.Repr(v); got != want {
		t.Errorf("%s.%s: %s, want %s", p.Type, method, got, want)
	}
}

func lists(t *testing.T, m *manager.Client) {
	l := create(t, m, "list", value.NewList(value.Int(3), value.Int(1)))
	if !slices.Contains(l.Methods, "append") {
		t.Errorf("methods %v", l.Methods)
	}
	gives(t, l, "None", "append", value.Str("x"))
	gives(t, l, "[3, 1, 'x']", "#GETVALUE")
	gives(t, l, "1", "__getitem__", value.Int(1))
	var remote *manager.RemoteError
	if _, err := l.Call(t.Context(), "__getitem__", value.Int(9)); !errors.As(err, &remote) || remote.Class != "IndexError" && remote.Class != "builtins.IndexError" {
		t.Errorf("past the end: %v", err)
	}
	if _, err := l.Call(t.Context(), "no_method"); !errors.As(err, &remote) || !strings.Contains(remote.Text, "no_method") {
		t.Errorf("a method that is not there: %v", err)
	}
	before, err := m.Objects(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after, err := m.Objects(t.Context()); err != nil || after != before-1 {
		t.Errorf("%d objects, then %d, %v", before, after, err)
	}
}

func dicts(t *testing.T, m *manager.Client) {
	d := create(t, m, "dict")
	gives(t, d, "None", "__setitem__", value.Str("k"), value.NewTuple(value.Float(1.5), value.None))
	gives(t, d, "{'k': (1.5, None)}", "copy")
	if strings.Contains(strings.Join(d.Methods, " "), "__iter__") {
		keys, err := d.CallProxy(t.Context(), "__iter__")
		if err != nil {
			t.Fatal(err)
		}
		gives(t, keys, "'k'", "__next__")
		if err := keys.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// queues: two clients share one, and one that waits can be called off.
func queues(t *testing.T, m *manager.Client) {
	one, two := create(t, m, "get_jobs"), create(t, m, "get_jobs")
	gives(t, one, "None", "put", value.Str("job 1"))
	gives(t, two, "'job 1'", "get")
	var remote *manager.RemoteError
	if _, err := two.Call(t.Context(), "get_nowait"); !errors.As(err, &remote) || !strings.HasSuffix(remote.Class, "Empty") {
		t.Errorf("an empty queue: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := two.Call(ctx, "get"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for a job: %v", err)
	}
	gives(t, two, "False", "full")
}

func others(t *testing.T, m *manager.Client) {
	ns := create(t, m, "Namespace")
	gives(t, ns, "None", "__setattr__", value.Str("x"), value.Int(5))
	gives(t, ns, "5", "__getattribute__", value.Str("x"))
	v := create(t, m, "Value", value.Str("i"), value.Int(1))
	gives(t, v, "None", "set", value.Int(7))
	gives(t, v, "7", "get")
	e := create(t, m, "Event")
	gives(t, e, "False", "is_set")
	gives(t, e, "None", "set")
	gives(t, e, "True", "wait", value.Float(0.1))
	l := create(t, m, "Lock")
	gives(t, l, "True", "acquire")
	gives(t, l, "False", "acquire", value.Bool(false))
	gives(t, l, "None", "release")
	if _, err := m.Create(t.Context(), "nothing"); err == nil {
		t.Error("a type that is not registered was created")
	}
}
