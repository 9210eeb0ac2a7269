package cli

import (
	"fmt"
	"os"
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
		if !strings.Contains(command, " -i ") {
			script += "stdout .\n"
		}
	}
	file := filepath.Join(t.TempDir(), "notes.txtar")
	if err := os.WriteFile(file, []byte(script+fakePytest), 0o600); err != nil {
		t.Fatal(err)
	}
	params := scriptParams(t)
	params.Files = []string{file}
	testscript.Run(t, params)
	t.Logf("ran %d commands of docs/notes.md", len(commands))
}

// noteCommands are the commands in the third column of the table of a page.
func noteCommands(page string) []string {
	var list []string
	for _, line := range strings.Split(page, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 5 {
			continue
		}
		if command := strings.Trim(cells[3], " `"); strings.HasPrefix(command, "cantil ") {
			list = append(list, command)
		}
	}
	return list
}
