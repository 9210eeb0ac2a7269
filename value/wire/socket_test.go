package wire_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/cantil-py/cantil/value/wire"
)

// TestCloseWakes: whoever waits for a message hears at once that the connection is closed,
// however it waits: looking, asleep in the kernel, or with Go's poller.
func TestCloseWakes(t *testing.T) {
	for _, after := range []time.Duration{0, 30 * time.Millisecond, 250 * time.Millisecond} {
		for _, poller := range []bool{false, true} {
			here, _ := both(t, wire.Options{Poller: poller})
			done := make(chan error, 1)
			go func() {
				_, err := here.Recv()
				done <- err
			}()
			time.Sleep(after)
			began := time.Now()
			if err := here.Close(); err != nil {
				t.Errorf("closing after %v: %v", after, err)
			}
			if err := <-done; err == nil {
				t.Error("a message came from nowhere")
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("closed after %v, poller %v: it took %v", after, poller, took)
			}
		}
	}
}

// TestWaits: a message that comes later than any way of waiting lasts is still received.
func TestWaits(t *testing.T) {
	for _, poller := range []bool{false, true} {
		here, there := both(t, wire.Options{Poller: poller})
		for _, pause := range []time.Duration{0, 10 * time.Millisecond, 150 * time.Millisecond, 0, 0} {
			time.AfterFunc(pause, func() { _ = here.SendBytes([]byte("late")) }) // what fails is seen below
			if p, err := there.RecvBytes(nil); err != nil || string(p) != "late" {
				t.Errorf("after %v: %q, %v", pause, p, err)
			}
		}
	}
}

// TestCloseWakesWriter: who waits for a peer that does not read hears of a Close, too.
func TestCloseWakesWriter(t *testing.T) {
	for _, after := range []time.Duration{20 * time.Millisecond, 250 * time.Millisecond} {
		here, _ := both(t, wire.Options{})
		done := make(chan error, 1)
		go func() { done <- here.SendBytes(make([]byte, 64<<20)) }()
		time.Sleep(after)
		began := time.Now()
		if err := here.Close(); err != nil {
			t.Errorf("closing after %v: %v", after, err)
		}
		if err := <-done; err == nil {
			t.Error("64 MiB were sent to nobody")
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("closed after %v: it took %v", after, took)
		}
		if err := here.SendBytes(nil); err == nil {
			t.Error("a closed connection sends")
		}
	}
}

// TestSlowReader: a large message arrives whole at a peer that pauses for longer than a
// thread sleeps for it, over each kind of socket, while messages go the other way.
func TestSlowReader(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "unix:" + filepath.Join(t.TempDir(), "s")} {
		here, there := at(t, address, wire.Options{Key: []byte("k")})
		sent := make([]byte, 8<<20)
		for i := range sent {
			sent[i] = byte(i * 2654435761 >> 16)
		}
		done := make(chan error, 1)
		go func() { done <- here.SendBytes(sent) }()
		time.Sleep(250 * time.Millisecond)
		if err := there.SendBytes([]byte("while it waits")); err != nil {
			t.Fatal(err)
		}
		if p, err := here.RecvBytes(nil); err != nil || string(p) != "while it waits" {
			t.Errorf("%s: %q, %v", address, p, err)
		}
		if got, err := there.RecvBytes(nil); err != nil || !bytes.Equal(got, sent) {
			t.Errorf("%s: %d bytes of %d, or others: %v", address, len(got), len(sent), err)
		}
		if err := <-done; err != nil {
			t.Errorf("%s: %v", address, err)
		}
		here.Close()
		if _, err := there.Recv(); err != io.EOF {
			t.Errorf("%s: after the end: %v", address, err)
		}
	}
}

// TestDescriptors: what is taken from the poller is closed with the connection.
func TestDescriptors(t *testing.T) {
	before := descriptors(t)
	for range 5 {
		here, there := both(t, wire.Options{})
		go func() {
			time.Sleep(120 * time.Millisecond) // the other end is parked by then
			here.Close()
		}()
		if _, err := there.Recv(); err != io.EOF {
			t.Errorf("the end is %v", err)
		}
		there.Close()
	}
	for range 50 { // a parked reader of another test may leave late
		if descriptors(t) <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d descriptors before, %d after", before, descriptors(t))
}

func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/dev/fd")
	if err != nil {
		t.Skip("this system does not list the open descriptors of a program: ", err)
	}
	return len(list)
}

// TestIdle: a silent peer is left after Options.Idle, neither much sooner nor later.
func TestIdle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	for _, address := range []string{"127.0.0.1:0", "unix:" + path} {
		l, err := wire.Listen(address, wire.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		c, err := wire.Dial(t.Context(), dialable(l), wire.Options{Idle: 150 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		began := time.Now()
		if _, err := c.Recv(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %v", address, err)
		}
		if took := time.Since(began); took < 150*time.Millisecond || took > 5*time.Second {
			t.Errorf("%s: left after %v", address, took)
		}
	}
}

// dialable is where a listener can be reached.
func dialable(l *wire.Listener) string {
	if l.Addr().Network() == "unix" {
		return "unix:" + l.Addr().String()
	}
	return l.Addr().String()
}
