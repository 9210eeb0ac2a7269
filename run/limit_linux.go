package run

import (
	"errors"
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// Limit sets limits to a program that has just been started; what it starts inherits them. They come a moment after its
// start, before a Python has read a line. A program that has ended by then is no error.
func (p *Process) Limit(l Limits) error {
	var err error
	if len(l.CPUs) > 0 {
		var set unix.CPUSet
		for _, cpu := range l.CPUs {
			set.Set(cpu)
		}
		err = unix.SchedSetaffinity(p.pid, &set)
	}
	if err == nil && l.Memory > 0 {
		most := uint64(l.Memory)
		err = unix.Prlimit(p.pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
	if err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("limiting process %d: %w", p.pid, err)
	}
	return nil
}

// CPUs are the processors that this process may run on.
func CPUs() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, fmt.Errorf("asking for our processors: %w", err)
	}
	var list []int
	for cpu := range 64 * len(set) {
		if set.IsSet(cpu) {
			list = append(list, cpu)
		}
	}
	return list, nil
}
