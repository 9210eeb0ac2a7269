// Command call measures what a call of a Python function costs: in a warm Python of
// call.Pool, in a process of its own by call.Func, and by CPython's multiprocessing as the
// notes have it. From the root of the repository:
//
//	go run ./benchmarks/call
//
// ../README.md tells how, and what came of it.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/python/call"
	"github.com/cantil-py/cantil/run"
	"github.com/cantil-py/cantil/value"
)

// timesTheRate is how many calls of a pool must fit into the time of one in a process of its own.
const timesTheRate = 20

//go:embed multi.py
var multiScript string

// bench is one measurement.
type bench struct {
	*measure.Frame
	rounds, pooled, single int
	minor                  int
	python                 measure.Python
	script                 string
	pool                   *call.Pool
}

func main() {
	if code, is := run.Shim(nil); is { // the Pythons are started under one
		os.Exit(code)
	}
	b := &bench{}
	flag.IntVar(&b.rounds, "rounds", 9, "how often everything is measured, in turns")
	flag.IntVar(&b.pooled, "pooled", 2000, "calls of a pool in a round")
	flag.IntVar(&b.single, "single", 10, "calls in processes of their own in a round")
	flag.IntVar(&b.minor, "minor", 13, "measure with Python 3.`N`")
	os.Exit(measure.Program{Name: "call", Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) (err error) {
	b.Frame = f
	if b.python, err = b.Python(ctx, b.minor); err != nil {
		return err
	}
	if b.script, err = b.Write("multi.py", multiScript); err != nil {
		return err
	}
	b.pool = call.NewPool(call.Python{Path: b.python.Path}, call.PoolOptions{Size: 1})
	defer b.pool.Close()
	return b.compare(ctx)
}

// compare measures all ways in each round, and takes the ratios within it.
func (b *bench) compare(ctx context.Context) error {
	ways := []struct {
		name string
		call func(context.Context) (seconds float64, err error)
	}{
		{"a pool", b.pooledCalls}, {"a process of its own", b.singleCalls},
		{"multiprocessing, fork", b.multiprocessing("fork")}, {"multiprocessing, spawn", b.multiprocessing("spawn")},
	}
	seconds := make([][]float64, len(ways))
	ratios := make([][]float64, len(ways))
	for range b.rounds {
		for i, way := range ways {
			s, err := way.call(ctx)
			if err != nil {
				return fmt.Errorf("calling by %s: %w", way.name, err)
			}
			seconds[i] = append(seconds[i], s*1e3)
			ratios[i] = append(ratios[i], s*1e3/seconds[0][len(seconds[0])-1])
		}
	}
	b.Section(fmt.Sprintf("milliseconds for math.factorial(20), CPython %s, %d rounds", b.python.Version, b.rounds))
	for i, way := range ways {
		b.Told(way.name, measure.SpreadOfAll(seconds[i]).Text(3))
	}
	b.Section("calls of a pool in the time of one")
	for i, way := range ways[1:] {
		ratio := measure.SpreadOfAll(ratios[i+1])
		if i == 0 {
			b.AtLeast(way.name, ratio.Text(0), ratio.Median, timesTheRate)
		} else {
			b.Told(way.name, ratio.Text(0))
		}
	}
	return nil
}

func (b *bench) request() call.Request {
	return call.Request{Target: "math:factorial", Args: []value.Value{value.Int(20)}, Timeout: 4 * time.Second}
}

// timed is the time of each of n calls.
func timed(n int, one func() (call.Result, error)) (float64, error) {
	began := time.Now()
	for range n {
		result, err := one()
		if err != nil {
			return 0, err
		}
		if result.Value != value.Value(value.Int(2432902008176640000)) {
			return 0, errors.New("the value is wrong")
		}
	}
	return time.Since(began).Seconds() / float64(n), nil
}

func (b *bench) pooledCalls(ctx context.Context) (float64, error) {
	return timed(b.pooled, func() (call.Result, error) { return b.pool.Call(ctx, b.request()) })
}

func (b *bench) singleCalls(ctx context.Context) (float64, error) {
	python := call.Python{Path: b.python.Path}
	return timed(b.single, func() (call.Result, error) { return call.Func(ctx, python, b.request()) })
}

func (b *bench) multiprocessing(method string) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		var out bytes.Buffer
		if err := b.Output(ctx, &out, b.python.Path, b.script, method, strconv.Itoa(b.single)); err != nil {
			return 0, err
		}
		return strconv.ParseFloat(strings.TrimSpace(out.String()), 64)
	}
}
