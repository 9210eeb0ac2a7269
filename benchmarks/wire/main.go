// Command wire measures messages over loopback: round trips of a few bytes and large
// messages, Go to Go, Go to CPython and CPython to CPython. From the root of the
// repository:
//
//	go run ./benchmarks/wire
//
// ../README.md tells how, and what came of it.
package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/value/wire"
)

// What Go to Go has to reach.
const (
	tripsPromised = 50_000 // a second
	bulkPromised  = 1.5    // GB/s
)

const (
	small = 8 // bytes of a message of a round trip
	large = 64 << 20
)

//go:embed peer.py
var peerScript string

// bench is one measurement.
type bench struct {
	*measure.Frame
	rounds, trips, bulks int
	minor                int
	python               measure.Python
	script               string
}

func main() {
	b := &bench{}
	flag.IntVar(&b.rounds, "rounds", 9, "how often everything is measured, in turns")
	flag.IntVar(&b.trips, "trips", 20_000, "round trips in a round")
	flag.IntVar(&b.bulks, "bulks", 10, "messages of 64 MiB in a round")
	flag.IntVar(&b.minor, "minor", 13, "measure with Python 3.`N`")
	os.Exit(measure.Program{Name: "wire", Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) (err error) {
	b.Frame = f
	if b.python, err = b.Python(ctx, b.minor); err != nil {
		return err
	}
	if b.script, err = b.Write("peer.py", peerScript); err != nil {
		return err
	}
	goAddress, stop, err := serveGo()
	if err != nil {
		return err
	}
	defer stop()
	pyAddress, end, err := b.servePython(ctx)
	if err != nil {
		return err
	}
	defer end()
	return b.compare(ctx, goAddress, pyAddress)
}

// compare measures all pairs in each round.
func (b *bench) compare(ctx context.Context, goAddress, pyAddress string) error {
	var trips, bulk [3][]float64
	for range b.rounds {
		for i, way := range []func(n, size int) (float64, error){
			func(n, size int) (float64, error) { return callGo(ctx, goAddress, n, size) },
			func(n, size int) (float64, error) { return callGo(ctx, pyAddress, n, size) },
			func(n, size int) (float64, error) { return b.callPython(ctx, pyAddress, n, size) },
		} {
			s, err := way(b.trips, small)
			if err != nil {
				return err
			}
			trips[i] = append(trips[i], float64(b.trips)/s)
			if s, err = way(b.bulks, large); err != nil {
				return err
			}
			bulk[i] = append(bulk[i], float64(b.bulks)*large/s/1e9)
		}
	}
	b.tell("round trips a second", trips, 0, tripsPromised)
	b.tell("GB/s in messages of 64 MiB", bulk, 2, bulkPromised)
	return nil
}

func (b *bench) tell(title string, figures [3][]float64, decimals int, promised float64) {
	b.Section(fmt.Sprintf("%s, CPython %s, %d rounds", title, b.python.Version, b.rounds))
	own := measure.SpreadOfAll(figures[0])
	b.AtLeast("Go to Go", own.Text(decimals), own.Median, promised)
	b.Told("Go to CPython", measure.SpreadOfAll(figures[1]).Text(decimals))
	b.Told("CPython to CPython", measure.SpreadOfAll(figures[2]).Text(decimals))
	ratios := make([]float64, len(figures[1]))
	for i := range ratios {
		ratios[i] = figures[1][i] / figures[2][i]
	}
	ratio := measure.SpreadOfAll(ratios)
	b.AtLeast("Go to CPython, in CPython to CPython's", ratio.Text(2), ratio.Median, 1)
}

func options() wire.Options { return wire.Options{Key: []byte("benchmark")} }

// serveGo is peer.py's serve, in this process.
func serveGo() (address string, stop func(), err error) {
	l, err := wire.Listen("127.0.0.1:0", options())
	if err != nil {
		return "", nil, err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			answerAll(c)
		}
	}()
	return l.Addr().String(), func() { l.Close() }, nil
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

// callGo sends n messages and waits for the answer of each.
func callGo(ctx context.Context, address string, n, size int) (seconds float64, err error) {
	c, err := wire.Dial(ctx, address, options())
	if err != nil {
		return 0, err
	}
	defer c.Close()
	data, answer := make([]byte, size), []byte(nil)
	began := time.Now()
	for range n {
		if err := c.SendBytes(data); err != nil {
			return 0, err
		}
		if answer, err = c.RecvBytes(answer); err != nil {
			return 0, err
		}
	}
	return time.Since(began).Seconds(), nil
}

func (b *bench) servePython(ctx context.Context) (address string, end func(), err error) {
	cmd := exec.CommandContext(ctx, b.python.Path, b.script, "serve")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return "", nil, err
	}
	port, err := bufio.NewReader(out).ReadString('\n')
	end = func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	if err != nil {
		end()
		return "", nil, fmt.Errorf("starting CPython's listener: %w", err)
	}
	return "127.0.0.1:" + strings.TrimSpace(port), end, nil
}

func (b *bench) callPython(ctx context.Context, address string, n, size int) (float64, error) {
	var out bytes.Buffer
	_, port, _ := strings.Cut(address, ":")
	if err := b.Output(ctx, &out, b.python.Path, b.script, "client", port, strconv.Itoa(n), strconv.Itoa(size)); err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
}
