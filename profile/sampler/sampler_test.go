package sampler

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
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

// look samples a process until enough says so, which also looks at each sample. It is an
// error if that does not come about within a minute, however busy the machine is.
func look(t *testing.T, pid int, opts Options, enough func(*Sample) bool) Counts {
	t.Helper()
	s, err := Open(pid, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	done := errors.New("enough")
	if err := s.Run(ctx, func(x *Sample) error {
		if enough(x) {
			return done
		}
		return nil
	}); err != done {
		t.Errorf("what is looked for did not come about: %v, %+v", err, s.Counts())
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
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "exec")
		before, after := 0, 0
		look(t, p.pid(), Options{}, func(x *Sample) bool {
			switch {
			case has(x, "act_exec"):
				if before++; before == 5 {
					if _, err := io.WriteString(p.stdin, "go on\n"); err != nil {
						t.Error(err)
					}
				}
			case has(x, "act_after"):
				after++
			}
			return after >= 10
		})
		if before < 5 {
			t.Errorf("%d samples before exec, %d after", before, after)
		}
	})
}

// TestFamily: children are found, those behind a shell and forks as well.
func TestFamily(t *testing.T) {
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, line := start(t, py, "acts.py", "family")
		var pids []int
		if err := json.Unmarshal([]byte(line), &pids); err != nil {
			t.Fatal(err)
		}
		type place struct {
			pid int
			in  string
		}
		seen := map[place]int{}
		missing := []place{{p.pid(), "act_family"}, {pids[0], "act_child"}, {pids[1], "forked_child"}}
		look(t, p.pid(), Options{Rate: 500, Children: true}, func(x *Sample) bool {
			for _, one := range missing {
				if x.PID == one.pid && has(x, one.in) {
					seen[one]++
				}
			}
			return !slices.ContainsFunc(missing, func(one place) bool { return seen[one] < 5 })
		})
		t.Log(seen)
	})
}

// TestManyThreads: 500 threads, each in every tick; all but one asleep.
func TestManyThreads(t *testing.T) {
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "threads", "500")
		asleep, busy, ticks := map[int]bool{}, 0, map[time.Duration]int{}
		c := look(t, p.pid(), Options{Rate: 100}, func(x *Sample) bool {
			ticks[x.Time]++
			if has(x, "forever") {
				if busy++; x.State == Idle && py.Minor >= 12 {
					t.Error("the busy thread is said to be idle, though it holds the GIL")
				}
			} else if x.State == Idle {
				asleep[x.TID] = true
			} else if asleep[x.TID] { // else it is still on its way to sleep
				t.Errorf("thread %d is %s:\n%s", x.TID, x.State, stackText(x.Frames))
			}
			return len(asleep) >= 501 && busy >= 5 && len(ticks) > 10
		})
		most := 0
		for _, n := range ticks {
			most = max(most, n)
		}
		if len(asleep) != 501 || asleep[0] || most != 502 || c.Rejects > c.Samples/100 {
			t.Errorf("%d threads asleep, %d at one tick, %d samples of the busy one: %+v", len(asleep), most, busy, c)
		}
		t.Logf("%.1f ticks/s, %.1f us of CPU and %.2f reads a tick, %d dropped", float64(c.Ticks)/c.Wall.Seconds(),
			float64(c.CPU.Microseconds())/float64(c.Ticks), float64(c.Reads)/float64(c.Ticks), c.Rejects)
	})
}

// TestChurn: threads that come and go are no trouble.
func TestChurn(t *testing.T) {
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "churn")
		main, others := 0, map[int]bool{}
		c := look(t, p.pid(), Options{Rate: 5000}, func(x *Sample) bool {
			if x.TID == p.pid() {
				main++
			} else if has(x, "busy") {
				others[x.TID] = true
			}
			return main >= 100 && len(others) >= 3
		})
		t.Logf("%d threads met; %+v", len(others), c)
	})
}

// TestStates tells threads that sleep from those that work with and without the GIL,
// and the modes leave out what they should.
func TestStates(t *testing.T) {
	atOnce(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "states")
		wanted := map[Mode][]string{Wall: {"asleep idle", "released running", "forever gil"}, CPU: {"released running", "forever gil"}, GIL: {"forever gil"}}
		for _, mode := range []Mode{Wall, CPU, GIL} {
			seen := map[string]int{}
			settled := false
			look(t, p.pid(), Options{Mode: mode}, func(x *Sample) bool {
				for _, name := range []string{"asleep", "released", "forever"} {
					if has(x, name) {
						seen[name+" "+x.State.String()]++
						settled = settled || name == "asleep" && x.State == Idle
						if name == "asleep" && (settled || mode != Wall) && x.State != Idle {
							t.Errorf("%s: the thread that sleeps is %s", mode, x.State)
						}
					}
				}
				if mode == CPU && x.State == Idle || mode == GIL && x.State != Holding {
					t.Errorf("%s: a thread that is %s", mode, x.State)
				}
				return !slices.ContainsFunc(wanted[mode], func(s string) bool { return seen[s] < 3 })
			})
			t.Logf("%s: %v", mode, seen)
		}
	})
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
