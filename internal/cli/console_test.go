package cli

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// counted runs in a window; the test sees what the window shows, and that the run is kept.
const countedInWindow = `
exec cantil run --console count.py
stderr ' runs in %s; cantil runs attach \S+ shows it here$'
shown 'two of two'
exec sh -c 'cat .cantil/runs/*_count/stdout.log'
stdout '^one of two\ntwo of two\n$'
exec cantil runs list
stdout count

-- count.py --
import time
print("one of two", flush=True)
time.sleep(1.5)
print("two of two", flush=True)
time.sleep(1.5)
`

// TestConsoleInTmux opens a window of tmux, and reads its screen.
func TestConsoleInTmux(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "tmux")
	tmux := func(args ...string) string {
		out, _ := exec.Command("tmux", append([]string{"-S", socket}, args...)...).CombinedOutput()
		return string(out)
	}
	params := scriptParams(t)
	params.Setup = inTmux(t, socket, params.Setup)
	params.Cmds = map[string]func(*testscript.TestScript, bool, []string){
		"shown": waitsFor(func() string { return tmux("capture-pane", "-p", "-t", "count") }),
	}
	runScript(t, params, fmt.Sprintf(countedInWindow, "tmux"))
	if windows := tmux("list-windows", "-F", "#W"); strings.Contains(windows, "count") {
		eventually(t, "the window closes", func() bool { return !strings.Contains(tmux("list-windows", "-F", "#W"), "count") })
	}
}

// TestConsoleOnADisplay opens xterm on a display of its own; xterm logs what it shows.
func TestConsoleOnADisplay(t *testing.T) {
	display := startDisplay(t)
	log := filepath.Join(t.TempDir(), "xterm.log")
	terminal := filepath.Join(t.TempDir(), "logging-xterm")
	// xterm refuses to log to a file that is there.
	wrapper := fmt.Sprintf("#!/bin/sh\nexec xterm -l -lf %s \"$@\"\n", log)
	if err := os.WriteFile(terminal, []byte(wrapper), 0o700); err != nil {
		t.Fatal(err)
	}
	params := scriptParams(t)
	setup := params.Setup
	params.Setup = func(env *testscript.Env) error {
		env.Setenv("TMUX", "")
		env.Setenv("DISPLAY", display)
		env.Setenv("TERMINAL", terminal)
		return setup(env)
	}
	params.Cmds = map[string]func(*testscript.TestScript, bool, []string){
		"shown": waitsFor(func() string {
			text, _ := os.ReadFile(log)
			return string(text)
		}),
	}
	runScript(t, params, fmt.Sprintf(countedInWindow, "logging-xterm"))
}

// waitsFor waits until a screen shows a text.
func waitsFor(screen func() string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
			if strings.Contains(screen(), args[0]) {
				return
			}
		}
		ts.Fatalf("the window never showed %q, but:\n%s", args[0], screen())
	}
}

// startDisplay starts an X server without a screen, and returns its name.
func startDisplay(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"Xvfb", "xterm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("NOT TESTED, %s is missing (apt-get install xvfb xterm)", program)
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "800x600x8", "-nolisten", "tcp")
	server.ExtraFiles = []*os.File{write}
	err = server.Start()
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = server.Process.Kill(), server.Wait() })
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

// runScript runs one transcript that is not in a file.
func runScript(t *testing.T, params testscript.Params, script string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), strings.ToLower(t.Name())+".txtar")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	params.Files = []string{file}
	testscript.Run(t, params)
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Errorf("not in 20 s: %s", what)
			return
		}
	}
}
