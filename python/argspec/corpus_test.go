package argspec

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/python/boot"
)

// slow says whether all of the corpus is tested, with every Python.
func slow() bool { return os.Getenv("CANTIL_SLOW") == "1" }

// programs are those of the corpus to test with a Python: all, or without CANTIL_SLOW=1 one in eight, others for each Python.
func programs(t *testing.T, py testpy.Python) []string {
	t.Helper()
	all, err := filepath.Glob("testdata/programs/*.py")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for i, path := range all {
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Base(path) != "body.py" && (slow() || i%8 == py.Minor%8) {
			list = append(list, path)
		}
	}
	if slow() && len(list) < 40 {
		t.Fatalf("the corpus has %d programs only", len(list))
	}
	if !slow() {
		t.Logf("%d programs of %d; CANTIL_SLOW=1 tests all", len(list), len(all)-1)
	}
	return list
}

// corpus is where the programs are described: every one would leave a mark if its body ran.
type corpus struct {
	t        *testing.T
	py       testpy.Python
	home     string
	mark     string
	programs []string
	specs    map[string]*Spec
}

// describeAll describes the programs, two at a time.
func describeAll(t *testing.T, py testpy.Python) *corpus {
	t.Helper()
	home := t.TempDir()
	c := &corpus{t: t, py: py, home: home, mark: filepath.Join(home, "mark"), programs: programs(t, py), specs: map[string]*Spec{}}
	if _, err := boot.Install(home); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	var lock sync.Mutex
	for half := range 2 {
		wait.Go(func() {
			for i := half; i < len(c.programs); i += 2 {
				s, err := Read(context.Background(), c.program(c.programs[i]))
				if err != nil {
					t.Errorf("Python %s: %v", py.Version, err)
					continue
				}
				lock.Lock()
				c.specs[c.programs[i]] = s
				lock.Unlock()
			}
		})
	}
	wait.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return c
}

func (c *corpus) program(path string) Program {
	return Program{Program: boot.Program{Python: c.py.Path, Name: path}, Dir: c.home, Home: c.home, Env: append(os.Environ(), "CANTIL_TEST_MARK="+c.mark)}
}

// nobodyRan fails the test if a body ran.
func (c *corpus) nobodyRan() {
	c.t.Helper()
	if data, err := os.ReadFile(c.mark); err == nil {
		c.t.Errorf("Python %s: a body ran: %s", c.py.Version, data)
	}
}

// real runs command lines for real.
func (c *corpus) real(lines []line) []outcome {
	c.t.Helper()
	var in bytes.Buffer
	for _, l := range lines {
		data, err := json.Marshal(l)
		if err != nil {
			c.t.Fatal(err)
		}
		in.Write(append(data, '\n'))
	}
	script, err := filepath.Abs("testdata/oracle.py")
	if err != nil {
		c.t.Fatal(err)
	}
	cmd := exec.Command(c.py.Path, "-B", script)
	cmd.Dir, cmd.Stdin = c.t.TempDir(), &in
	cmd.Env = append(c.program("").environment(0), "CANTIL_TEST_MARK="+filepath.Join(cmd.Dir, "mark"), "PYTHONIOENCODING=utf-8")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		c.t.Fatalf("Python %s: %v\n%s", c.py.Version, err, stderr.String())
	}
	var all []outcome
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var o outcome
		if err := decoder.Decode(&o); err != nil {
			c.t.Fatal(err)
		}
		all = append(all, o)
	}
	if len(all) != len(lines) {
		c.t.Fatalf("%d outcomes of %d lines", len(all), len(lines))
	}
	return all
}

// line is a command line of a program of the corpus.
type line struct {
	Program string   `json:"program"`
	Args    []string `json:"args"`
	Columns int      `json:"columns"`
}

// outcome is what a program does with it.
type outcome struct {
	Code     int    `json:"code"`
	Ran      bool   `json:"ran"` // its body did: the arguments were accepted
	Stdout   string `json:"stdout"`
	Stderr   string `json:"stderr"`
	Uncaught string `json:"uncaught"`
}

// told is an outcome, or an answer, as the user sees it.
func (o outcome) told() string {
	if o.Uncaught != "" {
		return "uncaught " + o.Uncaught
	}
	if o.Ran {
		return "accepted\n" + o.Stderr
	}
	return fmt.Sprintf("exit %d\n%s\n%s", o.Code, o.Stdout, o.Stderr)
}

func (a Answer) told() string {
	return outcome{Code: a.Code, Ran: !a.Ended, Stdout: a.Stdout, Stderr: a.Stderr, Uncaught: a.Uncaught}.told()
}

// compareHelps compares the helps of the programs with those of parsers that are built from the descriptions.
func (c *corpus) compareHelps() {
	t := c.t
	t.Helper()
	var files []string
	folder := t.TempDir()
	for path, spec := range c.specs {
		data, err := json.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, filepath.Base(path)+".json")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	rebuilt := c.helps(files...)
	original := c.helps(append([]string{"--program"}, c.programs...)...)
	for name, want := range original {
		if got := rebuilt[name]; strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: the rebuilt help is\n%s\nthe original\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if len(original) != len(c.programs) {
		t.Errorf("%d helps of %d programs", len(original), len(c.programs))
	}
}

// helps are the helps that rebuild.py prints, by program.
func (c *corpus) helps(args ...string) map[string][]string {
	c.t.Helper()
	cmd := exec.Command(c.py.Path, append([]string{"-B", filepath.Join("testdata", "rebuild.py")}, args...)...)
	cmd.Env = append(c.program("").environment(0), "PYTHONIOENCODING=utf-8")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		c.t.Fatalf("Python %s: %v\n%s", c.py.Version, err, stderr.String())
	}
	var found map[string][]string
	if err := json.Unmarshal(out, &found); err != nil {
		c.t.Fatal(err)
	}
	return found
}

// plainly runs a program in a Python of its own.
func (c *corpus) plainly(l line) outcome {
	c.t.Helper()
	mark := filepath.Join(c.t.TempDir(), "mark")
	cmd := exec.Command(c.py.Path, append([]string{l.Program}, l.Args...)...)
	cmd.Env = append(c.program("").environment(l.Columns), "CANTIL_TEST_MARK="+mark, "PYTHONIOENCODING=utf-8")
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.t.Fatal(err)
	}
	_, statErr := os.Stat(mark)
	return outcome{Code: cmd.ProcessState.ExitCode(), Ran: statErr == nil, Stdout: strings.TrimSuffix(stdout.String(), "RAN\n"), Stderr: stderr.String()}
}
