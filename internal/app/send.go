package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/literal"
	"github.com/cantil-py/cantil/value/pickle"
	"github.com/cantil-py/cantil/value/wire"
)

const (
	// confirmWait is how long the other side may take to say that it has a file, or a large
	// value: it is synced to a disk meanwhile.
	confirmWait = 60 * time.Second
	// smallWait is how long for a small value. A Python that keeps its connection says nothing.
	smallWait = 3 * time.Second
	// smallValue is the largest value that is small.
	smallValue = 1 << 20
	// maxReason bounds what is shown of why the other side has not kept a thing, in bytes.
	maxReason = 500
	// maxConfirmation bounds what the other side says, in bytes.
	maxConfirmation = 64 << 10
)

// challengeMark begins what a listener that wants a key says first.
const challengeMark = "#CHALLENGE#"

// SendOptions are what to send, and to whom.
type SendOptions struct {
	Address string // of who listens, or where Offer listens
	File    string // "-" for Stdin; "" if it is a Value
	Value   string // a Python literal
	Object  bool   // of File, a pickle or an array: what is in it, not the file
	Stdin   io.Reader
	Wait    time.Duration // for the connection and the proof of the key
	Retry   time.Duration // while nobody listens
	Wire    WireOptions
}

// Sent is what was sent.
type Sent struct {
	Name      string
	Bytes     int64
	SHA256    string // of a file
	Confirmed bool   // the other side has said that it has it
}

// Send sends a value as one message, or a file as docs/formats/wire.md has it.
func Send(ctx context.Context, o SendOptions) (*Sent, error) {
	thing, err := o.open()
	if err != nil {
		return nil, &BadInput{err}
	}
	defer thing.close()
	opts, err := o.Wire.wire(false)
	if err != nil {
		return nil, err
	}
	opts.Handshake = o.Wait
	thing.bound(&opts)
	c, err := retried(ctx, o.Retry, func() (*wire.Conn, error) { return wire.Dial(ctx, o.Address, opts) })
	if err != nil {
		return nil, err
	}
	return thing.give(ctx, c, o.Wire.Moved)
}

// bound is how long the other side may take to answer, and how much it may say.
func (s *sendable) bound(opts *wire.Options) {
	opts.Max, opts.Idle = maxConfirmation, confirmWait
	if s.value != nil || s.message != nil && s.message.size <= smallValue {
		opts.Idle = smallWait
	}
}

// give sends the thing to one peer, and ends the connection.
func (s *sendable) give(ctx context.Context, c *wire.Conn, moved func(done, total int64)) (*Sent, error) {
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	sent, err := s.send(c, moved)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return sent, err
}

// retryPause is between two looks for somebody who listens.
const retryPause = 50 * time.Millisecond

// retried dials for so long while nobody listens yet.
func retried[C any](ctx context.Context, most time.Duration, dial func() (C, error)) (C, error) {
	began := time.Now()
	for {
		c, err := dial()
		nobody := errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist)
		if !nobody || time.Since(began) >= most {
			return c, err
		}
		select {
		case <-ctx.Done():
			return c, ctx.Err()
		case <-time.After(retryPause):
		}
	}
}

// sendable is what is to be sent, ready before the other side is bothered.
type sendable struct {
	value   value.Value // one of these three:
	message *sizedReader
	file    *sizedReader
	name    string
	close   func()
}

// sizedReader is bytes whose number is known, or -1.
type sizedReader struct {
	io.Reader
	size int64
}

