package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/testpy"
)

// parked starts a program of testdata, which writes a line and waits, and returns its
// number and the line. It is ended with the test.
func parked(t *testing.T, py testpy.Python, args ...string) (int, string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: other processes can be read on Linux only, so far")
	}
	args[0] = filepath.Join("testdata", args[0])
	cmd := exec.Command(py.Path, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("Python %s: %s ended without a word: %v", py.Version, args[0], err)
	}
	return cmd.Process.Pid, line
}

// asleep dumps a process as soon as its main thread has gone to sleep, in park.
func asleep(t *testing.T, opts DumpOptions) DumpProcess {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		report, err := Dump(opts)
		if err != nil {
			t.Fatal(err)
		}
		if one := report.Processes[0]; one.Threads[0].State == "idle" && one.Threads[0].Frames[0].Function == "park" {
			return one
		}
		if time.Now().After(deadline) {
			t.Fatalf("not asleep after 20 s: %+v", report.Processes[0].Threads[0])
		}
	}
}

// TestLocalsAreWhatPythonSays: the variables of every frame, of every kind and by the
// hundred, against the repr of the process itself.
func TestLocalsAreWhatPythonSays(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		values := 0
		for seed := range 4 {
			pid, line := parked(t, py, "values.py", fmt.Sprint(seed))
			var want [][2]any
			if err := json.Unmarshal([]byte(line), &want); err != nil {
				t.Fatal(err)
			}
			frames := asleep(t, DumpOptions{PID: pid, Locals: true, Pause: seed == 0}).Threads[0].Frames
			if len(frames) != len(want) {
				t.Fatalf("%d frames, Python has %d", len(frames), len(want))
			}
			for i, f := range frames {
				got := map[string]any{}
				for _, v := range f.Locals {
					got[v.Name] = v.Value
				}
				values += len(got)
				if !strings.HasSuffix(f.Function, want[i][0].(string)) || f.Changing || f.Unread || f.LeftOut > 0 {
					t.Errorf("seed %d: frame %d is %+v, Python says %v", seed, i, f, want[i][0])
				}
				if diff := cmp.Diff(want[i][1], any(got)); diff != "" {
					t.Errorf("seed %d, variables of %s (-Python +dump):\n%.2000s", seed, f.Function, diff)
				}
			}
		}
		t.Logf("Python %s: %d values", py.Version, values)
	})
}
