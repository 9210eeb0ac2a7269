// Package manager reaches objects that a manager of Python's multiprocessing shares
// between programs, dicts, lists, queues, locks and whatever else it has registered; and
// it is such a manager itself.
//
// Call [Dial], then [Client.Create] for an object and [Proxy.Call] for its methods:
//
//	m, err := manager.Dial(ctx, "127.0.0.1:50000", wire.Options{Key: key})
//	jobs, err := m.Create(ctx, "get_jobs")
//	_, err = jobs.Call(ctx, "put", value.Str("job 1"))
//
// Locks and conditions belong to a [Proxy], as they belong to a thread in Python;
// [Proxy.Again] is another thread. Methods that answer with an object, as a Pool's
// apply_async, are for [Proxy.CallProxy]. A function that a Pool is to call is a
// value.Global, {Module: "math", Name: "sqrt"}, which wire.Options.Objects lets out.
//
// The Python at the other end is a BaseManager or SyncManager:
//
//	jobs = queue.Queue()
//	BaseManager.register("get_jobs", lambda: jobs)
//	BaseManager(("127.0.0.1", 50000), key).get_server().serve_forever()
//
// Call [NewServer], [Server.Register] and [Server.Serve] to share objects of Go's own, such
// as a [Queue] or a [Dict], with Python programs that have BaseManager alone:
//
//	s, err := manager.NewServer("127.0.0.1:50000", manager.Options{Wire: wire.Options{Key: key}})
//	jobs := manager.NewQueue(10)
//	s.Register("get_jobs", manager.Share(jobs))
//	err = s.Serve(ctx)
//
//	BaseManager.register("get_jobs")
//	m = BaseManager(("127.0.0.1", 50000), key)
//	m.connect()
//	m.get_jobs().put("job 1")
//
// A dict, a list and a lock do there what Python's do, with the same exceptions. Python
// before 3.12 must be allowed with wire.Options.AllowMD5. A Namespace needs
// register(..., proxytype=NamespaceProxy). What differs: a dict has no __iter__ (its keys
// method does), slices have the step 1, sort knows numbers and texts, an object within
// another is data that cannot be had back unless wire.Options.Objects is set, only a
// dict and a list can be copied to the client as a whole, a condition has a lock of its own,
// a barrier no action, an array no slices, and there is no Pool.
//
// The messages are those of CPython 3.6 to 3.14, which are all alike.
package manager

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
)

// Client is a manager that can be reached. Its methods may be called by several
// goroutines; each request has a connection of its own, as Python's have.
type Client struct {
	address string
	opts    wire.Options
}

// RemoteError is an exception in the manager's program.
type RemoteError struct {
	Class     string      // of the exception, "queue.Empty"; "" if only its text came
	Exception value.Value // the exception, as far as it is data; or nil
	Text      string      // its repr, or Python's traceback
}

func (e *RemoteError) Error() string { return "the manager answers: " + e.Text }

// Dial makes sure that there is a manager at an address, and that it has the key of opts.
func Dial(ctx context.Context, address string, opts wire.Options) (*Client, error) {
	m := &Client{address, opts}
	_, err := m.ask(ctx, "dummy")
	if err != nil {
		return nil, err
	}
	return m, nil
}

// Create calls what is registered as typeid, and returns the object that it shares.
func (m *Client) Create(ctx context.Context, typeid string, args ...value.Value) (*Proxy, error) {
	answer, err := m.ask(ctx, "create", append([]value.Value{value.Str(typeid)}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("creating %s: %w", typeid, err)
	}
	id, methods, ok := idOf(answer)
	if !ok {
		return nil, fmt.Errorf("creating %s: the manager answers %.100s", typeid, value.Repr(answer))
	}
	return &Proxy{client: m, id: id, Type: typeid, Methods: methods}, nil
}

// Objects is how many objects the manager shares.
func (m *Client) Objects(ctx context.Context) (int, error) {
	answer, err := m.ask(ctx, "number_of_objects")
	if err != nil {
		return 0, err
	}
	n, ok := answer.(value.Int)
	if !ok {
		return 0, fmt.Errorf("counting objects: the manager answers %.100s", value.Repr(answer))
	}
	return int(n), nil
}

// Shutdown ends the manager's program.
func (m *Client) Shutdown(ctx context.Context) error {
	_, err := m.ask(ctx, "shutdown")
	return err
}

// ask calls a function of the manager itself.
func (m *Client) ask(ctx context.Context, function string, args ...value.Value) (value.Value, error) {
	c, err := wire.Dial(ctx, m.address, m.opts)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	kind, answer, err := request(ctx, c, value.None, function, args)
	if err != nil {
		return nil, err
	}
	return returned(kind, answer)
}

// request is one question on a connection; the end of the context ends the connection.
func request(ctx context.Context, c *wire.Conn, id value.Value, method string, args []value.Value) (kind string, answer value.Value, err error) {
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	err = c.Send(value.NewTuple(id, value.Str(method), value.NewTuple(args...), &value.Dict{}))
	var v value.Value
	if err == nil {
		v, err = c.Recv()
	}
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return "", nil, fmt.Errorf("calling %s: %w", method, err)
	}
	pair, ok := v.(*value.Tuple)
	if ok && len(pair.Items) == 2 {
		if kind, ok := pair.Items[0].(value.Str); ok {
			return string(kind), pair.Items[1], nil
		}
	}
	return "", nil, fmt.Errorf("calling %s: the answer is not a manager's: %.100s", method, value.Repr(v))
}

