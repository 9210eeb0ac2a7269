package sampler

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// few runs f with the oldest and the newest Python, with all when CANTIL_SLOW=1.
func few(t *testing.T, f func(t *testing.T, py testpy.Python)) {
	t.Helper()
	all := testpy.All(t)
	if os.Getenv("CANTIL_SLOW") != "1" && len(all) > 2 {
		t.Log("with the oldest and the newest only; CANTIL_SLOW=1 takes all")
		all = []testpy.Python{all[0], all[len(all)-1]}
	}
	for _, py := range all {
		t.Run("py"+py.Version, func(t *testing.T) { f(t, py) })
	}
}

// atOnce is few with all at the same time: the tests wait more than they work.
func atOnce(t *testing.T, f func(t *testing.T, py testpy.Python)) {
	t.Helper()
	t.Parallel()
	few(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		f(t, py)
	})
}

// needsQuiet skips a test of what depends on when this process and the one it reads get a processor.
func needsQuiet(t *testing.T) {
	t.Helper()
	if os.Getenv("CANTIL_QUIET") != "1" {
		t.Skip("NOT TESTED here: it needs a machine that does nothing else: make quiet")
	}
}

// run samples a process until it ends or d has passed.
func run(t *testing.T, pid int, opts Options, d time.Duration, each func(*Sample)) Counts {
	t.Helper()
	s, err := Open(pid, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	if err := s.Run(ctx, func(x *Sample) error { each(x); return nil }); err != nil {
		t.Fatal(err)
	}
	return s.Counts()
}

// has says whether a function of that name is in the stack.
func has(x *Sample, name string) bool {
	for _, f := range x.Frames {
		if last(f.Func.Name) == name {
			return true
		}
	}
	return false
}

// TestRunEndsWithTheProcess: a program that ends is no error.
func TestRunEndsWithTheProcess(t *testing.T) {
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "exit")
		n := 0
		begin := time.Now()
		c := run(t, p.pid(), Options{}, time.Minute, func(x *Sample) {
			if has(x, "busy") {
				n++
			}
		})
		if n < 10 || time.Since(begin) > 30*time.Second || c.Ticks == 0 {
			t.Errorf("%d samples of busy in %s: %+v", n, time.Since(begin), c)
		}
		if _, err := Open(p.pid(), Options{}); err == nil {
			t.Error("a process that has ended was opened")
		}
	})
}

// TestExec: a process that becomes another program is followed.
func TestExec(t *testing.T) {
	needsQuiet(t)
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "exec")
		before, after := 0, 0
		run(t, p.pid(), Options{}, time.Minute, func(x *Sample) {
			switch {
			case has(x, "act_exec"):
				before++
			case has(x, "act_after"):
				after++
			}
		})
		if before < 5 || after < 10 {
			t.Errorf("%d samples before exec, %d after", before, after)
		}
	})
}

// TestFamily: children are found, those behind a shell and forks as well.
func TestFamily(t *testing.T) {
	needsQuiet(t)
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, line := start(t, py, "acts.py", "family")
		var pids []int
		if err := json.Unmarshal([]byte(line), &pids); err != nil {
			t.Fatal(err)
		}
		seen := map[int]map[string]int{}
		run(t, p.pid(), Options{Rate: 500, Children: true}, time.Minute, func(x *Sample) {
			if seen[x.PID] == nil {
				seen[x.PID] = map[string]int{}
			}
			for _, name := range []string{"act_family", "act_child", "forked_child"} {
				if has(x, name) {
					seen[x.PID][name]++
				}
			}
		})
		if seen[p.pid()]["act_family"] < 10 || seen[pids[0]]["act_child"] < 5 || seen[pids[1]]["forked_child"] < 5 {
			t.Errorf("processes %d and %v: samples %v", p.pid(), pids, seen)
		}
	})
}

// TestManyThreads: 500 threads, each in every tick; all but one asleep.
func TestManyThreads(t *testing.T) {
	needsQuiet(t)
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "threads", "500")
		tids, busy := map[int]bool{}, 0
		c := run(t, p.pid(), Options{Rate: 100}, 400*time.Millisecond, func(x *Sample) {
			tids[x.TID] = true
			if has(x, "forever") {
				busy++
				if x.State == Idle {
					t.Error("the busy thread is said to be idle")
				}
			} else if x.State != Idle {
				t.Errorf("thread %d is %s:\n%s", x.TID, x.State, stackText(x.Frames))
			}
		})
		if len(tids) != 502 || tids[0] || busy == 0 || c.Rejects > c.Samples/100 {
			t.Errorf("%d threads, %d samples of the busy one: %+v", len(tids), busy, c)
		}
		t.Logf("%.1f ticks/s, %.1f us of CPU and %.2f reads a tick, %d dropped", float64(c.Ticks)/c.Wall.Seconds(),
			float64(c.CPU.Microseconds())/float64(c.Ticks), float64(c.Reads)/float64(c.Ticks), c.Rejects)
	})
}

// TestChurn: threads that come and go are no trouble.
func TestChurn(t *testing.T) {
	needsQuiet(t)
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "churn")
		main, others := 0, map[int]bool{}
		c := run(t, p.pid(), Options{Rate: 5000}, 500*time.Millisecond, func(x *Sample) {
			if x.TID == p.pid() {
				main++
			} else if has(x, "busy") {
				others[x.TID] = true
			}
		})
		if main < 100 || len(others) < 3 {
			t.Errorf("%d samples of the main thread, %d threads beside it: %+v", main, len(others), c)
		}
		t.Logf("%d threads met; %+v", len(others), c)
	})
}

