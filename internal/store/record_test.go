package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/store"
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

func TestOutcomeComesBack(t *testing.T) {
	for _, want := range []store.Outcome{
		{Status: store.Exited, Code: 3, Wall: 1.25, User: 0.5, System: 0.25, MaxRSS: 1 << 40, Ended: start},
		{Status: store.Signalled, Code: 137, Signal: "SIGKILL", Ended: start.In(time.FixedZone("", 3600))},
		{Status: store.FailedToStart, Code: 126, Error: "permission denied", Ended: start},
	} {
		run := newRun(t)
		if _, err := store.ReadOutcome(run.Dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("of a run that goes on: %v", err)
		}
		must(t, run.WriteJSON(store.OutcomeFile, want))
		got, err := store.ReadOutcome(run.Dir)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
}

func TestADamagedOutcomeIsAnErrorThatNamesTheFile(t *testing.T) {
	for _, content := range []string{"", "{", `{"status":"fine"}`, `{"status":"exited","code":"x"}`, "[]", strings.Repeat(" ", 33<<20)} {
		run := newRun(t)
		must(t, os.WriteFile(run.Path(store.OutcomeFile), []byte(content), 0o600))
		if _, err := store.ReadOutcome(run.Dir); err == nil || !strings.Contains(err.Error(), run.Path(store.OutcomeFile)) {
			t.Errorf("%.20q: %v", content, err)
		}
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
		"": asked, "git.": *asked.Git, "interpreter.": asked.Interpreter, " ": store.Outcome{
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
