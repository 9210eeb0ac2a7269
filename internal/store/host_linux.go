package store

import (
	"bytes"
	"fmt"
	"strings"
)

// bootID is the kernel's own, new at every start of the machine.
func bootID() string {
	id, _ := readLine("/proc/sys/kernel/random/boot_id")
	return id
}

// processStart is when a process started, in ticks since the machine did: field 22 of
// /proc/PID/stat, see proc_pid_stat(5). With the boot id it tells a process from a later one with its number.
func processStart(pid int) string {
	content, err := readUpTo(fmt.Sprintf("/proc/%d/stat", pid), maxLine)
	if err != nil {
		return ""
	}
	// The second field is the program's name in brackets, which may hold spaces, brackets and line ends.
	fields := strings.Fields(string(content[bytes.LastIndexByte(content, ')')+1:]))
	if len(fields) < 20 {
		return ""
	}
	return fields[19]
}
