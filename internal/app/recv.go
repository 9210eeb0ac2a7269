package app

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/pickle"
	"github.com/cantil-py/cantil/value/wire"
)

const (
	// maxAnnouncement bounds what comes before a file: its name and its size.
	maxAnnouncement = 64 << 10
	// maxReceivers bounds peers at a time, below the descriptors that a process has.
	maxReceivers = 200
	// maxJudged bounds a pickle that is judged as it comes: it is held in memory, three times.
	maxJudged = 64 << 20
	// mostPrinted bounds a value that is printed: it is held in memory, as some ten times that.
	mostPrinted = 256 << 20
)

// RecvOptions are where to listen or whom to call, and what to do with what comes.
type RecvOptions struct {
	Listen  string        // for Recv
	Address string        // for Fetch
	Retry   time.Duration // for Fetch, while nobody listens
	Dir     string        // where all is kept; "" keeps files here and prints values; "-" prints bytes too
	Count   int           // of things after which to end; 0 goes on until the context ends
	Bytes   bool          // a message is bytes, whatever it looks like
	Wait    time.Duration
	Wire    WireOptions
	Out     io.Writer
	Numpy   ArrayOptions // how arrays are printed
	Listens func(address string)
	Got     func(Received)
}

// Received is one thing that came.
type Received struct {
	Peer   string
	Kind   string // "file", "value" or "bytes"
	File   string // where it was kept, or ""
	Bytes  int64
	SHA256 string // of a file, and checked
	Unsafe bool   // a pickle that Python should load only if its sender is trusted
	Unread bool   // a pickle that is too large to be judged as it comes
}

// Recv takes what others send: values as Python's Connection.send makes them, bytes as
// send_bytes does, and files as Send does.
func Recv(ctx context.Context, o RecvOptions) error {
	opts, err := o.Wire.wire(true)
	if err != nil {
		return err
	}
	o.bound(&opts)
	opts.Refused = func(peer net.Addr, err error) { o.Wire.Drop(pythonAddress(peer), err) }
	l, err := wire.Listen(o.Listen, opts)
	if err != nil {
		return err
	}
	defer l.Close()
	ctx, end := context.WithCancel(ctx)
	defer end()
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	o.Listens(socketText(l.Addr()))
	newReceiver(o, end).serve(ctx, l)
	return nil
}

// bound is how much of time and memory a peer may take.
func (o RecvOptions) bound(opts *wire.Options) {
	opts.Handshake, opts.Max = o.Wait, mostPrinted
}

// Fetch takes from one who listens, cantil send with --listen or a Listener of Python's,
// what it sends, until it has sent Count things or ends.
func Fetch(ctx context.Context, o RecvOptions) error {
	opts, err := o.Wire.wire(false)
	if err != nil {
		return err
	}
	o.bound(&opts)
	c, err := retried(ctx, o.Retry, func() (*wire.Conn, error) { return wire.Dial(ctx, o.Address, opts) })
	if err != nil {
		return err
	}
	defer c.Close()
	ctx, end := context.WithCancel(ctx)
	defer end()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	r := newReceiver(o, end)
	r.calls = len(opts.Key) == 0
	err = r.peer(ctx, c)
	switch {
	case r.Count > 0 && r.got == r.Count:
		return nil
	case !errors.Is(err, io.EOF):
		return err
	case r.Count > r.got:
		return fmt.Errorf("the other side has ended after %d of %d", r.got, r.Count)
	}
	return nil
}

// receiver is what peers share.
type receiver struct {
	RecvOptions
	end   func() // all has come
	calls bool   // a listener is called without a key, and may want one

	mu  sync.Mutex // over Out and what follows
	got int
}

func newReceiver(o RecvOptions, end func()) *receiver {
	if moved := o.Wire.Moved; moved != nil {
		var mu sync.Mutex // peers tell at the same time
		o.Wire.Moved = func(done, total int64) { mu.Lock(); defer mu.Unlock(); moved(done, total) }
	}
	return &receiver{RecvOptions: o, end: end}
}

func (r *receiver) serve(ctx context.Context, l *wire.Listener) {
	var all sync.WaitGroup
	defer all.Wait()
	room := make(chan struct{}, maxReceivers)
	for {
		room <- struct{}{}
		c, err := l.Accept()
		if err != nil {
			return
		}
		all.Go(func() {
			defer func() { <-room }()
			defer c.Close()
			stop := context.AfterFunc(ctx, func() { c.Close() })
			defer stop()
			err := r.peer(ctx, c)
			if !errors.Is(err, io.EOF) && ctx.Err() == nil {
				r.Wire.Drop(pythonAddress(c.RemoteAddr()), err)
			}
		})
	}
}

// peer takes one thing after another from a peer, and confirms them when it ends its side.
// Files are confirmed one by one.
func (r *receiver) peer(ctx context.Context, c *wire.Conn) error {
	for n := 0; ctx.Err() == nil; n++ {
		m, err := c.Next()
		if errors.Is(err, io.EOF) && n > 0 {
			r.confirm(c, nil)
		}
		if err != nil {
			return err
		}
		got, err := r.thing(c, m)
		if err != nil {
			r.confirm(c, err)
			return err
		}
		got.Peer = pythonAddress(c.RemoteAddr())
		r.done(c, got)
	}
	return io.EOF
}

// done tells what came and counts it. After the last the connections are ended, so that
// it is confirmed before.
func (r *receiver) done(c *wire.Conn, got Received) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got++
	r.Got(got)
	if r.got == r.Count {
		r.confirm(c, nil)
		r.end()
	}
}

