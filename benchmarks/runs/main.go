// Command runs measures what is promised of keeping and listing runs:
//
//	go run ./benchmarks/runs
//
// It keeps 10,000 runs and lists them, as whole processes; and it runs a program that does nothing 1,000 times.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/cantil-py/cantil/benchmarks/measure"
)

// The promises.
const (
	listedIn  = 50 // milliseconds for all runs of the large store
	perSecond = 50 // short runs, indexed, on two processors
)

// bench is all that the measurements share.
type bench struct {
	*measure.Frame
	kept, short, rounds int
}

func main() {
	b := &bench{}
	flag.IntVar(&b.kept, "kept", 10_000, "runs in the store that is listed")
	flag.IntVar(&b.short, "short", 1000, "short runs")
	flag.IntVar(&b.rounds, "rounds", 21, "listings of each kind")
	os.Exit(measure.Program{Name: "runs", Measure: b.measure}.Main(os.Stdout, os.Stderr))
}

func (b *bench) measure(ctx context.Context, f *measure.Frame) error {
	b.Frame = f
	if err := b.measureShort(ctx); err != nil {
		return err
	}
	if err := os.RemoveAll(b.Runs()); err != nil {
		return err
	}
	return b.measureListing(ctx)
}

// measureShort starts cantil run -- true again and again, two at a time.
func (b *bench) measureShort(ctx context.Context) error {
	b.Section(fmt.Sprintf("%d runs of true, two at a time", b.short))
	next := make(chan int)
	failed := make(chan error, 2)
	var wait sync.WaitGroup
	began := time.Now()
	for range 2 {
		wait.Go(func() {
			for range next {
				cmd := exec.CommandContext(ctx, b.Cantil, "run", "--", "true")
				cmd.Env = append(os.Environ(), "CANTIL_DIR="+b.Dir)
				if out, err := cmd.CombinedOutput(); err != nil {
					select {
					case failed <- fmt.Errorf("%w: %s", err, out):
					default:
					}
				}
			}
		})
	}
	for i := range b.short {
		next <- i
	}
	close(next)
	wait.Wait()
	took := time.Since(began).Seconds()
	select {
	case err := <-failed:
		return err
	default:
	}
	rate := float64(b.short) / took
	b.AtLeast("a second", fmt.Sprintf("%.0f", rate), rate, perSecond)
	n, err := b.count(ctx)
	if err != nil {
		return err
	}
	b.AtLeast("of them listed", fmt.Sprint(n), float64(n), float64(b.short))
	return nil
}

// count is how many runs a listing has.
func (b *bench) count(ctx context.Context) (int, error) {
	var out strings.Builder
	if err := b.Output(ctx, &out, b.Cantil, "runs", "list", "--json"); err != nil {
		return 0, err
	}
	var list []struct{ ID string }
	err := json.Unmarshal([]byte(out.String()), &list)
	return len(list), err
}

func (b *bench) measureListing(ctx context.Context) error {
	b.Section(fmt.Sprintf("listing %d runs, milliseconds, %d times", b.kept, b.rounds))
	if err := b.keep(); err != nil {
		return err
	}
	if err := b.sayTime(ctx, "the first time, from their folders", 1, 0); err != nil {
		return err
	}
	if err := b.sayTime(ctx, "all, as a table", b.rounds, listedIn); err != nil {
		return err
	}
	for _, other := range []struct {
		what  string
		flags []string
	}{{"all, as JSON", []string{"--json"}}, {"the last 20", []string{"--last", "20"}}, {"those that failed", []string{"--status", "failed"}}} {
		if err := b.sayTime(ctx, other.what, b.rounds, 0, other.flags...); err != nil {
			return err
		}
	}
	n, err := b.count(ctx)
	if err == nil && n != b.kept {
		err = fmt.Errorf("%d runs are listed, not %d", n, b.kept)
	}
	return err
}

// sayTime measures a listing as a whole process, written to the null device.
func (b *bench) sayTime(ctx context.Context, what string, rounds int, promised float64, flags ...string) error {
	var times, cpu []float64
	for range rounds {
		cost, err := b.Run(ctx, append([]string{b.Cantil, "runs", "list"}, flags...)...)
		if err != nil {
			return err
		}
		times = append(times, float64(cost.Wall.Microseconds())/1000)
		cpu = append(cpu, float64(cost.CPU.Microseconds())/1000)
	}
	spread := measure.SpreadOfAll(times)
	if promised > 0 {
		b.AtMost(what, spread.Text(1), spread.Median, promised)
	} else {
		b.Told(what, spread.Text(1))
	}
	b.Told("  processor time", measure.SpreadOfAll(cpu).Text(1))
	return nil
}

// keep writes the records of runs as cantil does, without running anything. The environment is as large as usual.
func (b *bench) keep() error {
	env := map[string]string{}
	for i := range 40 {
		env[fmt.Sprintf("VARIABLE_%d", i)] = strings.Repeat("x", 40)
	}
	host, err := os.Hostname()
	if err != nil {
		return err
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.Local)
	for i := range b.kept {
		at := start.Add(time.Duration(i) * 7 * time.Minute)
		dir := filepath.Join(b.Runs(), at.Format("2006-01-02_15-04-05")+"_train")
		asked := map[string]any{
			"argv": []string{"cantil", "run", "train.py", "--epochs", "3", "--seed", fmt.Sprint(i)}, "cwd": b.Dir, "env": env,
			"interpreter": map[string]string{"path": "/usr/bin/python3"}, "host": host, "boot_id": "earlier", "pid": 1 + i, "started": at,
		}
		ended := map[string]any{"status": "exited", "code": i % 10 / 9, "wall_seconds": float64(i%1000) / 3, "ended": at.Add(time.Minute)}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		for name, record := range map[string]any{"run.json": asked, "exit.json": ended} {
			if err := writeJSON(filepath.Join(dir, name), record); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeJSON(path string, v any) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(file)
	encoder.SetIndent("", "  ")
	err = encoder.Encode(v)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}
