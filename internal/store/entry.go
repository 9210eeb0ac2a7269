package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/cantil-py/cantil/run"
)

// The statuses of a run that has no exit.json; the others are those of its exit.json.
const (
	StatusStarting  = "starting"  // its folder is there, its record not yet
	StatusRunning   = "running"   // the process that keeps it runs
	StatusLost      = "lost"      // that process is gone without a record of the end
	StatusElsewhere = "elsewhere" // it was started on another machine, and cannot be looked at from here
	StatusDamaged   = "damaged"   // a record cannot be read
)

// startingFor is how long a folder may be without its run.json before the run counts as lost: the
// record is written some milliseconds after the folder.
const startingFor = 30 * time.Second

// Entry is one line of a listing: what is told of a run without looking into its output.
type Entry struct {
	ID      string    `json:"id"`
	Dir     string    `json:"dir"`    // absolute
	Name    string    `json:"name"`   // the ID without its time
	Status  string    `json:"status"` // a status of exit.json, or one of the Status constants
	Code    int       `json:"code"`   // of a run that has ended
	Signal  string    `json:"signal,omitempty"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended,omitzero"`
	Wall    float64   `json:"wall_seconds"` // until its end, or so far
	Command string    `json:"command"`      // cantil's command line, secrets masked, quoted for a shell
	Host    string    `json:"host"`
	Tags    []string  `json:"tags"` // sorted; never nil
}

// HasEnded says whether the run has a record of its end.
func (e Entry) HasEnded() bool { return !e.Ended.IsZero() }

// settled says whether the entry stays as it is until an exit.json appears.
func (e Entry) settled() bool {
	return e.HasEnded() || e.Status == StatusLost || e.Status == StatusElsewhere
}

// origin is the part of run.json that a listing needs; the environment is not read into memory.
type origin struct {
	Argv         []string  `json:"argv"`
	Host         string    `json:"host"`
	BootID       string    `json:"boot_id"`
	PID          int       `json:"pid"`
	ProcessStart string    `json:"process_start"`
	Started      time.Time `json:"started"`
}

// ReadEntry reads a run's entry from its folder. It has no error: what cannot be read is told by the status.
func ReadEntry(dir string) Entry {
	e := Entry{ID: filepath.Base(dir), Dir: dir, Tags: []string{}}
	at, name := splitID(e.ID)
	e.Name, e.Started = name, at
	if tags, err := ReadTags(dir); err == nil {
		e.Tags = tags
	}
	var asked origin
	if err := readJSON(filepath.Join(dir, AskedFile), &asked); err != nil {
		e.Status = withoutRecord(dir, err)
		return e
	}
	e.Started, e.Host, e.Command = asked.Started.Local(), asked.Host, Quote(asked.Argv)
	outcome, err := run.ReadOutcome(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if e.Status = asked.status(); e.Status == StatusLost {
			outcome, err = run.ReadOutcome(dir) // it may have ended between the two looks
		}
	}
	switch {
	case err == nil:
		e.Status, e.Code, e.Signal = string(outcome.Status), outcome.Code, outcome.Signal
		e.Ended, e.Wall = outcome.Ended.Local(), outcome.Wall
	case errors.Is(err, fs.ErrNotExist):
		if e.Status == StatusRunning {
			e.Wall = time.Since(e.Started).Seconds()
		}
	default:
		e.Status = StatusDamaged
	}
	return e
}

// withoutRecord is the status of a run whose run.json gave err.
func withoutRecord(dir string, err error) string {
	if !errors.Is(err, fs.ErrNotExist) {
		return StatusDamaged
	}
	info, err := os.Stat(dir)
	if err == nil && time.Since(info.ModTime()) < startingFor {
		return StatusStarting
	}
	return StatusLost
}

// status of a run without exit.json. A process counts only with the boot and the start that were recorded: ids
// are used again. Where the machine is another one, its processes cannot be seen.
func (o origin) status() string {
	sameBoot := o.BootID == bootID()
	if sameBoot && processRuns(o.PID, o.ProcessStart) {
		return StatusRunning
	}
	if host, _ := os.Hostname(); o.Host != host {
		return StatusElsewhere
	}
	return StatusLost
}

// splitID parts the name of a run's folder into its time, in our zone, and its name. Of a folder that someone
// renamed the time is zero.
func splitID(id string) (time.Time, string) {
	if len(id) > len(timeLayout) && id[len(timeLayout)] == '_' {
		if at, err := time.ParseInLocation(timeLayout, id[:len(timeLayout)], time.Local); err == nil {
			return at, id[len(timeLayout)+1:]
		}
	}
	return time.Time{}, id
}

// Quote joins a command line so that a POSIX shell would split it again into the same words.
func Quote(argv []string) string {
	words := make([]string, len(argv))
	for i, word := range argv {
		words[i] = quoteWord(word)
	}
	return strings.Join(words, " ")
}

func quoteWord(word string) string {
	const plain = "-_./=:,+@%^0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if word != "" && strings.Trim(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