func (o SendOptions) open() (*sendable, error) {
	s := &sendable{name: "value", close: func() {}}
	var err error
	switch {
	case o.File == "":
		s.value, err = literal.Parse(o.Value)
		return s, err
	case o.File == "-":
		s.file, s.name = &sizedReader{o.Stdin, -1}, "stdin"
		return s, nil
	}
	f, err := os.Open(o.File)
	if err != nil {
		return nil, err
	}
	s.name, s.close = filepath.Base(o.File), func() { f.Close() }
	info, err := f.Stat()
	switch {
	case err != nil:
	case o.Object:
		err = s.object(f, info.Size())
	case info.Mode().IsRegular():
		s.file = &sizedReader{f, info.Size()}
	case info.IsDir():
		err = fmt.Errorf("%s is a folder; tar makes a file of it", o.File)
	default: // a pipe
		s.file = &sizedReader{f, -1}
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *sendable) send(c *wire.Conn, moved func(done, total int64)) (sent *Sent, err error) {
	switch {
	case s.value != nil:
		sent, err = &Sent{Name: s.name}, c.Send(s.value)
	case s.message != nil:
		m := &metered{r: s.message, total: s.message.size, moved: moved}
		sent, err = &Sent{Name: s.name, Bytes: s.message.size}, c.SendFrom(m, s.message.size)
	default:
		return s.sendFile(c, moved)
	}
	if err == nil {
		err = c.CloseWrite() // cantil recv answers the end with what it has
	}
	if err == nil {
		sent.Confirmed, err = confirmed(c)
	}
	if errors.Is(err, syscall.ECONNRESET) {
		return nil, fmt.Errorf("the other side ended the connection before it had read all: %w", err)
	}
	return sent, unlessSilent(err)
}

// sendFile sends what a file is called, its bytes, their digest, and waits for the answer.
func (s *sendable) sendFile(c *wire.Conn, moved func(done, total int64)) (*Sent, error) {
	size := value.Value(value.Int(s.file.size))
	if s.file.size < 0 {
		size = value.None
	}
	if err := c.Send(dictOf("cantil", value.Str("file"), "name", value.Str(s.name), "size", size)); err != nil {
		return nil, err
	}
	sum := sha256.New()
	m := &metered{r: io.TeeReader(s.file, sum), total: max(0, s.file.size), moved: moved}
	if err := s.sendBody(c, m); err != nil {
		return nil, fmt.Errorf("sending %s: %w", s.name, err)
	}
	sent := &Sent{Name: s.name, Bytes: m.done, SHA256: hex.EncodeToString(sum.Sum(nil))}
	// A few lines of Python that take a file may have gone by now, which is told as not confirmed.
	_ = c.Send(dictOf("sha256", value.Str(sent.SHA256)))
	var err error
	sent.Confirmed, err = confirmed(c)
	if errors.Is(err, syscall.ECONNRESET) {
		err = nil // it may have left the digest unread
	}
	return sent, unlessSilent(err)
}

// sendBody sends one message, or where the size is not known, several and an empty one.
func (s *sendable) sendBody(c *wire.Conn, r io.Reader) error {
	if s.file.size >= 0 {
		return c.SendFrom(r, s.file.size)
	}
	buffer := make([]byte, 256<<10)
	for {
		n, err := r.Read(buffer)
		if n > 0 {
			if err := c.SendBytes(buffer[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return c.SendBytes(nil)
		}
		if err != nil {
			return err
		}
	}
}

// unlessSilent is nil where the other side only said nothing, as a few lines of Python
// do, which is told as not confirmed.
func unlessSilent(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// confirmed is the answer of the other side: whether it has what was sent.
func confirmed(c *wire.Conn) (bool, error) {
	p, err := c.RecvBytes(nil)
	if bytes.HasPrefix(p, []byte(challengeMark)) {
		return false, fmt.Errorf("%w: the other side asks for a key, so nothing was taken", wire.ErrAuth)
	}
	if err != nil {
		return false, fmt.Errorf("waiting to hear that it has come: %w", err)
	}
	v, err := pickle.Load(p)
	if err != nil {
		return false, nil // it said something else, of which nothing is known
	}
	d, ok := value.Mapping(v)
	if !ok {
		return false, nil
	}
	if why, ok := d.Str("error"); ok {
		return false, fmt.Errorf("the other side has not kept it: %s", reason(why))
	}
	got, _ := d.Str("received")
	return got == value.Value(value.Bool(true)), nil
}

// reason is what the other side says as text.
func reason(v value.Value) string {
	if text, ok := v.(value.Str); ok && len(text) <= maxReason {
		return string(text)
	}
	return value.Printer{Limit: maxReason}.Repr(v)
}

// dictOf is a dict of names and values in turn.
func dictOf(items ...any) *value.Dict {
	d := &value.Dict{}
	for i := 0; i < len(items); i += 2 {
		_ = d.Set(value.Str(items[i].(string)), items[i+1].(value.Value)) // a str can be hashed
	}
	return d
}

// metered tells how much was read.
type metered struct {
	r           io.Reader
	done, total int64
	moved       func(done, total int64)
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.done += int64(n)
	if m.moved != nil {
		m.moved(m.done, m.total)
	}
	return n, err
}
