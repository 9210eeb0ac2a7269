package run

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// maxOutcome bounds an exit.json that is read; real ones have less than 4 KiB.
const maxOutcome = 1 << 20

// What cantil, as other programs of its kind, exits with.
const (
	CodeTimedOut      = 124
	CodeNotExecutable = 126
	CodeNotFound      = 127
)

// Status is what became of a program.
type Status string

// The ways in which a run ends.
const (
	Exited        Status = "exited"          // by itself
	Signalled     Status = "signalled"       // by a signal that was not ours
	TimedOut      Status = "timed-out"       // its time was up
	Stopped       Status = "stopped"         // someone asked for it, or its output could not be kept
	FailedToStart Status = "failed-to-start" // it never ran
)

// Outcome is exit.json: what became of a run. A run without it is running, or was lost.
//
// The figures are sums over the program and all its processes that had ended by then. Faults, switches and
// blocks are 0 where the system does not tell them.
type Outcome struct {
	Status   Status `json:"status"`
	Code     int    `json:"code"`                // what cantil exits with: the program's code, 128+n after signal n, 124 timed out, 126 or 127 where it did not start
	Signal   string `json:"signal,omitempty"`    // that ended the program: "SIGKILL"
	Killed   bool   `json:"killed,omitempty"`    // processes were left after the grace, and had to be killed
	Error    string `json:"error,omitempty"`     // why it did not start
	FullDisk string `json:"full_disk,omitempty"` // why its output could not all be kept

	PID     int       `json:"pid,omitempty"` // of the program
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	Wall    float64   `json:"wall_seconds"`   // from the start of the program to its end, by the monotonic clock
	User    float64   `json:"user_seconds"`   // processor time
	System  float64   `json:"system_seconds"` // the same, in the kernel

	MaxRSS   int64 `json:"max_rss_bytes"`             // most memory that one process held at a time; 0 if not told
	TreePeak int64 `json:"tree_peak_bytes,omitempty"` // most that all held at a time, what they share counted once; 0 if there was never more than one

	MinorFaults int64 `json:"minor_faults"` // pages found in memory
	MajorFaults int64 `json:"major_faults"` // pages read from the disk
	Waits       int64 `json:"waits"`        // voluntary context switches
	Preemptions int64 `json:"preemptions"`  // involuntary ones
	BlocksIn    int64 `json:"blocks_in"`    // read from the disk, of 512 bytes
	BlocksOut   int64 `json:"blocks_out"`

	StdoutBytes int64 `json:"stdout_bytes"` // of the logs
	StderrBytes int64 `json:"stderr_bytes"`
	LeftRunning []int `json:"left_running,omitempty"` // processes that outlived the program
}

// ReadOutcome reads the exit.json in the folder of a run. The error is fs.ErrNotExist while there is none.
func ReadOutcome(folder string) (Outcome, error) {
	path := filepath.Join(folder, OutcomeFile)
	file, err := os.Open(path)
	if err != nil {
		return Outcome{}, err // it names the operation and the path
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxOutcome+1))
	if err == nil && len(content) == 0 {
		err = fs.ErrNotExist // the machine stopped before its content was on the disk
	}
	if err == nil && len(content) > maxOutcome {
		err = fmt.Errorf("longer than %d MiB", maxOutcome>>20)
	}
	var outcome Outcome
	if err == nil {
		err = json.Unmarshal(content, &outcome)
	}
	if err == nil {
		err = outcome.check()
	}
	if err != nil {
		return Outcome{}, fmt.Errorf("reading %s: %w", path, err)
	}
	return outcome, nil
}

func (o *Outcome) check() error {
	switch o.Status {
	case Exited, Signalled, TimedOut, Stopped, FailedToStart:
		return nil
	}
	return fmt.Errorf("unknown status %.40q", o.Status)
}
