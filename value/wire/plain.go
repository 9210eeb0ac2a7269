package wire

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"time"
)

// listenerAnswers is how long one who listens at a Unix socket has to take a connection,
// which the kernel does for it.
const listenerAnswers = time.Second

// ListenPlain is net.Listen with an address as those of [Listen], for programs that speak
// no protocol of this package. A Unix socket is for this user alone. One that a program
// has left behind, where nobody listens any more, is replaced.
func ListenPlain(address string) (net.Listener, error) {
	network, rest := split(address)
	l, err := net.Listen(network, rest)
	if network == "unix" && errors.Is(err, syscall.EADDRINUSE) && removeStale(rest) {
		l, err = net.Listen(network, rest)
	}
	if err == nil && network == "unix" {
		if err = os.Chmod(rest, 0o600); err != nil {
			l.Close()
		}
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		err = op.Err // the rest of what it says is the address
	}
	if err != nil {
		return nil, fmt.Errorf("listening at %s: %w", address, err)
	}
	return l, nil
}

// removeStale removes a socket that refuses connections, unless it is another by then.
func removeStale(path string) bool {
	before, err := os.Lstat(path)
	if err != nil || before.Mode()&fs.ModeSocket == 0 {
		return false
	}
	c, err := net.DialTimeout("unix", path, listenerAnswers)
	if err == nil {
		c.Close()
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return false
	}
	now, err := os.Lstat(path)
	return err == nil && os.SameFile(before, now) && os.Remove(path) == nil
}
