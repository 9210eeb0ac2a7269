//go:build unix

package run

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/cantil-py/cantil/internal/testpy"
)

// console is a terminal with a front in it, as a person has it.
type console struct {
	*testing.T
	master *os.File
	cmd    *exec.Cmd
	folder string
	mu     sync.Mutex
	seen   []byte
}

// inTerminal starts a front of a spec in a new terminal; with wrap, as the last argument of that command.
func inTerminal(t *testing.T, spec Spec, wrap ...string) *console {
	t.Helper()
	encoded, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	if err := pty.Setsize(master, &pty.Winsize{Rows: 30, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	argv := append(wrap, os.Args[0])
	c := &console{T: t, master: master, cmd: exec.Command(argv[0], argv[1:]...), folder: spec.Folder}
	c.cmd.Env = append(os.Environ(), frontVariable+"="+string(encoded), "TERM=xterm", "PS1=")
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = slave, slave, slave
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go c.read()
	t.Cleanup(func() {
		c.master.Close() // which ends front and program, if the test failed
		time.AfterFunc(time.Second, func() { _ = c.cmd.Process.Kill() })
	})
	return c
}

func (c *console) read() {
	block := make([]byte, 4096)
	for {
		n, err := c.master.Read(block)
		c.mu.Lock()
		c.seen = append(c.seen, block[:n]...)
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (c *console) screen() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.seen)
}

// waitFor waits until the screen has it.
func (c *console) waitFor(text string) {
	c.Helper()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(c.screen(), text); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			c.Fatalf("never came: %q; the screen shows %q", text, c.screen())
		}
	}
}

func (c *console) press(keys string) {
	c.Helper()
	if _, err := c.master.WriteString(keys); err != nil {
		c.Fatal(err)
	}
}

// end waits for the front and returns its exit code.
func (c *console) end() int {
	c.Helper()
	done := make(chan struct{})
	go func() {
		_ = c.cmd.Wait() // the exit code is looked at
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		c.Fatalf("the front does not end; the screen shows %q", c.screen())
	}
	return c.cmd.ProcessState.ExitCode()
}

func pyth(t *testing.T, code string) Spec {
	t.Helper()
	return Spec{Argv: []string{testpy.Newest(t).Path, "-c", code}, Folder: t.TempDir(), Grace: time.Second}
}

func TestTheProgramFindsATerminal(t *testing.T) {
	c := inTerminal(t, pyth(t, `
import os, sys
print([os.isatty(i) for i in range(3)], os.get_terminal_size(1), len({os.ttyname(i) for i in range(3)}))
print("to stderr", file=sys.stderr)
name = input("name? ")
print("hello", name)
`))
	c.waitFor("name? ")
	c.press("ann\r")
	if code := c.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	c.waitFor("hello ann\r\n")
	want := "[True, True, True] os.terminal_size(columns=100, lines=30) 3\nname? hello ann\n"
	out, errs := content(t, c.folder, StdoutFile), content(t, c.folder, StderrFile)
	if strings.Contains(errs, "name? ") { // where Python has no readline, the prompt goes to stderr
		want, errs = strings.Replace(want, "name? ", "", 1), strings.Replace(errs, "name? ", "", 1)
	}
	if out != want || errs != "to stderr\n" {
		t.Errorf("the logs have %q and %q", out, errs)
	}
	if n := strings.Count(c.screen(), "ann"); n != 2 { // its echo, and the answer
		t.Errorf("%q", c.screen())
	}
	assertIndex(t, c.folder)
}

func TestGetpassIsNotShown(t *testing.T) {
	c := inTerminal(t, pyth(t, `import getpass; p = getpass.getpass("secret? "); print(len(p), p == "hunter2")`))
	c.waitFor("secret? ")
	time.Sleep(50 * time.Millisecond) // the echo is switched off before the prompt by all Pythons; be sure
	c.press("hunter2\r")
	if code := c.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if strings.Contains(c.screen(), "hunter2") || content(t, c.folder, StdoutFile) != "7 True\n" {
		t.Errorf("the screen shows %q, the log %q", c.screen(), content(t, c.folder, StdoutFile))
	}
}

