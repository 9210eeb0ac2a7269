package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/store"
)

func TestRunsFilter(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 11, day, 12, 0, 0, 0, time.UTC) }
	entry := func(name, status string, code, day int, tags ...string) RunEntry {
		e := RunEntry{Name: name, Status: status, Code: code, Started: at(day), Command: "cantil run " + name + ".py", Tags: tags}
		if status != store.StatusRunning && status != store.StatusLost {
			e.Ended = at(day)
		}
		return e
	}
	all := []RunEntry{
		entry("train", "exited", 0, 1, "good", "base"),
		entry("train-2", "exited", 3, 2, "good"),
		entry("eval", "timed-out", 124, 3),
		entry("eval", store.StatusRunning, 0, 4),
		entry("Zug", store.StatusLost, 0, 5),
	}
	for _, c := range []struct {
		name   string
		filter RunsFilter
		want   []int
	}{
		{"all", RunsFilter{}, []int{0, 1, 2, 3, 4}},
		{"ok", RunsFilter{Status: []string{"ok"}}, []int{0}},
		{"failed", RunsFilter{Status: []string{"failed"}}, []int{1, 2}},
		{"two statuses", RunsFilter{Status: []string{"lost", "running"}}, []int{3, 4}},
		{"a part of the name", RunsFilter{Name: "rain"}, []int{0, 1}},
		{"a pattern", RunsFilter{Name: "train*"}, []int{0, 1}},
		{"a pattern for the whole name", RunsFilter{Name: "tr?in"}, []int{0}},
		{"a tag", RunsFilter{Tags: []string{"good"}}, []int{0, 1}},
		{"two tags", RunsFilter{Tags: []string{"good", "base"}}, []int{0}},
		{"since", RunsFilter{Since: at(3)}, []int{2, 3, 4}},
		{"before", RunsFilter{Before: at(3)}, []int{0, 1}},
		{"text", RunsFilter{Text: "ZUG.PY"}, []int{4}},
		{"text in a tag", RunsFilter{Text: "bas"}, []int{0}},
	} {
		if err := c.filter.Check(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		got := []int{}
		for i, e := range all {
			if c.filter.means(e) {
				got = append(got, i)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	for _, bad := range []RunsFilter{{Status: []string{"fine"}}, {Name: "["}, {Last: -1}, {Keep: -1}} {
		if bad.Check() == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}

func TestListKeepsAndLasts(t *testing.T) {
	runs, err := OpenRuns(t.TempDir(), func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		if _, err := runs.store.NewRun("x", time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		filter      RunsFilter
		first, many int
	}{{RunsFilter{Last: 2}, 4, 2}, {RunsFilter{Keep: 2}, 0, 4}, {RunsFilter{Keep: 9}, 0, 0}, {RunsFilter{Keep: 1, Last: 2}, 3, 2}, {RunsFilter{Last: 9}, 0, 6}} {
		all, _ := runs.List(RunsFilter{})
		got, err := runs.List(c.filter)
		if err != nil || len(got) != c.many || c.many > 0 && got[0].ID != all[c.first].ID {
			t.Errorf("%+v: %d runs, %v", c.filter, len(got), err)
		}
	}
}

// TestSearch compares with a search of all lines in memory, for texts at every place of a piece.
func TestSearch(t *testing.T) {
	long := strings.Repeat("x", searchBuffer)
	log := "one\nneedle\n\nlast line has NEEDLE\r\n" +
		long[:searchBuffer-3] + "needle" + long + "\n" + // across two pieces
		long + long + "needle" + long + "needle\n" + // twice in one line
		strings.Repeat(long, 3) + "\nneedl\ne\nno end needle"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "stdout.log"), []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, anyCase := range []bool{false, true} {
		var want, got []int
		for i, line := range strings.Split(log, "\n") {
			if strings.Contains(line, "needle") || anyCase && strings.Contains(strings.ToLower(line), "needle") {
				want = append(want, i+1)
			}
		}
		err := Runs{}.Search(t.Context(), []RunEntry{{ID: "a", Dir: dir}}, "needle", anyCase, func(hit Hit) error {
			if !strings.Contains(strings.ToLower(hit.Text), "needle") || hit.Run != "a" || hit.Stream != "stdout" || len(hit.Text) > longLine {
				t.Errorf("line %d: %.40q", hit.Line, hit.Text)
			}
			got = append(got, hit.Line)
			return nil
		})
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
	}
	enough := errors.New("enough")
	err := Runs{}.Search(t.Context(), []RunEntry{{Dir: dir}}, "needle", false, func(Hit) error { return enough })
	if !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err = Runs{}.Search(ctx, []RunEntry{{Dir: dir}}, "needle", false, func(Hit) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestShowOfDamagedFiles: what cannot be read is told, the rest is shown.
func TestShowOfDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"run.json": "{", "exit.json": `{"status":"odd"}`, "traceback.json": "[1]", "kept/report.json": "",
		"timings.jsonl": `{"finished": "f", "seconds": 1}` + "\n" + `{"function": "f", "calls": 2, "total": 3}` + "\n" + `{"func`,
		"parts/1":       "x",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	d := Runs{}.Show(store.ReadEntry(dir))
	if d.Status != store.StatusDamaged || d.Asked != nil || d.Outcome != nil || d.Traceback != nil || len(d.Problems) != 4 {
		t.Errorf("%+v", d)
	}
	if diff := cmp.Diff([]RunTiming{{Function: "f", Calls: 2, Total: 3}}, d.Timings); diff != "" {
		t.Error(diff)
	}
	var names []string
	for _, f := range d.Files {
		names = append(names, f.Name)
	}
	if want := []string{"exit.json", "kept/report.json", "run.json", "timings.jsonl", "traceback.json"}; !slices.Equal(names, want) {
		t.Errorf("files %v, want %v", names, want)
	}
}
