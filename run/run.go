package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// killAfter is how long a program has, after its context is cancelled and it was
// asked to end, before it is killed.
const killAfter = 5 * time.Second

// Command is a program to start. Env nil is ours; Dir "" is our folder.
type Command struct {
	Argv           []string // the program's path first
	Dir            string
	Env            []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Started        func(pid int) // called once it runs; may be nil
}

// Result is what became of a program that was started.
type Result struct {
	PID            int
	Started, Ended time.Time
	Code           int           // its exit code; -1 if a signal ended it
	Signal         int           // the number of the signal that ended it, or 0
	SignalName     string        // "SIGKILL"
	Wall           time.Duration // from its start to its end, by the monotonic clock
	User, System   time.Duration // processor time of it and the children it waited for
	MaxRSS         int64         // bytes: the most that it, or one child it waited for, held; 0 if not told
}

// ExitCode is what a shell would report: the program's code, or 128 and the signal.
func (r Result) ExitCode() int {
	if r.Signal != 0 {
		return 128 + r.Signal
	}
	return r.Code
}

// Run starts the program and waits for its end. The error is about starting it (it
// wraps fs.ErrNotExist or fs.ErrPermission where that was the reason); how the program
// itself ended is no error. While it runs, a SIGTERM or SIGHUP to us is passed on to it,
// and a SIGINT unless the terminal has sent it to the program already. When ctx is
// cancelled the program is asked to end, and killed 5 s later.
func Run(ctx context.Context, c Command) (Result, error) {
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	cmd.Dir, cmd.Env = c.Dir, c.Env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, c.Stdout, c.Stderr
	cmd.Cancel = func() error { return askToEnd(cmd.Process) }
	cmd.WaitDelay = killAfter

	relay := catchSignals() // before the start: none may end us and leave it running
	defer relay.stop()
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return Result{}, fmt.Errorf("starting %s: %w", c.Argv[0], err)
	}
	if c.Started != nil {
		c.Started(cmd.Process.Pid)
	}
	relay.to(cmd.Process)
	err := cmd.Wait()
	ended := time.Now()
	if cmd.ProcessState == nil {
		return Result{}, fmt.Errorf("waiting for %s: %w", c.Argv[0], err)
	}
	if err != nil && !isEnd(err) && ctx.Err() == nil {
		return Result{}, fmt.Errorf("copying the output of %s: %w", c.Argv[0], err)
	}
	return resultOf(cmd.ProcessState, started, ended), nil
}

// isEnd tells the errors of Wait that only say how the program ended.
func isEnd(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) || errors.Is(err, exec.ErrWaitDelay)
}

func resultOf(state *os.ProcessState, started, ended time.Time) Result {
	r := Result{
		PID: state.Pid(), Started: started, Ended: ended, Wall: ended.Sub(started),
		Code: state.ExitCode(), User: state.UserTime(), System: state.SystemTime(),
	}
	r.Signal, r.SignalName = signalOf(state)
	r.MaxRSS = maxRSS(state)
	return r
}
