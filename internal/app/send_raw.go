package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// RawOptions are what to send over a plain connection.
type RawOptions struct {
	Address string
	In      io.Reader
	Wait    time.Duration // for the connection, and for the other side while it is silent
	Retry   time.Duration // while nobody listens
}

// closeWriter is a connection of which one direction can be ended.
type closeWriter interface{ CloseWrite() error }

// SendRaw sends what In has, as it is, and writes to w what comes back until the other
// side ends the connection. It returns how many bytes came back.
func SendRaw(ctx context.Context, o RawOptions, w io.Writer) (int64, error) {
	network, rest := rawAddress(o.Address)
	d := net.Dialer{Timeout: o.Wait}
	c, err := retried(ctx, o.Retry, func() (net.Conn, error) { return d.DialContext(ctx, network, rest) })
	if err != nil {
		return 0, fmt.Errorf("connecting to %s: %w", o.Address, err)
	}
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	sent := make(chan error, 1)
	go func() { sent <- sendAll(c, o.In) }()
	n, err := io.Copy(w, patient{c, o.Wait})
	if err != nil {
		return n, fmt.Errorf("receiving from %s after %d bytes: %w", o.Address, n, tellSilence(err, o.Wait))
	}
	select {
	case err = <-sent:
	case <-time.After(time.Second): // the other side has ended; the input may not have
	}
	if err != nil {
		return n, fmt.Errorf("sending to %s: %w", o.Address, err)
	}
	return n, nil
}

// sendAll sends in and says that it was all, as Python's server sees an empty read.
func sendAll(c net.Conn, in io.Reader) error {
	if _, err := io.Copy(writing{c}, in); err != nil {
		return err
	}
	if one, ok := c.(closeWriter); ok {
		return one.CloseWrite()
	}
	return nil
}

// writing gives the other side time for each piece.
type writing struct{ c net.Conn }

func (w writing) Write(p []byte) (int, error) {
	if err := w.c.SetWriteDeadline(time.Now().Add(rawStall)); err != nil {
		return 0, err
	}
	return w.c.Write(p)
}

// patient waits so long for each piece.
type patient struct {
	c    net.Conn
	wait time.Duration
}

func (p patient) Read(b []byte) (int, error) {
	if err := p.c.SetReadDeadline(time.Now().Add(p.wait)); err != nil {
		return 0, err
	}
	return p.c.Read(b)
}

func tellSilence(err error, wait time.Duration) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("the other side was silent for %v", wait)
	}
	return err
}
