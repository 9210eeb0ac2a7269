//go:build unix

package launch

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

const (
	// launcherName is what the launcher is started under; ps shows it.
	launcherName = "cantil-launcher"
	requestFD    = 3 // requests come from there, a line of JSON each
	answerFD     = 4 // an answer to each goes there
	lifeFD       = 5 // a byte ends the program that runs, the end of the file the launcher too
	// mostMessage bounds a line: a command line and an environment are at most 2 MiB on Linux, and JSON may double that.
	mostMessage = 8 << 20
)

// request adds a command, runs one, or measures what a start costs.
type request struct {
	Add *Command `json:"add,omitempty"`
	Run int      `json:"run"` // the number of a command that was added
	Pad int      `json:"pad,omitempty"`
	Try bool     `json:"try,omitempty"` // start nothing: only the cost is wanted
}

// answer is what became of a request.
type answer struct {
	Usage Usage  `json:"usage"`
	Error string `json:"error,omitempty"` // it could not be started
	Errno int    `json:"errno,omitempty"`
}

func send(w io.Writer, message any) error {
	line, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if len(line) >= mostMessage {
		return fmt.Errorf("a command line and environment of %d bytes are too long to be started", len(line))
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

// lines reads messages.
func lines(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 4<<10), mostMessage)
	return s
}
