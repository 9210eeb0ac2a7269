// Package exectest is what every executor of package sweep must keep to, as a suite of tests: call [Suite] from a test of the
// executor, as one calls testing/fstest.
package exectest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/sweep"
)

// Program is what the jobs of the suite run: a Python program. Its arguments are done one after the other: say=TEXT prints,
// mark=FILE adds a line to a file, wait=FILE waits until there is one, exit=CODE ends it.
const Program = `import os, sys, time
for arg in sys.argv[1:]:
    what, _, value = arg.partition("=")
    if what == "say":
        print(value)
    elif what == "mark":
        with open(value, "a") as f:
            f.write("x\n")
    elif what == "wait":
        while not os.path.exists(value):
            time.sleep(0.01)
    elif what == "exit":
        sys.exit(int(value))
    else:
        raise ValueError(arg)
`

// patience is how long anything may take: a machine with much else to do.
const patience = 60 * time.Second

// Open makes an executor that keeps what it must in the folder place and runs the Python script. Called again for the same place, it makes the executor of
// a process that came later.
type Open func(t *testing.T, place, script string) sweep.Executor

// Suite runs all tests.
func Suite(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*bed)
	}{
		{"Ends", ends}, {"Fails", fails}, {"OnlyOnce", onlyOnce}, {"AgainAfterFailure", againAfterFailure}, {"Cancel", cancelled},
		{"CancelTooLate", cancelTooLate}, {"WatchOnly", watchOnly}, {"Later", later}, {"LaterCancels", laterCancels}, {"ManyAtOnce", manyAtOnce}, {"Unknown", unknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, stop := context.WithTimeout(context.Background(), patience)
			t.Cleanup(stop)
			b := &bed{T: t, ctx: ctx, place: placeOf(t), files: t.TempDir(), open: open}
			b.script = b.file("program.py")
			if err := os.WriteFile(b.script, []byte(Program), 0o600); err != nil {
				t.Fatal(err)
			}
			b.Executor = open(t, b.place, b.script)
			test.run(b)
		})
	}
}

// placeOf is a folder that is removed at the end, however long what ran there still tidies up.
func placeOf(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "executor-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		deadline := time.Now().Add(patience)
		for os.RemoveAll(dir) != nil && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond)
		}
	})
	return dir
}

// bed is what one test stands on.
type bed struct {
	*testing.T
	sweep.Executor
	ctx                  context.Context
	place, files, script string
	open                 Open
}

func (b *bed) file(name string) string { return filepath.Join(b.files, name) }

// job is one whose point has that name.
func job(name string, args ...string) sweep.Job {
	return sweep.Job{Point: sweep.Point{Settings: sweep.Settings{"name": {name}}, Repeat: 1}, Args: args}
}

func (b *bed) submit(j sweep.Job) string {
	b.Helper()
	name, err := b.Submit(b.ctx, j)
	if err != nil {
		b.Fatalf("submitting: %v", err)
	}
	return name
}

// watch waits for the end, which must be as told.
func (b *bed) watch(exec sweep.Executor, name string, j sweep.Job, want sweep.State) sweep.Status {
	b.Helper()
	s, err := exec.Watch(b.ctx, name)
	if err != nil {
		b.Fatalf("watching: %v", err)
	}
	if s.State != want || s.Name != name || s.PointID != j.Point.ID() {
		b.Fatalf("job %s of point %s ended as %+v, and not %s", name, j.Point.ID(), s, want)
	}
	return s
}

// marks is how often a job has marked a file.
func (b *bed) marks(file string) int {
	b.Helper()
	data, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		b.Fatal(err)
	}
	return strings.Count(string(data), "\n")
}

