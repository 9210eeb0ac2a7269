package run

import (
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// process is what the tree needs to know of one.
type process struct {
	pid, parent int
	zombie      bool
	start       string
}

const stateZombie = 5 // SZOMB of sys/proc.h

// processes lists those of the machine, by id. An orphan of the tree belongs to launchd here; one that is still in
// a group of the tree, that is led by the group's first process, is counted as that one's child.
func processes() map[int]process {
	list, err := unix.SysctlKinfoProcSlice("kern.proc.all")
	if err != nil {
		return nil
	}
	all := make(map[int]process, len(list))
	for i := range list {
		p := newProcess(&list[i])
		all[p.pid] = p
	}
	return all
}

func newProcess(k *unix.KinfoProc) process {
	p := process{pid: int(k.Proc.P_pid), parent: int(k.Eproc.Ppid), zombie: k.Proc.P_stat == stateZombie}
	p.start = strconv.FormatInt(k.Proc.P_starttime.Nano(), 10)
	if p.parent == 1 && int(k.Eproc.Pgid) != p.pid {
		p.parent = int(k.Eproc.Pgid)
	}
	return p
}

func processOf(pid int) (process, bool) {
	k, err := unix.SysctlKinfoProc("kern.proc.pid", pid)
	if err != nil {
		return process{}, false
	}
	return newProcess(k), true
}

func signalOne(p process, sig syscall.Signal) {
	_ = syscall.Kill(p.pid, sig) // it may have ended
}
