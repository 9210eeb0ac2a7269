package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// watched is a program with a function that takes all the time, and a thread that takes none.
const watched = `
import threading, time
class Engine(object):
    def work(self):
        for i in range(1000):
            pass
    def loop(self):
        while True:
            self.work()
idle = threading.Thread(target=time.sleep, args=(60,), name="napper")
idle.daemon = True
idle.start()
Engine().loop()
`

// tmuxScreen is a terminal of tmux.
type tmuxScreen struct {
	t      *testing.T
	socket string
}

// startScreen opens a terminal of so many columns and rows, with a shell in it.
func startScreen(t *testing.T, width, height int, env ...string) *tmuxScreen {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("NOT TESTED, tmux is missing (apt-get install tmux)")
	}
	s := &tmuxScreen{t, filepath.Join(t.TempDir(), "tmux")}
	shell := "env -u NO_COLOR PS1='$ ' " + strings.Join(env, " ") + " sh"
	s.tmux("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), shell)
	t.Cleanup(func() { s.tmux("kill-server") })
	return s
}

func (s *tmuxScreen) tmux(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", s.socket}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("tmux %q: %v\n%s", args, err, out)
	}
	return string(out)
}

func (s *tmuxScreen) keys(keys ...string) { s.tmux(append([]string{"send-keys"}, keys...)...) }

func (s *tmuxScreen) text() string { return s.tmux("capture-pane", "-p") }

// shows waits until every text is on the screen.
func (s *tmuxScreen) shows(texts ...string) {
	s.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		screen, missing := s.text(), ""
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				missing = text
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("the screen never showed %q, but:\n%s", missing, screen)
		}
	}
}

// TestTopInTmux drives the screen of top in a real terminal: the table, the paths, the
// threads, a filter, a pause, another size, and the end of the process.
func TestTopInTmux(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("NOT TESTED: other processes can be read on Linux only, so far")
	}
	t.Parallel()
	cantil, err := os.Executable() // with this name in front it is cantil, see TestMain
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "cantil")
	if err := os.Symlink(cantil, link); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "watched.py")
	if err := os.WriteFile(program, []byte(watched), 0o600); err != nil {
		t.Fatal(err)
	}
	python := exec.Command(testpy.Newest(t).Path, program)
	if err := python.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = python.Process.Kill() })
	time.Sleep(300 * time.Millisecond) // until it is Python; what top says before is tested elsewhere

	s := startScreen(t, 80, 24)
	s.keys(fmt.Sprintf("%s top --rate 200 %d", link, python.Process.Pid), "Enter")
	s.shows("OWN 5s▼", "FUNCTION", "FILE:LINE", "Engine.work", "watched.py:4", "rejected", "q quit")
	s.keys("c")
	s.shows("CUM 5s▼")
	s.keys("/", "WORK", "Enter")
	s.shows("filter: WORK", "Engine.work")
	if strings.Contains(s.text(), "Engine.loop") {
		t.Errorf("the filter lets Engine.loop through:\n%s", s.text())
	}
	s.keys("Enter") // the paths through it
	s.shows("called by", "Engine.loop (", "runs itself", "line ", "calls nothing")
	s.keys("Enter") // its caller
	s.shows("Engine.loop > Engine.work")
	s.keys("Escape")
	s.keys("Escape")
	s.shows("FUNCTION")
	s.keys("Escape")
	s.shows("Engine.loop")
	s.keys("t")
	s.shows("MainThread", "napper", "RUN 5s", "idle")
	s.keys("Enter")
	s.shows("MainThread while not idle", "Engine.work")
	s.keys("p")
	s.shows("PAUSED")
	s.keys("p")
	s.tmux("resize-window", "-x", "44", "-y", "9")
	s.keys("?")
	s.shows("cantil top: keys")
	s.keys("?")
	s.shows("OWN 5s", "Engine.work", "q quit")
	if screen := s.text(); strings.Contains(screen, "FILE:LINE") || len(strings.Split(strings.TrimRight(screen, "\n"), "\n")) > 9 {
		t.Errorf("on 44 columns and 9 rows:\n%s", screen)
	}
	s.tmux("resize-window", "-x", "130", "-y", "30")
	s.shows("FILE:LINE", program+":4")
	if err := python.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := python.Wait(); err == nil {
		t.Error("a killed program ended well")
	}
	s.shows(fmt.Sprintf("cantil: process %d has ended; ", python.Process.Pid), "Engine.work ("+program+":4)", "\n$")
}
