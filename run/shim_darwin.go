package run

import (
	"os"
	"syscall"
)

const (
	maxRSSUnit = 1        // macOS counts ru_maxrss in bytes
	pipeSize   = 64 << 10 // the most that a pipe holds
)

func shimPath() (string, error) { return os.Executable() }

// adoptOrphans does nothing: macOS gives all orphans to launchd.
func adoptOrphans() {}

func nameProcess() {}

func programAttr() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func enlarge(int) {}

func copyPipe(s *stream) (int64, error) { return copyBytes(s) }
