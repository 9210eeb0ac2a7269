package wire

import (
	"bufio"
	"net"
	"sync"
	"time"
)

// readAhead is how much is read at a time; larger pieces go where they are wanted.
const readAhead = 64 << 10

// Conn is a connection whose peer has proven its key. Its methods may be called by
// several goroutines: messages stay whole. What [Conn.Next] returned must be read to
// its end before another goroutine receives.
type Conn struct {
	net  net.Conn
	opts Options

	sending sync.Mutex
	out     []byte    // the last small message, for its room
	written time.Time // when the deadline of writing was last moved
	torn    error     // a message was sent in part: nothing can follow it

	receiving sync.Mutex
	in        *bufio.Reader
	current   *Message // may be unread
}

func newConn(c net.Conn, opts Options) *Conn {
	return &Conn{net: c, opts: opts, in: bufio.NewReaderSize(c, readAhead)}
}

// Close ends the connection; calls that wait return an error.
func (c *Conn) Close() error { return c.net.Close() }

// LocalAddr and RemoteAddr are the addresses of the two ends.
func (c *Conn) LocalAddr() net.Addr { return c.net.LocalAddr() }

// RemoteAddr is the address of the other end.
func (c *Conn) RemoteAddr() net.Addr { return c.net.RemoteAddr() }
