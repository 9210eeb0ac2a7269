package call_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/python/call"
	"github.com/cantil-py/cantil/value"
)

func pidOf(t *testing.T, pool *call.Pool) value.Value {
	t.Helper()
	return must(t, pool, call.Request{Target: functions("pid")}).Value
}

// TestPoolStays: one Python makes many calls, and keeps what they changed.
func TestPoolStays(t *testing.T) {
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		pool := poolOf(t, py)
		first := pidOf(t, pool)
		for i := range 200 {
			if got := must(t, pool, call.Request{Target: functions("counts")}); got.Value != value.Value(value.Int(i+1)) {
				t.Fatalf("call %d counts %v", i+1, got.Value)
			}
		}
		for _, r := range []call.Request{
			{Target: functions("fails"), Args: ints(3)}, {Target: functions("exits"), Args: ints(3)}, {Target: functions("absent")}, {Target: "absent:f"},
		} {
			if _, err := pool.Call(t.Context(), r); err == nil {
				t.Errorf("%s gave no error", r.Target)
			}
		}
		if last := pidOf(t, pool); last != first {
			t.Errorf("process %v was replaced by %v for an exception", first, last)
		}
	})
}

// TestPoolReplaces a Python that was ended, died, or cannot be trusted; the next call
// finds another.
func TestPoolReplaces(t *testing.T) {
	unix(t)
	testpy.EachOfSome(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		pool := poolOf(t, py)
		for _, r := range []call.Request{
			{Target: functions("sleeps"), Timeout: 200 * time.Millisecond},
			{Target: functions("kills_itself"), Args: ints(9)},
			{Target: functions("leaves"), Args: ints(0)},
			{Target: functions("closes_files")},
			{Target: functions("writes_everywhere")},
		} {
			before := pidOf(t, pool)
			_, err := pool.Call(t.Context(), r)
			if err == nil || errors.Is(err, call.ErrTimeout) != (r.Timeout > 0) {
				t.Errorf("%s: error %v", r.Target, err)
			}
			if after := pidOf(t, pool); before == after {
				t.Errorf("%s: process %v was not replaced", r.Target, before)
			}
		}
	})
}

// TestPoolRecycles a Python after a number of calls, and when it has grown.
func TestPoolRecycles(t *testing.T) {
	py := testpy.Newest(t)
	pool := call.NewPool(call.Python{Path: py.Path}, call.PoolOptions{Size: 1, MaxCalls: 3, MaxMemory: 128 << 20})
	defer pool.Close()
	pids := map[value.Value]int{}
	for range 9 {
		pids[pidOf(t, pool)]++
	}
	if len(pids) != 3 {
		t.Errorf("9 calls, 3 to a process, were made in %v", pids)
	}
	if runtime.GOOS != "linux" {
		t.Skip("what a process holds is told on Linux alone")
	}
	before := pidOf(t, pool)
	must(t, pool, call.Request{Target: functions("keeps"), Args: ints(160)})
	if after := pidOf(t, pool); after == before {
		t.Error("a process of 160 MiB was kept")
	}
}

// TestPoolIdleDeath: a Python that died between calls is not asked.
func TestPoolIdleDeath(t *testing.T) {
	unix(t)
	pool := poolOf(t, testpy.Newest(t))
	const later = "__import__('threading').Timer(0.05, os._exit, (0,)).start()"
	must(t, pool, call.Request{Target: functions("evaluate"), Args: []value.Value{value.Str(later)}})
	time.Sleep(500 * time.Millisecond)
	pidOf(t, pool)
}

// TestPoolTogether makes many calls at a time, some of them trouble, and each has its own answer.
func TestPoolTogether(t *testing.T) {
	unix(t)
	var stdout bytes.Buffer
	var guard sync.Mutex
	out := lockedWriter{&guard, &stdout}
	pool := call.NewPool(call.Python{Path: testpy.Newest(t).Path, Stdout: out}, call.PoolOptions{Size: 3})
	defer pool.Close()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				if i == 0 && j%10 == 0 {
					if _, err := pool.Call(t.Context(), call.Request{Target: functions("leaves"), Args: ints(1)}); err == nil {
						t.Error("a process that left gave an answer")
					}
				}
				n := int64(i*1000 + j)
				got, err := pool.Call(t.Context(), call.Request{Target: functions("double"), Args: []value.Value{value.Int(n)}})
				if err != nil || got.Value != value.Value(value.Int(2*n)) {
					t.Errorf("double(%d) is %v, %v", n, got.Value, err)
				}
			}
			if _, err := pool.Call(t.Context(), call.Request{Target: functions("prints")}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	_ = pool.Close() // what was printed has then arrived
	wantPieces(t, stdout.String(), 8, "to stdout", "past Python\n", "no end of line", "\n")
}

// wantPieces checks that text is n times the pieces and nothing more, in any order: where
// PYTHONUNBUFFERED is set a line and its end are written apart, and another process may
// write between them.
func wantPieces(t *testing.T, text string, n int, pieces ...string) {
	t.Helper()
	rest := text
	for _, piece := range pieces {
		if got := strings.Count(rest, piece); got != n {
			t.Errorf("%q came %d times, want %d, in %q", piece, got, n, text)
		}
		rest = strings.ReplaceAll(rest, piece, "")
	}
	if rest != "" {
		t.Errorf("%q came besides", rest)
	}
}

type lockedWriter struct {
	guard *sync.Mutex
	to    *bytes.Buffer
}

func (w lockedWriter) Write(p []byte) (int, error) {
	w.guard.Lock()
	defer w.guard.Unlock()
	return w.to.Write(p)
}

// TestPoolClose ends calls that run, and refuses others.
func TestPoolClose(t *testing.T) {
	pool := call.NewPool(call.Python{Path: testpy.Newest(t).Path}, call.PoolOptions{Size: 2})
	pidOf(t, pool)
	ended := make(chan error)
	go func() {
		_, err := pool.Call(t.Context(), call.Request{Target: functions("sleeps")})
		ended <- err
	}()
	time.Sleep(200 * time.Millisecond)
	began := time.Now()
	_ = pool.Close()
	if err := <-ended; !errors.Is(err, call.ErrClosed) || time.Since(began) > 5*time.Second {
		t.Errorf("after %v the call ended with %v", time.Since(began), err)
	}
	if _, err := pool.Call(t.Context(), call.Request{Target: "math:sqrt"}); !errors.Is(err, call.ErrClosed) {
		t.Errorf("a call of a closed pool: %v", err)
	}
	_ = pool.Close()
}

// TestPoolContext: waiting for a Python that is free, and the call, end with the context.
func TestPoolContext(t *testing.T) {
	pool := poolOf(t, testpy.Newest(t))
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if _, err := pool.Call(ctx, call.Request{Target: functions("sleeps")}); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
		})
	}
	all.Wait()
}
