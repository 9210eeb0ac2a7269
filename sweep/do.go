package sweep

import (
	"context"
	"errors"
)

// OnFailure is what a failure means for the other jobs.
type OnFailure int

// The choices for Options.OnFailure.
const (
	StartNoMore OnFailure = iota // those that run go on to their end
	KeepGoing
	EndAll // those that run are cancelled
)

// Options are how the jobs of a sweep are run.
type Options struct {
	Jobs      int // at a time; less than 1 is 1
	Retry     int // how often more a job is tried that failed or was lost
	OnFailure OnFailure
	// Changed is called when a job has begun, and when it has ended, by one goroutine at a time; it may be nil.
	Changed func(Change)
}

// Change is news of a job.
type Change struct {
	Status
	Index int  // of the job
	Try   int  // from 1
	Again bool // it failed, and will be tried again
	Found bool // it was begun by a process before this one
}

// Tally counts points by what became of them.
type Tally struct {
	Before  int // were done before
	Done    int // were done now
	Failed  int // at their last try
	Stopped int
	Left    int // were not begun
}

// All is the number of points.
func (t Tally) All() int { return t.Before + t.Done + t.Failed + t.Stopped + t.Left }

// Complete says whether every point is done.
func (t Tally) Complete() bool { return t.Before+t.Done == t.All() }

// Do has the executor run each job whose point is not done yet, and waits. Jobs that run already are waited for. When ctx is
// done, no more are started and those that run are cancelled; that is no error, and the tally says it. An
// error is the executor's; where it has several, the first.
func Do(ctx context.Context, exec Executor, jobs []Job, o Options) (Tally, error) {
	known, err := exec.Known(ctx)
	if err != nil {
		return Tally{}, err
	}
	d := &doing{Options: o, exec: exec, jobs: jobs, news: make(chan news)}
	d.running, d.cancel = context.WithCancel(ctx)
	defer d.cancel()
	d.sort(known)
	err = d.all()
	return d.tally, err
}

// doing is the work of Do. But for the executor, all is touched by one goroutine.
type doing struct {
	Options
	exec    Executor
	jobs    []Job
	running context.Context // done when the jobs that run must end
	cancel  func()
	queue   []task
	atWork  int
	news    chan news
	tally   Tally
	halted  bool
	err     error
}

// task is a job to be done, or to be waited for if it has a name.
type task struct {
	index int
	try   int
	name  string
}

// news is what a goroutine tells of its task.
type news struct {
	task
	status Status // of one that has ended
	began  bool   // it runs
	found  bool   // it did so before
	err    error
}

// sort parts what is done from what is to do; what runs already comes first.
func (d *doing) sort(known []Status) {
	byPoint := map[string]Status{}
	for _, s := range known {
		byPoint[s.PointID] = s
	}
	var begun, missing []task
	for i, j := range d.jobs {
		s := byPoint[j.Point.ID()]
		switch s.State {
		case Done:
			d.tally.Before++
		case Running:
			begun = append(begun, task{index: i, try: 1, name: s.Name})
		default:
			missing = append(missing, task{index: i, try: 1})
		}
	}
	d.queue = append(begun, missing...)
}

// all starts tasks and takes their news until there is nothing to wait for.
func (d *doing) all() error {
	for {
		for d.atWork < max(1, d.Jobs) && len(d.queue) > 0 && d.mayStart() {
			next := d.queue[0]
			d.queue = d.queue[1:]
			d.atWork++
			go d.run(next)
		}
		if d.atWork == 0 {
			d.tally.Left += len(d.queue)
			return d.err
		}
		d.take(<-d.news)
	}
}

func (d *doing) mayStart() bool { return !d.halted && d.running.Err() == nil }

// run runs one task to its end, in a goroutine of its own.
func (d *doing) run(t task) {
	found := t.name != ""
	if !found {
		var err error
		if t.name, err = d.exec.Submit(d.running, d.jobs[t.index]); err != nil {
			d.news <- news{task: t, err: err}
			return
		}
	}
	d.news <- news{task: t, began: true, found: found}
	status, err := d.exec.Watch(d.running, t.name)
	if err != nil && d.running.Err() != nil {
		ending := context.WithoutCancel(d.running)
		if err = d.exec.Cancel(ending, t.name); err == nil {
			status, err = d.exec.Watch(ending, t.name)
		}
	}
	d.news <- news{task: t, status: status, err: err}
}

// take notes what became of a task.
func (d *doing) take(n news) {
	if n.began {
		s := Status{Name: n.name, PointID: d.jobs[n.index].Point.ID(), State: Running}
		d.tell(Change{Status: s, Index: n.index, Try: n.try, Found: n.found})
		return
	}
	d.atWork--
	if n.err != nil {
		d.fail(n)
		return
	}
	change := Change{Status: n.status, Index: n.index, Try: n.try}
	switch n.status.State {
	case Done:
		d.tally.Done++
	case Stopped:
		d.tally.Stopped++
	default:
		if change.Again = n.try <= d.Retry && d.mayStart(); change.Again {
			d.queue = append(d.queue, task{index: n.index, try: n.try + 1})
			break
		}
		d.tally.Failed++
		d.failed()
	}
	d.tell(change)
}

// fail is an executor that cannot go on; what runs comes to its end.
func (d *doing) fail(n news) {
	d.halted = true
	if errors.Is(n.err, context.Canceled) && d.running.Err() != nil {
		d.tally.Left++ // it was about to be started when we were asked to end
		return
	}
	d.tally.Failed++
	if d.err == nil {
		d.err = n.err
	}
}

func (d *doing) failed() {
	switch d.OnFailure {
	case StartNoMore:
		d.halted = true
	case EndAll:
		d.cancel()
	case KeepGoing:
	}
}

func (d *doing) tell(c Change) {
	if d.Changed != nil {
		d.Changed(c)
	}
}
