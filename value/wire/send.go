package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/pickle"
)

const (
	// together is how much of a body is copied behind its length: a length that comes alone
	// wakes the peer for nothing.
	together = 64 << 10
	// held is the largest pickle that is kept; a larger one is made twice, once for its
	// length and once to be sent.
	held = 1 << 20
	// piece is what is written at a time; a peer has Options.Stall to take it.
	piece = 1 << 20
)

// appendLength adds the length of a body of n bytes.
func appendLength(p []byte, n int64) []byte {
	if n <= math.MaxInt32 {
		return binary.BigEndian.AppendUint32(p, uint32(n))
	}
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(p, math.MaxUint32), uint64(n))
}

// SendBytes sends a message, as Python's send_bytes.
func (c *Conn) SendBytes(p []byte) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	first := min(len(p), together)
	c.out = append(appendLength(c.out[:0], int64(len(p))), p[:first]...)
	return c.write(c.out, p[first:])
}

// SendFrom sends a message of size bytes that are read from r. If r fails or ends
// before, nothing more can be sent: the peer waits for the rest.
func (c *Conn) SendFrom(r io.Reader, size int64) error {
	if size < 0 {
		return fmt.Errorf("sending: a message of %d bytes", size)
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	c.out = appendLength(c.out[:0], size)
	if err := c.write(c.out); err != nil {
		return err
	}
	buffer := make([]byte, min(size, piece))
	for left := size; left > 0; {
		n, err := r.Read(buffer[:min(left, int64(len(buffer)))])
		left -= int64(n)
		if err := c.write(buffer[:n]); err != nil {
			return err
		}
		if err != nil && left > 0 {
			return c.tear(fmt.Errorf("after %d of %d bytes: %w", size-left, size, broken(err, 0)))
		}
	}
	return nil
}

// Send sends a value, as Python's send. A large one is pickled twice rather than held.
func (c *Conn) Send(v value.Value) error {
	c.sending.Lock()
	defer c.sending.Unlock()
	const room = 4 // for the length
	small := counter{p: append(c.out[:0], make([]byte, room)...)}
	if err := c.pickle(&small, v); err != nil {
		return fmt.Errorf("sending: %w", err) // nothing was sent
	}
	if c.out = small.p; small.size <= held {
		binary.BigEndian.PutUint32(c.out, uint32(small.size))
		return c.write(c.out)
	}
	c.out = appendLength(c.out[:0], small.size)
	if err := c.write(c.out); err != nil {
		return err
	}
	w := rest{c, small.size}
	err := c.pickle(&w, v)
	if err == nil && w.left != 0 {
		err = errors.New("the value changed meanwhile")
	}
	if err != nil {
		return c.tear(err)
	}
	return nil
}

func (c *Conn) pickle(w io.Writer, v value.Value) error {
	e := pickle.NewEncoder(w)
	e.Objects = c.opts.Objects
	if c.opts.Protocol != 0 {
		e.Protocol = c.opts.Protocol
	}
	return e.Value(v)
}

// counter keeps what is written while it is little, and counts it.
type counter struct {
	p    []byte
	size int64
}

// Write never fails.
func (w *counter) Write(p []byte) (int, error) {
	if w.size += int64(len(p)); w.size <= held {
		w.p = append(w.p, p...)
	}
	return len(p), nil
}

// rest writes the body of a message whose length is sent.
type rest struct {
	c    *Conn
	left int64
}

func (w *rest) Write(p []byte) (int, error) {
	if w.left -= int64(len(p)); w.left < 0 {
		return 0, errors.New("the value changed meanwhile")
	}
	return len(p), w.c.write(p)
}

// write writes parts of a message; the connection is locked.
func (c *Conn) write(parts ...[]byte) error {
	if c.torn != nil {
		return c.torn
	}
	for _, p := range parts {
		for len(p) > 0 {
			if err := c.extend(); err != nil {
				return c.tear(err)
			}
			n, err := c.net.Write(p[:min(len(p), piece)])
			if err != nil {
				return c.tear(err)
			}
			p = p[n:]
		}
	}
	return nil
}

// extend gives the peer time for the next piece. The deadline is moved now and then only:
// moving it costs as much as a small message.
func (c *Conn) extend() error {
	now := time.Now()
	if now.Sub(c.written) < c.opts.Stall/4 {
		return nil
	}
	c.written = now
	return c.net.SetWriteDeadline(now.Add(c.opts.Stall))
}

// tear remembers that a message was sent in part.
func (c *Conn) tear(err error) error {
	c.torn = fmt.Errorf("sending: %w", silent(err, c.opts.Stall))
	return c.torn
}
