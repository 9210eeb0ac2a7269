package sampler

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/testpy"
)

// told is what the parked program writes of its own threads.
type told struct {
	Stacks [][]toldFrame
}

// toldFrame is qualified name, name, file, line, first line.
type toldFrame struct {
	qualname, name, file string
	line, first          int
}

func (f *toldFrame) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&f.qualname, &f.name, &f.file, &f.line, &f.first})
}

// TestDumpIsWhatPythonSays parks threads in stacks of every kind and compares each
// frame with sys._current_frames() of the process itself.
func TestDumpIsWhatPythonSays(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		t.Parallel()
		p, line := start(t, py, "parked.py")
		compareWithTold(t, py, p, line)
	})
}

// TestDumpDebian is the same with a build that is not position independent and has no
// table of symbols but the linker's.
func TestDumpDebian(t *testing.T) {
	const path = "/usr/bin/python3.11"
	if _, err := os.Stat(path); err != nil {
		t.Skip("no Debian build of Python 3.11: apt-get install python3.11")
	}
	py := testpy.Python{Path: path, Version: "3.11 of Debian", Minor: 11}
	p, line := start(t, py, "parked.py")
	compareWithTold(t, py, p, line)
}

// TestDumpDeep has a stack of 50,000 frames, in hundreds of chunks.
func TestDumpDeep(t *testing.T) {
	few(t, func(t *testing.T, py testpy.Python) {
		depth := 50_000
		if py.Minor < 11 {
			depth = 20_000 // each takes half a KiB of the C stack, and more
		}
		p, line := start(t, py, "parked.py", fmt.Sprint(depth))
		compareWithTold(t, py, p, line)
	})
}

func compareWithTold(t *testing.T, py testpy.Python, p *target, line string) {
	t.Helper()
	var want told
	if err := json.Unmarshal([]byte(line), &want); err != nil {
		t.Fatalf("%v in %.200s", err, line)
	}
	dump, err := Dump(p.pid())
	for n := 0; n < 100 && err == nil && dump.Threads[0].State != Idle; n++ { // it has written the line, and is about to wait
		time.Sleep(20 * time.Millisecond)
		dump, err = Dump(p.pid())
	}
	if err != nil {
		t.Fatal(err)
	}
	if main := dump.Threads[0]; !main.Main || main.State != Idle || main.Frames[0].Func.Name != "<module>" {
		t.Errorf("the main thread: %+v", main)
	}
	var got, wanted []string
	seen := map[int]bool{}
	for _, th := range dump.Threads[1:] {
		if th.Err != nil || th.State != Idle || th.TID == 0 || seen[th.TID] || th.Name == "" {
			t.Errorf("thread %d %q is %s: %v", th.TID, th.Name, th.State, th.Err)
		}
		seen[th.TID] = true
		var b strings.Builder
		for _, f := range th.Frames {
			fmt.Fprintf(&b, "%s %s:%d %d\n", plain(f.Func.Name, py), f.Func.File, f.Line, f.Func.FirstLine)
		}
		got = append(got, b.String())
	}
	for _, stack := range want.Stacks {
		var b strings.Builder
		for _, f := range stack {
			name := f.qualname
			if py.Minor < 11 {
				name = f.name
			}
			fmt.Fprintf(&b, "%s %s:%d %d\n", name, f.file, f.line, f.first)
		}
		wanted = append(wanted, b.String())
	}
	slices.Sort(got)
	slices.Sort(wanted)
	if len(wanted) == 0 || len(got) != len(wanted) {
		t.Fatalf("%d threads, want %d", len(got), len(wanted))
	}
	for i := range got {
		if got[i] != wanted[i] {
			t.Errorf("got\n%.3000swant\n%.3000s", got[i], wanted[i])
		}
	}
}

// plain takes the class from a name, for Pythons that do not tell theirs.
func plain(name string, py testpy.Python) string {
	if py.Minor < 11 {
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	return name
}

// TestClassesBeforePython311 names methods with their classes although code objects
// do not know them.
func TestClassesBeforePython311(t *testing.T) {
	testpy.Each(t, func(t *testing.T, py testpy.Python) {
		if py.Minor >= 11 {
			t.Skip("code objects know it")
		}
		t.Parallel()
		p, _ := start(t, py, "parked.py")
		dump, err := Dump(p.pid())
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, th := range dump.Threads {
			for _, f := range th.Frames {
				names[f.Func.Name] = true
			}
		}
		for _, want := range []string{"Tree.walk", "Tree.method", "Tree.captured", "Tree.made", "Tree.attribute", "Leaf.__init__", "Key.__call__", "Thread.run", "by_c"} {
			if !names[want] {
				t.Errorf("%s is not among the names: %s", want, sorted(names))
			}
		}
	})
}

func sorted(set map[string]bool) []string {
	var all []string
	for s := range set {
		all = append(all, s)
	}
	slices.SortFunc(all, cmp.Compare)
	return all
}
