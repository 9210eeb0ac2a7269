package sweep

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fake is an executor whose jobs end as a script says, in the order in which they were begun.
type fake struct {
	mu      sync.Mutex
	known   []Status
	ends    map[string][]State // of each point's text, one for each try; Done where there is none
	submits []string           // texts of the points, as they were begun
	atOnce  int
	most    int
	jobs    map[string]*fakeJob
	refuse  error
}

type fakeJob struct {
	status Status
	cancel chan struct{}
	once   sync.Once
}

func (f *fake) Known(context.Context) ([]Status, error) { return f.known, nil }

func (f *fake) Submit(_ context.Context, j Job) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse != nil {
		return "", f.refuse
	}
	text := j.Point.Text([]string{"n"})
	state := Done
	if ends := f.ends[text]; len(ends) > 0 {
		state, f.ends[text] = ends[0], ends[1:]
	}
	f.submits = append(f.submits, text)
	name := fmt.Sprintf("job%d", len(f.submits))
	if f.jobs == nil {
		f.jobs = map[string]*fakeJob{}
	}
	f.jobs[name] = &fakeJob{status: Status{Name: name, PointID: j.Point.ID(), State: state}, cancel: make(chan struct{})}
	f.atOnce++
	f.most = max(f.most, f.atOnce)
	return name, nil
}

// Watch waits for a Running job until it is cancelled.
func (f *fake) Watch(ctx context.Context, name string) (Status, error) {
	f.mu.Lock()
	j := f.jobs[name]
	f.mu.Unlock()
	if j == nil { // of before
		for _, s := range f.known {
			if s.Name == name {
				s.State = Done
				return s, nil
			}
		}
		return Status{}, ErrNoJob
	}
	if j.status.State == Running {
		select {
		case <-ctx.Done():
			return Status{}, ctx.Err()
		case <-j.cancel:
			j.status.State = Stopped
		}
	} else {
		time.Sleep(time.Millisecond)
	}
	f.mu.Lock()
	f.atOnce--
	f.mu.Unlock()
	return j.status, nil
}

func (f *fake) Cancel(_ context.Context, name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	j := f.jobs[name]
	j.once.Do(func() { close(j.cancel) })
	return nil
}

func (f *fake) Fetch(context.Context, string) (string, error) { return "", errors.ErrUnsupported }

func jobs(n int) []Job {
	var list []Job
	for i := range n {
		list = append(list, Job{Point: Point{Settings{"n": {fmt.Sprint(i)}}, 1}})
	}
	return list
}

func TestDo(t *testing.T) {
	twice := []State{Failed, Failed, Done}
	for _, c := range []struct {
		name    string
		ends    map[string][]State
		options Options
		want    Tally
		submits int // how many times a job is begun
	}{
		{"all well", nil, Options{Jobs: 3}, Tally{Done: 8}, 8},
		{"one at a time", nil, Options{}, Tally{Done: 8}, 8},
		{"a failure stops what has not begun", map[string][]State{"n=2": {Failed}}, Options{Jobs: 1}, Tally{Done: 2, Failed: 1, Left: 5}, 3},
		{"keep going", map[string][]State{"n=2": {Failed}, "n=5": {Lost}}, Options{Jobs: 2, OnFailure: KeepGoing}, Tally{Done: 6, Failed: 2}, 8},
		{"tried again", map[string][]State{"n=2": slices.Clone(twice)}, Options{Jobs: 2, Retry: 2}, Tally{Done: 8}, 10},
		{"tried too often", map[string][]State{"n=2": slices.Clone(twice)}, Options{Jobs: 1, Retry: 1, OnFailure: KeepGoing}, Tally{Done: 7, Failed: 1}, 9},
		{"end all", map[string][]State{"n=0": {Running}, "n=1": {Failed}}, Options{Jobs: 2, OnFailure: EndAll}, Tally{Failed: 1, Stopped: 1, Left: 6}, 2},
	} {
		f := &fake{ends: c.ends}
		tally, err := Do(context.Background(), f, jobs(8), c.options)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, tally); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if len(f.submits) != c.submits || f.most > max(1, c.options.Jobs) {
			t.Errorf("%s: %d jobs were begun, not %d; %d at a time", c.name, len(f.submits), c.submits, f.most)
		}
		if tally.All() != 8 {
			t.Errorf("%s: the tally counts %d of 8 points", c.name, tally.All())
		}
	}
}

