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

// longMark stands where a length does not fit into 31 bits; eight bytes with it follow.
const longMark = -1

const (
	// firstPiece is what is allocated for a large message before any of it has come: a
	// length alone costs no memory.
	firstPiece = 1 << 20
	// growth is how many times what has come is allocated next. Each step is a copy.
	growth = 8
)

// Message is one message that is being received: a reader of its body, which is valid
// until the connection receives another.
type Message struct {
	Size int64 // of the body, in bytes
	left int64
	err  error // what broke it off
	conn *Conn
}

// Next waits for a message and returns it before its body has come, for bodies of any
// size. What was not read of the last one is passed over. After the last message the
// error is io.EOF.
func (c *Conn) Next() (*Message, error) {
	c.receiving.Lock()
	defer c.receiving.Unlock()
	return c.next()
}

func (c *Conn) next() (*Message, error) {
	if m := c.current; m != nil {
		if _, err := io.Copy(io.Discard, (*body)(m)); err != nil {
			return nil, err
		}
	}
	if err := c.await(); err != nil {
		return nil, err
	}
	size, err := c.length()
	if err != nil {
		return nil, err
	}
	c.current = &Message{Size: size, left: size, conn: c}
	return c.current, nil
}

// await waits for the first byte of a message.
func (c *Conn) await() error {
	if c.in.Buffered() > 0 {
		return nil
	}
	if c.opts.Idle > 0 {
		if err := c.net.SetReadDeadline(time.Now().Add(c.opts.Idle)); err != nil {
			return fmt.Errorf("receiving: %w", err)
		}
	}
	_, err := c.in.Peek(1)
	if c.opts.Idle > 0 && err == nil {
		err = c.net.SetReadDeadline(time.Time{})
	}
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	if err != nil {
		return fmt.Errorf("receiving: %w", silent(err, c.opts.Idle))
	}
	return nil
}

// length reads the length in front of a message.
func (c *Conn) length() (int64, error) {
	var p [8]byte
	if n, err := c.fill(p[:4]); err != nil {
		return 0, fmt.Errorf("receiving: %w", &ShortError{int64(n), -1, broken(err, c.opts.Stall)})
	}
	switch short := int32(binary.BigEndian.Uint32(p[:])); {
	case short >= 0:
		return int64(short), nil
	case short != longMark:
		return 0, fmt.Errorf("receiving: a message of %d bytes: this is not the protocol of multiprocessing.connection", short)
	}
	if n, err := c.fill(p[:]); err != nil {
		return 0, fmt.Errorf("receiving: %w", &ShortError{int64(n), -1, broken(err, c.opts.Stall)})
	}
	long := binary.BigEndian.Uint64(p[:])
	if long > math.MaxInt64 {
		return 0, fmt.Errorf("receiving: a message of %d bytes: this is not the protocol of multiprocessing.connection", long)
	}
	return int64(long), nil
}

// fill reads all of p, which is within a message, so the peer has to go on.
func (c *Conn) fill(p []byte) (n int, err error) {
	if c.in.Buffered() >= len(p) {
		return c.in.Read(p)
	}
	var moved time.Time
	for n < len(p) && err == nil {
		if now := time.Now(); now.Sub(moved) > c.opts.Stall/4 {
			moved = now
			if err = c.net.SetReadDeadline(now.Add(c.opts.Stall)); err != nil {
				break
			}
		}
		var more int
		more, err = c.in.Read(p[n:])
		n += more
	}
	if n == len(p) {
		err = c.net.SetReadDeadline(time.Time{})
	}
	return n, err
}

// Read reads from the body. At its end the error is io.EOF; a body that breaks off is a
// [ShortError].
func (m *Message) Read(p []byte) (int, error) {
	m.conn.receiving.Lock()
	defer m.conn.receiving.Unlock()
	if m.conn.current != m && m.left > 0 {
		return 0, errors.New("receiving: another message was asked for")
	}
	return (*body)(m).Read(p)
}

// body reads a message whose connection is locked.
type body Message

// Read reads no more at a time than a peer can send without a pause.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if b.left == 0 {
		return 0, io.EOF
	}
	n, err := b.conn.fill(p[:min(int64(len(p)), b.left, firstPiece)])
	b.left -= int64(n)
	if err != nil {
		b.err = fmt.Errorf("receiving: %w", &ShortError{b.Size - b.left, b.Size, broken(err, b.conn.opts.Stall)})
	}
	return n, b.err
}

// RecvBytes receives a message as bytes, as Python's recv_bytes. It uses the room of
// into, which may be nil, where that is enough.
func (c *Conn) RecvBytes(into []byte) ([]byte, error) {
	c.receiving.Lock()
	defer c.receiving.Unlock()
	m, err := c.next()
	if err != nil {
		return nil, err
	}
	return m.bytes(into[:0], c.opts.Max)
}

// bytes is the whole body in the room of p.
func (m *Message) bytes(p []byte, most int64) ([]byte, error) {
	if m.Size > most {
		return nil, fmt.Errorf("receiving: %w", &SizeError{m.Size, most})
	}
	for m.left > 0 {
		have := len(p)
		more := min(m.left, max(firstPiece, (growth-1)*int64(have)))
		if room := int64(cap(p) - have); room > more || room >= m.left {
			more = min(m.left, room)
		} else {
			p = append(make([]byte, 0, int64(have)+more), p...)
		}
		p = p[:int64(have)+more]
		if _, err := io.ReadFull((*body)(m), p[have:]); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// Recv receives a value, as Python's recv. Nothing is executed; of classes that are
// not known it is a value.Object. A message that is no pickle, or too large or too deep a
// value, is an error after which the connection can go on.
func (c *Conn) Recv() (value.Value, error) {
	c.receiving.Lock()
	defer c.receiving.Unlock()
	m, err := c.next()
	if err != nil {
		return nil, err
	}
	if m.Size > c.opts.Max {
		return nil, fmt.Errorf("receiving: %w", &SizeError{m.Size, c.opts.Max})
	}
	v, err := m.value()
	if m.err != nil { // what broke off the message, not the pickle in it
		return nil, m.err
	}
	if err == nil && m.Size > int64(c.opts.Depth) { // each level takes a byte at least
		err = CheckDepth(v, c.opts.Depth)
	}
	if err != nil {
		return nil, fmt.Errorf("receiving: %w", err)
	}
	return v, nil
}

func (m *Message) value() (value.Value, error) {
	if m.Size > readAhead {
		d := pickle.NewDecoder((*body)(m))
		v, err := d.Value()
		if more := m.Size - d.Offset(); err == nil && more > 0 {
			err = fmt.Errorf("%d bytes follow the value", more)
		}
		return v, endless(err)
	}
	data, err := m.bytes(make([]byte, 0, m.Size), m.Size)
	if err != nil {
		return nil, err
	}
	v, err := pickle.Load(data)
	return v, endless(err)
}

// endless keeps an empty message from looking like the end of the connection.
func endless(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("the message holds no value")
	}
	return err
}
