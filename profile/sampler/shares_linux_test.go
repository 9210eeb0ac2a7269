package sampler

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"sort"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/cantil-py/cantil/internal/testpy"
)

// TestShares compares each sample with what the program did at its time, by the
// program's own clock: no part may be met more often, or less, than it ran. That holds
// on a busy machine as well, for the clock is the same.
func TestShares(t *testing.T) {
	samples := 400
	if os.Getenv("CANTIL_SLOW") == "1" {
		samples = 2000
	}
	few(t, func(t *testing.T, py testpy.Python) {
		p, _ := start(t, py, "acts.py", "shares")
		names := []string{"loop_f", "calls_f", "generator_h"}
		var met []int
		var at []time.Duration
		begin := time.Now()
		zero := monotonic(t)
		s, err := Open(p.pid(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		done := errors.New("enough")
		err = s.Run(t.Context(), func(x *Sample) error {
			for i, name := range names {
				if has(x, name) {
					met, at = append(met, i), append(at, x.Time)
				}
			}
			if len(met) >= samples {
				return done
			}
			return nil
		})
		if err != done {
			t.Fatal(err)
		}
		compareShares(t, names, met, at, s.began.Sub(begin)+zero, p)
	})
}

// monotonic is the clock that Python's time.perf_counter tells.
func monotonic(t *testing.T) time.Duration {
	t.Helper()
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		t.Fatal(err)
	}
	return time.Duration(now.Nano())
}

// compareShares asks the program when it began each part. A point and a half of a hundred,
// and two standard errors of their number, are for samples that fall between two parts, or
// whose reading was put off by the system.
func compareShares(t *testing.T, names []string, met []int, at []time.Duration, zero time.Duration, p *target) {
	t.Helper()
	if _, err := io.WriteString(p.stdin, "tell\n"); err != nil {
		t.Fatal(err)
	}
	var begun []float64
	if err := json.Unmarshal([]byte(p.line(t)), &begun); err != nil {
		t.Fatal(err)
	}
	var got, want [3]float64
	wrong := 0
	for i, part := range met {
		n := sort.SearchFloat64s(begun, (zero+at[i]).Seconds()) - 1
		if n < 0 || n >= len(begun)-1 {
			continue // before the first, or after the last
		}
		got[part]++
		want[n%3]++
		if n%3 != part {
			wrong++
		}
	}
	all := got[0] + got[1] + got[2]
	for i, name := range names {
		t.Logf("%s: %.2f %% of %.0f samples, %.2f %% by its own clock", name, 100*got[i]/all, all, 100*want[i]/all)
		if all < 100 || math.Abs(got[i]-want[i]) > 0.015*all+2*math.Sqrt(float64(wrong)) {
			t.Errorf("%s was met %.0f times, it ran at %.0f of %.0f", name, got[i], want[i], all)
		}
	}
	t.Logf("%d samples are of another part than ran by its clock", wrong)
}
