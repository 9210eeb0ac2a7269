package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/profile/sampler"
	"github.com/cantil-py/cantil/profile/sampler/remote"
	"github.com/cantil-py/cantil/run"
)

// DumpOptions are which processes to look at, and what to read of them.
type DumpOptions struct {
	PID      int
	Children bool     // the processes that it has started, and that they have
	Locals   bool     // the variables of each frame
	Pause    bool     // stop each process while it is read
	Native   bool     // the C functions that Python has called, by the names in the code
	Argv     []string // cantil's own command line, for advice
}

// DumpReport is what processes were doing at one moment: docs/formats/dump.md.
type DumpReport struct {
	Processes []DumpProcess `json:"processes"` // the one asked for, then its descendants
}

// DumpProcess is one process of a [DumpReport].
type DumpProcess struct {
	PID     int          `json:"pid"`
	Parent  int          `json:"parent,omitempty"`
	Command []string     `json:"command"`           // secrets masked
	Python  string       `json:"python,omitempty"`  // "3.12.1"
	Runtime string       `json:"runtime,omitempty"` // the file that the interpreter is in
	Threads []DumpThread `json:"threads"`
	Error   string       `json:"error,omitempty"` // why there are no threads: of descendants only
	Newer   []string     `json:"newer_sources,omitempty"`
}

// CommandLine is the command as a shell would take it.
func (p DumpProcess) CommandLine() string {
	if len(p.Command) == 0 {
		return "(its command line cannot be read)"
	}
	return store.Quote(p.Command)
}

// DumpThread is one thread, the main one first.
type DumpThread struct {
	TID         int         `json:"tid"` // 0 where it cannot be told
	Name        string      `json:"name"`
	Main        bool        `json:"main"`
	Interpreter int64       `json:"interpreter"`
	State       string      `json:"state"` // "running" or "idle"
	GIL         bool        `json:"gil"`   // it holds the GIL
	Frames      []DumpFrame `json:"frames"`
	Error       string      `json:"error,omitempty"` // why there are no frames
}

// DumpFrame is one frame, innermost first.
type DumpFrame struct {
	Function  string     `json:"function"`
	File      string     `json:"file"`
	Line      int        `json:"line"` // 0 where the instruction belongs to none
	FirstLine int        `json:"first_line"`
	Native    bool       `json:"native,omitempty"` // a C function: only its name is known
	Source    string     `json:"source,omitempty"`
	Locals    DumpLocals `json:"locals,omitempty"`
	LeftOut   int        `json:"locals_left_out,omitempty"`
	Changing  bool       `json:"locals_changing,omitempty"`
	Unread    bool       `json:"locals_unread,omitempty"`
}

// DumpLocals are the variables of a frame, in Python's order.
type DumpLocals []DumpLocal

// DumpLocal is a variable and the repr of its value.
type DumpLocal struct{ Name, Value string }

// MarshalJSON makes an object of them that keeps the order.
func (l DumpLocals) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false) // values are full of angle brackets
	between := byte('{')
	for _, one := range l {
		b.WriteByte(between)
		if err := out.Encode(one.Name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := out.Encode(one.Value); err != nil {
			return nil, err
		}
		between = ','
	}
	if len(l) == 0 {
		b.WriteByte(between)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Dump reads what the threads of a process are doing now. An error is an [Unreadable]
// where it is about the process; descendants that cannot be read are told in the report.
func Dump(opts DumpOptions) (*DumpReport, error) {
	was := run.Alive(opts.PID)
	first, err := opts.process(opts.PID)
	if errors.Is(err, remote.ErrGone) && was {
		return nil, &Unreadable{fmt.Errorf("process %d ended while it was read", opts.PID), ""}
	}
	if err != nil {
		return nil, unreadable(opts.PID, err, opts.Argv)
	}
	report := &DumpReport{Processes: []DumpProcess{first}}
	if !opts.Children {
		return report, nil
	}
	for _, pid := range sampler.Descendants(opts.PID) {
		one, err := opts.process(pid)
		if errors.Is(err, remote.ErrGone) {
			continue
		}
		if err != nil {
			one.Error = unreadable(pid, err, nil).Error()
		}
		report.Processes = append(report.Processes, one)
	}
	return report, nil
}

// process reads one process. What does not depend on its being a Python is always there.
func (o DumpOptions) process(pid int) (DumpProcess, error) {
	one := DumpProcess{PID: pid, Parent: parentOf(pid), Command: commandOf(pid), Threads: []DumpThread{}}
	stacks, err := sampler.DumpWith(pid, sampler.DumpOptions{Locals: o.Locals, Pause: o.Pause, Native: o.Native})
	if err != nil {
		return one, err
	}
	one.Python, one.Runtime = stacks.Version, stacks.File
	sources := newSources(pid)
	for _, th := range stacks.Threads {
		one.Threads = append(one.Threads, dumpThread(th, sources))
	}
	one.Newer = sources.newer
	return one, nil
}

func dumpThread(th sampler.Thread, sources *sources) DumpThread {
	one := DumpThread{TID: th.TID, Name: th.Name, Main: th.Main && th.Interp == 0, Interpreter: th.Interp, State: "running",
		GIL: th.State == sampler.Holding, Frames: []DumpFrame{}}
	if one.Main {
		one.Name = "MainThread"
	}
	if th.State == sampler.Idle {
		one.State = "idle"
	}
	if th.Err != nil {
		one.Error = th.Err.Error()
	}
	for i, f := range th.Frames {
		frame := DumpFrame{Function: f.Func.Name, File: f.Func.File, Line: f.Line, FirstLine: f.Func.FirstLine, Native: f.Func.Native,
			Source: store.MaskText(sources.line(f.Func.File, f.Line))}
		if i < len(th.Scopes) {
			frame.setLocals(th.Scopes[i])
		}
		one.Frames = append(one.Frames, frame)
	}
	return one
}

func (f *DumpFrame) setLocals(scope sampler.Scope) {
	f.LeftOut, f.Changing, f.Unread = scope.Left, scope.Moving, scope.Unread
	for _, v := range scope.Vars {
		f.Locals = append(f.Locals, DumpLocal{v.Name, variableText(v.Name, v.Value)})
	}
}

// maxCommand bounds a command line that is shown: some programs are given megabytes.
const maxCommand = 64 << 10

// commandOf is the command line of a process, secrets masked; empty where it cannot be read.
func commandOf(pid int) []string {
	text, err := readAtMost(procFile(pid, "cmdline"), maxCommand)
	if err != nil || len(text) == 0 {
		return []string{}
	}
	return store.MaskArgs(strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00"))
}

// parentOf is the number of the process's parent, 0 where it cannot be told.
func parentOf(pid int) int {
	fields := statOf(pid)
	if len(fields) < 2 {
		return 0
	}
	parent, err := strconv.Atoi(fields[1])
	if err != nil {
		return 0
	}
	return parent
}

// statOf is the fields of /proc/PID/stat from the state on: what stands before it is
// the program's name in brackets, which may hold anything.
func statOf(pid int) []string {
	text, err := readAtMost(procFile(pid, "stat"), maxCommand)
	if err != nil {
		return nil
	}
	return strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
}

func procFile(pid int, name string) string {
	return filepath.Join("/proc", strconv.Itoa(pid), name)
}

// readAtMost reads the beginning of a file.
func readAtMost(path string, limit int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(io.LimitReader(file, limit))
	return slices.Clip(b.Bytes()), err
}
