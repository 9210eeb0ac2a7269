// Command wire measures messages over loopback: round trips of a few bytes and large
// messages, over TCP and Unix sockets, Go to Go, Go to CPython and CPython to CPython.
// From the root of the repository:
//
//	go run ./benchmarks/wire
//
// ../README.md tells how, and what came of it.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"

	"github.com/cantil-py/cantil/benchmarks/measure"
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
	flag.IntVar(&b.bulks, "bulks", 5, "messages of 64 MiB in a round")
	flag.IntVar(&b.minor, "minor", 13, "measure with Python 3.`N`")
	serve := flag.String("serve", "", "be a server in Go at `ADDRESS`, and measure nothing")
	task := func() (bool, error) { return *serve != "", serveAlone(*serve) }
	os.Exit(measure.Program{Name: "wire", Task: task, Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) (err error) {
	b.Frame = f
	if b.python, err = b.Python(ctx, b.minor); err != nil {
		return err
	}
	if b.script, err = b.Write("peer.py", peerScript); err != nil {
		return err
	}
	for _, network := range []string{"TCP", "Unix"} {
		if err := b.network(ctx, network == "Unix"); err != nil {
			return fmt.Errorf("%s: %w", network, err)
		}
	}
	return nil
}

// way is one pair of ends: messages a second, of n with size bytes.
type way func(n, size int) (float64, error)

// network measures all pairs of ends over one kind of socket.
func (b *bench) network(ctx context.Context, unix bool) error {
	ends, err := b.serveAll(ctx, unix)
	if err != nil {
		return err
	}
	defer ends.stop()
	goTo := func(address string, within bool) way {
		return func(n, size int) (float64, error) { return callGo(ctx, address, within, n, size) }
	}
	python := func(n, size int) (float64, error) { return b.callPython(ctx, ends.python, n, size) }
	ways := []way{goTo(ends.within, true), goTo(ends.beside, false), python, goTo(ends.python, false), python}
	kind := "TCP"
	if unix {
		kind = "Unix sockets"
	}
	trips, err := b.turns(ways, b.trips, small)
	if err != nil {
		return err
	}
	b.tell("round trips a second, "+kind, trips, 1, 0, tripsPromised)
	bulk, err := b.turns(ways, b.bulks, large)
	if err != nil {
		return err
	}
	b.tell("GB/s in messages of 64 MiB, "+kind, bulk, large/1e9, 2, bulkPromised)
	return nil
}

// turns measures all ways in each round.
func (b *bench) turns(ways []way, n, size int) ([][]float64, error) {
	figures := make([][]float64, len(ways))
	for range b.rounds {
		for i, w := range ways {
			f, err := w(n, size)
			if err != nil {
				return nil, err
			}
			figures[i] = append(figures[i], f)
		}
	}
	return figures, nil
}

// tell prints the figures; Go to CPython is compared with CPython to CPython right before
// and after it.
func (b *bench) tell(title string, figures [][]float64, unit float64, decimals int, promised float64) {
	b.Section(fmt.Sprintf("%s, CPython %s, %d rounds", title, b.python.Version, b.rounds))
	for _, list := range figures {
		for i := range list {
			list[i] *= unit
		}
	}
	within := measure.SpreadOfAll(figures[0])
	b.AtLeast("Go to Go, one process", within.Text(decimals), within.Median, promised)
	b.Told("Go to Go, two processes", measure.SpreadOfAll(figures[1]).Text(decimals))
	b.Told("Go to CPython", measure.SpreadOfAll(figures[3]).Text(decimals))
	b.Told("CPython to CPython", measure.SpreadOfAll(append(figures[2], figures[4]...)).Text(decimals))
	ratios := make([]float64, b.rounds)
	for i := range ratios {
		ratios[i] = figures[3][i] / ((figures[2][i] + figures[4][i]) / 2)
	}
	ratio := measure.SpreadOfAll(ratios)
	b.AtLeast("Go to CPython, in CPython to CPython's", ratio.Text(2), ratio.Median, 1)
}
