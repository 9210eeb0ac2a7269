package browser

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// viewProgram prints markup and colours to both streams, and fails.
const viewProgram = `import argparse, sys
p = argparse.ArgumentParser()
p.add_argument("--epochs", type=int, default=3)
a = p.parse_args()
for n in range(3000):
    print("line", n)
print("\x1b[32mgreen\x1b[0m <img src=x onerror=alert(1)>", file=sys.stderr)
raise ValueError("<script>alert(1)</script>")
`

// view builds cantil, runs a program in a new project, and opens its pages.
func view(t *testing.T) *Tab {
	t.Helper()
	tab := Open(t, 1280, 800)
	dir := t.TempDir()
	cantil := filepath.Join(dir, "cantil")
	build := exec.Command("go", "build", "-o", cantil, "./cmd/cantil")
	build.Dir, build.Stderr = root, os.Stderr
	if err := build.Run(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "prog.py"), []byte(viewProgram), 0o600); err != nil {
		t.Fatal(err)
	}
	program := exec.Command(cantil, "run", "--traceback", "prog.py")
	program.Dir, program.Env = dir, append(os.Environ(), "CANTIL_DIR="+filepath.Join(dir, ".cantil"))
	if out, err := program.CombinedOutput(); program.ProcessState == nil || program.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v, want exit code 1: %s", err, out)
	}
	server := exec.Command(cantil, "view", "--no-open", "prog.py")
	server.Dir, server.Env, server.Stderr = dir, program.Env, os.Stderr
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		if err := server.Wait(); err != nil {
			t.Errorf("cantil view ended with %v", err)
		}
	})
	address, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	tab.Do(chromedp.Navigate(strings.TrimSpace(address)))
	tab.Wait("location.pathname.endsWith('/runs') && document.querySelector('.grid-row')")
	return tab
}

// TestView goes through the pages as a person does. A script's error, or anything that the policy forbids, fails it.
func TestView(t *testing.T) {
	tab := view(t)
	tab.Picture("view-runs")
	if got := tab.Text(".grid-row .status"); got != "failed" {
		t.Errorf("the status is %q", got)
	}
	tab.Type("#filter", "status:ok")
	tab.Wait("!document.querySelector('#nothing').hidden")
	tab.Click("#clear")
	tab.Wait("document.querySelector('.grid-row a')")
	tab.Click(".grid-row a")
	tab.Wait("document.querySelector('.log-row')")
	if got := Value[int](tab, "document.querySelectorAll('.log-row').length"); got > 200 {
		t.Errorf("%d rows of 3,000 are in the page", got)
	}
	tab.Type("#search", "green")
	tab.Wait("document.querySelector('.log-row.here')")
	if got := tab.Text(".log-row.here span:last-child"); !strings.Contains(got, "green <img src=x") {
		t.Errorf("the row with the text is %q", got)
	}
	if Value[bool](tab, "Boolean(document.querySelector('.log img'))") {
		t.Error("what the program printed became an element")
	}
	tab.Picture("view-run")
	tab.Click("[data-tab=traceback]")
	if got := tab.Text(".exception"); got != "ValueError: <script>alert(1)</script>" {
		t.Errorf("the traceback begins with %q", got)
	}
	tab.Click("a[href*='/launch']:not(nav a)")
	tab.Wait("document.querySelector('#read')")
	tab.Click("#read")
	tab.Wait("document.querySelector('#form input')")
	tab.Type("#form input", "ten")
	tab.Wait("document.querySelector('#answer').innerText.includes('invalid int value')")
	tab.Picture("view-launch")
}
