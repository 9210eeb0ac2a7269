package app

import (
	"context"
	"errors"
	"net"

	"github.com/cantil-py/cantil/value/wire"
)

// OfferOptions are where to listen for those who fetch a thing, and how many there are.
type OfferOptions struct {
	SendOptions     // Address is where to listen
	Count       int // of peers that have fetched it, after which to end; 0 goes on until the context ends
	Listens     func(address string)
	Gave        func(peer string, sent *Sent)
}

// errOnce says that the standard input is for one peer.
var errOnce = errors.New("the standard input can be given once, and was begun")

// Offer sends what Send does to each who connects, one after the other: to cantil recv
// with an address, or to a Client of Python's. One that fails does not count.
func Offer(ctx context.Context, o OfferOptions) error {
	thing, err := o.open()
	if err != nil {
		return &BadInput{err}
	}
	defer func() { thing.close() }()
	opts, err := o.Wire.wire(true)
	if err != nil {
		return err
	}
	opts.Handshake = o.Wait
	opts.Refused = func(peer net.Addr, err error) { o.Wire.Drop(pythonAddress(peer), err) }
	thing.bound(&opts)
	l, err := wire.Listen(o.Address, opts)
	if err != nil {
		return err
	}
	defer l.Close()
	defer context.AfterFunc(ctx, func() { l.Close() })()
	o.Listens(socketText(l.Addr()))
	for n := 0; o.Count == 0 || n < o.Count; {
		c, err := l.Accept()
		if err != nil {
			return ctx.Err()
		}
		peer := pythonAddress(c.RemoteAddr())
		sent, err := thing.give(ctx, c, o.Wire.Moved)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			o.Wire.Drop(peer, err)
		} else {
			o.Gave(peer, sent)
			n++
		}
		if thing, err = o.again(thing); err != nil && (o.Count == 0 || n < o.Count) {
			return err
		}
	}
	return nil
}

// again is the thing from its beginning, for the next peer.
func (o OfferOptions) again(thing *sendable) (*sendable, error) {
	thing.close()
	thing.close = func() {}
	if o.File == "-" {
		return thing, errOnce
	}
	next, err := o.open()
	if err != nil {
		return thing, &BadInput{err}
	}
	return next, nil
}
