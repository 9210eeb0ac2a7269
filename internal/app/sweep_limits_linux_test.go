package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/sweep"
)

// hungry tells its processors, and takes memory until there is no more.
const hungry = `import os
print(len(os.sched_getaffinity(0)))
taken = []
try:
    for i in range(64):
        taken.append(bytearray(16 << 20))
except MemoryError:
    print("MemoryError")
else:
    print("all of it")
`

func TestSweepLimits(t *testing.T) {
	py := testpy.Newest(t)
	dir, err := os.MkdirTemp("", "limits-")
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(dir, "hungry.py")
	if err := os.WriteFile(script, []byte(hungry), 0o600); err != nil {
		t.Fatal(err)
	}
	o := RunOptions{Launch: Launch{Python: py.Path, Program: script, Dir: dir, Env: os.Environ(), home: &store.Store{Dir: dir}}}
	x, err := newLocalExecutor(o, "sweep:test", SweepHow{CPUs: 1, Memory: 256 << 20})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		x.close()
		for deadline := time.Now().Add(10 * time.Second); os.RemoveAll(dir) != nil && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond) // the last shim still tidies up
		}
	})
	ctx := context.Background()
	name, err := x.Submit(ctx, sweep.Job{Point: sweep.Point{Repeat: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := x.Watch(ctx, name); err != nil || s.State != sweep.Done {
		t.Fatalf("it ended as %+v, %v", s, err)
	}
	output, err := os.ReadFile(filepath.Join(dir, "runs", name, "stdout.log"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(string(output)); len(got) != 2 || got[0] != "1" || got[1] != "MemoryError" {
		t.Errorf("with one processor and 256 MiB it printed %q", output)
	}
	if _, err := newLocalExecutor(o, "sweep:test", SweepHow{CPUs: 1 << 16}); err == nil || !strings.Contains(err.Error(), "setting processors apart") {
		t.Errorf("65536 processors: %v", err)
	}
}
