package web

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/cantil-py/cantil/internal/app"
)

// The bounds of what a client may do. The time to answer is set by answerTime; streams set their own.
const (
	maxHeader = 16 << 10
	maxBody   = 1 << 20 // a form, and the arguments that come of it
	// maxConnections is far above what one browser opens; who holds them without the token is cut off by readTime.
	maxConnections = 128
	readTime       = 10 * time.Second
	idleTime       = 2 * time.Minute
	answerTime     = time.Minute
	closeTime      = time.Second
)

// Serve shows the site in the browser until ctx is done. It listens on loopback only, on the given port or, with 0, on any
// that is free, and tells ready the address, which has the token in it.
func Serve(ctx context.Context, site *app.Site, port int, ready func(address string)) error {
	listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("listening on port %d: %w", port, err)
	}
	_, text, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return err
	}
	pages, err := newPages(site)
	if err != nil {
		return err
	}
	guard := newGuard(text, pages)
	pages.root = guard.root
	server := newServer(ctx, guard)
	stopped := context.AfterFunc(ctx, func() { shut(server) })
	defer stopped()
	ready(guard.address())
	err = server.Serve(&limited{Listener: listener, free: make(chan struct{}, maxConnections)})
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func newServer(ctx context.Context, handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           within(answerTime, handler),
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: readTime, IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		DisableGeneralOptionsHandler: true, // it answers before the guard
		ErrorLog:                     log.New(nowhere{}, "", 0),
	}
}

// nowhere takes what net/http says of clients that are gone: nobody can do anything about it.
type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// within bounds the body of each request, and the time to read it and to write the answer.
func within(limit time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		setDeadlines(w, time.Now().Add(limit))
		next.ServeHTTP(w, r)
	})
}

// setDeadlines sets until when the request must be read and the answer be written; the zero time takes the bounds away.
func setDeadlines(w http.ResponseWriter, at time.Time) {
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(at) // the recorders of tests have none
	_ = control.SetWriteDeadline(at)
}

// shut waits a moment for answers that are on their way.
func shut(server *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		_ = server.Close()
	}
}

// limited has only so many connections at a time; others wait to be accepted.
type limited struct {
	net.Listener
	free chan struct{}
}

func (l *limited) Accept() (net.Conn, error) {
	l.free <- struct{}{}
	conn, err := l.Listener.Accept()
	if err != nil {
		<-l.free
		return nil, err
	}
	return &counted{Conn: conn, done: sync.OnceFunc(func() { <-l.free })}, nil
}

type counted struct {
	net.Conn
	done func()
}

func (c *counted) Close() error {
	defer c.done()
	return c.Conn.Close()
}

// CloseWrite lets net/http end an answer so that the client can read it, also where it still sends.
func (c *counted) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