func TestKeysOfATerminal(t *testing.T) {
	for name, c := range map[string]struct {
		keys string
		code int
		want string
	}{
		"Ctrl-C":  {"\x03", 130, "SIGINT"},
		"Ctrl-\\": {"\x1c", 131, "SIGQUIT"},
	} {
		t.Run(name, func(t *testing.T) {
			term := inTerminal(t, sh(t, "ulimit -c 0; echo ready; sleep 30; echo not reached"))
			term.waitFor("ready")
			term.press(c.keys)
			if code := term.end(); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if o, err := ReadOutcome(term.folder); err != nil || o.Signal != c.want || o.Status != Signalled {
				t.Errorf("%+v, %v", o, err)
			}
		})
	}
	t.Run("Ctrl-D", func(t *testing.T) {
		term := inTerminal(t, sh(t, "echo ready; cat; echo over"))
		term.waitFor("ready")
		term.press("line\r")
		term.waitFor("line\r\nline\r\n")
		term.press("\x04")
		if code := term.end(); code != 0 || content(t, term.folder, StdoutFile) != "ready\nline\nover\n" {
			t.Errorf("exit code %d, %q", code, content(t, term.folder, StdoutFile))
		}
	})
	t.Run("Ctrl-C caught", func(t *testing.T) {
		term := inTerminal(t, pyth(t, "import time\nprint('ready', flush=True)\ntry: time.sleep(30)\nexcept KeyboardInterrupt: print('caught')"))
		term.waitFor("ready")
		term.press("\x03")
		if code := term.end(); code != 0 || content(t, term.folder, StdoutFile) != "ready\ncaught\n" {
			t.Errorf("exit code %d, %q", code, content(t, term.folder, StdoutFile))
		}
	})
}

// TestCtrlZ: the program stops, the shell has the terminal back as it was, and continues it in front.
func TestCtrlZ(t *testing.T) {
	script := `set -m; "$0"; echo "stopped $?"; stty -a; fg; echo "ended $?"`
	spec := sh(t, "echo ready; read x; echo got $x; exit 5")
	c := inTerminal(t, spec, "/bin/sh", "-c", script)
	c.waitFor("ready")
	c.press("\x1a")
	c.waitFor("stopped ")
	c.waitFor(" echo ") // stty says that the terminal is as it was; and not -echo
	if m := regexp.MustCompile(`stopped 1[45]\d`).FindString(c.screen()); m == "" {
		t.Errorf("the shell says %q", c.screen())
	}
	if !strings.Contains(c.screen(), " icanon ") || strings.Contains(c.screen(), "-icanon") {
		t.Errorf("the terminal was not given back: %q", c.screen())
	}
	time.Sleep(100 * time.Millisecond)
	c.press("on\r")
	c.waitFor("got on")
	c.waitFor("ended 5")
	c.end()
}

