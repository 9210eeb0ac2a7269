package store_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/run"
)

func TestAskedComesBackAndNamesThisProcess(t *testing.T) {
	dir := t.TempDir()
	argv := []string{"cantil", "profile", "a.py", "--token", "t0p"}
	asked := store.NewAsked(os.Getpid(), argv, dir, []string{"A=1", "DB_PASSWORD=x", "=C:=C:\\"}, start)
	asked.Cantil, asked.Script, asked.ScriptDir = "1.0", "a.py", dir
	asked.Interpreter = store.Interpreter{Path: "/usr/bin/python3", Version: "3.12.1", Implementation: "cpython"}
	run := newRun(t)
	must(t, run.WriteJSON(store.AskedFile, asked))
	back, err := store.ReadAsked(run.Dir)
	must(t, err)
	if diff := cmp.Diff(asked, back); diff != "" {
		t.Error(diff)
	}
	if want := map[string]string{"A": "1", "DB_PASSWORD": "***"}; !cmp.Equal(back.Env, want) || back.Argv[4] != "***" {
		t.Errorf("env %v, argv %v", back.Env, back.Argv)
	}
	if back.PID != os.Getpid() || !back.Started.Equal(start) {
		t.Errorf("pid %d, started %s", back.PID, back.Started)
	}
	if content, err := os.ReadFile(run.Path(store.AskedFile)); err != nil || strings.Contains(string(content), "t0p") {
		t.Errorf("the secret is in the file, or %v", err)
	}
}

func TestProcessStartTellsProcessesApart(t *testing.T) {
	switch runtime.GOOS {
	case "linux", "darwin", "windows":
	default:
		t.Skip("the start of a process is not known on " + runtime.GOOS)
	}
	mine := store.NewAsked(os.Getpid(), nil, ".", nil, start)
	again := store.NewAsked(os.Getpid(), nil, ".", nil, start)
	if mine.ProcessStart == "" || mine.BootID == "" || mine.ProcessStart != again.ProcessStart || mine.BootID != again.BootID {
		t.Errorf("first %q %q, then %q %q", mine.BootID, mine.ProcessStart, again.BootID, again.ProcessStart)
	}
	time.Sleep(30 * time.Millisecond) // the clock of starts ticks every 10 ms
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), startVariable+"=1")
	out, err := cmd.Output()
	must(t, err)
	var parent, child int64
	if _, err := fmt.Sscan(mine.ProcessStart+" "+string(out), &parent, &child); err != nil || child <= parent {
		t.Errorf("this process started at %d, its child at %d, %v", parent, child, err)
	}
}

// TestFieldsAreDocumented: every field of the two records has its row in the page on them.
func TestFieldsAreDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats", "run-folder.md"))
	must(t, err)
	asked := store.NewAsked(os.Getpid(), nil, ".", []string{"A=1"}, start)
	asked.Script, asked.ScriptDir = "a.py", "/a"
	asked.Interpreter = store.Interpreter{Path: "p", Version: "3", Implementation: "cpython", FreeThreaded: true}
	asked.Git = &store.Git{Root: "r", Commit: "c", Branch: "b"}
	asked.BootID, asked.ProcessStart = "b", "1"
	for prefix, record := range map[string]any{
		"": asked, "git.": *asked.Git, "interpreter.": asked.Interpreter, " ": run.Outcome{
			Signal: "s", Killed: true, Error: "e", FullDisk: "f", PID: 1, TreePeak: 1, LeftRunning: []int{1},
		},
	} {
		text, err := json.Marshal(record)
		must(t, err)
		var fields map[string]any
		must(t, json.Unmarshal(text, &fields))
		for name := range fields {
			if !strings.Contains(string(page), "\n| `"+strings.TrimSpace(prefix)+name+"` |") {
				t.Errorf("docs/formats/run-folder.md has no row for %s%s", prefix, name)
			}
		}
	}
}
