package launch

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestCounter checks the way from exec to the sum with an event that every kernel counts, a program's time on the
// processor: whether the processor counts instructions as well depends on the machine.
func TestCounter(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	clock := event{Type: unix.PERF_TYPE_SOFTWARE, Config: unix.PERF_COUNT_SW_TASK_CLOCK}
	c := openCounter(clock)
	if c == nil {
		t.Skip("NOT TESTED, perf_event_open is refused here (sysctl kernel.perf_event_paranoid, seccomp)")
	}
	c.close()
	m := &maker{event: clock, counts: true}
	if err := m.open(); err != nil {
		t.Fatal(err)
	}
	defer m.null.Close()
	run := func(script string) Usage {
		a := m.run(&Command{Argv: []string{"/bin/sh", "-c", script}}, -1)
		if a.Error != "" {
			t.Fatal(a.Error)
		}
		return a.Usage
	}
	for range 1 << 16 {
		_ = make([]byte, 64) // our own work does not count
	}
	for range 3 {
		run("/bin/true; true")
	}
	busy, idle := run("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"), run("exit 0")
	if !busy.Counted || busy.Instructions < int64(busy.User)/2 || busy.Instructions > int64(busy.Wall)*11/10 {
		t.Errorf("counted %d ns of a program that ran for %+v", busy.Instructions, busy)
	}
	if idle.Instructions <= 0 || idle.Instructions > busy.Instructions/2 {
		t.Errorf("counted %d ns of a program that does nothing, %d of one that works", idle.Instructions, busy.Instructions)
	}
	if real := openCounter(instructions); real == nil {
		t.Log("this processor, or its virtual machine, counts no instructions")
	}
}
