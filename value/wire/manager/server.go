package manager

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"reflect"
	"sync"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
)

const (
	// maxConnections is how many clients' threads are served at a time: each takes a
	// descriptor and a buffer of 64 KiB, so all of them stay below 64 MiB.
	maxConnections = 1000
	// maxObjects is how many objects are shared at a time. Clients that are killed never
	// give theirs back, as with Python's manager, so that there has to be an end.
	maxObjects = 100_000
)

// ErrBusy is what Options.Wire.Refused is told of a client past the most that are served.
var ErrBusy = fmt.Errorf("already %d connections are served", maxConnections)

// Options are how a [Server] is reached, and what its clients may do.
type Options struct {
	// Wire has the key, which a server must have. With Wire.Objects clients may be sent
	// what other clients put in, whatever classes that names.
	Wire wire.Options
	// AllowShutdown lets clients end Serve.
	AllowShutdown bool
}

// Server shares Go's objects with Python programs, which reach them with BaseManager of
// multiprocessing.managers, and with Go programs, which call [Dial].
type Server struct {
	opts     Options
	listener *wire.Listener
	makers   map[string]Maker
	running  sync.WaitGroup
	stop     chan struct{} // closed by a client's shutdown
	stopOnce sync.Once

	mu          sync.Mutex
	shared      map[string]*shared
	ids         map[Object]string
	last        uint64 // id; they begin anywhere, so that those of an earlier server are not taken for one
	connections int
}

// shared is an object that clients have references to.
type shared struct {
	object Object
	typeid string
	refs   int
}

// NewServer listens at an address, as [wire.Listen] does. Register what is shared, then
// call Serve.
func NewServer(address string, opts Options) (*Server, error) {
	if len(opts.Wire.Key) == 0 {
		return nil, fmt.Errorf("starting a manager: %w", errors.New("there is no key, which Python always has"))
	}
	if opts.Wire.Handshake <= 0 {
		opts.Wire.Handshake = wire.DefaultHandshake
	}
	l, err := wire.Listen(address, opts.Wire)
	if err != nil {
		return nil, err
	}
	return &Server{opts: opts, listener: l, makers: map[string]Maker{}, stop: make(chan struct{}),
		shared: map[string]*shared{}, ids: map[Object]string{}, last: rand.Uint64N(1 << 40)}, nil
}

// Register lets clients create objects by a name, before Serve. [Share] makes a Maker of
// an object that all share.
func (s *Server) Register(typeid string, m Maker) { s.makers[typeid] = m }

// RegisterStandard registers the types of Python's SyncManager that this package has: dict,
// list, Queue, JoinableQueue, Namespace, Value, Array, Event, Lock, RLock, Semaphore,
// BoundedSemaphore, Condition, Barrier: all but Pool, which runs Python's functions.
func (s *Server) RegisterStandard() {
	s.Register("dict", makeDict)
	s.Register("list", makeList)
	s.Register("Queue", makeQueue)
	s.Register("JoinableQueue", makeQueue)
	s.Register("Namespace", makeNamespace)
	s.Register("Value", makeValue)
	s.Register("Event", makeEvent)
	s.Register("Lock", makeLock)
	s.Register("RLock", makeRLock)
	s.Register("Semaphore", semaphoreMaker("Semaphore", false))
	s.Register("BoundedSemaphore", semaphoreMaker("BoundedSemaphore", true))
	s.Register("Condition", makeCondition)
	s.Register("Barrier", makeBarrier)
	s.Register("Array", makeArray)
}

// Addr is where the server can be reached.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Serve answers clients until the context ends, or a client that may shuts the server
// down; calls that wait are ended. It closes the listener; it is called once.
func (s *Server) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer s.running.Wait()
	defer s.listener.Close()
	defer cancel()
	go func() {
		select {
		case <-s.stop:
		case <-ctx.Done():
		}
		s.listener.Close()
		cancel()
	}()
	for {
		c, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		s.take(ctx, c)
	}
}

// take serves a client in goroutines of its own, if there is room for it.
func (s *Server) take(ctx context.Context, c *wire.Conn) {
	s.mu.Lock()
	full := s.connections >= maxConnections
	if !full {
		s.connections++
	}
	s.mu.Unlock()
	if full {
		c.Close()
		if s.opts.Wire.Refused != nil {
			s.opts.Wire.Refused(c.RemoteAddr(), ErrBusy)
		}
		return
	}
	s.running.Go(func() {
		s.first(ctx, c)
		s.mu.Lock()
		s.connections--
		s.mu.Unlock()
	})
}

// first answers the first request of a connection, which is of the manager itself; after
// accept_connection those of an object follow.
func (s *Server) first(ctx context.Context, c *wire.Conn) {
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	silent := time.AfterFunc(s.opts.Wire.Handshake, func() { c.Close() })
	v, err := c.Recv()
	silent.Stop()
	if err != nil {
		return
	}
	ask, err := asked(v)
	if err == nil && ask.method == "accept_connection" {
		if s.send(c, kindReturn, value.None) == nil {
			s.follow(ctx, c)
		}
		return
	}
	var answer value.Value
	if err == nil {
		answer, err = s.function(ask)
	}
	if err != nil {
		_ = s.send(c, kindTraceback, traceback(err)) // the client is told if it still listens
		return
	}
	_ = s.send(c, kindReturn, answer)
	if ask.method == "shutdown" {
		s.stopOnce.Do(func() { close(s.stop) })
	}
}

// follow answers the calls of a client's thread. The next request is read while a call
// waits, because the end of the connection has to end the call: what a killed client
// waited for goes to another.
func (s *Server) follow(ctx context.Context, c *wire.Conn) {
	ctx, cancel := context.WithCancel(WithOwner(ctx, c))
	defer cancel()
	requests := make(chan value.Value)
	s.running.Go(func() {
		defer cancel()
		for {
			v, err := c.Recv()
			if err != nil {
				return
			}
			select {
			case requests <- v:
			case <-ctx.Done():
				return
			}
		}
	})
	defer c.Close() // ends the reader
	for {
		select {
		case v := <-requests:
			kind, answer := s.call(ctx, v)
			if ctx.Err() != nil || s.send(c, kind, answer) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// keep counts a reference to an object, which it gives an id if it has none.
func (s *Server) keep(typeid string, o Object) (string, error) {
	if o == nil || !reflect.TypeOf(o).Comparable() {
		return "", fmt.Errorf("sharing %s: a %T cannot be told from others", typeid, o)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, ok := s.ids[o]
	if !ok {
		if len(s.shared) >= maxObjects {
			return "", &Exception{"builtins.MemoryError", text("already %d objects are shared", maxObjects)}
		}
		s.last++
		id = fmt.Sprintf("%x", s.last)
		s.ids[o] = id
		s.shared[id] = &shared{object: o, typeid: typeid}
	}
	s.shared[id].refs++
	return id, nil
}

// find is the object with an id.
func (s *Server) find(id value.Value) (*shared, error) {
	key, _ := id.(value.Str)
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.shared[string(key)]
	if !ok {
		return nil, &Exception{"builtins.KeyError", []value.Value{id}}
	}
	return found, nil
}

// count changes how often an object is referred to; without a reference it is forgotten.
func (s *Server) count(id value.Value, by int) error {
	found, err := s.find(id)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := string(id.(value.Str)) // find takes no other
	if s.shared[key] != found {   // another client was quicker
		return &Exception{"builtins.KeyError", []value.Value{id}}
	}
	if found.refs += by; found.refs == 0 {
		delete(s.shared, key)
		delete(s.ids, found.object)
	}
	return nil
}
