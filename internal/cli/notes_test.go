package cli

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/cantil-py/cantil/internal/testpy"
)

// How docs/notes.md is written, and what is tested of it:
//
// A row of a table has a command of cantil in its third cell, in backticks; `\|` is a
// bar in it, and a `!` in front says that the command is meant to fail. What the command
// prints, stdout and stderr as on a terminal, stands in a block of its own below the table:
//
//	```console
//	$ cantil tool perm 123
//	123
//	...
//	321
//	```
//
// In what it prints ... alone on a line stands for any lines, and within a line for any
// text; a row of # is any whole number, and blanks in a line with # count as one. These are for
// times, dates and versions, and for what is long; all else must be the same, but for a
// line feed that may be missing at the end. The commands of a section (##) are run in its
// order, in a folder of its own with the examples.
//
// Where the third cell is a link, [`pickle.ExampleLoad`](../value/pickle/marshal_test.go),
// the example must be there, with an Output that go test compares.

// TestNotes runs every command of docs/notes.md and compares what it prints.
func TestNotes(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(testpy.Root(t), "docs", "notes.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	able := withVenv(t, testpy.All(t)) // a row is about pip
	params, blocks := scriptParamsOf(t, able[len(able)-1]), noteBlocks(page)
	params.Setup = withIndex(inTmux(t, filepath.Join(t.TempDir(), "tmux"), params.Setup), notesIndex(t))
	params.ContinueOnError = true
	params.Cmds = map[string]func(*testscript.TestScript, bool, []string){"prints": func(ts *testscript.TestScript, _ bool, args []string) {
		if problem := differs(blocks[args[0]], ts.ReadFile("stdout")); problem != "" {
			ts.Fatalf("docs/notes.md: %s", problem)
		}
	}}
	var commands []string
	folder := t.TempDir()
	for _, section := range strings.Split(page, "\n## ")[1:] {
		title, _, _ := strings.Cut(section, "\n")
		script := notesStart
		for _, cell := range noteCells(section) {
			if strings.HasPrefix(cell, "[") {
				checkExample(t, cell)
				continue
			}
			commands = append(commands, strings.TrimPrefix(cell, "! "))
			script += noteLine(cell)
		}
		if script == notesStart {
			continue // examples only: go test runs them
		}
		file := filepath.Join(folder, strings.ReplaceAll(title, " ", "-")+".txtar")
		if err := os.WriteFile(file, []byte(script+fakePytest), 0o600); err != nil {
			t.Fatal(err)
		}
		params.Files = append(params.Files, file)
	}
	checkBlocks(t, commands, blocks)
	testscript.Run(t, params)
	t.Logf("%d commands of docs/notes.md", len(commands))
}

// notesStart begins each section: the examples, and for the note on installing pip a
// virtual environment without it.
const notesStart = "exec cp -r $EXAMPLES examples\nexec $PYTHON -m venv --without-pip bare\n"

// checkBlocks: each command has one block, and each block a command.
func checkBlocks(t *testing.T, commands []string, blocks map[string]string) {
	t.Helper()
	for i, command := range commands {
		if _, ok := blocks[command]; !ok {
			t.Errorf("docs/notes.md: %s has no block with what it prints", command)
		}
		if slices.Contains(commands[:i], command) {
			t.Errorf("docs/notes.md: %s stands there twice", command)
		}
	}
	for command := range blocks {
		if !slices.Contains(commands, command) {
			t.Errorf("docs/notes.md: the block of %s belongs to no row", command)
		}
	}
}

// fakePytest stands in for pytest, which need not be installed: it fails as pytest
// does when it is called otherwise than in the notes.
const fakePytest = `-- pytest.py --
import sys
print("1 passed, 2 deselected in 0.01s")
sys.exit(sys.argv[1:] != ['-k', 'name'])
`

// noteLine is the command of a cell as lines of a script.
func noteLine(command string) string {
	command, fails := strings.CutPrefix(command, "! ")
	quoted := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	line := "exec sh -c " + quoted(command+" 2>&1") + "\nprints " + quoted(command) + "\n"
	if fails {
		line = "! " + line
	}
	return line
}

// noteCells are the third cells of the tables that have a command or an example.
func noteCells(page string) []string {
	var list []string
	const bar = "\x00"
	for _, line := range strings.Split(page, "\n") {
		cells := strings.Split(strings.ReplaceAll(line, `\|`, bar), "|")
		if len(cells) < 5 {
			continue
		}
		cell := strings.TrimSpace(strings.ReplaceAll(cells[3], bar, "|"))
		switch {
		case strings.HasPrefix(cell, "["):
			list = append(list, cell)
		case strings.HasPrefix(cell, "`"):
			list = append(list, strings.Trim(cell, "`"))
		}
	}
	return list
}

// noteBlocks are what the page says that the commands print.
func noteBlocks(page string) map[string]string {
	blocks := map[string]string{}
	for _, part := range strings.Split(page, "```console\n$ ")[1:] {
		block, _, _ := strings.Cut(part, "```")
		command, output, _ := strings.Cut(block, "\n")
		blocks[command] = output
	}
	return blocks
}

// differs tells where got is not what want says, or "".
func differs(want, got string) string {
	pattern, got := "", strings.TrimSuffix(got, "\n")+"\n"
	for _, line := range strings.SplitAfter(want, "\n") {
		pattern += linePattern(line)
		if line != "" && !regexp.MustCompile(`\A`+pattern).MatchString(got) {
			return fmt.Sprintf("at the line\n%s\nof what it should print:\n%s\nit printed\n%s", line, want, got)
		}
	}
	if !regexp.MustCompile(`\A` + pattern + `\z`).MatchString(got) {
		return fmt.Sprintf("it should have ended after\n%s\nit printed\n%s", want, got)
	}
	return ""
}

// linePattern is the regular expression of a line of what a command prints.
func linePattern(line string) string {
	if line == "...\n" {
		return `(?:.*\n)*?`
	}
	text := regexp.QuoteMeta(line)
	text = strings.ReplaceAll(text, `\.\.\.`, `.*`)
	if strings.Contains(line, "#") {
		text = regexp.MustCompile(` +`).ReplaceAllString(text, ` +`)
		text = regexp.MustCompile(`#+`).ReplaceAllString(text, `\d+`)
		text = strings.TrimPrefix(text, " +")
		text = " *" + text
	}
	return text
}

// checkExample: the example of the link is there, and has an output.
func checkExample(t *testing.T, link string) {
	t.Helper()
	parts := regexp.MustCompile("^\\[`(?:\\w+\\.)?(Example\\w*)`\\]\\((.*)\\)$").FindStringSubmatch(link)
	if parts == nil {
		t.Errorf("docs/notes.md: %s is no link to an example", link)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(testpy.Root(t), "docs", filepath.FromSlash(parts[2])), nil, parser.ParseComments)
	if err != nil {
		t.Errorf("docs/notes.md: %s: %v", link, err)
		return
	}
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if ok && fn.Name.Name == parts[1] && hasOutput(file, fn) {
			return
		}
	}
	t.Errorf("docs/notes.md: %s: there is no such example with an output", link)
}

