package call

import (
	"errors"
	"fmt"
)

// ErrTimeout means that the function took longer than its Timeout and was ended, with
// every process it had started.
var ErrTimeout = errors.New("the function did not return in time")

// ErrClosed is the error of calls of a [Pool] after its Close, and of those that Close ends.
var ErrClosed = errors.New("the pool of Pythons is closed")

// errDamaged is the end of a worker whose answers cannot be trusted.
var errDamaged = errors.New("its answer is damaged: something else was written to the pipe for it")

// Exception is what the function, or the import of its module, raised.
type Exception struct {
	Type      string // "ValueError", "package.module.Error"
	Message   string // str of the exception
	Traceback string // as Python prints it, without a frame of ours
}

func (e *Exception) Error() string {
	if e.Message == "" {
		return e.Type
	}
	return e.Type + ": " + e.Message
}

// Exit means that the function called sys.exit instead of returning.
type Exit struct {
	Code    int    // what the process's exit code would have been, 0 to 255
	Message string // of sys.exit("message"), else ""
}

func (e *Exit) Error() string {
	if e.Message != "" {
		return "the function ended with sys.exit: " + e.Message
	}
	return fmt.Sprintf("the function ended with sys.exit(%d) and returned nothing", e.Code)
}

// Died means that the function's process ended before there was an answer.
type Died struct {
	Code   int    // its exit code; -1 if a signal ended it
	Signal int    // the number of the signal, or 0
	Name   string // of the signal, "SIGKILL", or ""
}

// lostChannel is the exit code of our own Python side when its pipe is gone.
const lostChannel = 113

func (e *Died) Error() string {
	switch {
	case e.Signal != 0:
		return fmt.Sprintf("the function's process was killed by %s", e.Name)
	case e.Code == lostChannel:
		return "the function closed the file descriptors of its process, the one for its answer too"
	}
	return fmt.Sprintf("the function ended its process with exit code %d and returned nothing", e.Code)
}

// TargetError means that there is no such function.
type TargetError struct {
	Target string
	Reason string
}

func (e *TargetError) Error() string { return fmt.Sprintf("finding %s: %s", e.Target, e.Reason) }

// Unsent means that what the function returned cannot be told: it has no JSON form, or
// it is larger than 2 GiB.
type Unsent struct{ Reason string }

func (e *Unsent) Error() string { return "the function returned a value, but " + e.Reason }

// Refused means that functions cannot be called with this Python.
type Refused struct{ Path, Reason string }

func (e *Refused) Error() string {
	return fmt.Sprintf("the Python at %s cannot be used: %s", e.Path, e.Reason)
}