// confirm answers a peer. A Python that has sent a value and gone does not hear it.
func (r *receiver) confirm(c *wire.Conn, failed error) {
	answer := dictOf("received", value.Bool(true))
	if failed != nil {
		answer = dictOf("received", value.Bool(false), "error", value.Str(failed.Error()))
	}
	_ = c.Send(answer)
}

// thing takes one message, and what belongs to it.
func (r *receiver) thing(c *wire.Conn, m *wire.Message) (Received, error) {
	body := bufio.NewReader(m)
	first, err := body.Peek(len(challengeMark))
	if err != nil && !errors.Is(err, io.EOF) {
		return Received{}, err
	}
	if r.calls && string(first) == challengeMark {
		return Received{}, fmt.Errorf("%w: the other side asks for a key", wire.ErrAuth)
	}
	if r.Bytes || len(first) == 0 || first[0] != 0x80 { // no pickle of protocol 2 or later
		return r.bytes(body)
	}
	if m.Size > maxAnnouncement {
		return r.value(m.Size, body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return Received{}, err
	}
	v, err := pickle.Load(data)
	if err == nil {
		err = wire.CheckDepth(v, wire.DefaultDepth)
	}
	if err != nil {
		return Received{}, err
	}
	if name, size, is := announced(v); is {
		return r.file(c, name, size)
	}
	return r.value(m.Size, bytes.NewReader(data))
}

// announced is the file that is to come.
func announced(v value.Value) (name string, size int64, is bool) {
	d, ok := v.(*value.Dict)
	if !ok {
		return "", 0, false
	}
	kind, _ := d.Str("cantil")
	text, named := d.Str("name")
	s, isText := text.(value.Str)
	if kind != value.Value(value.Str("file")) || !named || !isText {
		return "", 0, false
	}
	bytes, _ := d.Str("size")
	if n, ok := bytes.(value.Int); ok {
		return string(s), int64(n), true
	}
	return string(s), -1, true
}

func (r *receiver) bytes(body io.Reader) (Received, error) {
	got := Received{Kind: "bytes"}
	var err error
	got.File, got.Bytes, err = r.keep("received.bin", func(w io.Writer) (int64, error) { return io.Copy(w, body) })
	return got, err
}

// value prints a value, or keeps the pickle it came as.
func (r *receiver) value(size int64, body io.Reader) (Received, error) {
	got := Received{Kind: "value", Bytes: size}
	if r.Dir != "" && r.Dir != "-" {
		var err error
		got.File, _, err = r.keep("value.pkl", func(w io.Writer) (int64, error) { return io.Copy(w, body) })
		got.Unread = size > maxJudged
		got.Unsafe = err == nil && !got.Unread && notClean(got.File)
		return got, err
	}
	if size > mostPrinted {
		return got, fmt.Errorf("a value of %d MiB is too large to be printed: it can be kept in a folder", size>>20)
	}
	v, err := pickle.NewDecoder(body).Value()
	if err == nil {
		err = wire.CheckDepth(v, wire.DefaultDepth)
	}
	if err != nil {
		return got, err
	}
	text := value.Printer{Numpy: func(v value.Value) string { return numpyText(v, r.Numpy) }}.Repr(v)
	return got, r.print(func(w io.Writer) error { _, err := fmt.Fprintln(w, text); return err })
}

// file takes the bytes of a file, compares their digest, and answers.
func (r *receiver) file(c *wire.Conn, name string, size int64) (Received, error) {
	got := Received{Kind: "file"}
	var err error
	got.File, got.Bytes, err = r.keep(name, func(w io.Writer) (int64, error) {
		sum := sha256.New()
		n, err := r.fileBody(c, size, io.MultiWriter(w, sum))
		got.SHA256 = hex.EncodeToString(sum.Sum(nil))
		if err != nil {
			return n, err
		}
		return n, checkDigest(c, got.SHA256)
	})
	answer := dictOf("received", value.Bool(true), "sha256", value.Str(got.SHA256))
	if err != nil {
		answer = dictOf("received", value.Bool(false), "error", value.Str(err.Error()))
	}
	if sent := c.Send(answer); err == nil && sent != nil {
		return got, fmt.Errorf("confirming %s: %w", name, sent)
	}
	return got, err
}

// fileBody copies one message, or where the size is not known, all up to an empty one.
func (r *receiver) fileBody(c *wire.Conn, size int64, w io.Writer) (done int64, err error) {
	for {
		m, err := c.Next()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return done, err
		}
		if size >= 0 && m.Size != size {
			return done, fmt.Errorf("%d bytes were announced and %d come", size, m.Size)
		}
		if size < 0 && m.Size == 0 {
			return done, nil
		}
		n, err := io.CopyBuffer(onlyWriter{w}, &metered{r: m, done: done, total: max(size, 0), moved: r.Wire.Moved}, make([]byte, 256<<10))
		done += n
		if err != nil || size >= 0 {
			return done, err
		}
	}
}

// onlyWriter hides what else a writer can do, for the buffer to be used.
type onlyWriter struct{ io.Writer }

func checkDigest(c *wire.Conn, have string) error {
	v, err := c.Recv()
	if err != nil {
		return fmt.Errorf("waiting for the digest: %w", err)
	}
	if d, ok := value.Mapping(v); ok {
		if want, ok := d.Str("sha256"); ok && want == value.Value(value.Str(have)) {
			return nil
		}
	}
	return errors.New("the digest of what came is not that of what was sent")
}
