package browser

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

const program = `
import json, re, sys
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
class A:
    def sorted_é(self): return sorted([3, 1, 2], key=lambda x: -x)
def work(): fib(9); A().sorted_é(); json.dumps({"a": [1, 2]}); re.compile("a|b+")
import cProfile, profile
for path in sys.argv[1:3]:
    p = cProfile.Profile()
    p.runcall(work)
    p.dump_stats(path)
`

// folder makes a.prof and "b c.prof", profiles of the newest Python, and files that are none.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	testpy.Run(t, testpy.Newest(t), program, filepath.Join(dir, "a.prof"), filepath.Join(dir, "b c.prof"))
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// python is what "python -m pstats files..." writes for the input, in dir.
func python(t *testing.T, py testpy.Python, dir, input string, files ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, py.Path, append([]string{"-m", "pstats"}, files...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8:surrogatepass")
	cmd.Stdin = strings.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("Python %s with %q: %v\n%s", py.Version, input, err, stderr.String())
	}
	if py.Minor < 8 {
		out = bytes.ReplaceAll(out, []byte("brower"), []byte("browser"))
	}
	return string(out)
}

func ours(t *testing.T, input string, files ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := Run(Lines(strings.NewReader(input), &out), &out, files...); err != nil {
		t.Fatalf("%q: %v", input, err)
	}
	return out.String()
}

// script is the input of one session and the files it is given.
type script struct {
	input string
	files []string
}

func chosen() []script {
	a := []string{"a.prof"}
	return []script{
		{"", nil}, {"", a}, {"quit\nstats\n", a}, {"EOF\n", a}, {"EOF", a}, {"EOF now\n\n", a}, {"quit now", a},
		{"help\n?\n? \nhelp help\nhelp EOF\nhelp quit\nhelp add\n?callees\nhelp callers\nhelp read\nhelp reverse\nhelp sort\nhelp stats\nhelp strip\nhelp sort x\nhelp nope\n?nope\n", nil},
		{"stats\ncallers\ncallees\nadd x\nsort time\nreverse\nstrip\nread\nstats 2 x\nstats 2.5\n", nil},
		{"stats 3\n\n\n  \nsort time\n\nstats 2\n\n", a},
		{"\n\nstats 1\nEOFx\n\n", a},
		{"sort\nsort \nsort bad\nsort time bad\nsort tim\nsort cum\nsort cu\nsort c\nsort -1\nsort 2\nsort none\nsort time calls name\nstats 9\nreverse\nstats 9\nsort stdname\ncallers 5\ncallees 5\n", a},
		{"read nope\nread\nread sub\nread b c.prof\nstats 2\nread nope\nread\nstats 2\nread a.prof  \n", a},
		{"add nope\nadd\nadd sub\nadd it's\nadd b c.prof\nstats 5\nadd b c.prof\nsort calls\nstats 3\n", a},
		{"stats 5\n", []string{"a.prof", "b c.prof"}}, {"stats 5\nadd a.prof\n", []string{"nope", "a.prof"}}, {"stats 5\n", []string{"a.prof", "nope", "sub"}},
		{"!ls\n!\n*\n* x\n.stats\nfoo bar\nstats3\nstats\t3\nstats_ 3\n\x1cstats\x1c3\x1f\n stats  2  \nHELP\nstats(2)\n", a},
		{"stats 1_0 .5\nstats +3\nstats -1\nstats 0\nstats 1.0\nstats 1.5\nstats -0.5\nstats nan\nstats inf\nstats 1e-1\nstats .5 .5\nstats 1_0.5_0\nstats 1__0\nstats _1\nstats ٣\nstats 99999999999999999999\nstats 5 0.5 json\n", a},
		{"stats json [ 2\nstats \\bfib\nstats (?i)FIB 1\ncallers é\ncallees \\(work\\)\nstats *\nstats '\nstats \\\n", a},
		{"strip\nstats 4\nstats a\\.py\ncallees work\nread\nstats 2\nstrip\nsort nfl\nstats 5\n", a},
		{"stats 1\r\nstats 2\rstats 3\r\n\r\nquit", a},
	}
}

