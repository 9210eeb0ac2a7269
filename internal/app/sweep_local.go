package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
	"github.com/cantil-py/cantil/sweep"
)

const (
	pointTag = "point:"
	// lookEvery is how often a run is looked at that another process began.
	lookEvery = 20 * time.Millisecond
)

// localExecutor runs points on this machine, each as an ordinary run with the tags of its sweep and its point. Who holds the lock of the
// sweep has one.
type localExecutor struct {
	program RunOptions
	tag     string // of the sweep
	how     SweepHow
	cpus    chan []int // processors that are free; nil where none are set apart
	spare   spareShim

	mu   sync.Mutex
	jobs map[string]*localJob    // those that this process began, by the run
	last map[string]sweep.Status // of each point
}

// localJob is a run of this process.
type localJob struct {
	point  string
	cancel func()
	ended  chan struct{} // closed; from then on
	status sweep.Status
	err    error
}

// newLocalExecutor runs the program, and keeps its runs in the store that it names.
func newLocalExecutor(program RunOptions, tag string, how SweepHow) (*localExecutor, error) {
	x := &localExecutor{program: program, tag: tag, how: how, jobs: map[string]*localJob{}, last: map[string]sweep.Status{}}
	if how.CPUs == 0 {
		return x, nil
	}
	all, err := run.CPUs()
	if err != nil {
		return nil, err
	}
	if len(all) < how.CPUs*max(1, how.Jobs) {
		return nil, fmt.Errorf("setting processors apart: %d jobs with %d each need %d, and there are %d", max(1, how.Jobs), how.CPUs, how.CPUs*max(1, how.Jobs), len(all))
	}
	x.cpus = make(chan []int, len(all)/how.CPUs)
	for i := range cap(x.cpus) {
		x.cpus <- all[i*how.CPUs : (i+1)*how.CPUs]
	}
	return x, nil
}

// Known reads the runs of the sweep.
func (x *localExecutor) Known(context.Context) ([]sweep.Status, error) {
	entries, err := x.program.home.Tagged(x.tag)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	list := make([]sweep.Status, 0, len(entries))
	for _, e := range latestRuns(entries) {
		if e.Status == store.StatusElsewhere {
			return nil, fmt.Errorf("run %s was started on %s and has not ended; if it is gone, remove it: cantil runs rm %s", e.ID, e.Host, e.ID)
		}
		s := statusOfRun(e)
		x.last[s.PointID] = s
		list = append(list, s)
	}
	return list, nil
}

// latestRuns are the runs that count, one of each point: the first that is done, else the last. A folder whose program never began is none.
func latestRuns(entries []store.Entry) map[string]store.Entry {
	latest := map[string]store.Entry{}
	for _, e := range entries {
		point := pointOf(e)
		before, seen := latest[point]
		if point == "" || e.Command == "" || seen && stateOfRun(before) == sweep.Done {
			continue
		}
		latest[point] = e
	}
	return latest
}

// pointOf is the id of a run's point, or "".
func pointOf(e store.Entry) string {
	for _, tag := range e.Tags {
		if id, ok := strings.CutPrefix(tag, pointTag); ok {
			return id
		}
	}
	return ""
}

func stateOfRun(e store.Entry) sweep.State {
	switch {
	case e.Status == string(run.Exited) && e.Code == 0:
		return sweep.Done
	case e.Status == string(run.Stopped):
		return sweep.Stopped
	case e.HasEnded():
		return sweep.Failed
	case e.Status == store.StatusRunning, e.Status == store.StatusElsewhere:
		return sweep.Running
	}
	return sweep.Lost
}

func statusOfRun(e store.Entry) sweep.Status {
	return sweep.Status{Name: e.ID, PointID: pointOf(e), State: stateOfRun(e), Code: e.Code, How: e.Signal, Seconds: e.Wall}
}