func hasOutput(file *ast.File, fn *ast.FuncDecl) bool {
	for _, group := range file.Comments {
		inside := group.Pos() > fn.Body.Lbrace && group.End() < fn.Body.Rbrace
		if inside && regexp.MustCompile(`(?i)^(unordered )?output:`).MatchString(group.Text()) {
			return true
		}
	}
	return false
}

// TestDiffers: what is not the same is told.
func TestDiffers(t *testing.T) {
	for _, c := range []struct {
		want, got string
		same      bool
	}{
		{"a\nb\n", "a\nb\n", true},
		{"a\nb\n", "a\nc\n", false},
		{"a\n", "a\nb\n", false},
		{"a\nb\n", "a\n", false},
		{"a\n...\nz\n", "a\nb\nc\nz\n", true},
		{"a\n...\nz\n", "a\nz\n", true},
		{"a\n...\nz\n", "a\nb\n", false},
		{"in #.# secs\n", "in 12.3 secs\n", true},
		{"in #.# secs\n", "in x.3 secs\n", false},
		{"  1  #.###  f\n", " 1    0.123 f\n", true},
		{"  1  #.###  f\n", " 2    0.123 f\n", false},
		{"  1  f\n", " 1 f\n", false},
		{"kept in .../x\n", "kept in /tmp/y/x\n", true},
		{"a.b\n", "axb\n", false},
	} {
		if problem := differs(c.want, c.got); (problem == "") != c.same {
			t.Errorf("%q and %q: %q", c.want, c.got, problem)
		}
	}
}

// notesIndex is an index of packages that has what the notes install, so that no network is needed.
func notesIndex(t *testing.T) string {
	t.Helper()
	return serveIndex(t, map[string][]byte{
		"numpy-1.26.4-py3-none-any.whl": wheel(t, "numpy", "1.26.4", "", ""),
		"numpy-2.1.3-py3-none-any.whl":  wheel(t, "numpy", "2.1.3", "", ""),
		"pip-99.0-py3-none-any.whl":     wheel(t, "pip", "99.0", "", fakePip),
	})
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
