// Package launch starts programs from a small process of its own, and says exactly what each has used.
//
// Call [Main] first of all in main, then [Open], [Launcher.Add] once for each program, and [Launcher.Run] as often as
// you like. [Launcher.Cost] is what starting and collecting a process takes by itself.
//
// Why a process of its own: the kernel counts what the parent held into the peak memory of a child, from fork to exec,
// so a parent that holds much makes every program look large. The launcher is this executable started again, before
// it has done anything: what it holds is [Usage.Floor], and smaller peaks than that are not told. It also stays where it
// is when the parent's terminal sends signals, reads the clock right before the start and right after the end, and
// ends the program should the parent die.
//
// The peak of a program with one process is the kernel's, and exact. Of several together the kernel keeps none: on Linux
// they are looked at while they run, up to 50 times a second, and a page that several of them have counts once. On other
// systems the peak is that of the largest process.
//
// On systems without fork the programs are started by this process itself, and their peak memory is not told.
package launch

import (
	"errors"
	"time"
)

// Command is a program to start again and again. Its standard input is the null device, and so are its outputs
// unless Show is set.
type Command struct {
	Argv    []string      `json:"argv"`              // the program's path first; it is not looked for in PATH
	Dir     string        `json:"dir,omitempty"`     // "" for ours
	Env     []string      `json:"env,omitempty"`     // as "name=value"
	Input   string        `json:"input,omitempty"`   // a file to read from; "" for none
	Show    bool          `json:"show,omitempty"`    // its output goes where ours does
	Timeout time.Duration `json:"timeout,omitempty"` // when it is killed, with its process group; 0 for never
}

// Usage is what one run took. Figures of children count once the program has waited for them.
type Usage struct {
	Wall     time.Duration `json:"wall"` // from before the fork to after the end was told
	User     time.Duration `json:"user"`
	System   time.Duration `json:"system"`
	Peak     int64         `json:"peak"`              // bytes: the most that it held, with all that it started; 0 if not told
	Floor    int64         `json:"floor"`             // bytes: a Peak up to here may be the launcher's own
	Several  bool          `json:"several,omitempty"` // it had several processes: Peak is the most that was seen of them together
	Code     int           `json:"code"`              // its exit code, or 128 and the signal
	TimedOut bool          `json:"timed_out,omitempty"`
	Killed   bool          `json:"killed,omitempty"` // because ctx was done

	Counted      bool  `json:"counted,omitempty"` // the processor counted instructions
	Instructions int64 `json:"instructions,omitempty"`
}

// PadVariable is set in the environment of each run to as many letters as Run is told: where the
// stack begins depends on the size of the environment, and the speed of some programs on that
// (Mytkowicz and others, "Producing wrong data without doing anything obviously wrong!", ASPLOS 2009).
const PadVariable = "CANTIL_PAD"

// MaxPad bounds the padding: more than a page moves nothing that less does not.
const MaxPad = 4095

// ErrGone means that the launcher's process has ended before its time.
var ErrGone = errors.New("the process that starts the programs is gone")
