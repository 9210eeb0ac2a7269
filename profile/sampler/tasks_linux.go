package sampler

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/cantil-py/cantil/profile/sampler/cpython"
	"github.com/cantil-py/cantil/profile/sampler/remote"
)

// tasks knows a process's threads as the kernel has them: their numbers, names and
// whether they run.
type tasks struct {
	p     *remote.Process
	pid   int
	outer map[int]int // numbers here, by those in the process's own namespace; nil where they are the same
	tids  []int       // all threads, as they were listed last
	list  time.Time   // when that was
	files map[int]int // open /proc/PID/task/TID/syscall, -1 where it cannot be opened
	buf   [256]byte
}

func newTasks(p *remote.Process) (*tasks, error) {
	t := &tasks{p: p, pid: p.PID(), files: map[int]int{}}
	return t, t.namespace()
}

func (t *tasks) close() {
	for _, fd := range t.files {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
	clear(t.files)
}

func (t *tasks) path(tid int, file string) string {
	return fmt.Sprintf("/proc/%d/task/%d/%s", t.pid, tid, file)
}

// namespace finds out whether the process, in a container of its own, counts its
// threads otherwise.
func (t *tasks) namespace() error {
	tids, err := t.p.Tasks()
	if err != nil {
		return err
	}
	t.outer = nil
	for _, tid := range tids {
		own := t.statusField(tid, "NSpid:")
		if len(own) < 2 {
			return nil
		}
		if inner, err := strconv.Atoi(own[len(own)-1]); err == nil {
			if t.outer == nil {
				t.outer = map[int]int{}
			}
			t.outer[inner] = tid
		}
	}
	return nil
}

func (t *tasks) statusField(tid int, name string) []string {
	text, _ := os.ReadFile(t.path(tid, "status"))
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			return strings.Fields(rest)
		}
	}
	return nil
}

// tidOf is the kernel's number of a Python thread, 0 where it cannot be told.
func (t *tasks) tidOf(th cpython.Thread) int {
	if th.TID != 0 {
		if t.outer != nil {
			return t.outer[th.TID]
		}
		return th.TID
	}
	return t.searchIdent(th.Ident)
}

// glibcTID is where struct pthread of glibc on x86-64 has the thread's number (2.2 to
// 2.42); it is believed only if the process has a thread of that number.
const glibcTID = 720

// searchIdent reads the number out of the C library's description of the thread,
// which is what a pthread_t points to. Python itself keeps it from 3.11 on only.
func (t *tasks) searchIdent(ident uint64) int {
	tids, err := t.recent()
	if err != nil {
		return 0
	}
	if len(tids) == 1 {
		return tids[0]
	}
	var raw [4]byte
	if t.p.Read(ident+glibcTID, raw[:]) != nil {
		return 0
	}
	tid := int(raw[0]) | int(raw[1])<<8 | int(raw[2])<<16 | int(raw[3])<<24
	if t.outer != nil {
		tid = t.outer[tid]
	}
	if _, found := slices.BinarySearch(tids, tid); found {
		return tid
	}
	return 0
}

// recent lists the threads as they were a moment ago: for each of hundreds of threads
// anew would take longer than a tick.
func (t *tasks) recent() ([]int, error) {
	if time.Since(t.list) < listEvery {
		return t.tids, nil
	}
	tids, err := t.p.Tasks()
	if err != nil {
		return nil, err
	}
	slices.Sort(tids)
	t.tids, t.list = tids, time.Now()
	return tids, nil
}

// name is the kernel's name of the thread.
func (t *tasks) name(tid int) string {
	if tid == 0 {
		return ""
	}
	text, _ := os.ReadFile(t.path(tid, "comm"))
	return strings.TrimSuffix(string(text), "\n")
}

// state tells what the thread does. Holding the GIL is not enough: a thread may sleep
// in native code that keeps it.
func (t *tasks) state(tid int, holds bool) State {
	switch {
	case holds:
		return Holding
	case tid != 0 && t.onCPU(tid):
		return Running
	}
	return Idle
}

// onCPU asks the kernel by the file that costs least: "running", or the number of the
// system call that the thread sleeps in.
func (t *tasks) onCPU(tid int) bool {
	fd, ok := t.files[tid]
	if !ok {
		var err error
		if fd, err = unix.Open(t.path(tid, "syscall"), unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
			fd = -1
		}
		t.files[tid] = fd
	}
	if fd < 0 {
		return t.runs(tid)
	}
	n, err := unix.Pread(fd, t.buf[:], 0)
	return err == nil && bytes.HasPrefix(t.buf[:n], []byte("running"))
}

// runs is onCPU for kernels without that file: the state in stat follows the name,
// which may itself have parentheses.
func (t *tasks) runs(tid int) bool {
	text, _ := os.ReadFile(t.path(tid, "stat"))
	end := bytes.LastIndexByte(text, ')')
	return end >= 0 && end+2 < len(text) && text[end+2] == 'R'
}

// forget closes what is open of a thread that has ended.
func (t *tasks) forget(tid int) {
	if fd, ok := t.files[tid]; ok && fd >= 0 {
		unix.Close(fd)
	}
	delete(t.files, tid)
}

// childrenOf lists the processes that a process has started and that have not ended.
func childrenOf(pid int) []int {
	var children []int
	dir := fmt.Sprintf("/proc/%d/task", pid)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		text, _ := os.ReadFile(dir + "/" + e.Name() + "/children")
		for _, field := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				children = append(children, child)
			}
		}
	}
	return children
}
