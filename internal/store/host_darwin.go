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

// zombie is SZOMB of sys/proc.h: a process that has ended and waits to be collected.
const zombie = 5

// processRuns says whether the process that started then still runs; a zombie does not.
func processRuns(pid int, start string) bool {
	info, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	return err == nil && info.Proc.P_stat != zombie && strconv.FormatInt(info.Proc.P_starttime.Nano(), 10) == start
}

// networkDisk names the kind of disk that dir is on, if it is not this machine's own; else "".
func networkDisk(dir string) string {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil || stat.Flags&unix.MNT_LOCAL != 0 {
		return ""
	}
	return unix.ByteSliceToString(stat.Fstypename[:])
}
