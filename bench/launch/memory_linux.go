package launch

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// firstLook: shorter runs are over before they are looked at, and cost nothing.
	firstLook = 2 * time.Millisecond
	// lookPause lies between two looks, once a run is long.
	lookPause = 20 * time.Millisecond
	// lookingCost: looking takes at most one part in so many of the processor's time, and that of another one where there are two.
	lookingCost = 50
	// mostLookedAt bounds a look at a program that does nothing but fork.
	mostLookedAt = 10_000
	// kcmpVM asks kcmp(2) whether two processes have one memory.
	kcmpVM = 1
)

// together looks, again and again, at what a program and all that it started hold together. Of one process the kernel keeps
// the peak; of several nobody does.
type together struct {
	pid   int
	start uint64 // when it started, once that is asked for

	mu    sync.Mutex
	timer *time.Timer
	pause time.Duration
	ended bool
	most  int64 // 0 as long as there was one process only
}

// watchTogether begins to look; ended must be called.
func watchTogether(pid int) *together {
	w := &together{pid: pid, pause: firstLook}
	w.mu.Lock() // the first look needs the timer
	defer w.mu.Unlock()
	w.timer = time.AfterFunc(w.pause, w.look)
	return w
}

func (w *together) look() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	began := threadTime()
	held := w.held()
	cost := threadTime() - began
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return // the ids may be others' by now
	}
	w.most = max(w.most, held)
	w.pause = max(min(2*w.pause, lookPause), lookingCost*cost)
	w.timer.Reset(w.pause)
}

// threadTime is what this thread has taken of a processor: on a busy machine the clock tells of others.
func threadTime() time.Duration {
	var used unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// end ends it, and is the most that was seen of several processes, in bytes; 0 if there was one only.
func (w *together) end() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	w.timer.Stop()
	return w.most
}

// held is what all processes hold now, pages that several have counted once; 0 if there is one process only.
func (w *together) held() (sum int64) {
	all := w.processes()
	if len(all) < 2 {
		return 0
	}
	for _, p := range all {
		if p.parent == 0 || !oneMemory(p.parent, p.pid) {
			sum += kibField("/proc/"+strconv.Itoa(p.pid)+"/smaps_rollup", "\nPss:")
		}
	}
	return sum
}

// member is a process of the tree. Its parent is 0 if that is not of the tree.
type member struct{ pid, parent int }

// processes are the program, what descends from it, and what it has orphaned: those have become ours.
func (w *together) processes() []member {
	list := []member{{pid: w.pid}}
	for _, child := range children(os.Getpid()) {
		if child != w.pid && w.later(child) {
			list = append(list, member{pid: child})
		}
	}
	for i := 0; i < len(list) && len(list) < mostLookedAt; i++ {
		for _, child := range children(list[i].pid) {
			list = append(list, member{child, list[i].pid})
		}
	}
	return list
}

// later says whether a process of ours was started with the program or after it: what an earlier
// run left does not count.
func (w *together) later(pid int) bool {
	if w.start == 0 {
		w.start = startOf(w.pid)
	}
	return startOf(pid) >= w.start
}

// startOf is when a process started, in ticks since the machine did; 0 if it is gone. See proc_pid_stat(5).
func startOf(pid int) uint64 {
	const place = 19 // behind the program's name, which may hold anything
	stat, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) <= place {
		return 0
	}
	ticks, _ := strconv.ParseUint(fields[place], 10, 64)
	return ticks
}

// children are those of all threads of a process; none if it is gone.
func children(pid int) (list []int) {
	folder := "/proc/" + strconv.Itoa(pid) + "/task"
	tasks, _ := os.ReadDir(folder)
	for _, task := range tasks {
		ids, _ := os.ReadFile(folder + "/" + task.Name() + "/children")
		for _, field := range strings.Fields(string(ids)) {
			if id, err := strconv.Atoi(field); err == nil {
				list = append(list, id)
			}
		}
	}
	return list
}

// oneMemory says whether a child still lives in the memory of its parent, as between vfork and exec: that is not there twice.
func oneMemory(parent, child int) bool {
	differ, _, err := unix.Syscall6(unix.SYS_KCMP, uintptr(parent), uintptr(child), kcmpVM, 0, 0, 0)
	return err == 0 && differ == 0
}

// kibField reads a line as "Pss:   1234 kB", in bytes; 0 if there is none.
func kibField(path, name string) int64 {
	content, _ := os.ReadFile(path)
	_, after, _ := bytes.Cut(content, []byte(name))
	kib, _, _ := strings.Cut(strings.TrimSpace(string(after[:min(len(after), 40)])), " ")
	n, _ := strconv.ParseInt(kib, 10, 64)
	return n << 10
}
