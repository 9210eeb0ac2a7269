package wire_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
)

type netAddr = net.Addr

func isMD5(err error) bool { return errors.Is(err, wire.ErrMD5) && errors.Is(err, wire.ErrAuth) }

// both are the two ends of a connection.
func both(t testing.TB, opts wire.Options) (here, there *wire.Conn) {
	t.Helper()
	return at(t, "127.0.0.1:0", opts)
}

// at is both, by way of an address.
func at(t testing.TB, address string, opts wire.Options) (here, there *wire.Conn) {
	t.Helper()
	l, err := wire.Listen(address, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	here, err = wire.Dial(context.Background(), dialable(l), opts)
	if err != nil {
		t.Fatal(err)
	}
	there, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { here.Close(); there.Close() })
	return here, there
}

// raw is a connection to a Conn from a peer that does as it likes.
func raw(t testing.TB, opts wire.Options) (net.Conn, *wire.Conn) {
	t.Helper()
	l, err := wire.Listen("127.0.0.1:0", opts)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	peer, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { peer.Close(); c.Close() })
	return peer, c
}

func TestBothWays(t *testing.T) {
	here, there := both(t, wire.Options{Key: []byte("k")})
	done := make(chan error, 1)
	go func() {
		for {
			v, err := there.Recv()
			if err == nil {
				err = there.Send(v)
			}
			var p []byte
			if err == nil {
				p, err = there.RecvBytes(nil)
			}
			if err == nil {
				err = there.SendBytes(p)
			}
			if err != nil {
				done <- err
				return
			}
		}
	}()
	exchange(t, here)
	here.Close()
	if err := <-done; !errors.Is(err, io.EOF) {
		t.Errorf("the end of the connection is %v", err)
	}
}

