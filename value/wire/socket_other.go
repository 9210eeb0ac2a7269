//go:build !unix

package wire

import "net"

// outside is of use on Unix only: elsewhere the poller waits.
func outside(c net.Conn) net.Conn { return c }
