package measure

import (
	"os"
	"syscall"
)

// peak is what the kernel counted for the process; here it is in bytes.
func peak(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss
}

// OwnPeak is the peak of this process in bytes: no figure of a child can be below it.
func OwnPeak() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return usage.Maxrss
}
