package wire_test

import (
	"context"
	"fmt"

	"github.com/cantil-py/cantil/value"
	"github.com/cantil-py/cantil/value/wire"
)

// A program at each end; either may be Python's.
func Example() {
	opts := wire.Options{Key: []byte("secret")}
	l, err := wire.Listen("127.0.0.1:0", opts)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	go func() {
		c, err := wire.Dial(context.Background(), l.Addr().String(), opts)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer c.Close()
		if err := c.Send(value.NewList(value.Int(1), value.Str("it's"), value.None)); err != nil {
			fmt.Println(err)
		}
	}()
	c, err := l.Accept()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	v, err := c.Recv()
	fmt.Println(v, err)
	// Output: [1, "it's", None] <nil>
}