// TestDoResumes: what is done is not begun, what runs is waited for, all else is begun.
func TestDoResumes(t *testing.T) {
	list := jobs(5)
	states := []State{Done, Running, Failed, Stopped}
	f := &fake{}
	for i, s := range states {
		f.known = append(f.known, Status{Name: fmt.Sprintf("old%d", i), PointID: list[i].Point.ID(), State: s})
	}
	var found []string
	tally, err := Do(context.Background(), f, list, Options{Jobs: 2, Changed: func(c Change) {
		if c.Found {
			found = append(found, c.Name)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Tally{Before: 1, Done: 4}, tally); diff != "" {
		t.Error(diff)
	}
	slices.Sort(f.submits)
	if got := strings.Join(f.submits, " "); got != "n=2 n=3 n=4" {
		t.Errorf("begun were %s", got)
	}
	if len(found) != 1 || found[0] != "old1" {
		t.Errorf("found to run were %v", found)
	}
}

// TestDoIsStopped: when ctx is done, what runs is cancelled and nothing more is begun.
func TestDoIsStopped(t *testing.T) {
	f := &fake{ends: map[string][]State{"n=1": {Running}, "n=2": {Running}}}
	ctx, cancel := context.WithCancel(context.Background())
	begun := 0
	tally, err := Do(ctx, f, jobs(6), Options{Jobs: 2, Changed: func(c Change) {
		if !c.State.Ended() {
			if begun++; begun == 3 {
				cancel()
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Tally{Done: 1, Stopped: 2, Left: 3}, tally); diff != "" {
		t.Error(diff)
	}
}

// TestDoFails: an executor that cannot start a job ends the sweep with its error.
func TestDoFails(t *testing.T) {
	refused := errors.New("no room")
	tally, err := Do(context.Background(), &fake{refuse: refused}, jobs(4), Options{Jobs: 2, OnFailure: KeepGoing})
	if !errors.Is(err, refused) {
		t.Errorf("the error is %v", err)
	}
	if tally.Done != 0 || tally.All() != 4 || tally.Failed < 1 || tally.Failed > 2 {
		t.Errorf("the tally is %+v", tally)
	}
}

func TestLeft(t *testing.T) {
	second := time.Second
	if _, _, ok := Left([]time.Duration{second, second}, 3, nil, 1); ok {
		t.Error("two jobs are enough to tell")
	}
	same := []time.Duration{2 * second, 2 * second, 2 * second}
	for _, c := range []struct {
		waiting int
		running []time.Duration
		workers int
		want    time.Duration
	}{
		{4, nil, 1, 8 * second},
		{4, nil, 2, 4 * second},
		{3, []time.Duration{second}, 2, 3500 * time.Millisecond},
		{0, []time.Duration{second, 500 * time.Millisecond}, 2, 1500 * time.Millisecond}, // the longest
		{1, []time.Duration{2 * second}, 8, 2 * second},
		{0, []time.Duration{9 * second}, 1, 0},
	} {
		low, high, ok := Left(same, c.waiting, c.running, c.workers)
		if !ok || low != c.want || high != c.want {
			t.Errorf("%d waiting, %v running on %d: %v to %v, want %v", c.waiting, c.running, c.workers, low, high, c.want)
		}
	}
	low, high, _ := Left([]time.Duration{second, 2 * second, 3 * second}, 12, nil, 1)
	// Mean 2, deviation 1: 24 s give or take 1.96 * sqrt(12 + 144/3).
	if off := 1.96 * math.Sqrt(60); math.Abs(low.Seconds()-(24-off)) > 1e-6 || math.Abs(high.Seconds()-(24+off)) > 1e-6 {
		t.Errorf("%v to %v, want 24 s +- %.2f", low, high, off)
	}
}

func TestMeans(t *testing.T) {
	result := func(lr, opt string, figure float64) Result {
		return Result{Point{Settings{"lr": {lr}, "opt": {opt}}, 1}, figure}
	}
	list := []Result{result("1e-1", "sgd", 4), result("0.01", "adam", 1), result("1e-1", "adam", 2), result("0.01", "sgd", math.NaN()), {Point{nil, 1}, 7}}
	want := []Mean{{"0.01", 1, 1, 1, 1}, {"1e-1", 3, 2, 4, 2}}
	if diff := cmp.Diff(want, Means(list, "lr")); diff != "" {
		t.Error(diff)
	}
	want = []Mean{{"sgd", 4, 4, 4, 1}, {"adam", 1.5, 1, 2, 2}}
	if diff := cmp.Diff(want, Means(list, "opt")); diff != "" {
		t.Error(diff)
	}
	var many []Result
	for i := range 40 {
		many = append(many, result(fmt.Sprint(39-i), "x", float64(39-i)))
	}
	want = []Mean{{"0 to 9", 4.5, 0, 9, 10}, {"10 to 19", 14.5, 10, 19, 10}, {"20 to 29", 24.5, 20, 29, 10}, {"30 to 39", 34.5, 30, 39, 10}}
	if diff := cmp.Diff(want, Means(many, "lr")); diff != "" {
		t.Error(diff)
	}
}
