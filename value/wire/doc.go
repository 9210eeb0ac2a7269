// Package wire exchanges Python values and bytes over sockets, in the protocol of
// Python's multiprocessing.connection.
//
// Call [Dial] to reach a Listener of Python's or of this package, or [Listen] to be
// reached; [Conn.Send] and [Conn.Recv] exchange values, [Conn.SendBytes] and
// [Conn.RecvBytes] bytes, [Conn.SendFrom] and [Conn.Next] more bytes than memory holds:
//
//	c, err := wire.Dial(ctx, "127.0.0.1:6000", wire.Options{Key: []byte("secret")})
//	err = c.Send(value.NewList(value.Int(1), value.Str("two")))
//	v, err := c.Recv()
//
// The Python at the other end needs nothing installed:
//
//	from multiprocessing.connection import Listener
//	with Listener(("127.0.0.1", 6000), authkey=b"secret").accept() as c:
//	    c.send(c.recv())
//
// An address is "host:port" or "unix:PATH". What is sent has no class or function in
// it unless [Options.Objects] is set, what comes in is data and nothing more: see
// package value/pickle.
//
// # What a key protects
//
// Both sides prove that they have the key, by HMAC; the messages themselves are neither
// hidden nor signed. On networks that others can write to, set [Options.TLS]. Python
// before 3.12 has HMAC-MD5 only, which must be allowed with [Options.AllowMD5].
// Without a key only this machine is talked to.
//
// # Hostile peers
//
// They cost an error. Until the key is proven a message has at most 256 bytes, all of
// it at most [Options.Handshake], and at most 64 peers are at it at a time. A length alone
// makes nothing of that size; a peer that goes silent within a message, or no longer
// reads, is dropped after [Options.Stall]. Part of a message is a [ShortError]. A value
// is at most [Options.Max] bytes and [Options.Depth] deep.
package wire