func TestStream(t *testing.T) {
	here, there := both(t, wire.Options{})
	const size = 20<<20 + 3
	go func() {
		_ = here.SendFrom(io.LimitReader(zeros{}, size), size)
		_ = here.SendFrom(strings.NewReader("second"), 6)
		_ = here.SendFrom(strings.NewReader("third"), 6) // one byte is missing
		here.Close()
	}()
	m, err := there.Next()
	if err != nil || m.Size != size {
		t.Fatalf("size %v, %v", m, err)
	}
	if n, err := io.CopyN(io.Discard, m, 1<<20); err != nil || n != 1<<20 {
		t.Fatal(n, err)
	}
	second, err := there.Next() // what is left of the first is passed over
	if err != nil {
		t.Fatal(err)
	}
	if n, err := m.Read(make([]byte, 1)); n != 0 || err == nil {
		t.Errorf("reading the first on: %d, %v", n, err)
	}
	if p, err := io.ReadAll(second); err != nil || string(p) != "second" {
		t.Errorf("%q, %v", p, err)
	}
	third, err := there.Next()
	if err != nil {
		t.Fatal(err)
	}
	p, err := io.ReadAll(third)
	var short *wire.ShortError
	if !errors.As(err, &short) || short.Got != 5 || short.Want != 6 || string(p) != "third" {
		t.Errorf("half a message: %q, %v", p, err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestHalf: what is missing is told, wherever a message breaks off.
func TestHalf(t *testing.T) {
	for _, sent := range []string{"\x00", "\x00\x00\x00", "\x00\x00\x00\x05abc", "\xff\xff\xff\xff\x00\x00", "\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x00abc"} {
		peer, c := raw(t, wire.Options{Max: 1 << 40})
		_, _ = io.WriteString(peer, sent)
		peer.Close()
		_, err := c.RecvBytes(nil)
		var short *wire.ShortError
		if !errors.As(err, &short) || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", sent, err)
			continue
		}
		if strings.HasSuffix(sent, "abc") && short.Got != 3 {
			t.Errorf("%q: %v", sent, err)
		}
	}
}

// TestNotTheProtocol: what another program says is no message.
func TestNotTheProtocol(t *testing.T) {
	for _, sent := range []string{"\xff\xff\xff\xfeabcd", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x80\x00\x00\x00"} {
		peer, c := raw(t, wire.Options{})
		_, _ = io.WriteString(peer, sent)
		if _, err := c.Recv(); err == nil || !strings.Contains(err.Error(), "not the protocol") {
			t.Errorf("%q: %v", sent, err)
		}
	}
}

// TestLargeClaim: a length alone takes no memory, and one above Max is an error that passes.
func TestLargeClaim(t *testing.T) {
	peer, c := raw(t, wire.Options{Max: 10})
	_, _ = peer.Write(append(binary.BigEndian.AppendUint32(nil, 11), "hello world\x00\x00\x00\x01x"...))
	_, err := c.RecvBytes(nil)
	var size *wire.SizeError
	if !errors.As(err, &size) || size.Size != 11 || size.Max != 10 {
		t.Errorf("%v", err)
	}
	if p, err := c.RecvBytes(nil); err != nil || string(p) != "x" {
		t.Errorf("after it: %q, %v", p, err)
	}
	peer, c = raw(t, wire.Options{Max: 1 << 50})
	_, _ = io.WriteString(peer, "\xff\xff\xff\xff\x00\x01\x00\x00\x00\x00\x00\x00half")
	peer.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err = c.RecvBytes(nil)
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; err == nil || grown > 8<<20 {
		t.Errorf("%v, %d bytes allocated for a length", err, grown)
	}
}

// TestBadPickle: it spoils its own message only.
func TestBadPickle(t *testing.T) {
	here, there := both(t, wire.Options{})
	for _, bad := range []string{"", "hello", "\x80\x04N.N.", "\x80\x04K\x01K", strings.Repeat("]", 100_000)} {
		if err := here.SendBytes([]byte(bad)); err != nil {
			t.Fatal(err)
		}
		if v, err := there.Recv(); err == nil || errors.Is(err, io.EOF) {
			t.Errorf("%.20q: %v, %v", bad, v, err)
		}
	}
	if err := here.Send(value.Int(5)); err != nil {
		t.Fatal(err)
	}
	if v, err := there.Recv(); err != nil || v != value.Value(value.Int(5)) {
		t.Errorf("%v, %v", v, err)
	}
}

// TestStall: who goes silent within a message, or does not read, is dropped.
func TestStall(t *testing.T) {
	peer, c := raw(t, wire.Options{Stall: 200 * time.Millisecond})
	_, _ = io.WriteString(peer, "\x00\x00\x00\x05abc")
	_, err := c.RecvBytes(nil)
	var short *wire.ShortError
	if !errors.As(err, &short) || short.Got != 3 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("silent within a message: %v", err)
	}
	_, c = raw(t, wire.Options{Stall: 200 * time.Millisecond})
	if err := c.SendFrom(zeros{}, 1<<30); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a peer that does not read: %v", err)
	}
	if err := c.SendBytes(nil); err == nil {
		t.Error("after half a message another was sent")
	}
	_, c = raw(t, wire.Options{Idle: 100 * time.Millisecond})
	if _, err := c.Recv(); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("no message at all: %v", err)
	}
}

// TestSilentPeers hold up nobody, and are dropped before they have proven the key.
func TestSilentPeers(t *testing.T) {
	var dropped sync.WaitGroup
	dropped.Add(10)
	opts := wire.Options{Key: []byte("k"), Handshake: 2 * time.Second, Refused: func(_ net.Addr, err error) {
		if !errors.Is(err, wire.ErrAuth) {
			t.Errorf("dropped for %v", err)
		}
		dropped.Done()
	}}
	l, err := wire.Listen("127.0.0.1:0", opts)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for i := range 10 {
		silent, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer silent.Close()
		if i%2 == 0 {
			_, _ = io.WriteString(silent, "\x00\x00\x00\xff#CH") // half an answer
		}
	}
	c, err := wire.Dial(context.Background(), l.Addr().String(), opts)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	dropped.Wait()
}

