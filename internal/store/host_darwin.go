package store

import (
	"strconv"

	"golang.org/x/sys/unix"
)

// bootID is the kernel's own, new at every start of the machine.
func bootID() string {
	id, err := unix.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return ""
	}
	return id
}

// processStart is when a process started, in nanoseconds since 1970.
func processStart(pid int) string {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return ""
	}
	return strconv.FormatInt(info.Proc.P_starttime.Nano(), 10)
}
