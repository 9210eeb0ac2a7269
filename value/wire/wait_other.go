//go:build !unix

package wire

import (
	"net"
	"time"
)

// waiter is of use on Unix only: elsewhere the poller waits.
type waiter struct{}

func newWaiter(net.Conn) *waiter { return nil }

func (*waiter) wait(time.Duration) {}