// returned is the value of an answer, or the exception it tells.
func returned(kind string, answer value.Value) (value.Value, error) {
	switch kind {
	case "#RETURN":
		return answer, nil
	case "#PROXY":
		return nil, errors.New("the answer is a shared object: CallProxy takes it")
	case "#ERROR":
		e := &RemoteError{Exception: answer, Text: value.Printer{Limit: 1000}.Repr(answer)}
		if o, ok := answer.(*value.Object); ok {
			e.Class = o.ClassName()
		}
		return nil, e
	case "#TRACEBACK", "#UNSERIALIZABLE":
		if text, ok := answer.(value.Str); ok {
			return nil, &RemoteError{Text: string(text)}
		}
	}
	return nil, fmt.Errorf("the answer is of no known kind: %.40q", kind)
}

// idOf takes apart what create answers.
func idOf(answer value.Value) (id value.Str, methods []string, ok bool) {
	pair, ok := answer.(*value.Tuple)
	if !ok || len(pair.Items) != 2 {
		return "", nil, false
	}
	id, ok = pair.Items[0].(value.Str)
	return id, names(pair.Items[1]), ok
}

// names are the texts in a tuple.
func names(v value.Value) []string {
	var list []string
	if t, ok := v.(*value.Tuple); ok {
		for _, item := range t.Items {
			if s, ok := item.(value.Str); ok {
				list = append(list, string(s))
			}
		}
	}
	return list
}

// Proxy is an object that a manager shares. It should be closed, so that the manager can
// forget the object. Calls by several goroutines come one after the other.
type Proxy struct {
	Type    string   // the name it is registered as
	Methods []string // those that may be called
	client  *Client
	id      value.Str

	mu   sync.Mutex
	conn *wire.Conn // nil before the first call, and after one that failed
}

// Call calls a method and returns its value. An exception is a [RemoteError]. A call that
// waits in the manager, as a queue's get, ends with the context.
func (p *Proxy) Call(ctx context.Context, method string, args ...value.Value) (value.Value, error) {
	kind, answer, err := p.call(ctx, method, args)
	if err != nil {
		return nil, err
	}
	return returned(kind, answer)
}

// CallProxy calls a method that answers with another shared object, as a dict's __iter__.
func (p *Proxy) CallProxy(ctx context.Context, method string, args ...value.Value) (*Proxy, error) {
	kind, answer, err := p.call(ctx, method, args)
	if err != nil {
		return nil, err
	}
	if kind != "#PROXY" {
		if _, err := returned(kind, answer); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("calling %s: the answer is no shared object", method)
	}
	if pair, ok := answer.(*value.Tuple); ok && len(pair.Items) == 2 {
		if typeid, id, ok := tokenOf(pair.Items[1]); ok {
			return &Proxy{client: p.client, id: id, Type: typeid, Methods: names(pair.Items[0])}, nil
		}
	}
	return nil, fmt.Errorf("calling %s: the shared object cannot be read: %.200s", method, value.Repr(answer))
}

// tokenOf reads multiprocessing.managers.Token, whose state is (typeid, address, id).
func tokenOf(v value.Value) (typeid string, id value.Str, ok bool) {
	o, ok := v.(*value.Object)
	if !ok {
		return "", "", false
	}
	state, ok := o.State().(*value.Tuple)
	if !ok || len(state.Items) != 3 {
		return "", "", false
	}
	name, named := state.Items[0].(value.Str)
	id, ok = state.Items[2].(value.Str)
	return string(name), id, ok && named
}

func (p *Proxy) call(ctx context.Context, method string, args []value.Value) (string, value.Value, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn == nil {
		if err := p.connect(ctx); err != nil {
			return "", nil, err
		}
	}
	kind, answer, err := request(ctx, p.conn, p.id, method, args)
	if err != nil { // what else comes would be the answer to this
		p.conn.Close()
		p.conn = nil
	}
	return kind, answer, err
}

func (p *Proxy) connect(ctx context.Context) error {
	c, err := wire.Dial(ctx, p.client.address, p.client.opts)
	if err != nil {
		return err
	}
	name := value.Str(fmt.Sprintf("Go|%d", os.Getpid()))
	kind, answer, err := request(ctx, c, value.None, "accept_connection", []value.Value{name})
	if err == nil {
		_, err = returned(kind, answer)
	}
	if err != nil {
		c.Close()
		return err
	}
	p.conn = c
	return nil
}

// Again is another proxy of the same object, with a connection of its own. To the manager
// its calls are those of another thread: locks and conditions tell one from the other, and
// a call here need not wait for one there. It should be closed too.
func (p *Proxy) Again(ctx context.Context) (*Proxy, error) {
	if _, err := p.client.ask(ctx, "incref", p.id); err != nil {
		return nil, fmt.Errorf("another proxy of a %s: %w", p.Type, err)
	}
	return &Proxy{client: p.client, id: p.id, Type: p.Type, Methods: p.Methods}, nil
}

// Close tells the manager that the object is not needed here any more.
func (p *Proxy) Close(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.conn != nil {
		p.conn.Close()
		p.conn = nil
	}
	_, err := p.client.ask(ctx, "decref", p.id)
	return err
}