// Submit starts a run, unless one of the point runs or is done.
func (x *localExecutor) Submit(ctx context.Context, j sweep.Job) (string, error) {
	point := j.Point.ID()
	x.mu.Lock()
	last, begun := x.last[point]
	x.mu.Unlock()
	if begun && (last.State == sweep.Done || last.State == sweep.Running) {
		return last.Name, nil
	}
	cpus, err := x.takeCPUs(ctx)
	if err != nil {
		return "", err
	}
	job, name, err := x.start(ctx, j, cpus)
	if err != nil {
		x.giveCPUs(cpus)
		return "", err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.jobs[name] = job
	x.last[point] = sweep.Status{Name: name, PointID: point, State: sweep.Running}
	return name, nil
}

func (x *localExecutor) takeCPUs(ctx context.Context) ([]int, error) {
	if x.cpus == nil {
		return nil, ctx.Err()
	}
	select {
	case cpus := <-x.cpus:
		return cpus, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (x *localExecutor) giveCPUs(cpus []int) {
	if cpus != nil {
		x.cpus <- cpus
	}
}

// start starts the program, and a goroutine that waits for its end.
func (x *localExecutor) start(ctx context.Context, j sweep.Job, cpus []int) (*localJob, string, error) {
	o := x.program
	o.Args = j.Args
	o.tags = []string{x.tag, pointTag + j.Point.ID()}
	o.Argv = o.ordinary()
	o.spare = x.spare.take()
	python, kept, err := o.open(ctx)
	if err != nil {
		return nil, "", err
	}
	living, cancel := context.WithCancel(context.WithoutCancel(ctx)) // it ends when it is cancelled, not with who asked for it
	process, err := o.begin(living, python, kept)
	if err == nil {
		err = process.Limit(run.Limits{CPUs: cpus, Memory: x.how.Memory})
	}
	if err != nil {
		cancel()
		return nil, "", err
	}
	job := &localJob{point: j.Point.ID(), cancel: cancel, ended: make(chan struct{})}
	go x.wait(job, process, kept.ID, cpus)
	go x.spare.prepare()
	return job, kept.ID, nil
}

// close ends what is there for jobs to come.
func (x *localExecutor) close() { x.spare.close() }

// ordinary is the command line that would make such a run alone.
func (o *RunOptions) ordinary() []string {
	argv := []string{"cantil", "run"}
	if o.Timeout > 0 {
		argv = append(argv, "--timeout", o.Timeout.String())
	}
	if len(o.Keep) > 0 {
		argv = append(argv, "--keep", strings.Join(o.Keep, ","))
	}
	if o.Module {
		argv = append(argv, "-m")
	}
	return append(append(argv, o.Program), o.Args...)
}

// wait notes how the job ended.
func (x *localExecutor) wait(job *localJob, process *run.Process, name string, cpus []int) {
	outcome, err := process.Wait()
	if errors.Is(err, run.ErrLost) {
		err = nil
	}
	x.mu.Lock()
	job.status, job.err = statusOfOutcome(name, job.point, outcome), err
	x.last[job.point] = job.status
	x.mu.Unlock()
	job.cancel()
	x.giveCPUs(cpus)
	close(job.ended)
}

// statusOfOutcome is that of a run that has ended; without an outcome it was lost.
func statusOfOutcome(name, point string, o run.Outcome) sweep.Status {
	s := sweep.Status{Name: name, PointID: point, State: sweep.Lost, Code: o.Code, Seconds: o.Wall}
	switch {
	case o.Status == run.Exited && o.Code == 0:
		s.State = sweep.Done
	case o.Status == run.Stopped:
		s.State = sweep.Stopped
	case o.Status != "":
		s.State = sweep.Failed
		s.How = (&RunResult{Outcome: o}).How()
	}
	return s
}

// Watch waits for a run of ours, or looks at one of another process again and again.
func (x *localExecutor) Watch(ctx context.Context, name string) (sweep.Status, error) {
	x.mu.Lock()
	job := x.jobs[name]
	x.mu.Unlock()
	if job == nil {
		return x.look(ctx, name)
	}
	select {
	case <-job.ended:
		return job.status, job.err
	case <-ctx.Done():
		return sweep.Status{}, ctx.Err()
	}
}

func (x *localExecutor) look(ctx context.Context, name string) (sweep.Status, error) {
	for {
		e, err := x.entry(name)
		if err != nil {
			return sweep.Status{}, err
		}
		if s := statusOfRun(e); s.State.Ended() {
			x.mu.Lock()
			x.last[s.PointID] = s
			x.mu.Unlock()
			return s, nil
		}
		select {
		case <-ctx.Done():
			return sweep.Status{}, ctx.Err()
		case <-time.After(lookEvery):
		}
	}
}

// entry is the run of that name, if it is of this sweep.
func (x *localExecutor) entry(name string) (store.Entry, error) {
	e := store.ReadEntry(x.program.home.RunDir(name))
	if pointOf(e) == "" {
		return e, fmt.Errorf("%w: %s", sweep.ErrNoJob, name)
	}
	return e, nil
}

// Cancel asks the run to end.
func (x *localExecutor) Cancel(_ context.Context, name string) error {
	x.mu.Lock()
	job := x.jobs[name]
	x.mu.Unlock()
	if job != nil {
		job.cancel()
		return nil
	}
	e, err := x.entry(name)
	if err != nil || e.Status != store.StatusRunning {
		return err
	}
	asked, err := store.ReadAsked(e.Dir)
	if err != nil {
		return err
	}
	if err := run.Stop(asked.PID, asked.ProcessStart); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stopping run %s: %w", name, err)
	}
	return nil
}

// Fetch has nothing to fetch: the folder is here.
func (x *localExecutor) Fetch(_ context.Context, name string) (string, error) {
	e, err := x.entry(name)
	return e.Dir, err
}
