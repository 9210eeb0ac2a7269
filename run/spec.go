package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// The files that a shim writes into the folder of a run.
const (
	StdoutFile  = "stdout.log" // every byte that the program wrote to its stdout
	StderrFile  = "stderr.log"
	IndexFile   = "output.idx" // when they came, and in which order: docs/formats/output-idx.md
	OutcomeFile = "exit.json"  // an [Outcome], once the run has ended
)

// FolderVariable is set in the environment of the program to the folder of its run. Should the shim be
// killed, it tells what came of that run from other processes.
const FolderVariable = "CANTIL_RUN"

// DefaultGrace is how long the processes of a run have, after they were asked to end, before they are killed.
const DefaultGrace = 5 * time.Second

// maxExtraFiles bounds Spec.ExtraFiles: one message passes at most 253 files on Linux.
const maxExtraFiles = 200

// TTY says which of the program's three streams are terminals.
type TTY string

// The choices for Spec.TTY.
const (
	TTYAuto   TTY = ""       // those that are terminals in Spec.Stdin, Stdout and Stderr
	TTYAlways TTY = "always" // all three
	TTYNever  TTY = "never"  // none: Stdin is passed through, the others are pipes
)

// OnFull says what happens when the output can no longer be kept, because the disk is full.
type OnFull string

// The choices for Spec.OnFull.
const (
	StopOnFull     OnFull = ""         // the program is ended, as by a stop
	ContinueOnFull OnFull = "continue" // it goes on; its output is shown, and not kept
)

// Spec is a program to run, and how.
type Spec struct {
	Argv   []string // the program's path first, or with Path what it is to be called
	Path   string   // the program's file, which is not looked for in PATH; "" for Argv[0]
	Dir    string   // its working folder; "" for ours
	Env    []string // its environment; nil for ours
	Folder string   // where the shim writes; it must exist

	Timeout time.Duration // when all processes of the run are ended; 0 for never
	Grace   time.Duration // from asking them to end to killing them; 0 for DefaultGrace
	OnFull  OnFull

	// Stdin is what the program reads; nil is the null device. For a terminal the
	// program gets one of its own, and Process.Show passes on what is typed. But a terminal is passed through as it is with TTYNever, and
	// where Stdout is none: the keys may be for who reads it.
	Stdin *os.File
	// Stdout and Stderr are not written to: TTYAuto looks whether they are terminals. They may be nil.
	Stdout, Stderr *os.File
	TTY            TTY

	ExtraFiles []*os.File // the program's file descriptors from 3 on

	// Adopt ends what is left of the run, after its grace, if the shim is killed. It makes this
	// process the parent of such orphans (a "subreaper", for good). Linux only.
	Adopt bool
}

// check completes the spec and finds what is wrong before anything is started.
func (s *Spec) check() error {
	if len(s.Argv) == 0 || s.Argv[0] == "" {
		return errors.New("starting a program: its name is missing")
	}
	if s.Path == "" {
		s.Path = s.Argv[0]
	}
	if s.Folder == "" {
		return errors.New("starting a program: Spec.Folder is missing")
	}
	if len(s.ExtraFiles) > maxExtraFiles {
		return fmt.Errorf("starting a program: %d extra files, at most %d can be passed", len(s.ExtraFiles), maxExtraFiles)
	}
	if s.Grace == 0 {
		s.Grace = DefaultGrace
	}
	if s.Env == nil {
		s.Env = os.Environ()
	}
	var err error
	if s.Folder, err = filepath.Abs(s.Folder); err != nil {
		return err
	}
	if s.Dir, err = filepath.Abs(s.Dir); err != nil {
		return err
	}
	info, err := os.Stat(s.Dir)
	if err == nil && !info.IsDir() {
		err = errors.New("it is not a folder")
	}
	if err != nil {
		return fmt.Errorf("starting a program in %s: %w", s.Dir, err)
	}
	return nil
}
