package run

import (
	"context"
	"errors"
	"sync/atomic"
)

// ErrLost is what Wait returns when the shim was killed: what became of the run is not known. Its output up to
// then is in the folder.
var ErrLost = errors.New("the process that kept the run was killed")

// errNoShim keeps a program that forgot to call Shim from starting itself for ever.
var errNoShim = errors.New("starting a program: run.Shim was not called; it must be the first call of main, or of TestMain")

// shimCalled is the one variable of the package that changes, once: Start must know that its own executable,
// started again, will become a shim.
var shimCalled atomic.Bool

// Start starts the program under a shim and returns once it runs. Where the program could not be started, the
// error wraps what the system said: fs.ErrNotExist, fs.ErrPermission. When ctx is done, the run is ended as by
// Process.Stop; it outlives this process, though, if nobody ends it.
func Start(ctx context.Context, spec Spec) (*Process, error) {
	prepared, err := Prepare()
	if err != nil {
		return nil, err
	}
	return prepared.Start(ctx, spec)
}
