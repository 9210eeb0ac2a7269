package sweep

import (
	"context"
	"errors"
)

// State is how far a job has come.
type State string

// The states of a job. Only one that is done has its result.
const (
	Running State = "running"
	Done    State = "done"    // the program ended by itself, with code 0
	Failed  State = "failed"  // with another code, by a signal, or its time was up
	Stopped State = "stopped" // it was cancelled
	Lost    State = "lost"    // nobody knows: what kept it is gone
)

// Ended says whether nothing more will happen to the job.
func (s State) Ended() bool { return s != Running }

// ErrNoJob means that the executor has no job of that name.
var ErrNoJob = errors.New("no such job")

// Job is a point to be run.
type Job struct {
	Point Point
	Args  []string // the program's arguments
}

// Status is what an executor knows of a job.
type Status struct {
	Name    string // the executor's, for the job
	PointID string
	State   State
	Code    int     // exit code, of a job that ended
	How     string  // why it failed, in words; may be empty
	Seconds float64 // how long it ran, or has run so far
}

// Executor runs the points of one sweep somewhere. Its methods may be called at the same time. Package exectest has the
// suite of tests that each must pass.
type Executor interface {
	// Known are the jobs that it has or had, also of processes that came before this one: the latest of each
	// point, or the one that is done.
	Known(ctx context.Context) ([]Status, error)
	// Submit starts a job and returns its name. Where a job of the same point is running or done, none is started and
	// the name is that one's. An error means that it could not be started, and mostly that no other could.
	Submit(ctx context.Context, j Job) (name string, err error)
	// Watch waits until the job has ended. Where ctx is done before, the error is that of ctx, and the job goes on.
	Watch(ctx context.Context, name string) (Status, error)
	// Cancel asks a job to end, with all that it started, and does not wait. One that has ended stays as it is.
	Cancel(ctx context.Context, name string) error
	// Fetch returns the folder, on this machine, with what the job left: stdout.log, stderr.log and exit.json at least.
	Fetch(ctx context.Context, name string) (folder string, err error)
}
