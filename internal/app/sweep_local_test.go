package app

import (
	"os"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/sweep"
	"github.com/cantil-py/cantil/sweep/exectest"
)

// TestLocalExecutor: this machine is an executor as every other.
func TestLocalExecutor(t *testing.T) {
	py := testpy.Newest(t)
	exectest.Suite(t, func(t *testing.T, place, script string) sweep.Executor {
		o := RunOptions{Launch: Launch{
			Python: py.Path, Program: script, Dir: place, Env: os.Environ(), Grace: 2 * time.Second,
			Say: func(line string) { t.Log(line) }, home: &store.Store{Dir: place},
		}}
		x, err := newLocalExecutor(o, "sweep:test", SweepHow{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(x.close)
		return x
	})
}