// TestKeys: only the same key gets through, and nothing large comes before.
func TestKeys(t *testing.T) {
	refused := make(chan error, 10)
	l, err := wire.Listen("127.0.0.1:0", wire.Options{Key: []byte("right"), Refused: func(_ net.Addr, err error) { refused <- err }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = wire.Dial(context.Background(), l.Addr().String(), wire.Options{Key: []byte("wrong")})
	if !errors.Is(err, wire.ErrAuth) {
		t.Errorf("the wrong key: %v", err)
	}
	if err := <-refused; !errors.Is(err, wire.ErrAuth) {
		t.Errorf("the wrong key, as the listener saw it: %v", err)
	}
	for _, sent := range []string{"\x00\x00\x01\x01" + strings.Repeat("x", 257), "\xff\xff\xff\xff\x00\x00\x00\x01\x00\x00\x00\x00",
		"\x00\x00\x00\x00", "\x00\x00\x00\x10" + strings.Repeat("m", 16), "\x00\x00\x00\x27{sha1}0123456789012345678901234567890123", "\x00\x00\x00\x02{}"} {
		peer, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(peer, sent)
		if err := <-refused; !errors.Is(err, wire.ErrAuth) {
			t.Errorf("%.30q: %v", sent, err)
		}
		peer.Close()
	}
}

// TestNoKeyIsLocal: without a key other machines are neither served nor called.
func TestNoKeyIsLocal(t *testing.T) {
	if _, err := wire.Listen("0.0.0.0:0", wire.Options{}); !errors.Is(err, wire.ErrNoKey) {
		t.Errorf("listening everywhere without a key: %v", err)
	}
	l, err := wire.Listen("0.0.0.0:0", wire.Options{Key: []byte("k")})
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	path := filepath.Join(t.TempDir(), "s")
	l, err = wire.Listen("unix:"+path, wire.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket is %v, %v", info, err)
	}
}

func TestClose(t *testing.T) {
	l, err := wire.Listen("127.0.0.1:0", wire.Options{Key: []byte("k")})
	if err != nil {
		t.Fatal(err)
	}
	silent, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	time.AfterFunc(50*time.Millisecond, func() { l.Close() })
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	if _, err := wire.Dial(ctx, deaf.Addr().String(), wire.Options{Key: []byte("k")}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a listener that says nothing: %v", err)
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	here, there := both(b, wire.Options{Key: []byte("k")})
	go func() {
		for {
			v, err := there.Recv()
			if err != nil || there.Send(v) != nil {
				return
			}
		}
	}()
	for b.Loop() {
		if err := here.Send(value.Int(42)); err != nil {
			b.Fatal(err)
		}
		if _, err := here.Recv(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRoundTripBytes(b *testing.B) {
	here, there := both(b, wire.Options{Key: []byte("k")})
	go func() {
		var p []byte
		for {
			var err error
			if p, err = there.RecvBytes(p); err != nil || there.SendBytes(p) != nil {
				return
			}
		}
	}()
	msg, into := []byte("hello"), []byte(nil)
	for b.Loop() {
		if err := here.SendBytes(msg); err != nil {
			b.Fatal(err)
		}
		var err error
		if into, err = here.RecvBytes(into); err != nil || !bytes.Equal(into, msg) {
			b.Fatal(err)
		}
	}
}

func BenchmarkBulk(b *testing.B) {
	here, there := both(b, wire.Options{Key: []byte("k")})
	const size = 64 << 20
	big := make([]byte, size)
	b.SetBytes(size)
	done := make(chan error)
	go func() {
		var p []byte
		for {
			var err error
			p, err = there.RecvBytes(p)
			done <- err
			if err != nil {
				return
			}
		}
	}()
	for b.Loop() {
		if err := here.SendBytes(big); err != nil {
			b.Fatal(err)
		}
		if err := <-done; err != nil {
			b.Fatal(err)
		}
	}
	here.Close()
	<-done
}

// TestStaleSocket: what a killed program has left is no obstacle; who listens, or a file
// that is no socket, is left alone.
func TestStaleSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Skip("this system has no Unix sockets: ", err)
	}
	left.SetUnlinkOnClose(false)
	if l, err := wire.Listen("unix:"+path, wire.Options{}); err == nil {
		l.Close()
		t.Error("where another listens another began to")
	}
	if c, err := net.Dial("unix", path); err != nil {
		t.Errorf("who listened was robbed of its socket: %v", err)
	} else {
		c.Close()
	}
	left.Close()
	l, err := wire.Listen("unix:"+path, wire.Options{})
	if err != nil {
		t.Fatalf("a socket where nobody listens: %v", err)
	}
	c, err := wire.Dial(t.Context(), "unix:"+path, wire.Options{})
	if err != nil {
		t.Errorf("the new socket: %v", err)
	} else {
		c.Close()
	}
	l.Close()
	if err := os.WriteFile(path, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	if l, err := wire.Listen("unix:"+path, wire.Options{}); err == nil {
		l.Close()
		t.Error("a file was replaced")
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "kept" {
		t.Errorf("a file is now %q, %v", text, err)
	}
}
