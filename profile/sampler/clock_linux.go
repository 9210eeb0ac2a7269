package sampler

import (
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sleepUntil sleeps until d after start. The call is made without telling Go's
// scheduler, which halves what a wake costs; Go's own signals end it early, which the
// caller's loop mends. With one processor only, others must be let run.
func sleepUntil(start time.Time, d time.Duration) {
	var now unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &now) != nil {
		time.Sleep(d - time.Since(start))
		return
	}
	until := unix.NsecToTimespec(now.Nano() + int64(d-time.Since(start)))
	if runtime.GOMAXPROCS(0) == 1 {
		unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &until, nil)
		return
	}
	syscall.RawSyscall6(unix.SYS_CLOCK_NANOSLEEP, unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, uintptr(unsafe.Pointer(&until)), 0, 0, 0)
}

// fineTimers asks the kernel not to round this thread's sleeps up, by 50 us otherwise.
func fineTimers() {
	unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
}

// threadCPU is the processor time of this thread.
func threadCPU() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// firstThread says whether this is the thread that the program began in.
func firstThread() bool { return unix.Gettid() == unix.Getpid() }
