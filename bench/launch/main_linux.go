package launch

import (
	"encoding/binary"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// maxRSSUnit: Linux counts ru_maxrss in KiB.
const maxRSSUnit = 1 << 10

// launcherPath is this executable, also after its file was replaced.
func launcherPath() (string, error) { return "/proc/self/exe", nil }

// launcherEnv: one processor to wait, one to look meanwhile; garbage is collected between the runs, by us.
func launcherEnv() []string { return []string{"GOMAXPROCS=2", "GOGC=off"} }

// settle gives back what was needed only to come up, and begins a new peak: what is left counts into the peak of
// every program. Whatever of it cannot be done leaves the floor higher, which is told.
func settle() {
	debug.FreeOSMemory()
	smaps, _ := os.ReadFile("/proc/self/smaps") // see proc(5)
	var mapping []string
	for line := range strings.Lines(string(smaps)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) >= 5 && strings.Contains(fields[0], "-"):
			mapping = fields
		case len(fields) >= 2 && fields[0] == "Anonymous:" && fields[1] == "0":
			dropPages(mapping) // none of its pages was written to: a linker's corrections would be lost
		}
	}
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// dropPages gives back the pages of a mapping if they come back from their file when they are needed, which few are.
func dropPages(mapping []string) {
	if len(mapping) < 6 || !strings.HasPrefix(mapping[5], "/") || mapping[1] != "r-xp" && mapping[1] != "r--p" {
		return
	}
	first, last, _ := strings.Cut(mapping[0], "-")
	from, errFrom := strconv.ParseUint(first, 16, 64)
	to, errTo := strconv.ParseUint(last, 16, 64)
	if errFrom == nil && errTo == nil {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, uintptr(from), uintptr(to-from), unix.MADV_DONTNEED)
	}
}

func programAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// highWater is the most that this process has held.
func highWater() int64 { return kibField("/proc/self/status", "\nVmHWM:") }

// adopt makes this process the parent of all that its programs leave behind.
func adopt() {
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) // since Linux 3.4
}

// killAdopted ends what has left the program's group: with the launcher as subreaper such processes become its children.
func killAdopted() {
	for _, pid := range children(os.Getpid()) {
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended
	}
}

// event is something that the kernel counts.
type event = unix.PerfEventAttr

// instructions are those that the programs execute, outside of the kernel.
var instructions = event{Type: unix.PERF_TYPE_HARDWARE, Config: unix.PERF_COUNT_HW_INSTRUCTIONS}

// counter counts an event in the one program that this thread starts next. It is inherited by what the thread
// starts, and turned on by exec, which the thread itself never calls. Afterwards it is of no use for another program: the
// kernel may have given it to that one and a copy to the thread.
type counter struct{ fd int }

// openCounter is nil where the kernel does not count that.
func openCounter(e event) *counter {
	e.Size = unix.PERF_ATTR_SIZE_VER5
	e.Bits = unix.PerfBitDisabled | unix.PerfBitInherit | unix.PerfBitEnableOnExec | unix.PerfBitExcludeKernel | unix.PerfBitExcludeHv
	fd, err := unix.PerfEventOpen(&e, 0, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
	if err != nil {
		return nil
	}
	return &counter{fd}
}

// read is the count, if there is one.
func (c *counter) read() (count int64, ok bool) {
	var b [8]byte
	if c == nil {
		return 0, false
	}
	n, err := unix.Read(c.fd, b[:])
	return int64(binary.NativeEndian.Uint64(b[:])), err == nil && n == len(b)
}

func (c *counter) close() {
	if c != nil {
		_ = unix.Close(c.fd)
	}
}
