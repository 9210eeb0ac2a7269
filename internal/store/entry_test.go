package store_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/store"
)

// statusOf is the status of a run without exit.json whose run.json says asked.
func statusOf(t *testing.T, asked store.Asked) string {
	t.Helper()
	run := newRun(t)
	must(t, run.WriteJSON(store.AskedFile, asked))
	return store.ReadEntry(run.Dir).Status
}

func TestStatusOfARunWithoutEnd(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" && runtime.GOOS != "windows" {
		t.Skip("processes are not known on " + runtime.GOOS)
	}
	mine := store.NewAsked(os.Getpid(), nil, ".", nil, start)
	with := func(change func(*store.Asked)) store.Asked {
		asked := mine
		change(&asked)
		return asked
	}
	for _, c := range []struct {
		name  string
		asked store.Asked
		want  string
	}{
		{"this process", mine, store.StatusRunning},
		{"this process under another name of the machine", with(func(a *store.Asked) { a.Host = "elsewhere" }), store.StatusRunning},
		{"the id was given to a later process", with(func(a *store.Asked) { a.ProcessStart += "1" }), store.StatusLost},
		{"the machine was restarted since", with(func(a *store.Asked) { a.BootID = "x" + a.BootID }), store.StatusLost},
		{"no such process", with(func(a *store.Asked) { a.PID = 1 << 30 }), store.StatusLost},
		{"no process at all", with(func(a *store.Asked) { a.PID, a.ProcessStart = 0, "" }), store.StatusLost},
		{"a negative id", with(func(a *store.Asked) { a.PID = -1 }), store.StatusLost},
		{"another machine", with(func(a *store.Asked) { a.Host, a.BootID = "elsewhere", "x" }), store.StatusElsewhere},
	} {
		if got := statusOf(t, c.asked); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestAZombieIsDead: a process that has ended and was not collected has its id and its start still.
func TestAZombieIsDead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no zombies")
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), startVariable+"=1")
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	asked := store.NewAsked(os.Getpid(), nil, ".", nil, start)
	asked.PID = cmd.Process.Pid
	text := make([]byte, 64)
	n, err := out.Read(text)
	must(t, err)
	asked.ProcessStart = strings.TrimSpace(string(text[:n]))
	deadline := time.Now().Add(10 * time.Second)
	for statusOf(t, asked) != store.StatusLost { // it ends by itself; nobody has waited for it yet
		if time.Now().After(deadline) {
			t.Fatal("a process that has ended still counts as running")
		}
		time.Sleep(time.Millisecond)
	}
	_ = cmd.Wait()
}

func TestReadEntryOfOddFolders(t *testing.T) {
	top := t.TempDir()
	folder := func(name string, files ...string) string {
		dir := filepath.Join(top, name)
		must(t, os.MkdirAll(dir, 0o700))
		for i := 0; i < len(files); i += 2 {
			must(t, os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o600))
		}
		return dir
	}
	fresh := folder("2026-11-22_14-03-07_fresh")
	old := folder("2026-11-22_14-03-07_old")
	must(t, os.Chtimes(old, start, time.Now().Add(-time.Hour)))
	const run = `{"argv":["x"],"started":"2026-11-22T14:03:07Z"}`
	for dir, want := range map[string]string{
		fresh: store.StatusStarting,
		old:   store.StatusLost,
		folder("2026-11-22_14-03-07_half", "run.json", `{"argv":`):                                                           store.StatusDamaged,
		folder("renamed", "run.json", run, "exit.json", "["):                                                                 store.StatusDamaged,
		folder("tags", "run.json", run, "exit.json", `{"status":"exited","ended":"2026-11-22T14:03:08Z"}`, "tags.json", "["): "exited",
	} {
		e := store.ReadEntry(dir)
		if e.Status != want || e.ID != filepath.Base(dir) || e.Tags == nil {
			t.Errorf("%s: %+v, want status %s", filepath.Base(dir), e, want)
		}
	}
	if e := store.ReadEntry(fresh); e.Name != "fresh" || e.Started.Year() != 2026 {
		t.Errorf("%+v", e)
	}
}

func TestRunningRunsAreReadEachTime(t *testing.T) {
	s := newStore(t)
	run, err := s.NewRun("x", start)
	must(t, err)
	record(t, run, start)
	for range 2 {
		if got := list(t, s); len(got) != 1 || got[0].Status != store.StatusRunning || got[0].HasEnded() {
			t.Errorf("got %+v", got)
		}
	}
	if err := store.IndexRun(run.Dir); err == nil {
		t.Error("a run that goes on was indexed")
	}
	if _, err := s.Remove(list(t, s)); err == nil || !strings.Contains(err.Error(), "it is running") {
		t.Errorf("removing it: %v", err)
	}
	end(t, run, 3, start)
	if got := sameAsFolders(t, s); got[0].Status != "exited" || got[0].Code != 3 {
		t.Errorf("got %+v", got)
	}
}