func TestChangeOfSize(t *testing.T) {
	c := inTerminal(t, pyth(t, `
import os, signal
def show(*a): print([tuple(os.get_terminal_size(i)) for i in range(3)], flush=True)
signal.signal(signal.SIGWINCH, show)
show()
while True:
    if input() == "end": break
`))
	c.waitFor("[(100, 30), (100, 30), (100, 30)]")
	if err := pty.Setsize(c.master, &pty.Winsize{Rows: 40, Cols: 120}); err != nil {
		t.Fatal(err)
	}
	c.waitFor("[(120, 40), (120, 40), (120, 40)]")
	c.press("end\r")
	if code := c.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestCurses: a full-screen program gets single keys, and draws what it would draw plainly.
func TestCurses(t *testing.T) {
	spec := pyth(t, `
import curses
def main(screen):
    screen.addstr(3, 4, "first")
    screen.addstr(5, 4, "second")
    screen.refresh()
    keys = []
    while len(keys) < 3:
        keys.append(screen.getkey())
        screen.addstr(7, 4, repr(keys)); screen.refresh()
    return keys
print(curses.wrapper(main))
`)
	plain := exec.Command(spec.Argv[0], "-c", "import curses")
	if out, err := plain.CombinedOutput(); err != nil {
		t.Skipf("NOT TESTED: this Python has no curses: %s", out)
	}
	c := inTerminal(t, spec)
	c.waitFor("second")
	for _, key := range []string{"a", "\x1bOA", "\r"} {
		c.press(key)
		time.Sleep(20 * time.Millisecond)
	}
	if code := c.end(); code != 0 {
		t.Errorf("exit code %d, %q", code, c.screen())
	}
	c.waitFor("['a', 'KEY_UP', '\\n']\r\n")
	through := c.screen()
	direct := plainly(t, spec, "second", "a", "\x1bOA", "\r")
	if through != direct {
		t.Errorf("through the shim the screen gets\n%q, plainly\n%q", through, direct)
	}
}

// plainly runs the program itself in a terminal and returns all that the screen gets.
func plainly(t *testing.T, spec Spec, ready string, keys ...string) string {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	if err := pty.Setsize(master, &pty.Winsize{Rows: 30, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(spec.Argv[0], spec.Argv[1:]...)
	cmd.Env = append(os.Environ(), "TERM=xterm")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	slave.Close()
	c := &console{T: t, master: master, cmd: cmd}
	go c.read()
	c.waitFor(ready)
	for _, key := range keys {
		c.press(key)
		time.Sleep(20 * time.Millisecond)
	}
	if code := c.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	time.Sleep(50 * time.Millisecond)
	return c.screen()
}

// TestRestore undoes what a terminal did, however it is cut into chunks.
func TestRestore(t *testing.T) {
	for _, text := range []string{"a\nb\n", "\r\n", "\r", "x\r\r\n\n\ry", "\n", "", "a\rb\r"} {
		wrote := strings.ReplaceAll(text, "\n", "\r\n")
		for cut := range len(wrote) + 1 {
			o := &output{}
			var got bytes.Buffer
			for i, part := range []string{wrote[:cut], wrote[cut:], ""} {
				block := append([]byte{0}, part...)
				got.Write(o.restore(block, len(part), i == 2))
			}
			if got.String() != text {
				t.Errorf("%q cut at %d comes back as %q", text, cut, got.String())
			}
		}
	}
}

// TestAPipeline leaves the terminal alone: its keys may be for who reads our stdout.
func TestAPipeline(t *testing.T) {
	spec := sh(t, `test -t 0 && test ! -t 1 && test -t 2 && echo ready; read x; echo got $x; echo error >&2`)
	c := inTerminal(t, spec, "/bin/sh", "-c", `"$0" | cat; stty -a`)
	c.waitFor("ready\r\n")
	c.press("on\r")
	c.waitFor("got on\r\n")
	c.waitFor("error\r\n")
	c.waitFor(" icanon ")
	c.end()
	if content(t, c.folder, StdoutFile) != "ready\ngot on\n" || content(t, c.folder, StderrFile) != "error\n" {
		t.Errorf("%q, %q", content(t, c.folder, StdoutFile), content(t, c.folder, StderrFile))
	}
}

// TestCtrlZInAPipeline stops all of it, and fg continues it.
func TestCtrlZInAPipeline(t *testing.T) {
	spec := sh(t, `echo ready; read x; echo got $x; exit 5`)
	c := inTerminal(t, spec, "/bin/sh", "-c", `set -m; "$0" | cat; echo "stopped $?"; fg; echo over`)
	c.waitFor("ready\r\n")
	c.press("\x1a")
	c.waitFor("stopped ")
	time.Sleep(100 * time.Millisecond)
	c.press("on\r")
	c.waitFor("got on\r\n")
	c.waitFor("over")
	c.end()
}

// TestTTYAlways gives a terminal to a program whose front has none; our stdin is what is typed.
func TestTTYAlways(t *testing.T) {
	spec := pyth(t, `import os; print([os.isatty(i) for i in range(3)]); print("got", input())`)
	in, tell, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tell.WriteString("typed\n"); err != nil {
		t.Fatal(err)
	}
	tell.Close()
	spec.TTY, spec.Stdin = TTYAlways, in
	p := start(t, spec)
	var out bytes.Buffer
	if err := p.Show(t.Context(), &out, nil, nil); err != nil {
		t.Fatal(err)
	}
	if o := wait(t, p); o.Code != 0 || out.String() != "[True, True, True]\ngot typed\n" {
		t.Errorf("%q, %+v", out.String(), o)
	}
}
