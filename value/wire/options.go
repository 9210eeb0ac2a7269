package wire

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// Bounds, where Options do not say otherwise.
const (
	// DefaultMax is the largest message that is held in memory, in bytes; a decoder may
	// take more than that again. Messages that are streamed have no bound.
	DefaultMax = 1 << 30
	// DefaultHandshake is enough for a busy machine at the other end of the world.
	DefaultHandshake = 10 * time.Second
	// DefaultStall is how long a peer may make no progress within a message.
	DefaultStall = 30 * time.Second
)

// ErrNoKey is the error of talking to another machine without a key.
var ErrNoKey = errors.New("without a key only this machine is talked to")

// Options are how connections are made and bounded. The zero Options have no key.
type Options struct {
	Key      []byte      // authkey in Python; empty for none
	AllowMD5 bool        // take part in the HMAC-MD5 of CPython before 3.12
	TLS      *tls.Config // nil for none; Python's multiprocessing has none

	Depth     int           // values within each other in what Recv returns; 0 is DefaultDepth
	Max       int64         // bytes of a message that is held in memory; 0 is DefaultMax
	Handshake time.Duration // for connecting and proving the key; 0 is DefaultHandshake
	Stall     time.Duration // without progress within a message; 0 is DefaultStall
	Idle      time.Duration // for the next message to begin; 0 waits for ever

	// Poller leaves all waiting to Go's poller, as for TLS and on Windows. Otherwise a thread
	// sleeps in the kernel for up to 100 ms, having looked for 20 µs, before the poller waits: faster
	// where another process answers, and slower where both ends are in this one.
	Poller bool

	Protocol int  // of the pickles sent; 0 is pickle.DefaultProtocol
	Objects  bool // let any class and function be named in what is sent

	// Refused, if set, is told of each peer that a Listener turned away. It may be
	// called by several goroutines at a time.
	Refused func(peer net.Addr, err error)
}

func (o Options) withDefaults() Options {
	if o.Max <= 0 {
		o.Max = DefaultMax
	}
	if o.Depth <= 0 {
		o.Depth = DefaultDepth
	}
	if o.Handshake <= 0 {
		o.Handshake = DefaultHandshake
	}
	if o.Stall <= 0 {
		o.Stall = DefaultStall
	}
	return o
}

// split parts an address into a network and what net wants for it.
func split(address string) (network, rest string) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return "unix", path
	}
	return "tcp", address
}

// mayTalk is an error where there is no key and addr is of another machine.
func (o Options) mayTalk(addr net.Addr) error {
	if len(o.Key) > 0 || local(addr) {
		return nil
	}
	return fmt.Errorf("%s: %w", addr, ErrNoKey)
}

// local says whether only this machine can be at addr.
func local(addr net.Addr) bool {
	switch addr := addr.(type) {
	case *net.UnixAddr:
		return true
	case *net.TCPAddr:
		return addr.IP.IsLoopback()
	}
	return false
}