// TestStates tells threads that sleep from those that work with and without the GIL,
// and the modes leave out what they should.
func TestStates(t *testing.T) {
	needsQuiet(t)
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "states")
		for _, mode := range []Mode{Wall, CPU, GIL} {
			states := map[string]map[State]int{}
			c := run(t, p.pid(), Options{Mode: mode}, 200*time.Millisecond, func(x *Sample) {
				for _, name := range []string{"asleep", "released", "forever"} {
					if has(x, name) {
						if states[name] == nil {
							states[name] = map[State]int{}
						}
						states[name][x.State]++
					}
				}
			})
			t.Logf("%s: %v, %+v", mode, states, c)
			asleep, released, forever := states["asleep"], states["released"], states["forever"]
			if forever[Holding] == 0 {
				t.Errorf("%s: the thread that runs Python never holds the GIL: %v", mode, states)
			}
			if asleep[Running]+asleep[Holding] > 0 || (asleep[Idle] > 0) != (mode == Wall) {
				t.Errorf("%s: the thread that sleeps: %v", mode, asleep)
			}
			if (released[Running] > 0) != (mode != GIL) || forever[Idle] > 0 && mode != Wall {
				t.Errorf("%s: the thread without the GIL: %v", mode, released)
			}
		}
	})
}

// TestShares compares shares with what the program itself has timed. While the machine
// is too busy to let the sampler run, the program's clock goes on and nobody looks;
// such a run is made again.
func TestShares(t *testing.T) {
	needsQuiet(t)
	seconds := "0.6"
	if os.Getenv("CANTIL_SLOW") == "1" {
		seconds = "5"
	}
	few(t, func(t *testing.T, py testpy.Python) {
		const attempts = 4
		for range attempts {
			c, wrong := compareShares(t, py, seconds)
			if quiet := c.Missed*50 < c.Ticks && c.MaxLate < 10*time.Millisecond; !quiet {
				continue
			}
			if wrong {
				t.Errorf("%+v", c)
			}
			return
		}
		t.Skipf("THE MACHINE IS TOO BUSY: in none of %d runs did the sampler keep its times; run this test alone", attempts)
	})
}

// compareShares runs the program once, and says whether a share is wrong.
func compareShares(t *testing.T, py testpy.Python, seconds string) (Counts, bool) {
	p, _ := start(t, py, "acts.py", "shares", seconds)
	names := []string{"loop_f", "calls_f", "generator_h"}
	var counts [3]float64
	var all float64
	c := run(t, p.pid(), Options{}, time.Minute, func(x *Sample) {
		for i, name := range names {
			if has(x, name) {
				counts[i]++
				all++
			}
		}
	})
	var want [3]float64
	if err := json.Unmarshal([]byte(p.line(t)), &want); err != nil {
		t.Fatal(err)
	}
	wrong := false
	for i, name := range names {
		got := counts[i] / all
		// Four standard errors, one failure by chance in 16,000, and a point for what is not chance.
		bound := 4*math.Sqrt(want[i]*(1-want[i])/all) + 0.01
		t.Logf("%s: %.2f %% of %.0f samples, %.2f %% of the time", name, 100*got, all, 100*want[i])
		wrong = wrong || math.Abs(got-want[i]) > bound
	}
	return c, wrong
}

// TestEachEndsRun: an error of the caller's is returned as it is.
func TestEachEndsRun(t *testing.T) {
	p, _ := start(t, testpy.Newest(t), "acts.py", "threads", "1")
	s, err := Open(p.pid(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stop := errors.New("enough")
	if err := s.Run(context.Background(), func(*Sample) error { return stop }); err != stop {
		t.Errorf("got %v", err)
	}
}

// TestNotPython: a process that is no Python is named so.
func TestNotPython(t *testing.T) {
	if _, err := Open(os.Getpid(), Options{}); err == nil {
		t.Error("a Go program was taken for Python")
	} else {
		t.Log(err)
	}
	if _, err := Open(os.Getpid(), Options{Rate: -7}); err == nil {
		t.Error("a rate of -7 was accepted")
	}
}

// TestPauseLetsGo: a process that is paused at every tick goes on, comes to its end,
// and dies of signals as ever.
func TestPauseLetsGo(t *testing.T) {
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "exit")
		c := run(t, p.pid(), Options{Pause: true}, time.Minute, func(*Sample) {})
		if err := p.cmd.Wait(); err != nil || c.Samples == 0 {
			t.Errorf("%v after %+v", err, c)
		}
		q, _ := start(t, py, "acts.py", "threads", "3")
		time.AfterFunc(200*time.Millisecond, func() { q.cmd.Process.Signal(syscall.SIGTERM) })
		run(t, q.pid(), Options{Rate: 5000, Pause: true}, time.Minute, func(*Sample) {})
		if err := q.cmd.Wait(); err == nil || err.Error() != "signal: terminated" {
			t.Errorf("ended by SIGTERM: %v", err)
		}
		r, _ := start(t, py, "acts.py", "threads", "3")
		run(t, r.pid(), Options{Pause: true}, 100*time.Millisecond, func(*Sample) {})
		s, err := Dump(r.pid())
		if err != nil || len(s.Threads) != 5 {
			t.Fatalf("%+v, %v", s, err)
		}
		c = run(t, r.pid(), Options{Mode: GIL}, 200*time.Millisecond, func(*Sample) {})
		if c.Samples == 0 {
			t.Error("nothing runs after a pause")
		}
	})
}
