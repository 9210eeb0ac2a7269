package store

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// bootID is the kernel's own, new at every start of the machine.
func bootID() string {
	id, _ := readLine("/proc/sys/kernel/random/boot_id")
	return id
}

// processStart is when a process started, in ticks since the machine did. With the boot id it tells a process
// from a later one with its number.
func processStart(pid int) string {
	_, start := processState(pid)
	return start
}

// processRuns says whether the process that started then still runs. One that has ended and waits to be
// collected, a zombie, does not.
func processRuns(pid int, start string) bool {
	state, now := processState(pid)
	return start != "" && now == start && state != "Z" && state != "X"
}

// processState reads fields 3 and 22 of /proc/PID/stat, see proc_pid_stat(5); "" for no process.
func processState(pid int) (state, start string) {
	content, err := readUpTo(fmt.Sprintf("/proc/%d/stat", pid), maxLine)
	if err != nil {
		return "", ""
	}
	// The second field is the program's name in brackets, which may hold spaces, brackets and line ends.
	fields := strings.Fields(string(content[bytes.LastIndexByte(content, ')')+1:]))
	if len(fields) < 20 {
		return "", ""
	}
	return fields[0], fields[19]
}

// networkDisks are file systems that several machines may write to at once, by their number in statfs(2). Those
// that the kernel's headers lack are from the file systems' own.
var networkDisks = map[uint32]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.SMB2_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "SMB",
	unix.V9FS_MAGIC: "9p", unix.FUSE_SUPER_MAGIC: "FUSE", unix.CEPH_SUPER_MAGIC: "Ceph", unix.AFS_SUPER_MAGIC: "AFS", unix.AFS_FS_MAGIC: "AFS",
	unix.CODA_SUPER_MAGIC: "Coda", unix.OCFS2_SUPER_MAGIC: "OCFS2", unix.NCP_SUPER_MAGIC: "NetWare",
	0x0BD00BD0: "Lustre", 0x47504653: "GPFS", 0x19830326: "BeeGFS", 0x01161970: "GFS2", 0xAAD7AAEA: "PanFS", 0x786F4256: "a VirtualBox folder",
}

// networkDisk names the kind of disk that dir is on, if other machines may write to it; else "".
func networkDisk(dir string) string {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return ""
	}
	return networkDisks[uint32(stat.Type)]
}
