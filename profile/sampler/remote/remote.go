// Package remote reads the memory of another process, and says what is mapped there
// and which symbols the mapped files have.
//
// Call [Open] for a process, then [Process.Read] or, for several ranges in one system
// call, [Process.ReadMany]. [Process.Maps] lists what is mapped, [Process.Image] opens
// a mapped ELF file. [Recorder] keeps what was read, and a [Recording] answers as the
// process did.
//
// Promises: a read fills the whole range or returns an error, so that nothing ever
// looks like data that is not; nothing of the process is changed or stopped.
package remote

import (
	"errors"
	"fmt"
)

// MaxRanges is how many ranges one call of ReadMany takes: the kernel's IOV_MAX.
const MaxRanges = 1024

// Range is a piece of the other process's memory and where it is to be copied.
type Range struct {
	Addr uint64
	Buf  []byte
}

// Memory is the memory of a process, or a recording of it.
type Memory interface {
	// Read fills buf from addr on.
	Read(addr uint64, buf []byte) error
	// ReadMany fills at most MaxRanges ranges, in one system call where there are
	// such, and returns how many were filled before the first that was not, for
	// which the error stands.
	ReadMany(ranges []Range) (int, error)
}

// ReadError is a read that failed or came up short.
type ReadError struct {
	PID       int
	Addr      uint64
	Want, Got int   // bytes
	Err       error // of the system; nil where it only stopped short
}

func (e *ReadError) Error() string {
	text := fmt.Sprintf("reading %d bytes at %#x of process %d: got %d", e.Want, e.Addr, e.PID, e.Got)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *ReadError) Unwrap() error { return e.Err }

// ErrGone is wrapped by errors that mean that the process has ended.
var ErrGone = errors.New("the process has ended")

// ErrKernel is wrapped by the error about a thread of the kernel, which is no program.
var ErrKernel = errors.New("it is a thread of the kernel")

// ErrSystem is returned where the operating system or the processor is not one that
// the sampler knows.
var ErrSystem = errors.New("reading another process is possible on Linux only, so far")

// PermissionError is a process that may not be read. Missing says in one clause why,
// Fix is a command, or what to do, that mends it.
type PermissionError struct {
	PID     int
	Missing string
	Fix     string
	Err     error
}

func (e *PermissionError) Error() string {
	return fmt.Sprintf("reading process %d is not permitted: %s; to mend it: %s", e.PID, e.Missing, e.Fix)
}

func (e *PermissionError) Unwrap() error { return e.Err }

// Mapping is a stretch of the process's address space.
type Mapping struct {
	Start, End          uint64
	Offset              uint64 // of Start in the file
	Readable, Writable  bool
	Executable, Private bool
	Inode               uint64 // 0 where there is no file
	Path                string // as the kernel has it: "/usr/bin/python3.11", "[heap]", ""
	Deleted             bool   // the file's name is gone
}

// Holds says whether addr lies in the mapping.
func (m Mapping) Holds(addr uint64) bool { return m.Start <= addr && addr < m.End }
