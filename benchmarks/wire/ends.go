package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/cantil-py/cantil/value/wire"
)

// options are those of a connection whose other end is within this process, or not.
func options(within bool) wire.Options {
	return wire.Options{Key: []byte("benchmark"), Poller: within}
}

// ends are the addresses of the servers: Go within this process and beside it, and CPython.
type ends struct {
	within, beside, python string
	stops                  []func()
}

func (e *ends) stop() {
	for _, stop := range e.stops {
		stop()
	}
}

// serveAll starts the three servers.
func (b *bench) serveAll(ctx context.Context, unix bool) (_ *ends, err error) {
	e := &ends{}
	defer func() {
		if err != nil {
			e.stop()
		}
	}()
	own, beside := "127.0.0.1:0", "127.0.0.1:0"
	argv := []string{b.python.Path, b.script, "serve"}
	if unix {
		own, beside = "unix:"+b.Path("within"), "unix:"+b.Path("beside")
		argv = append(argv, b.Path("python"))
	}
	l, err := wire.Listen(own, options(true))
	if err != nil {
		return nil, err
	}
	e.stops = append(e.stops, func() { l.Close() })
	go serveGo(l)
	e.within = addressOf(l.Addr())
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if e.beside, err = e.start(ctx, self, "-serve", beside); err != nil {
		return nil, err
	}
	if e.python, err = e.start(ctx, argv...); err != nil {
		return nil, err
	}
	if e.python = "127.0.0.1:" + e.python; unix {
		e.python = "unix:" + b.Path("python")
	}
	return e, nil
}

// start starts a server, whose first line is where it is.
func (e *ends) start(ctx context.Context, argv ...string) (address string, err error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", err
	}
	e.stops = append(e.stops, func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }) // it is meant to be killed
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("starting %s: %w", argv[0], err)
	}
	return strings.TrimSpace(line), nil
}

func addressOf(a net.Addr) string {
	if a.Network() == "unix" {
		return "unix:" + a.String()
	}
	return a.String()
}

// serveAlone is a server in a process of its own, until it is killed.
func serveAlone(address string) error {
	if address == "" {
		return nil
	}
	l, err := wire.Listen(address, options(false))
	if err != nil {
		return err
	}
	fmt.Println(addressOf(l.Addr()))
	serveGo(l)
	return nil
}

// serveGo is peer.py's serve.
func serveGo(l *wire.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		answerAll(c)
	}
}

func answerAll(c *wire.Conn) {
	defer c.Close()
	var p []byte
	for {
		var err error
		if p, err = c.RecvBytes(p); err != nil {
			return
		}
		answer := p
		if len(p) >= 100 {
			answer = []byte("ok")
		}
		if err := c.SendBytes(answer); err != nil {
			return
		}
	}
}

// callGo sends n messages and waits for the answer of each: how many in a second.
func callGo(ctx context.Context, address string, within bool, n, size int) (float64, error) {
	c, err := wire.Dial(ctx, address, options(within))
	if err != nil {
		return 0, err
	}
	defer c.Close()
	data, answer := bytes.Repeat([]byte("x"), size), []byte(nil) // memory of its own, as in peer.py: what is only zero has none
	began := time.Now()
	for range n {
		if err := c.SendBytes(data); err != nil {
			return 0, err
		}
		if answer, err = c.RecvBytes(answer); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

// callPython is callGo in CPython.
func (b *bench) callPython(ctx context.Context, address string, n, size int) (float64, error) {
	_, where, _ := strings.Cut(address, ":") // the port, or the path
	var out bytes.Buffer
	if err := b.Output(ctx, &out, b.python.Path, b.script, "client", where, strconv.Itoa(n), strconv.Itoa(size)); err != nil {
		return 0, err
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
	if err != nil {
		return 0, err
	}
	return float64(n) / seconds, nil
}
