package run

import (
	"bytes"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// process is what the tree needs to know of one.
type process struct {
	pid, parent, session int
	zombie               bool
	start                string // when it started, in ticks since the machine did: tells it from a later one of that id
}

// processes lists those of the machine, by id.
func processes() map[int]process {
	proc, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer proc.Close()
	names, _ := proc.Readdirnames(-1) // what could be read is what there is
	all := make(map[int]process, len(names))
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if p, ok := processOf(pid); ok {
				all[pid] = p
			}
		}
	}
	return all
}

// processOf reads /proc/PID/stat, see proc_pid_stat(5).
func processOf(pid int) (process, bool) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return process{}, false
	}
	// The second field is the program's name in brackets, which may hold spaces, brackets and line ends.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 20 {
		return process{}, false
	}
	p := process{pid: pid, zombie: fields[0] == "Z" || fields[0] == "X", start: fields[19]}
	p.parent, _ = strconv.Atoi(fields[1])
	p.session, _ = strconv.Atoi(fields[3])
	return p, true
}

// signalOne signals that process, and not a later one of its id.
func signalOne(p process, sig syscall.Signal) {
	handle, err := os.FindProcess(p.pid) // holds the process, where the kernel can
	if err != nil {
		return
	}
	defer handle.Release()
	if now, ok := processOf(p.pid); ok && now.start == p.start {
		_ = handle.Signal(sig) // it may have ended, or changed its user
	}
}
