package wire

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

const (
	// maxPending is how many peers may be proving their key, or wait for Accept, at a time;
	// others are not taken yet.
	maxPending = 64
	// retryAfter is the pause after a connection that could not be taken, when the system
	// is out of descriptors for example.
	retryAfter = 50 * time.Millisecond
)

// Dial connects to a listener and proves the key. The context bounds only that.
func Dial(ctx context.Context, address string, opts Options) (*Conn, error) {
	opts = opts.withDefaults()
	ctx, cancel := context.WithTimeout(ctx, opts.Handshake)
	defer cancel()
	network, rest := split(address)
	var d net.Dialer
	c, err := d.DialContext(ctx, network, rest)
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", address, err)
	}
	c = prepare(c, opts)
	if err := opts.mayTalk(c.RemoteAddr()); err != nil {
		c.Close()
		return nil, fmt.Errorf("connecting to %s: %w", address, err)
	}
	var encrypted *tls.Conn
	if opts.TLS != nil {
		encrypted = tls.Client(c, withName(opts.TLS, rest))
	}
	conn, err := prove(ctx, c, encrypted, opts, (*Conn).calling)
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", address, err)
	}
	return conn, nil
}

// withName is a configuration that knows which name the certificate must have.
func withName(config *tls.Config, address string) *tls.Config {
	if config.ServerName != "" || config.InsecureSkipVerify {
		return config
	}
	config = config.Clone()
	if host, _, err := net.SplitHostPort(address); err == nil {
		config.ServerName = host
	}
	return config
}

// prove does all that comes before the first message, or closes c. encrypted is TLS on c,
// or nil.
func prove(ctx context.Context, c net.Conn, encrypted *tls.Conn, opts Options, key func(*Conn) error) (*Conn, error) {
	stop := context.AfterFunc(ctx, func() { c.Close() }) // ends whatever waits for the peer
	conn := newConn(c, opts)
	var err error
	if encrypted != nil {
		conn = newConn(encrypted, opts)
		err = encrypted.HandshakeContext(ctx)
	}
	if err == nil && len(opts.Key) > 0 {
		err = key(conn)
	}
	if stop() && err == nil {
		return conn, nil
	}
	c.Close()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, fmt.Errorf("%w: not done after %v: %w", ErrAuth, opts.Handshake, ctx.Err())
	}
	return nil, cmp.Or(ctx.Err(), err)
}

// Listener is where peers come in.
type Listener struct {
	net   net.Listener
	opts  Options
	ready chan *Conn
	ctx   context.Context
	end   context.CancelFunc
	all   sync.WaitGroup
}

// Listen waits for peers at an address; port 0 is any that is free. A Unix socket is for
// this user alone. The listener must be closed.
func Listen(address string, opts Options) (*Listener, error) {
	opts = opts.withDefaults()
	inner, err := ListenPlain(address)
	if err != nil {
		return nil, err
	}
	if err := opts.mayTalk(inner.Addr()); err != nil {
		inner.Close()
		return nil, fmt.Errorf("listening at %s: %w", address, err)
	}
	l := &Listener{net: inner, opts: opts, ready: make(chan *Conn)}
	l.ctx, l.end = context.WithCancel(context.Background())
	l.all.Add(1)
	go l.take()
	return l, nil
}

// Addr is where the listener can be reached.
func (l *Listener) Addr() net.Addr { return l.net.Addr() }

// Accept returns the next peer that has proven its key. After Close the error is
// net.ErrClosed.
func (l *Listener) Accept() (*Conn, error) {
	select {
	case c := <-l.ready:
		return c, nil
	case <-l.ctx.Done():
		return nil, fmt.Errorf("accepting: %w", net.ErrClosed)
	}
}

// Close ends the listener, and all peers that have not been accepted.
func (l *Listener) Close() error {
	l.end()
	err := l.net.Close()
	l.all.Wait()
	return err
}

// take lets each peer prove its key in its own time, so that none holds up the others.
func (l *Listener) take() {
	defer l.all.Done()
	room := make(chan struct{}, maxPending)
	for l.ctx.Err() == nil {
		room <- struct{}{}
		c, err := l.net.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			<-room
			time.Sleep(retryAfter)
			continue
		}
		l.all.Add(1)
		go func() {
			defer l.all.Done()
			l.hand(l.admit(c))
			<-room
		}()
	}
}

// admit is the peer behind c, or nil.
func (l *Listener) admit(c net.Conn) *Conn {
	ctx, cancel := context.WithTimeout(l.ctx, l.opts.Handshake)
	defer cancel()
	c = prepare(c, l.opts)
	var encrypted *tls.Conn
	if l.opts.TLS != nil {
		encrypted = tls.Server(c, l.opts.TLS)
	}
	conn, err := prove(ctx, c, encrypted, l.opts, (*Conn).accepting)
	if err != nil {
		if l.opts.Refused != nil && l.ctx.Err() == nil {
			l.opts.Refused(c.RemoteAddr(), err)
		}
		return nil
	}
	return conn
}

// hand gives a peer to Accept.
func (l *Listener) hand(c *Conn) {
	if c == nil {
		return
	}
	select {
	case l.ready <- c:
	case <-l.ctx.Done():
		c.Close()
	}
}
