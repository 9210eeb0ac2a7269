package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/cantil-py/cantil/internal/testpy"
)

// fakePytest stands in for pytest, which need not be installed: it fails as pytest
// does when it is called otherwise than in the notes.
const fakePytest = `-- pytest.py --
import sys
sys.exit(sys.argv[1:] != ['-k', 'name'])
`

// TestNotes runs every command of docs/notes.md, in order, in a folder with the examples.
func TestNotes(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(testpy.Root(t), "docs", "notes.md"))
	if err != nil {
		t.Fatal(err)
	}
	script := "exec cp -r $EXAMPLES examples\n"
	commands := noteCommands(string(page))
	for _, command := range commands {
		script += fmt.Sprintf("exec sh -c '%s'\n", strings.ReplaceAll(command, "'", "''"))
		switch {
		case strings.Contains(command, " --console "):
			script += "stderr ' runs in tmux; '\n"
		case !strings.Contains(command, " -i "):
			script += "stdout .\n"
		}
	}
	params := scriptParams(t)
	params.Setup = inTmux(t, filepath.Join(t.TempDir(), "tmux"), params.Setup)
	runScript(t, params, script+fakePytest)
	t.Logf("ran %d commands of docs/notes.md", len(commands))
}

// inTmux makes the commands believe that they were typed in tmux, where a window can be opened.
func inTmux(t *testing.T, socket string, setup func(*testscript.Env) error) func(*testscript.Env) error {
	t.Helper()
	start := exec.Command("tmux", "-S", socket, "new-session", "-d", "sleep 600")
	if out, err := start.CombinedOutput(); err != nil {
		t.Skipf("NOT TESTED, tmux is missing (apt-get install tmux): %v %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", socket, "kill-server").Run() })
	return func(env *testscript.Env) error {
		env.Setenv("TMUX", socket+",0,0")
		return setup(env)
	}
}

// noteCommands are the commands in the third column of the table of a page.
func noteCommands(page string) []string {
	var list []string
	for _, line := range strings.Split(page, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		if command := strings.Trim(cells[3], " `"); strings.HasPrefix(strings.TrimPrefix(command, "! "), "cantil ") {
			list = append(list, command)
		}
	}
	return list
}
