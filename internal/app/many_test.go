package app

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProduct(t *testing.T) {
	cases := []struct {
		command []string
		lists   [][]string
		want    []string // words joined with |
	}{
		{[]string{"x"}, [][]string{{"1", "2"}, {"a", "b"}}, []string{"x|1|a", "x|1|b", "x|2|a", "x|2|b"}},
		{[]string{"x", "--n={2}", "{1}"}, [][]string{{"1"}, {"a", "b"}}, []string{"x|--n=a|1", "x|--n=b|1"}},
		{[]string{"x", "{}"}, [][]string{{"1"}, {"a"}}, []string{"x|1 a"}},
		{[]string{"x"}, [][]string{{"1"}, {}}, []string{}},
	}
	for _, c := range cases {
		lines, err := Product(c.command, c.lists)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, line := range lines {
			got = append(got, strings.Join(line, "|"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q %q (-want +got):\n%s", c.command, c.lists, diff)
		}
	}
}

func TestProductRefuses(t *testing.T) {
	if _, err := Product([]string{"x", "{3}"}, [][]string{{"1"}}); err == nil || !strings.Contains(err.Error(), "there is no list {3}") {
		t.Errorf("a list that is not there: %v", err)
	}
	long := make([]string, 2000)
	if _, err := Product([]string{"x"}, [][]string{long, long}); err == nil || !strings.Contains(err.Error(), "more than 1000000 commands") {
		t.Errorf("four million commands: %v", err)
	}
}

// TestSplitWords compares with a real shell, which prints each word in brackets.
func TestSplitWords(t *testing.T) {
	lines := []string{
		`a b  c`, `'a b' c`, `"a b"c`, `a\ b`, `"a\"b"`, `'a\b'`, `"a\b"`, `""`, `'' x`, `a'b'"c"`, "a\tb", `"it's"`, `--x="1 2"`,
	}
	for _, line := range lines {
		want, err := exec.Command("sh", "-c", `printf '[%s]' `+line).Output()
		if err != nil {
			t.Skipf("NOT TESTED, a shell is missing: %v", err)
		}
		words, err := splitWords(line)
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if got := "[" + strings.Join(words, "][") + "]"; got != string(want) {
			t.Errorf("%s: words %s, in a shell %s", line, got, want)
		}
	}
	for _, line := range []string{`'a`, `"a`, `a\`} {
		if words, err := splitWords(line); err == nil {
			t.Errorf("%s: no error, words %q", line, words)
		}
	}
}

func TestParseTable(t *testing.T) {
	output := "NAME   READY  AGE\nweb      1/1  3d\nworker         10m\n"
	got, err := Parse("table", []byte(output))
	want := []map[string]string{
		{"NAME": "web", "READY": "1/1", "AGE": "3d"},
		{"NAME": "worker", "READY": "", "AGE": "10m"},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestShellLine(t *testing.T) {
	argv := []string{"printf", "[%s]", "it's", `a"b`, "$HOME", ""}
	out, err := exec.Command("sh", "-c", shellLine(argv)).Output()
	if err != nil {
		t.Skipf("NOT TESTED, a shell is missing: %v", err)
	}
	if want := `[it's][a"b][$HOME][]`; string(out) != want {
		t.Errorf("a shell reads %s, want %s", out, want)
	}
}