// random makes sessions of arbitrary commands.
func random(n int) []script {
	r := rand.New(rand.NewPCG(21, 22))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	var all []script
	for range n {
		var b strings.Builder
		for range 2 + r.IntN(12) {
			b.WriteString(pick("stats", "stats", "callers", "callees", "sort", "sort", "strip", "reverse", "read", "add", "help", "", "?", "x", "stats 2", "sort time", "sort name line", "add b c.prof", "read a.prof"))
			for range r.IntN(3) {
				b.WriteString(" " + pick("1", "3", "0.5", ".1", "fib", "json", "time", "calls", "cumtime", "name", "1.5", "[", "b c.prof", "a.prof", "-2", `\d`, "{", "é"))
			}
			b.WriteString("\n")
		}
		files := [][]string{nil, {"a.prof"}, {"a.prof", "b c.prof"}, {"nope"}}[r.IntN(4)]
		all = append(all, script{b.String(), files})
	}
	return all
}

// An input runs in one Python each, so the quick run takes the newest and the oldest.
func TestSessionsAgainstPython(t *testing.T) {
	dir := folder(t)
	t.Chdir(dir)
	all, slow := testpy.All(t), os.Getenv("CANTIL_SLOW") == "1"
	sessions := slices.Concat(chosen(), random(6))
	if slow {
		sessions = slices.Concat(chosen(), random(20))
	}
	for i, py := range all {
		t.Run("py"+py.Version, func(t *testing.T) {
			if !slow && i != 0 && i != len(all)-1 {
				t.Skip("every version: set CANTIL_SLOW=1")
			}
			for _, s := range sessions {
				if py.Minor < 7 && strings.Contains(s.input, "sort c") {
					continue // 3.6 has the key "file" more, and other abbreviations
				}
				want := python(t, py, dir, s.input, s.files...)
				if py.Minor == 6 {
					want = strings.ReplaceAll(want, "file -- file name\n", "")
				}
				if got := ours(t, s.input, s.files...); got != want {
					t.Errorf("%q of %q:\nus:\n%s\nPython:\n%s", s.input, s.files, got, want)
				}
			}
			t.Logf("%d sessions", len(sessions))
		})
	}
}

// Where Python ends with a traceback, the session goes on.
func TestDamagedFilesEndNothing(t *testing.T) {
	dir := folder(t)
	t.Chdir(dir)
	if err := os.WriteFile("damaged", []byte("{no profile"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := ours(t, "read damaged\nadd damaged\nstats 1\n", "a.prof")
	if !strings.Contains(got, "a.prof% reading damaged: ") || !strings.Contains(got, "Failed to load statistics for damaged: ") ||
		!strings.Contains(got, "restriction <1>") || !strings.HasSuffix(got, "a.prof% \nGoodbye.\n") {
		t.Errorf("got %s", got)
	}
}

type scripted struct{ err error }

func (s scripted) ReadLine(string) (string, error) { return "", s.err }

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestErrorsOfTheTerminal(t *testing.T) {
	var out bytes.Buffer
	if err := Run(scripted{ErrInterrupted}, &out); err != nil || out.String() != "Welcome to the profile statistics browser.\n" {
		t.Errorf("after Ctrl-C: %v, %q", err, out.String())
	}
	if err := Run(scripted{io.ErrClosedPipe}, &out); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("unreadable input: %v", err)
	}
	if err := Run(Lines(strings.NewReader("help\n"), io.Discard), full{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("full output: %v", err)
	}
	if err := Run(Lines(strings.NewReader(strings.Repeat("a", MaxLine+1)), io.Discard), io.Discard); err == nil {
		t.Error("a line without end is no error")
	}
}

func TestComplete(t *testing.T) {
	t.Chdir(folder(t))
	for line, want := range map[string]string{
		"": "EOF add callees callers help quit read reverse sort stats strip", "s": "sort stats strip", " ca": "callees callers", "quit": "quit", "x": "",
		"help r": "read reverse", "sort cum": "cumtime cumulative", "sort time  n": "name ncalls nfl", "read a": "a.prof", "add b c": "b c.prof", "read s": "sub/", "read nope/": "", "stats x": "",
	} {
		start, candidates := Complete(line)
		slices.Sort(candidates)
		if got := strings.Join(candidates, " "); got != filepath.FromSlash(want) {
			t.Errorf("Complete(%q) = %d, %q, want %q", line, start, got, want)
		}
		for _, c := range candidates {
			if !strings.HasPrefix(c, line[start:]) {
				t.Errorf("Complete(%q): %q does not start with %q", line, c, line[start:])
			}
		}
	}
}
