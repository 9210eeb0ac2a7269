package term

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// childVariable makes the test binary read lines with an editor, as a program in a terminal would.
const childVariable = "CANTIL_TEST_LINEEDIT"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		editLines()
		return
	}
	os.Exit(m.Run())
}

func editLines() {
	words := []string{"callees", "callers", "quit"}
	editor, err := NewEditor(os.Stdin, os.Stdout, func(line string) (int, []string) {
		var found []string
		for _, word := range words {
			if strings.HasPrefix(word, line) {
				found = append(found, word)
			}
		}
		return 0, found
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		line, err := editor.ReadLine("> ")
		if err != nil {
			fmt.Printf("end: %v\n", err)
			time.Sleep(time.Minute) // so that the terminal can be looked at; the test ends it
			return
		}
		fmt.Printf("got %q\n", line)
	}
}

// tmux is a terminal of its own for one test.
type tmux struct {
	t      *testing.T
	socket string
}

func newTmux(t *testing.T) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("NO TMUX: this test needs a terminal (Debian: apt-get install tmux)")
	}
	m := &tmux{t, t.TempDir() + "/socket"}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m.run("new-session", "-d", "-x", "60", "-y", "20", "-e", childVariable+"=1", self)
	t.Cleanup(func() { m.run("kill-server") })
	m.wait("> ")
	return m
}

func (m *tmux) run(args ...string) string {
	m.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-S", m.socket, "-f", os.DevNull}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		m.t.Fatalf("tmux %v: %v: %s", args, err, stderr.String())
	}
	return string(out)
}

func (m *tmux) keys(keys ...string) { m.run(append([]string{"send-keys"}, keys...)...) }

// wait returns once the last line on the screen that is not empty is last.
func (m *tmux) wait(last string) {
	m.t.Helper()
	var screen string
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		screen = strings.TrimRight(m.run("capture-pane", "-p", "-J"), "\n")
		lines := strings.Split(screen, "\n")
		if strings.TrimRight(lines[len(lines)-1], " ") == strings.TrimRight(last, " ") {
			return
		}
	}
	m.t.Fatalf("waiting for %q, the screen is\n%s", last, screen)
}

// sees fails unless the screen holds text.
func (m *tmux) sees(text string) {
	m.t.Helper()
	if screen := m.run("capture-pane", "-p", "-J"); !strings.Contains(screen, text) {
		m.t.Errorf("no %q on the screen:\n%s", text, screen)
	}
}

func TestEditorOnATerminal(t *testing.T) {
	m := newTmux(t)
	m.keys("c", "Tab")
	m.wait("> calle")
	m.keys("Tab")
	m.sees("callees  callers")
	m.keys("r", "Tab")
	m.wait("> callers")
	m.keys("5", "Enter")
	m.wait(">")
	m.sees(`got "callers 5"`)

	m.keys("s", "Left", "x", "Enter")
	m.wait(">")
	m.sees(`got "xs"`)

	m.keys("Enter")
	m.wait(">")
	m.keys("Up", "Up")
	m.wait("> callers 5")
	m.keys("Down")
	m.wait("> xs")
	m.keys("BSpace", "é", "Enter")
	m.wait(">")
	m.sees(`got "xé"`)

	m.keys("C-d")
	m.wait("> end: EOF")
}

func TestEditorIsInterrupted(t *testing.T) {
	m := newTmux(t)
	m.keys("a", "b", "C-c")
	m.wait("end: interrupted")
	m.sees("^C")
}

func TestEditorNeedsATerminal(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	if _, err := NewEditor(read, write, nil); err == nil {
		t.Error("an editor on a pipe")
	}
}

func TestHistory(t *testing.T) {
	h := &history{}
	for _, line := range []string{"a", "", " ", "b", "b", "a"} {
		h.Add(line)
	}
	if h.Len() != 3 || h.At(0) != "a" || h.At(1) != "b" || h.At(2) != "a" {
		t.Errorf("history is %q", h.lines)
	}
	for i := range 2 * maxHistory {
		h.Add(fmt.Sprint(i))
	}
	if h.Len() != maxHistory || h.At(0) != fmt.Sprint(2*maxHistory-1) {
		t.Errorf("%d lines, the latest %q", h.Len(), h.At(0))
	}
}

func TestKeyReaderNotesCtrlC(t *testing.T) {
	r := &keyReader{in: strings.NewReader("ab\x03")}
	if _, err := io.ReadAll(r); err != nil || !r.interrupted {
		t.Errorf("interrupted %v, %v", r.interrupted, err)
	}
	if errors.Is(ErrInterrupted, io.EOF) {
		t.Error("Ctrl-C is not the end of the input")
	}
}
