//go:build !linux

package run

import (
	"errors"
	"fmt"
)

// errNoLimits: other systems bound a process only from inside.
var errNoLimits = fmt.Errorf("limiting a program: %w on this system", errors.ErrUnsupported)

// Limit sets limits to a program that has just been started. Only Linux can.
func (p *Process) Limit(l Limits) error {
	if !l.Wanted() {
		return nil
	}
	return errNoLimits
}

// CPUs are the processors that this process may run on. Only Linux tells.
func CPUs() ([]int, error) { return nil, errNoLimits }
