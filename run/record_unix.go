//go:build unix

package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// roomSize is reserved on the disk for exit.json at the start, so that a program that fills the disk does not
// keep us from saying so.
const roomSize = 4 << 10

// reserveRoom makes a file that exit.json is written into. Its name is that of a temporary one.
func reserveRoom(folder string) (*os.File, error) {
	room, err := os.OpenFile(filepath.Join(folder, "."+OutcomeFile+".room.tmp"), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, logMode)
	if err != nil {
		return nil, err
	}
	_, err = room.WriteString(strings.Repeat(" ", roomSize))
	return room, err
}

// writeOutcome puts exit.json into its place, whole or not at all, in the room reserved for it, if there is any. The
// file that is returned is to be synced, and closed: that takes ten times as long as all else at the end of a run, and
// matters to nobody who waits for it. After a power cut in between, exit.json may be empty, which counts as absent.
func writeOutcome(folder string, room *os.File, o *Outcome) (*os.File, error) {
	encoded, err := json.MarshalIndent(o, "", "  ")
	if err == nil && room == nil {
		room, err = reserveRoom(folder)
	}
	if err == nil {
		encoded = append(encoded, '\n')
		_, err = room.WriteAt(encoded, 0)
	}
	if err == nil {
		err = room.Truncate(int64(len(encoded)))
	}
	if err == nil {
		err = os.Rename(room.Name(), filepath.Join(folder, OutcomeFile))
	}
	if err != nil {
		return nil, fmt.Errorf("writing %s of %s: %w", OutcomeFile, folder, err)
	}
	return room, nil
}

// syncOutcome makes exit.json last.
func syncOutcome(folder string, written *os.File) {
	if written != nil {
		_ = written.Sync() // nobody is left to tell
		_ = syncFolder(folder)
		written.Close()
	}
}

// syncFolder makes a rename last. Some network file systems cannot; there it lasts as they do.
func syncFolder(folder string) error {
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil && !errors.Is(err, unix.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// outcome is what became of the run, by now.
func (s *shim) outcome(how ending, left []int) Outcome {
	used, status := s.reaper.used(), s.reaper.status
	at := s.reaper.at
	if !s.reaper.hasEnded() { // it could not be killed
		at = time.Now()
	}
	wall := at.Sub(s.reaper.started)
	o := Outcome{
		Status: Exited, Code: status.ExitStatus(), Killed: how.killed, FullDisk: s.fullDisk,
		PID: s.reaper.pid, Started: s.reaper.started, Ended: s.reaper.started.Add(wall), Wall: wall.Seconds(),
		User: used.user.Seconds(), System: used.system.Seconds(),
		MinorFaults: used.minor, MajorFaults: used.major, Waits: used.waits, Preemptions: used.preempts,
		BlocksIn: used.in, BlocksOut: used.out,
		StdoutBytes: s.capture.streams[0].size, StderrBytes: s.capture.streams[1].size, LeftRunning: left,
	}
	o.MaxRSS, o.TreePeak = s.memory.peaks(used)
	if status.Signaled() {
		o.Status, o.Code, o.Signal = Signalled, 128+int(status.Signal()), unix.SignalName(status.Signal())
	}
	if how.status != "" {
		o.Status = how.status
	}
	if how.status == TimedOut && !(how.killed && o.Signal == "SIGKILL") {
		o.Code = CodeTimedOut
	}
	return o
}

// diskIsFull is called when a log cannot be written any more.
func (s *shim) diskIsFull(stream *stream, err error) {
	s.fullOnce.Do(func() {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		s.fullDisk = fmt.Sprintf("keeping the output in %s: %v", stream.log.Name(), err)
		if s.spec.OnFull == ContinueOnFull {
			s.link.send(kindSay, []byte(s.fullDisk+"; the program goes on, what it writes from here on is shown and not kept"))
			return
		}
		s.link.send(kindSay, []byte(s.fullDisk+"; the program is ended"))
		s.stop(s.spec.Grace)
	})
}

// withoutFolder leaves out the variable of a run that this one is started from.
func withoutFolder(env []string) []string {
	var kept []string
	for _, entry := range env {
		if !strings.HasPrefix(entry, FolderVariable+"=") {
			kept = append(kept, entry)
		}
	}
	return kept
}
