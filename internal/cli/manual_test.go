package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestManualIsUpToDate: the pages in docs/commands are those that the program makes, and no others.
func TestManualIsUpToDate(t *testing.T) {
	dir := filepath.Join("..", "..", "docs", "commands")
	want := map[string]string{}
	for _, p := range markdownPages() {
		want[p.name] = p.text
	}
	got := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(data)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/commands is out of date, run make gen (-made now +committed):\n%s", diff)
	}
}

// TestUsageIsComplete: every command tells how to call it, shows an example and lists its exit codes.
func TestUsageIsComplete(t *testing.T) {
	for _, c := range flat(commands(Env{})) {
		if c.Summary == "" || c.Detail == "" || len(c.Examples) == 0 || len(c.Exits) == 0 {
			t.Errorf("cantil %s: summary, detail, examples and exit codes must all be there", c.Name)
		}
		for _, line := range strings.Split(c.Detail, "\n") {
			if len(line) > 80 {
				t.Errorf("cantil %s: line of %d columns in its detail: %s", c.Name, len(line), line)
			}
		}
	}
}

func TestRoff(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "--sort": `\-\-sort`, `a\b`: `a\eb`, ".TH": `\&.TH`, "a\n'b": "a\n\\&'b", "a.b": "a.b",
	} {
		if got := roff(text); got != want {
			t.Errorf("roff(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestCommandsFor: a command is made alone, under the name that it is called by.
func TestCommandsFor(t *testing.T) {
	all := makers()
	for _, m := range all {
		list := commandsFor(Env{}, []string{m.name, "x"})
		if len(list) != 1 || list[0].Name != m.name || list[0].cobra.Name() != m.name {
			t.Errorf("%s: made %v", m.name, names(list))
		}
	}
	for _, args := range [][]string{nil, {"--help"}, {"help", "run"}, {"runn"}, {"__complete", "run", ""}} {
		if list := commandsFor(Env{}, args); len(list) != len(all) {
			t.Errorf("%q: made %v", args, names(list))
		}
	}
}
