package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/cantil-py/cantil/internal/store"
	"github.com/cantil-py/cantil/internal/testuser"
)

const indexName = "index.sqlite"

// keep makes a run that has ended with that code.
func keep(t testing.TB, s store.Store, name string, at time.Time, code int) *store.Run {
	t.Helper()
	run, err := s.NewRun(name, at)
	if err != nil {
		t.Fatal(err)
	}
	record(t, run, at)
	end(t, run, code, at)
	return run
}

// record writes run.json as of a run that this process keeps.
func record(t testing.TB, run *store.Run, at time.Time) {
	t.Helper()
	asked := store.NewAsked(os.Getpid(), []string{"cantil", "run", "a b.py", "--n", "1"}, run.Dir, nil, at)
	text, err := json.Marshal(asked)
	if err == nil {
		err = os.WriteFile(run.Path(store.AskedFile), text, 0o600) // no sync: tests make many
	}
	if err != nil {
		t.Fatal(err)
	}
}

// end writes exit.json, as text, for the test is about what readers make of it.
func end(t testing.TB, run *store.Run, code int, at time.Time) {
	t.Helper()
	text := fmt.Sprintf(`{"status":"exited","code":%d,"wall_seconds":1.5,"user_seconds":1,"system_seconds":0,"max_rss_bytes":1,"ended":%q}`,
		code, at.Add(1500*time.Millisecond).Format(time.RFC3339Nano))
	if err := os.WriteFile(run.Path(store.OutcomeFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func newStore(t testing.TB) store.Store {
	return store.Store{Dir: filepath.Join(t.TempDir(), ".cantil")}
}

func list(t testing.TB, s store.Store) []store.Entry {
	t.Helper()
	entries, err := s.List()
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func ids(entries []store.Entry) []string {
	names := []string{}
	for _, e := range entries {
		names = append(names, e.ID)
	}
	return names
}

// sameAsFolders fails the test unless the listing tells what the folders do, however it came about.
func sameAsFolders(t testing.TB, s store.Store) []store.Entry {
	t.Helper()
	entries := list(t, s)
	for _, e := range entries {
		if diff := cmp.Diff(store.ReadEntry(e.Dir), e); diff != "" {
			t.Errorf("the listing and the folder of %s differ (-folder +listing):\n%s", e.ID, diff)
		}
	}
	names, err := os.ReadDir(filepath.Join(s.Dir, "runs"))
	if err == nil && len(names) != len(entries) {
		t.Errorf("%d folders, %d entries", len(names), len(entries))
	}
	return entries
}

func TestListWithoutAStoreIsEmptyAndMakesNothing(t *testing.T) {
	s := newStore(t)
	if got := list(t, s); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	if _, err := os.Stat(s.Dir); err == nil {
		t.Error("listing made the store")
	}
}

func TestListHealsItself(t *testing.T) {
	s := newStore(t)
	var want []string
	for i := range 12 {
		run := keep(t, s, "train", start.Add(time.Duration(i/4)*time.Second), i)
		want = append(want, run.ID)
		if i%2 == 0 {
			must(t, store.IndexRun(run.Dir))
		}
	}
	if got := ids(sameAsFolders(t, s)); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	sameAsFolders(t, s) // now from the index
	must(t, os.RemoveAll(filepath.Join(s.Dir, "runs", want[3])))
	extra := keep(t, s, "other", start.Add(time.Hour), 0)
	must(t, os.MkdirAll(filepath.Join(s.Dir, "runs", ".hidden"), 0o700))
	want = append(slices.Delete(want, 3, 4), extra.ID)
	if got := ids(list(t, s)); !slices.Equal(got, want) {
		t.Errorf("after a removal and a new run: %v, want %v", got, want)
	}
	must(t, os.Remove(filepath.Join(s.Dir, indexName)))
	if got := ids(list(t, s)); !slices.Equal(got, want) {
		t.Errorf("without the index: %v, want %v", got, want)
	}
	if n, err := s.Reindex(); n != len(want) || err != nil {
		t.Errorf("reindex: %d, %v", n, err)
	}
	if got := ids(list(t, s)); !slices.Equal(got, want) {
		t.Errorf("after reindex: %v, want %v", got, want)
	}
}

func TestTheIndexIsUsed(t *testing.T) {
	s := newStore(t)
	run := keep(t, s, "x", start, 7)
	must(t, store.IndexRun(run.Dir))
	must(t, os.WriteFile(run.Path(store.AskedFile), []byte("{"), 0o600)) // damage that only a reader of the folder sees
	if got := list(t, s); len(got) != 1 || got[0].Code != 7 || got[0].Command != "cantil run 'a b.py' --n 1" {
		t.Errorf("got %+v", got)
	}
	if n, err := s.Reindex(); n != 0 || err != nil {
		t.Errorf("reindex: %d, %v", n, err)
	}
	if got := list(t, s); len(got) != 1 || got[0].Status != store.StatusDamaged {
		t.Errorf("got %+v", got)
	}
}

func TestADamagedIndexIsMadeAnew(t *testing.T) {
	for name, damage := range map[string]func(path string) error{
		"garbage":     func(p string) error { return os.WriteFile(p, []byte(strings.Repeat("garbage ", 5000)), 0o600) },
		"empty":       func(p string) error { return os.Truncate(p, 0) },
		"cut":         func(p string) error { return os.Truncate(p, 5000) },
		"a folder":    func(p string) error { return errors.Join(os.Remove(p), os.Mkdir(p, 0o700)) },
		"another age": func(p string) error { return patch(p, 60, []byte{0, 0, 0, 99}) }, // user_version, see sqlite.org/fileformat.html
		"zeros":       func(p string) error { return patch(p, 4096, make([]byte, 4096)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStore(t)
			for i := range 20 {
				keep(t, s, "x", start.Add(time.Duration(i)*time.Second), 0)
			}
			list(t, s)
			must(t, damage(filepath.Join(s.Dir, indexName)))
			for range 3 {
				if got := sameAsFolders(t, s); len(got) != 20 {
					t.Errorf("%d entries", len(got))
				}
			}
			if name == "a folder" {
				return // there never will be one
			}
			if n, err := s.Reindex(); n != 20 || err != nil {
				t.Errorf("reindex: %d, %v", n, err)
			}
		})
	}
}

func patch(path string, at int64, with []byte) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteAt(with, at)
	return errors.Join(err, file.Close())
}

// TestRandomDamage: whatever happens to the file, the same runs are listed, and nothing fails.
func TestRandomDamage(t *testing.T) {
	s := newStore(t)
	var want []string
	for i := range 60 {
		want = append(want, keep(t, s, "x", start.Add(time.Duration(i)*time.Second), 0).ID)
	}
	random := rand.New(rand.NewPCG(1, 2))
	path := filepath.Join(s.Dir, indexName)
	for range 40 {
		list(t, s)
		info, err := os.Stat(path)
		must(t, err)
		must(t, patch(path, random.Int64N(info.Size()-64), []byte(strings.Repeat("\xff", 64))))
		if got := ids(list(t, s)); !slices.Equal(got, want) {
			t.Fatalf("got %d runs, want %d", len(got), len(want))
		}
	}
}

func TestAReadOnlyStoreIsListedWithoutIndex(t *testing.T) {
	if !testuser.Bound(t) {
		return
	}
	s := newStore(t)
	keep(t, s, "x", start, 0)
	must(t, os.Chmod(s.Dir, 0o500))
	defer func() { _ = os.Chmod(s.Dir, 0o700) }()
	if got := sameAsFolders(t, s); len(got) != 1 {
		t.Errorf("%d entries", len(got))
	}
}

func TestOddPathsOfAStore(t *testing.T) {
	for _, name := range []string{"a b", "a?mode=ro", "50%41", "a#b", "列車", "a&b=c"} {
		if runtime.GOOS == "windows" && strings.Contains(name, "?") {
			continue
		}
		s := store.Store{Dir: filepath.Join(t.TempDir(), name)}
		run := keep(t, s, "x", start, 0)
		must(t, store.IndexRun(run.Dir))
		if _, err := os.Stat(filepath.Join(s.Dir, indexName)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := sameAsFolders(t, s); len(got) != 1 {
			t.Errorf("%s: %d entries", name, len(got))
		}
	}
}

// indexerVariable makes the test binary a program that keeps and indexes runs in the store it names.
const (
	indexerVariable = "CANTIL_TEST_INDEX_IN"
	indexerProcs    = 64
	indexerRuns     = 4
)

// keepAndIndex tells of every error on stdout, and "busy" where it could not wait longer.
func keepAndIndex(dir string) {
	s := store.Store{Dir: dir}
	for i := range indexerRuns {
		at := time.Now()
		run, err := s.NewRun("same", at)
		if err == nil {
			err = run.WriteJSON(store.AskedFile, store.NewAsked(os.Getpid(), []string{"cantil", "run", fmt.Sprint(i)}, dir, nil, at))
		}
		if err == nil {
			outcome := fmt.Sprintf(`{"status":"exited","code":0,"ended":%q}`, time.Now().Format(time.RFC3339Nano))
			err = os.WriteFile(run.Path(store.OutcomeFile), []byte(outcome), 0o600)
		}
		if err == nil {
			err = store.IndexRun(run.Dir)
		}
		if errors.Is(err, store.ErrBusy) { // the listing will add it
			fmt.Println("busy")
			continue
		}
		if err != nil {
			fmt.Println(err)
		}
		if i == 1 {
			if _, err := s.List(); err != nil { // readers among the writers
				fmt.Println(err)
			}
		}
	}
}

func TestManyProcessesIndexAtOnce(t *testing.T) {
	s := newStore(t)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var errors []string
	busy := 0
	began := time.Now()
	for range indexerProcs {
		wait.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), indexerVariable+"="+s.Dir)
			out, err := cmd.Output()
			mu.Lock()
			defer mu.Unlock()
			busy += strings.Count(string(out), "busy\n")
			if text := strings.ReplaceAll(string(out), "busy\n", ""); text != "" || err != nil {
				errors = append(errors, fmt.Sprintf("%v %s", err, text))
			}
		})
	}
	wait.Wait()
	took := time.Since(began)
	got := len(sameAsFolders(t, s))
	t.Logf("%d processes, %d runs in %s; %d left to the listing", indexerProcs, got, took.Round(time.Millisecond), busy)
	for _, text := range errors {
		t.Error(text)
	}
	if got != indexerProcs*indexerRuns {
		t.Errorf("%d runs are listed, want %d", got, indexerProcs*indexerRuns)
	}
}