// waitFor waits for a file, of a job that has begun.
func (b *bed) waitFor(file string) {
	b.Helper()
	for {
		if _, err := os.Stat(file); err == nil {
			return
		}
		select {
		case <-b.ctx.Done():
			b.Fatalf("%s was not written", file)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (b *bed) touch(file string) {
	b.Helper()
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		b.Fatal(err)
	}
}

// state is what an executor knows of a point.
func (b *bed) state(exec sweep.Executor, j sweep.Job) (sweep.Status, bool) {
	b.Helper()
	known, err := exec.Known(b.ctx)
	if err != nil {
		b.Fatalf("asking what is known: %v", err)
	}
	i := slices.IndexFunc(known, func(s sweep.Status) bool { return s.PointID == j.Point.ID() })
	if i < 0 {
		return sweep.Status{}, false
	}
	return known[i], true
}

func ends(b *bed) {
	j := job("a", "say=hello", "say=world")
	if _, ok := b.state(b.Executor, j); ok {
		b.Error("a job is known before it was submitted")
	}
	name := b.submit(j)
	if s := b.watch(b, name, j, sweep.Done); s.Code != 0 || s.Seconds <= 0 {
		b.Errorf("it ended with code %d after %v s", s.Code, s.Seconds)
	}
	folder, err := b.Fetch(b.ctx, name)
	if err != nil {
		b.Fatalf("fetching: %v", err)
	}
	output, err := os.ReadFile(filepath.Join(folder, "stdout.log"))
	if err != nil || strings.ReplaceAll(string(output), "\r", "") != "hello\nworld\n" {
		b.Errorf("its output is %q, %v", output, err)
	}
	for _, file := range []string{"stderr.log", "exit.json"} {
		if _, err := os.Stat(filepath.Join(folder, file)); err != nil {
			b.Error(err)
		}
	}
}

func fails(b *bed) {
	j := job("a", "exit=3")
	if s := b.watch(b, b.submit(j), j, sweep.Failed); s.Code != 3 {
		b.Errorf("its code is %d", s.Code)
	}
	if s, ok := b.state(b.Executor, j); !ok || s.State != sweep.Failed {
		b.Errorf("it is known as %+v", s)
	}
}

// onlyOnce: a point that runs or is done is not begun again, whoever asks.
func onlyOnce(b *bed) {
	mark, gate := b.file("mark"), b.file("gate")
	j := job("a", "mark="+mark, "wait="+gate)
	first := b.submit(j)
	if again := b.submit(j); again != first {
		b.Errorf("while it ran it was begun again: %s and %s", first, again)
	}
	b.touch(gate)
	b.watch(b, first, j, sweep.Done)
	if again := b.submit(j); again != first {
		b.Errorf("when it was done it was begun again: %s and %s", first, again)
	}
	b.watch(b, first, j, sweep.Done)
	if n := b.marks(mark); n != 1 {
		b.Errorf("it ran %d times", n)
	}
}

func againAfterFailure(b *bed) {
	mark := b.file("mark")
	first := b.submit(job("a", "mark="+mark, "exit=1"))
	b.watch(b, first, job("a"), sweep.Failed)
	second := b.submit(job("a", "mark="+mark))
	if first == second {
		b.Fatal("a job that failed was not begun again")
	}
	b.watch(b, second, job("a"), sweep.Done)
	if n := b.marks(mark); n != 2 {
		b.Errorf("it ran %d times", n)
	}
	if s, ok := b.state(b.Executor, job("a")); !ok || s.State != sweep.Done || s.Name != second {
		b.Errorf("it is known as %+v", s)
	}
}

func cancelled(b *bed) {
	mark := b.file("mark")
	j := job("a", "mark="+mark, "wait="+b.file("never"))
	name := b.submit(j)
	b.waitFor(mark)
	if err := b.Cancel(b.ctx, name); err != nil {
		b.Fatalf("cancelling: %v", err)
	}
	b.watch(b, name, j, sweep.Stopped)
	if again := b.submit(job("a", "say=now")); again == name {
		b.Error("a job that was cancelled was not begun again")
	} else {
		b.watch(b, again, j, sweep.Done)
	}
}

func cancelTooLate(b *bed) {
	j := job("a")
	name := b.submit(j)
	b.watch(b, name, j, sweep.Done)
	if err := b.Cancel(b.ctx, name); err != nil {
		b.Errorf("cancelling a job that is done: %v", err)
	}
	b.watch(b, name, j, sweep.Done)
}

// watchOnly: who stops watching does not stop the job.
func watchOnly(b *bed) {
	gate := b.file("gate")
	j := job("a", "wait="+gate)
	name := b.submit(j)
	short, stop := context.WithTimeout(b.ctx, 50*time.Millisecond)
	defer stop()
	if s, err := b.Watch(short, name); !errors.Is(err, context.DeadlineExceeded) {
		b.Errorf("watching for a moment gave %+v, %v", s, err)
	}
	b.touch(gate)
	b.watch(b, name, j, sweep.Done)
}

// later: an executor that is opened later knows what there was, and begins none of it again.
func later(b *bed) {
	gate, mark := b.file("gate"), b.file("mark")
	done, failed, running := job("done"), job("failed", "exit=2"), job("running", "mark="+mark, "wait="+gate)
	b.watch(b, b.submit(done), done, sweep.Done)
	b.watch(b, b.submit(failed), failed, sweep.Failed)
	name := b.submit(running)
	b.waitFor(mark)
	next := b.open(b.T, b.place, b.script)
	for _, want := range []struct {
		job   sweep.Job
		state sweep.State
	}{{done, sweep.Done}, {failed, sweep.Failed}, {running, sweep.Running}} {
		if s, ok := b.state(next, want.job); !ok || s.State != want.state {
			b.Errorf("later a job is known as %+v, and not %s", s, want.state)
		}
	}
	if again, err := next.Submit(b.ctx, running); err != nil || again != name {
		b.Errorf("later a job that runs is begun again: %s, %v", again, err)
	}
	b.touch(gate)
	b.watch(next, name, running, sweep.Done)
	b.watch(b, name, running, sweep.Done)
	if n := b.marks(mark); n != 1 {
		b.Errorf("it ran %d times", n)
	}
	if _, err := next.Fetch(b.ctx, name); err != nil {
		b.Errorf("later its files cannot be fetched: %v", err)
	}
}

func laterCancels(b *bed) {
	mark := b.file("mark")
	j := job("a", "mark="+mark, "wait="+b.file("never"))
	name := b.submit(j)
	b.waitFor(mark)
	next := b.open(b.T, b.place, b.script)
	if _, err := next.Known(b.ctx); err != nil {
		b.Fatal(err)
	}
	if err := next.Cancel(b.ctx, name); err != nil {
		b.Fatalf("cancelling: %v", err)
	}
	b.watch(next, name, j, sweep.Stopped)
}

// manyAtOnce: jobs that are submitted and watched at the same time do not get into each other.
func manyAtOnce(b *bed) {
	const n = 8
	mark := b.file("mark")
	errs := make(chan error, n)
	for i := range n {
		go func() {
			name, err := b.Submit(b.ctx, job(string(rune('a'+i)), "mark="+mark))
			if err == nil {
				var s sweep.Status
				if s, err = b.Watch(b.ctx, name); err == nil && s.State != sweep.Done {
					err = errors.New("it ended as " + string(s.State))
				}
			}
			errs <- err
		}()
	}
	for range n {
		if err := <-errs; err != nil {
			b.Error(err)
		}
	}
	if got := b.marks(mark); got != n {
		b.Errorf("%d of %d jobs ran", got, n)
	}
}

func unknown(b *bed) {
	const none = "2026-01-01_00-00-00_none"
	if _, err := b.Watch(b.ctx, none); !errors.Is(err, sweep.ErrNoJob) {
		b.Errorf("watching a job that is not there: %v", err)
	}
	if err := b.Cancel(b.ctx, none); !errors.Is(err, sweep.ErrNoJob) {
		b.Errorf("cancelling a job that is not there: %v", err)
	}
	if _, err := b.Fetch(b.ctx, none); !errors.Is(err, sweep.ErrNoJob) {
		b.Errorf("fetching a job that is not there: %v", err)
	}
}
