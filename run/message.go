package run

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// kind is what a message between the front and its shim is about.
type kind byte

// From the front to the shim.
const (
	kindSpec   kind = 'S' // the Spec; the files come with it
	kindKeys   kind = 'k' // bytes that were typed
	kindSize   kind = 'w' // the terminal's size has changed
	kindSignal kind = 's' // a signal to pass on
	kindStop   kind = 'e' // end all processes of the run
	kindClose  kind = 'c' // nobody reads that stream any more
	kindGoOn   kind = 'g' // continue after kindPaused
)

// From the shim to the front.
const (
	kindStarted kind = 'p' // the program runs
	kindFailed  kind = 'f' // it could not be started
	kindBell    kind = 'b' // there is new output
	kindEcho    kind = 't' // bytes for the terminal that are in no log
	kindMode    kind = 'm' // how the terminal treats output has changed
	kindPaused  kind = 'z' // the program was stopped: Ctrl-Z
	kindStdout  kind = 'o' // output that could not be kept
	kindStderr  kind = 'r'
	kindSay     kind = 'y' // a sentence for the user
	kindEnded   kind = 'x' // the Outcome
)

const (
	headerSize = 5 // the kind and the length of what follows
	// maxMessage bounds a message that is read: the largest holds an environment, which Linux limits to some 6 MB.
	maxMessage = 32 << 20
)

// The bodies of messages, as JSON. Those of kindSpec and kindEnded are Spec and Outcome; keys,
// echo, output and sentences are bare bytes.
type (
	sharedSpec struct { // what a Spec says in words; the files follow it
		Argv, Env     [][]byte // bytes, because JSON has no strings that are not UTF-8
		Path          []byte
		Dir, Folder   []byte
		Timeout       time.Duration
		Grace         time.Duration
		OnFull        OnFull
		Terminal      [3]bool    // which streams are terminals
		Size          windowSize // of the terminals
		StdinIsPassed bool       // a file for stdin came before the extra ones
	}
	windowSize    struct{ Rows, Cols uint16 }
	signalMessage struct {
		Number int
		Group  bool // to all of the program's process group, as the terminal would
	}
	stopMessage    struct{ Grace int64 } // nanoseconds
	startedMessage struct {
		PID   int
		Group string // the folder of its control group; "" for none
	}
	failedMessage struct {
		Errno int
		Text  string
	}
	modeMessage struct{ Raw bool } // output goes out as it is, without CR before LF
)

func newSharedSpec(s *Spec) *sharedSpec {
	return &sharedSpec{
		Argv: toBytes(s.Argv), Path: []byte(s.Path), Env: toBytes(s.Env), Dir: []byte(s.Dir), Folder: []byte(s.Folder),
		Timeout: s.Timeout, Grace: s.Grace, OnFull: s.OnFull,
	}
}

// spec is the Spec that it was made from, without its files.
func (s *sharedSpec) spec() Spec {
	return Spec{
		Argv: toStrings(s.Argv), Path: string(s.Path), Env: toStrings(s.Env), Dir: string(s.Dir), Folder: string(s.Folder),
		Timeout: s.Timeout, Grace: s.Grace, OnFull: s.OnFull,
	}
}

func toBytes(list []string) [][]byte {
	all := make([][]byte, len(list))
	for i, s := range list {
		all[i] = []byte(s)
	}
	return all
}

func toStrings(list [][]byte) []string {
	all := make([]string, len(list))
	for i, b := range list {
		all[i] = string(b)
	}
	return all
}

func header(k kind, length int) []byte {
	return binary.LittleEndian.AppendUint32([]byte{byte(k)}, uint32(length))
}

func writeMessage(w io.Writer, k kind, body []byte) error {
	_, err := w.Write(append(header(k, len(body)), body...))
	return err
}

func writeJSON(w io.Writer, k kind, body any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encoding a message to the shim: %w", err)
	}
	return writeMessage(w, k, encoded)
}

// readMessage returns io.EOF where the other side is gone between two messages.
func readMessage(r io.Reader) (kind, []byte, error) {
	var head [headerSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	return readBody(r, head)
}

func readBody(r io.Reader, head [headerSize]byte) (kind, []byte, error) {
	length := binary.LittleEndian.Uint32(head[1:])
	if length > maxMessage {
		return 0, nil, fmt.Errorf("reading a message between cantil and its shim: %d bytes, at most %d are allowed", length, maxMessage)
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(r, body); err != nil {
		return 0, nil, fmt.Errorf("reading a message between cantil and its shim: %w", err)
	}
	return kind(head[0]), body, nil
}
