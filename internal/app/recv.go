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
	// mostPrinted bounds a value that is printed: it is held in memory, as some ten times that.
	mostPrinted = 256 << 20
)

// RecvOptions are where to listen, and what to do with what comes.
type RecvOptions struct {
	Listen  string
	Dir     string // where all is kept; "" keeps files here and prints values; "-" prints bytes too
	Count   int    // of things after which to end; 0 goes on until the context ends
	Bytes   bool   // a message is bytes, whatever it looks like
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
}

// Recv takes what others send: values as Python's Connection.send makes them, bytes as
// send_bytes does, and files as Send does.
func Recv(ctx context.Context, o RecvOptions) error {
	opts, err := o.Wire.wire(true)
	if err != nil {
		return err
	}
	opts.Handshake = o.Wait
	opts.Max = mostPrinted
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
	if moved := o.Wire.Moved; moved != nil {
		var mu sync.Mutex // peers tell at the same time
		o.Wire.Moved = func(done, total int64) { mu.Lock(); defer mu.Unlock(); moved(done, total) }
	}
	r := &receiver{RecvOptions: o, end: end}
	r.serve(ctx, l)
	return nil
}

// receiver is what peers share.
type receiver struct {
	RecvOptions
	end func() // all has come

	mu  sync.Mutex // over Out and what follows
	got int
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

// peer takes one thing after another from a peer.
func (r *receiver) peer(ctx context.Context, c *wire.Conn) error {
	for ctx.Err() == nil {
		m, err := c.Next()
		if err != nil {
			return err
		}
		got, err := r.thing(c, m)
		if err != nil {
			return err
		}
		got.Peer = pythonAddress(c.RemoteAddr())
		r.done(got)
	}
	return io.EOF
}

// done counts what came; what comes beyond Count is not told.
func (r *receiver) done(got Received) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Count > 0 && r.got == r.Count {
		return
	}
	r.got++
	r.Got(got)
	if r.got == r.Count {
		r.end()
	}
}

// thing takes one message, and what belongs to it.
func (r *receiver) thing(c *wire.Conn, m *wire.Message) (Received, error) {
	body := bufio.NewReader(m)
	first, err := body.Peek(1)
	if err != nil && !errors.Is(err, io.EOF) {
		return Received{}, err
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
		got.Unsafe = err == nil && notClean(got.File)
		return got, err
	}
	if size > mostPrinted {
		return got, fmt.Errorf("a value of %d MiB is too large to be printed: it can be kept in a folder", size>>20)
	}
	v, err := pickle.NewDecoder(body).Value()
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
