package wire_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/value/wire"
)

// framed is a message as it travels.
func framed(body string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(body)))) + body
}

const (
	nonce40 = "0123456789012345678901234567890123456789"
	huge    = "\xff\xff\xff\xff\x7f\xff\xff\xff\xff\xff\xff\xff" // the length of eight million terabytes
)

// TestHostileListeners: Dial comes to an error with each, and gives none of them more than
// it has to.
func TestHostileListeners(t *testing.T) {
	for _, c := range []struct{ name, says string }{
		{"nothing, and the end", ""},
		{"half a length", "\x00\x00"},
		{"half a challenge", "\x00\x00\x00\x30#CHALLENGE#"},
		{"welcome without a challenge", framed("#WELCOME#")},
		{"a pickle", framed("\x80\x04N.")},
		{"an empty message", framed("")},
		{"a short challenge", framed("#CHALLENGE#1234567890123456789")},
		{"a challenge before CPython 3.12", framed("#CHALLENGE#12345678901234567890")},
		{"a challenge for MD5", framed("#CHALLENGE#{md5}" + nonce40)},
		{"a challenge for SHA-1", framed("#CHALLENGE#{sha1}" + nonce40)},
		{"a challenge without an end of the name", framed("#CHALLENGE#{sha256" + nonce40)},
		{"a challenge for no digest", framed("#CHALLENGE#{}" + nonce40)},
		{"a challenge without a name", framed("#CHALLENGE#" + nonce40)},
		{"a challenge of 257 bytes", framed("#CHALLENGE#{sha256}" + strings.Repeat("x", 257-19))},
		{"a gigantic message", huge + "#CHALLENGE#"},
		{"a negative length", "\x80\x00\x00\x01#CHALLENGE#"},
		{"failure", framed("#CHALLENGE#{sha256}"+nonce40) + framed("#FAILURE#")},
		{"welcome, and no answer to the challenge", framed("#CHALLENGE#{sha256}"+nonce40) + framed("#WELCOME#")},
		{"welcome, and a wrong answer", framed("#CHALLENGE#{sha256}"+nonce40) + framed("#WELCOME#") + framed("{sha256}"+nonce40[:32])},
		{"welcome, and half an answer", framed("#CHALLENGE#{sha256}"+nonce40) + framed("#WELCOME#") + "\x00\x00\x00\x28{sha256}"},
		{"something else than welcome", framed("#CHALLENGE#{sha256}"+nonce40) + framed("#WELCOME# ")},
		{"a page of the web", "HTTP/1.1 400 Bad Request\r\n\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			heard := make(chan int64, 1)
			go func() {
				peer, err := l.Accept()
				if err != nil {
					heard <- -1
					return
				}
				_, _ = io.WriteString(peer, c.says) // who has hung up hears no more
				_ = peer.(*net.TCPConn).CloseWrite()
				n, _ := io.Copy(io.Discard, peer)
				heard <- n
				peer.Close()
			}()
			conn, err := wire.Dial(t.Context(), l.Addr().String(), wire.Options{Key: []byte("k"), Handshake: 20 * time.Second})
			if !errors.Is(err, wire.ErrAuth) {
				t.Fatalf("%v, %v", conn, err)
			}
			if n := <-heard; n < 0 || n > 200 {
				t.Errorf("%d bytes were said to it", n)
			}
		})
	}
}

// TestHostileCallers: none gets past a Listener, which tells of each, and goes on.
func TestHostileCallers(t *testing.T) {
	refused := make(chan error, 1)
	l, err := wire.Listen("127.0.0.1:0", wire.Options{Key: []byte("k"), Handshake: 20 * time.Second,
		Refused: func(_ net.Addr, err error) { refused <- err }})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, c := range []struct{ name, says string }{
		{"nothing, and the end", ""},
		{"half a length", "\x00"},
		{"half an answer", "\x00\x00\x00\x28{sha256}12"},
		{"an empty answer", framed("")},
		{"only the name", framed("{sha256}")},
		{"a digest cut short", framed("{sha256}" + nonce40[:16])},
		{"a wrong digest", framed("{sha256}" + nonce40[:32])},
		{"a wrong digest of another kind", framed("{sha3_384}" + nonce40 + "01234567")},
		{"a name of another case", framed("{SHA256}" + nonce40[:32])},
		{"no such digest", framed("{sha1}" + nonce40[:20])},
		{"MD5 unasked", framed("{md5}" + nonce40[:16])},
		{"bare MD5", framed(nonce40[:16])},
		{"a challenge in return", framed("#CHALLENGE#{sha256}" + nonce40)},
		{"welcome", framed("#WELCOME#") + framed("#WELCOME#")},
		{"a gigantic answer", huge + "{sha256}"},
		{"257 bytes", framed(strings.Repeat("x", 257))},
		{"a page of the web", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			peer, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer peer.Close()
			if _, err := io.WriteString(peer, c.says); err != nil {
				t.Fatal(err)
			}
			_ = peer.(*net.TCPConn).CloseWrite() // it may be gone
			if err := <-refused; !errors.Is(err, wire.ErrAuth) {
				t.Errorf("refused for %v", err)
			}
		})
	}
	c, err := wire.Dial(t.Context(), l.Addr().String(), wire.Options{Key: []byte("k")})
	if err != nil {
		t.Fatalf("after all of them: %v", err)
	}
	c.Close()
}

// TestDrips: a peer that sends a byte now and then has no more time than one that is silent.
func TestDrips(t *testing.T) {
	refused := make(chan error, 1)
	opts := wire.Options{Key: []byte("k"), Handshake: 500 * time.Millisecond, Refused: func(_ net.Addr, err error) { refused <- err }}
	l, err := wire.Listen("127.0.0.1:0", opts)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	peer, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	began := time.Now()
	go drip(peer)
	if err := <-refused; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("refused for %v", err)
	}
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	go func() {
		if peer, err := deaf.Accept(); err == nil {
			defer peer.Close()
			drip(peer)
		}
	}()
	if _, err := wire.Dial(t.Context(), deaf.Addr().String(), opts); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("dialled in vain: %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("both took %v", took)
	}
}

// drip sends a message of 200 bytes one at a time, until nobody takes them.
func drip(peer net.Conn) {
	for _, b := range []byte(framed(strings.Repeat("#", 200))) {
		if _, err := peer.Write([]byte{b}); err != nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
