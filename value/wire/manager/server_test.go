package manager_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
	"github.com/cantil-py/cantil/value/wire/manager"
)

// TestServerGoClient: the tests of Python's manager, with that of Go.
func TestServerGoClient(t *testing.T) {
	s := serve(t, manager.Options{}, func(s *manager.Server) {
		s.RegisterStandard()
		s.Register("get_jobs", manager.Share(manager.NewQueue(0)))
	})
	m := dial(t, s)
	lists(t, m)
	dicts(t, m)
	queues(t, m)
	others(t, m)
	syncs(t, m)
}

// TestServerReferences: an object lives as long as somebody refers to it.
func TestServerReferences(t *testing.T) {
	d := manager.NewDict()
	s := serve(t, manager.Options{}, func(s *manager.Server) { s.Register("d", manager.Share(d)) })
	m := dial(t, s)
	one, two := create(t, m, "d"), create(t, m, "d")
	objects := func(want int) {
		t.Helper()
		if n, err := m.Objects(t.Context()); err != nil || n != want {
			t.Errorf("%d objects, %v, want %d", n, err, want)
		}
	}
	objects(1) // it is the same
	if err := one.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	gives(t, two, "None", "__setitem__", value.Str("k"), value.Int(1))
	if err := two.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	objects(0)
	var remote *manager.RemoteError
	if err := two.Close(t.Context()); !errors.As(err, &remote) || !strings.Contains(remote.Text, "KeyError") {
		t.Errorf("one reference too many was given back: %v", err)
	}
	if _, err := two.Call(t.Context(), "copy"); !errors.As(err, &remote) || !strings.Contains(remote.Text, "KeyError") {
		t.Errorf("an object that is gone was called: %v", err)
	}
	gives(t, create(t, m, "d"), "{'k': 1}", "copy")
}

func TestServerShutdown(t *testing.T) {
	m := dial(t, serve(t, manager.Options{}, (*manager.Server).RegisterStandard))
	var remote *manager.RemoteError
	if err := m.Shutdown(t.Context()); !errors.As(err, &remote) || !strings.Contains(remote.Text, "PermissionError") {
		t.Errorf("not refused: %v", err)
	}
	gives(t, create(t, m, "list"), "0", "__len__")

	m = dial(t, serve(t, manager.Options{AllowShutdown: true}, (*manager.Server).RegisterStandard))
	waiting := create(t, m, "Queue")
	over := make(chan error, 1)
	go func() {
		_, err := waiting.Call(context.Background(), "get")
		over <- err
	}()
	time.Sleep(50 * time.Millisecond)
	if err := m.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-over:
		if err == nil {
			t.Error("a get from an empty queue gave something")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("a call outlives the server")
	}
}

// TestServerSendsDataOnly: what one client puts in cannot make another run anything.
func TestServerSendsDataOnly(t *testing.T) {
	evil := &value.Object{Making: value.Called, Class: value.Global{Module: "os", Name: "system"}, Args: value.NewTuple(value.Str("true"))}
	w := newWorld()
	if err := w.list.Append(evil); err != nil {
		t.Fatal(err)
	}
	if err := w.dict.Set(evil, value.None); err != nil {
		t.Fatal(err)
	}
	m := dial(t, serve(t, manager.Options{}, w.register))
	l, d := create(t, m, "get_list"), create(t, m, "get_dict")
	var remote *manager.RemoteError
	if _, err := l.Call(t.Context(), "pop"); !errors.As(err, &remote) || remote.Class != "" || !strings.Contains(remote.Text, "os.system") {
		t.Errorf("it was sent: %v", err)
	}
	if _, err := d.Call(t.Context(), "popitem"); !errors.As(err, &remote) || remote.Class != "" {
		t.Errorf("it was sent: %v", err)
	}
	gives(t, l, "['g']", "copy") // the connection goes on
	w.jobs = manager.NewQueue(1)
	e := &manager.Exception{Class: "builtins.KeyError", Args: []value.Value{evil}}
	m = dial(t, serve(t, manager.Options{}, func(s *manager.Server) { s.Register("raiser", manager.Share(&raiser{e})) }))
	_, err := create(t, m, "raiser").Call(t.Context(), "go")
	if !errors.As(err, &remote) || !strings.HasSuffix(remote.Class, "KeyError") || strings.Contains(fmt.Sprintf("%T", argument(t, remote)), "Object") {
		t.Errorf("the argument of the exception: %v", err)
	}
}

func argument(t *testing.T, e *manager.RemoteError) value.Value {
	t.Helper()
	o, ok := e.Exception.(*value.Object)
	if !ok {
		t.Fatalf("the exception is a %T", e.Exception)
	}
	args, ok := o.Args.(*value.Tuple)
	if !ok || len(args.Items) != 1 {
		t.Fatalf("the arguments are %v", o.Args)
	}
	return args.Items[0]
}

// raiser is an object of the program's own.
type raiser struct{ err error }

func (r *raiser) Methods() []string { return []string{"go"} }

func (r *raiser) Call(context.Context, string, manager.Args) (value.Value, error) { return nil, r.err }

// TestServerBadRequests: they cost an answer, or the connection, and nothing else.
func TestServerBadRequests(t *testing.T) {
	s := serve(t, manager.Options{}, (*manager.Server).RegisterStandard)
	for _, request := range []value.Value{
		value.None, value.NewTuple(), value.NewTuple(value.None, value.Int(1), value.NewTuple(), &value.Dict{}),
		value.NewTuple(value.None, value.Str("create"), value.NewTuple(), &value.Dict{}),
		value.NewTuple(value.None, value.Str("create"), value.NewTuple(value.NewList()), &value.Dict{}),
		value.NewTuple(value.None, value.Str("decref"), value.NewTuple(value.Int(5)), &value.Dict{}),
		value.NewTuple(value.None, value.Str("get_methods"), value.NewTuple(value.Str("token")), &value.Dict{}),
		value.NewTuple(value.None, value.Str("serve_client"), value.NewTuple(), &value.Dict{}),
		value.NewTuple(value.None, value.Str("create"), value.NewTuple(value.Str("Queue"), value.Str("x")), &value.Dict{}),
		value.NewTuple(value.None, value.Str("create"), value.NewTuple(value.Str("Barrier"), value.Int(0)), &value.Dict{}),
		value.NewTuple(value.None, value.Str("create"), value.NewTuple(value.Str("Pool"), value.Int(1)), &value.Dict{}),
	} {
		c, err := wire.Dial(t.Context(), s.Addr().String(), wire.Options{Key: []byte("secret")})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Send(request); err != nil {
			t.Fatal(err)
		}
		v, err := c.Recv()
		if err != nil || !strings.HasPrefix(value.Repr(v), "('#TRACEBACK', ") {
			t.Errorf("%v: %v, %v", request, v, err)
		}
		c.Close()
	}
	if _, err := manager.NewServer("127.0.0.1:0", manager.Options{}); err == nil {
		t.Error("a server without a key")
	}
	if _, err := manager.Dial(t.Context(), s.Addr().String(), wire.Options{Key: []byte("wrong")}); !errors.Is(err, wire.ErrAuth) {
		t.Errorf("a wrong key: %v", err)
	}
	m := dial(t, s)
	l := create(t, m, "list", value.NewList(value.Int(0)))
	var remote *manager.RemoteError
	if _, err := l.Call(t.Context(), "__mul__", value.Int(1<<40)); !errors.As(err, &remote) || !strings.HasSuffix(remote.Class, "MemoryError") {
		t.Errorf("a list of a million millions: %v", err)
	}
}
