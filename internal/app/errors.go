package app

// The errors that say whose fault it is, beside those that are cantil's own.
// The command line has an exit code for each.

// BadInput is an error in what was to be read.
type BadInput struct{ Err error }

// BadProfile is an error in a profile that was to be read.
type BadProfile struct{ Err error }

// NotFound means that the program, or the Python to run it with, is not there.
type NotFound struct{ Err error }

// NotExecutable means that it is there and cannot be run.
type NotExecutable struct{ Err error }

func (e *BadInput) Error() string { return e.Err.Error() }
func (e *BadInput) Unwrap() error { return e.Err }

func (e *BadProfile) Error() string { return e.Err.Error() }
func (e *BadProfile) Unwrap() error { return e.Err }

func (e *NotFound) Error() string { return e.Err.Error() }
func (e *NotFound) Unwrap() error { return e.Err }

func (e *NotExecutable) Error() string { return e.Err.Error() }
func (e *NotExecutable) Unwrap() error { return e.Err }
