package wire

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// readAhead is how much is read at a time; larger pieces go where they are wanted.
const readAhead = 64 << 10

// localRoom is what the system may hold of what is sent to this machine by TCP: with less a
// reader that is as slow as CPython waits for the writer. To others the system finds by
// itself how much is on the way.
const localRoom = 1 << 20

// Conn is a connection whose peer has proven its key. Its methods may be called by
// several goroutines: messages stay whole. What [Conn.Next] returned must be read to
// its end before another goroutine receives.
type Conn struct {
	net  net.Conn
	opts Options

	sending sync.Mutex
	out     []byte    // the last small message, for its room
	written time.Time // when the deadline of writing was last moved
	torn    error     // a message was sent in part, or nothing more is to come: nothing can follow

	receiving sync.Mutex
	in        *bufio.Reader
	current   *Message // may be unread
}

func newConn(c net.Conn, opts Options) *Conn {
	return &Conn{net: c, opts: opts, in: bufio.NewReaderSize(c, readAhead)}
}

// prepare makes a new connection of the system fast.
func prepare(c net.Conn, opts Options) net.Conn {
	if t, ok := c.(*net.TCPConn); ok && local(c.RemoteAddr()) {
		_ = t.SetWriteBuffer(localRoom) // it is faster, and no more
	}
	if opts.Poller || opts.TLS != nil { // package tls takes what the poller knows
		return c
	}
	return outside(c)
}

// Close ends the connection; calls that wait return an error.
func (c *Conn) Close() error { return c.net.Close() }

// CloseWrite says that nothing more is sent, which the other side sees as the end. What it
// still sends can be received. Python's Connection has nothing like it.
func (c *Conn) CloseWrite() error {
	one, ok := c.net.(interface{ CloseWrite() error })
	if !ok {
		return fmt.Errorf("ending one direction: %w", errors.ErrUnsupported)
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	c.torn = cmp.Or(c.torn, errEnded)
	return one.CloseWrite()
}

// LocalAddr and RemoteAddr are the addresses of the two ends.
func (c *Conn) LocalAddr() net.Addr { return c.net.LocalAddr() }

// RemoteAddr is the address of the other end.
func (c *Conn) RemoteAddr() net.Addr { return c.net.RemoteAddr() }
