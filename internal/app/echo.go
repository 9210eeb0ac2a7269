package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
)

const (
	// maxEchoes bounds connections at a time, below the descriptors that a process has.
	maxEchoes = 900
	// echoPiece is what is read at a time. The notes' server reads 1024; a client cannot tell.
	echoPiece = 64 << 10
	// rawStall is how long the other side of a raw connection may refuse to read.
	rawStall = 30 * time.Second
)

// EchoOptions are where to listen, and for how long.
type EchoOptions struct {
	Listen string        // "host:port" or "unix:PATH"
	Count  int           // connections after which to end; 0 goes on until the context ends
	Idle   time.Duration // after which a silent client is dropped; 0 never

	Listening func(address string)
	Connected func(peer string) // in the order of the connections, as Python prints an address
	Dropped   func(peer string, err error)
}

// Echo sends back to every client what it sends, many at a time, until it has sent its
// last.
func Echo(ctx context.Context, o EchoOptions) error {
	l, err := wire.ListenPlain(o.Listen)
	if err != nil {
		return err
	}
	defer l.Close()
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	o.Listening(socketText(l.Addr()))
	var all sync.WaitGroup
	defer all.Wait()
	room := make(chan struct{}, maxEchoes)
	for n := 0; o.Count == 0 || n < o.Count; n++ {
		room <- struct{}{}
		c, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("accepting a connection: %w", err)
		}
		peer := pythonAddress(c.RemoteAddr())
		o.Connected(peer)
		all.Go(func() {
			defer func() { <-room }()
			if err := echo(ctx, c, o.Idle); err != nil && ctx.Err() == nil {
				o.Dropped(peer, err)
			}
		})
	}
	return nil
}

// echo serves one client until its end.
func echo(ctx context.Context, c net.Conn, idle time.Duration) error {
	defer c.Close()
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	buffer := make([]byte, echoPiece)
	for {
		if idle > 0 {
			if err := c.SetReadDeadline(time.Now().Add(idle)); err != nil {
				return err
			}
		}
		n, err := c.Read(buffer)
		if n > 0 {
			if err := c.SetWriteDeadline(time.Now().Add(rawStall)); err != nil {
				return err
			}
			if _, err := c.Write(buffer[:n]); err != nil {
				return err
			}
		}
		if ended(err) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func rawAddress(address string) (network, rest string) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return "unix", path
	}
	return "tcp", address
}

// socketText is an address as it is given to the other side.
func socketText(a net.Addr) string {
	if a.Network() == "unix" {
		return "unix:" + a.String()
	}
	return a.String()
}

// pythonAddress is what Python's accept gives as the address of a client.
func pythonAddress(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return value.ReprStr(strings.TrimPrefix(a.String(), "@"))
	}
	host := value.ReprStr(tcp.IP.String())
	if tcp.IP.To4() == nil {
		return fmt.Sprintf("(%s, %d, 0, 0)", host, tcp.Port)
	}
	return fmt.Sprintf("(%s, %d)", host, tcp.Port)
}

// ended says whether err is the end of a connection in good order.
func ended(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) }
