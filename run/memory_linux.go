package run

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	firstLook   = time.Millisecond
	firstSum    = 64 * time.Millisecond // adding up a tree looks at all processes of the machine: too much for a short run
	lookPause   = 100 * time.Millisecond
	lookingCost = 50 // looking may take one part in so many of the time: 2 %
)

// memory is the most that the program, and its tree, were seen to hold.
type memory struct {
	mu        sync.Mutex
	floor     int64 // what the shim held when it started the program, which began with that maximum
	own, tree int64
}

// watchMemory looks until ended is closed.
func watchMemory(pid int, ended <-chan struct{}) *memory {
	m := &memory{floor: field("/proc/self/status", "VmHWM:")}
	m.look(pid, false)
	go m.watch(pid, ended)
	return m
}

func (m *memory) watch(pid int, ended <-chan struct{}) {
	pause := firstLook
	for {
		select {
		case <-ended:
			return
		case <-time.After(pause):
		}
		began := time.Now()
		m.look(pid, pause >= firstSum)
		pause = max(min(2*pause, lookPause), lookingCost*time.Since(began))
	}
}

func (m *memory) look(pid int, sum bool) {
	own := field("/proc/"+strconv.Itoa(pid)+"/status", "VmHWM:")
	var tree int64
	if sum {
		if all := descendants(os.Getpid()); len(all) > 1 {
			for _, p := range all {
				if oneMemory(p.parent, p.pid) {
					continue
				}
				tree += field("/proc/"+strconv.Itoa(p.pid)+"/smaps_rollup", "Pss:")
			}
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.own, m.tree = max(m.own, own), max(m.tree, tree)
}

// oneMemory says whether a child still lives in the memory of its parent, as between vfork and exec: that is not there twice.
func oneMemory(parent, child int) bool {
	const vm = 1 // KCMP_VM of kcmp(2)
	differ, _, err := unix.Syscall6(unix.SYS_KCMP, uintptr(parent), uintptr(child), vm, 0, 0, 0)
	return err == 0 && differ == 0
}

// peaks returns the most of one process, and of all.
func (m *memory) peaks(used usage) (one, tree int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	one = used.maxRSS
	if one <= m.floor && m.own > 0 {
		one = m.own
	}
	one = max(one, used.othersRSS)
	if m.tree > 0 {
		tree = max(m.tree, one)
	}
	return one, tree
}

// field reads a line as "VmHWM:   1234 kB", in bytes; 0 if the process is gone.
func field(path, name string) int64 {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	_, after, found := bytes.Cut(content, []byte("\n"+name))
	fields := bytes.Fields(after)
	if !found || len(fields) == 0 {
		return 0
	}
	kib, _ := strconv.ParseInt(string(fields[0]), 10, 64)
	return kib << 10
}
