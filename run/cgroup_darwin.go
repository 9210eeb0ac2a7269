package run

import (
	"os"
	"syscall"
)

// cgroup is what macOS does not have: always "".
type cgroup string

func newCgroup() cgroup { return "" }

func (cgroup) startIn(*syscall.SysProcAttr) *os.File { return nil }

func (cgroup) kill() {}

func (cgroup) remove() {}
