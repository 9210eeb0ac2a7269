// Package bigprof makes cProfile files of any size for benchmarks and tests.
// Call [Write]. The same options give the same bytes.
//
// The files are like real ones in what costs time to read: long paths and names
// that recur, about one built-in in ten functions, few calls for most and many
// for some, callers by the thousand for a few functions, and objects shared as
// CPython's marshal shares them: interned strings, small ints, and one key for
// all that a caller calls.
package bigprof

import (
	"fmt"
	"io"
	"math/rand/v2"

	"github.com/cantil-py/cantil/value/marshal"
)

// Options say how large the profile is.
type Options struct {
	Functions int    // at least 1
	Edges     int    // pairs of caller and function
	Seed      uint64 // another seed, another profile
}

// Large is the profile that cantil's promises of speed are about: 50 MB.
func Large() Options { return Options{Functions: 200_000, Edges: 1_000_000, Seed: 1} }

// Write writes a profile as cProfile's dump_stats does.
func Write(w io.Writer, o Options) error {
	if o.Functions < 1 || o.Edges < 0 || o.Edges/o.Functions >= o.Functions {
		return fmt.Errorf("a profile of %d functions cannot have %d edges", o.Functions, o.Edges)
	}
	g := &generator{
		random:  rand.New(rand.NewPCG(o.Seed, 0x9e3779b97f4a7c15)),
		e:       marshal.NewEncoder(w),
		strings: map[string]int{},
		callers: make([]int, o.Functions),
	}
	g.functions(o.Functions)
	g.profile(o.Edges)
	return g.e.Flush()
}

// generator writes one profile.
type generator struct {
	random  *rand.Rand
	e       *marshal.Encoder
	list    []function
	strings map[string]int // numbers of the strings written
	small   [257]int       // numbers of the small ints written, plus 1
	callers []int          // numbers of the callers' keys written, plus 1
}

type function struct {
	file string
	line int64
	name string
}

// functions invents the functions, some thirty to a file.
func (g *generator) functions(n int) {
	g.list = make([]function, n)
	file, line := g.file(), int64(1)
	for i := range g.list {
		if g.random.IntN(10) == 0 {
			g.list[i] = function{"~", 0, fmt.Sprintf("<built-in method %s.%s_%d>", g.word(), g.word(), i)}
			continue
		}
		if g.random.IntN(30) == 0 {
			file, line = g.file(), 1
		}
		line += 1 + g.random.Int64N(60)
		g.list[i] = function{file, line, g.name()}
	}
}

func (g *generator) file() string {
	root := [...]string{"/usr/lib/python3.13", "/opt/service/venv/lib/python3.13/site-packages", "/srv/service/src"}[g.random.IntN(3)]
	return fmt.Sprintf("%s/%s/%s_%s/%s%d.py", root, g.word(), g.word(), g.word(), g.word(), g.random.IntN(1000))
}

// name invents a function name: a third are those that every class has.
func (g *generator) name() string {
	if common := [...]string{"__init__", "<lambda>", "<genexpr>", "__call__", "__getitem__", "run", "close", "<module>"}; g.random.IntN(3) == 0 {
		return common[g.random.IntN(len(common))]
	}
	return fmt.Sprintf("%s_%s_%s%d", g.word(), g.word(), g.word(), g.random.IntN(100))
}

func (g *generator) word() string {
	words := [...]string{"parse", "node", "request", "session", "_build", "index", "token", "query", "compile", "field",
		"handler", "iter", "merge", "buffer", "encode", "schema", "event", "visit", "context", "resolve", "cache"}
	return words[g.random.IntN(len(words))]
}

// profile writes the dict. A function's share of the edges is random, so that
// most have few callers and some have many.
func (g *generator) profile(edges int) {
	n := len(g.list)
	shares, sum := make([]float64, n), 0.0
	for i := range shares {
		share := g.random.ExpFloat64()
		shares[i] = share * share * share
		sum += shares[i]
	}
	g.e.Share()
	g.e.Dict()
	written, upTo := 0, 0.0
	for i := range g.list {
		upTo += shares[i]
		want := int(float64(edges) * upTo / sum)
		if i == n-1 {
			want = edges
		}
		k := min(want-written, n)
		written += k
		g.function(i, k)
	}
	g.e.End()
}

// function writes one entry with k callers.
func (g *generator) function(i, k int) {
	own := g.seconds()
	primitive := g.calls()
	calls := primitive
	if g.random.IntN(20) == 0 {
		calls += g.calls()
	}
	g.key(g.list[i])
	g.e.Tuple(5)
	g.int(primitive)
	g.int(calls)
	g.e.Float(own)
	g.e.Float(own + g.seconds())
	g.e.Dict()
	// Steps of one length through all functions never meet one twice.
	n := len(g.list)
	at, step := g.random.IntN(n), g.coprime(n)
	for range k {
		g.caller(at, calls, own)
		at = (at + step) % n
	}
	g.e.End()
}

// caller writes what one caller accounts for.
func (g *generator) caller(at int, calls int64, own float64) {
	if number := g.callers[at]; number != 0 {
		g.e.Ref(number - 1)
	} else {
		g.callers[at] = g.e.Share() + 1
		g.key(g.list[at])
	}
	part := 1 + g.random.Int64N(calls)
	g.e.Tuple(4)
	g.int(part)
	g.int(part)
	g.e.Float(own * g.random.Float64())
	g.e.Float(own + g.seconds())
}

func (g *generator) coprime(n int) int {
	for {
		step := 1 + g.random.IntN(n)
		a, b := n, step
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 {
			return step
		}
	}
}

func (g *generator) key(f function) {
	g.e.Tuple(3)
	g.string(f.file)
	g.int(f.line)
	g.string(f.name)
}

// string writes an interned string: once in full, then as a reference.
func (g *generator) string(s string) {
	if number, ok := g.strings[s]; ok {
		g.e.Ref(number)
		return
	}
	g.strings[s] = g.e.Share()
	g.e.Interned(s)
}

// int writes an int: those up to 256 are one object each in CPython.
func (g *generator) int(i int64) {
	if i >= int64(len(g.small)) {
		g.e.Int(i)
		return
	}
	if number := g.small[i]; number != 0 {
		g.e.Ref(number - 1)
		return
	}
	g.small[i] = g.e.Share() + 1
	g.e.Int(i)
}

// calls is mostly a few, at times very many.
func (g *generator) calls() int64 {
	e := g.random.ExpFloat64()
	return 1 + int64(e*e*e*e*10)
}

// seconds is a sum of whole microseconds, as a clock gives.
func (g *generator) seconds() float64 {
	e := g.random.ExpFloat64()
	return float64(int64(e*e*e*5000)) * 1e-6
}
