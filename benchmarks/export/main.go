// Command export measures how fast profiles are written in other tools' formats, and opens
// them in speedscope. From the root of the repository:
//
//	go run ./benchmarks/export [page] [speed] [speedscope]
//
// ../README.md tells how, and what came of it.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"github.com/cantil-py/cantil/benchmarks/bigprof"
	"github.com/cantil-py/cantil/benchmarks/measure"
	"github.com/cantil-py/cantil/profile/export"
	"github.com/cantil-py/cantil/profile/pstats"
	"github.com/cantil-py/cantil/profile/stacks"
)

// bench is all that the measurements share.
type bench struct {
	*measure.Frame
	rounds int
}

func main() {
	b := &bench{}
	flag.IntVar(&b.rounds, "rounds", 3, "how often each is measured")
	os.Exit(measure.Program{Name: "export", Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) error {
	b.Frame = f
	return measure.Parts(ctx, measure.Part{Name: "page", Measure: b.page}, measure.Part{Name: "speed", Measure: b.speed},
		measure.Part{Name: "speedscope", Measure: b.speedscope})
}

// counter counts what is written.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// speed measures every format within this program, the profiles having been read. Of a
// format that is drawn or made a small picture of, the speed says nothing: it is told.
func (b *bench) speed(context.Context) error {
	exact, err := b.exact()
	if err != nil {
		return err
	}
	sampled := sampledProfile()
	small := map[string]bool{"dot": true, "svg": true, "png": true, "flamegraph": true, "html": true}
	for _, f := range export.Formats() {
		if f.Name == "svg" || f.Name == "png" {
			continue
		}
		b.Section(f.Name)
		if f.Sampled != nil {
			if err := b.write(!small[f.Name] && f.Name != "csv", "300,000 samples", func(w io.Writer) error { return f.Sampled(w, sampled) }); err != nil {
				return err
			}
		}
		if f.Exact != nil {
			if err := b.write(!small[f.Name], "a million edges", func(w io.Writer) error { return f.Exact(w, exact) }); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) write(promised bool, what string, write func(io.Writer) error) error {
	var speeds, times []float64
	var size counter
	for range b.rounds {
		size = 0
		start := time.Now()
		if err := write(&size); err != nil {
			return err
		}
		took := time.Since(start).Seconds()
		speeds, times = append(speeds, float64(size)/took/1e6), append(times, took)
	}
	s := measure.SpreadOfAll(speeds)
	if promised {
		b.AtLeast(what+", MB/s", s.Text(0), s.Median, 50)
	} else {
		b.Told(what+", MB/s", s.Text(1))
	}
	b.Told("... seconds, for MB", fmt.Sprintf("%s, %.1f", measure.SpreadOfAll(times).Text(2), float64(size)/1e6))
	return nil
}

// exact is the profile of a million edges.
func (b *bench) exact() (*pstats.Stats, error) {
	path, err := b.large()
	if err != nil {
		return nil, err
	}
	return pstats.Open(path)
}

func (b *bench) large() (string, error) {
	path := b.Path("large.prof")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	if err := bigprof.Write(file, bigprof.Large()); err != nil {
		return "", err
	}
	return path, file.Close()
}

// sampledProfile is of a program that walks about in a tree of calls, some 30 deep.
func sampledProfile() *stacks.Profile {
	const samples, functions = 300_000, 5000
	r := stacks.NewRecorder()
	rng := rand.New(rand.NewPCG(1, 2))
	for f := range functions {
		r.Func(stacks.Func{Name: fmt.Sprintf("Class%d.method_%d", f%97, f), File: fmt.Sprintf("/srv/app/package%d/module%d.py", f%7, f%97), FirstLine: f})
	}
	thread := r.Thread(stacks.Thread{PID: 4711, TID: 4711, Name: "python3"})
	path := []stacks.Frame{{Func: 0, Line: 1}}
	for i := range samples {
		if keep := len(path) - rng.IntN(6); keep > 0 {
			path = path[:keep]
		}
		for range rng.IntN(6) {
			if len(path) < 60 {
				path = append(path, stacks.Frame{Func: stacks.FuncID(rng.IntN(functions)), Line: int32(rng.IntN(900))})
			}
		}
		frames := make([]stacks.Frame, len(path))
		for d, f := range path {
			frames[len(path)-1-d] = f
		}
		r.Add(time.Duration(i)*time.Millisecond, thread, stacks.Holding, frames)
	}
	return r.Profile(stacks.Info{Mode: "wall", Rate: 1000, Command: []string{"app.py"}, Counts: stacks.Counts{Ticks: samples, Wall: samples * time.Millisecond}})
}

// page measures cantil export --to html of a million edges, from before its start to after
// its end.
func (b *bench) page(ctx context.Context) error {
	b.Section("The page of a million edges")
	path, err := b.large()
	if err != nil {
		return err
	}
	var walls, busy []float64
	for range b.rounds {
		cost, err := b.Run(ctx, b.Cantil, "export", "--to", "html", "-o", b.Path("large.html"), path)
		if err != nil {
			return err
		}
		walls, busy = append(walls, cost.Wall.Seconds()), append(busy, cost.CPU.Seconds())
	}
	s := measure.SpreadOfAll(walls)
	b.AtMost("seconds", s.Text(2), s.Median, 3)
	b.Told("... of processor time", measure.SpreadOfAll(busy).Text(2))
	return nil
}