// TestALostRunMayEndYet: the record may come from a machine that was out of reach.
func TestALostRunMayEndYet(t *testing.T) {
	s := newStore(t)
	run, err := s.NewRun("x", start)
	must(t, err)
	asked := store.NewAsked(os.Getpid(), nil, ".", nil, start)
	asked.PID = 1 << 30
	must(t, run.WriteJSON(store.AskedFile, asked))
	for range 2 {
		if got := list(t, s); got[0].Status != store.StatusLost {
			t.Errorf("got %+v", got)
		}
	}
	end(t, run, 0, start)
	if got := sameAsFolders(t, s); got[0].Status != "exited" {
		t.Errorf("got %+v", got)
	}
}

func TestFind(t *testing.T) {
	s := newStore(t)
	for i, name := range []string{"train", "train", "eval", "train-more", "Zug"} {
		keep(t, s, name, start.Add(time.Duration(i)*time.Minute), i)
	}
	entries := list(t, s)
	for ref, want := range map[string]int{
		"@last": 4, "@-1": 4, "@-5": 0, "eval": 2, "14-03": 0, "2026-11-22_14-05": 2, "more": 3, "Zu": 4, "train-more": 3,
		entries[1].ID: 1, entries[2].Dir: 2,
	} {
		if got, err := s.Find(ref); err != nil || got.ID != entries[want].ID {
			t.Errorf("%s: %s, %v, want %s", ref, got.ID, err, entries[want].ID)
		}
	}
	for ref, want := range map[string]string{
		"train": `"train" may be 2026-11-22_14-06-07_train-more, 2026-11-22_14-04-07_train, 2026-11-22_14-03-07_train`,
		"none":  `none of the 5 runs`, "@0": "neither @last", "@-6": "@-6 of 5 runs", "@first": "neither", "": `called ""`, "./none": "not the folder",
		"@-9223372036854775808": "of 5 runs",
	} {
		if got, err := s.Find(ref); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %s, %v, want %s", ref, got.ID, err, want)
		}
	}
}

func TestTags(t *testing.T) {
	s := newStore(t)
	run := keep(t, s, "x", start, 0)
	for _, step := range []struct{ add, remove, want []string }{
		{[]string{"good", "best"}, nil, []string{"best", "good"}},
		{[]string{"good", "列車"}, []string{"best", "never"}, []string{"good", "列車"}},
		{nil, []string{"good", "列車"}, []string{}},
		{nil, nil, []string{}},
	} {
		got, err := run.Tag(step.add, step.remove)
		if diff := cmp.Diff(step.want, got); err != nil || diff != "" {
			t.Error(err, diff)
		}
		if entry := sameAsFolders(t, s)[0]; !slices.Equal(entry.Tags, step.want) {
			t.Errorf("the listing has %q, want %q", entry.Tags, step.want)
		}
	}
	for _, bad := range []string{"", "a b", "a,b", "-x", "a\x00", "a\u200bb", strings.Repeat("a", 65)} {
		if _, err := run.Tag([]string{bad}, nil); err == nil {
			t.Errorf("%q became a tag", bad)
		}
	}
}

// TestTagOfACopiedRun: no index is made where a run's folder happens to lie.
func TestTagOfACopiedRun(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "a", "copy")
	must(t, os.CopyFS(dir, os.DirFS(keep(t, newStore(t), "x", start, 0).Dir)))
	e, err := newStore(t).Find(dir)
	must(t, err)
	run := store.Run{ID: e.ID, Dir: e.Dir}
	if _, err := run.Tag([]string{"good"}, nil); err != nil {
		t.Error(err)
	}
	if entries, err := os.ReadDir(top); err != nil || len(entries) != 1 {
		t.Errorf("beside the copy: %v, %v", entries, err)
	}
	if e, err = newStore(t).Find(dir); err != nil || !slices.Equal(e.Tags, []string{"good"}) {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestRemove(t *testing.T) {
	s := newStore(t)
	for i := range 5 {
		keep(t, s, "x", start.Add(time.Duration(i)*time.Second), i)
	}
	entries := list(t, s)
	left := filepath.Join(s.Dir, "runs", ".old.removed")
	must(t, os.MkdirAll(filepath.Join(left, "parts"), 0o700))
	if n, err := s.Remove(entries[1:3]); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got, want := ids(sameAsFolders(t, s)), ids([]store.Entry{entries[0], entries[3], entries[4]}); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what an earlier removal left is still there")
	}
}

func TestRemoveLeavesOtherFoldersAlone(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "run.json"), []byte(`{"argv":["x"]}`), 0o600))
	s := newStore(t)
	keep(t, s, "x", start, 0)
	e, err := s.Find(dir)
	must(t, err)
	if n, err := s.Remove([]store.Entry{e}); n != 0 || err == nil || !strings.Contains(err.Error(), "not one of those in") {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "run.json")); err != nil {
		t.Error(err)
	}
}

func TestQuoteIsWhatAShellSplits(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh to ask")
	}
	words := []string{"a", "", "a b", "it's", `"\$x`, "*", "列車", "--a=b", "a\nb", "~", "#x"}
	out, err := exec.Command("sh", "-c", "for w in "+store.Quote(words)+`; do printf '%s\0' "$w"; done`).Output()
	if got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); err != nil || !slices.Equal(got, words) {
		t.Errorf("got %q, %v, want %q", got, err, words)
	}
}
