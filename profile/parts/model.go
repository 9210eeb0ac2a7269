package parts

import (
	"time"

	"github.com/cantil-py/cantil/profile/pstats"
)

// Process is one process of the run, from one start of Python to its end. A
// process that replaced itself by exec is two.
type Process struct {
	File         string // its file in the folder, without ending
	PID, Parent  int64
	Role         string // "main", "child", "fork", or "helper" for multiprocessing's own fork server
	Argv         []string
	Python       string // "3.12.1"
	Executable   string
	Started      time.Time
	Saved        time.Time
	Ended        string // "exit", "os._exit", "exec", "SIGTERM"...; "snapshot": killed, or running
	Snapshots    int64
	SnapshotCost time.Duration
	Warnings     []string
	Threads      []Thread
}

// Helper tells a process that only serves multiprocessing: its waiting is nobody's time.
func (p *Process) Helper() bool { return p.Role == "helper" }

// Cut tells a process whose profile ends with a snapshot: what came after it is not known.
func (p *Process) Cut() bool { return p.Ended == "snapshot" }

// Thread is the profile of one thread.
type Thread struct {
	Serial int64  // in the order of the threads' starts
	Name   string // as threading has it
	Main   bool
	Open   []OpenCall // outermost first

	labels  []label
	entries []entry
}

// OpenCall is a call that had not returned at the last snapshot.
type OpenCall struct {
	Func    pstats.Func
	Seconds float64 // its time so far, to a tenth of a second
	Callees float64 // of that, in calls it made that have returned
}

// kind says whose a function is, as the bootstrap marks them.
type kind int64

const (
	program kind = iota // the program's, or a built-in
	ours                // the bootstrap's
	standIn             // the bootstrap's, shown as the built-in it stands in for
	runner              // the bootstrap's, and what it calls is the program's
)

type label struct {
	pstats.Func
	kind kind
}

// figures are those of _lsprof: recursive calls are among the calls.
type figures struct {
	calls, recursive int64
	total, own       float64
}

type entry struct {
	label int
	figures
	callees []callee
}

type callee struct {
	label int
	figures
}
