package wire_test

import (
	"errors"
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
