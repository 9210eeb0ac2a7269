package store_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cantil-py/cantil/internal/store"
)

var start = time.Date(2026, 11, 22, 14, 3, 7, 999, time.UTC)

func TestLocate(t *testing.T) {
	top := t.TempDir()
	mkdir(t, top, "kept/.cantil", "kept/repo/.git", "kept/repo/a", "repo/.git", "repo/a/b", "plain/a", "tree/a")
	must(t, os.WriteFile(filepath.Join(top, "tree", ".git"), []byte("gitdir: ../repo/.git/worktrees/tree\n"), 0o644))
	for _, c := range []struct{ name, dir, env, want string }{
		{"the nearest .cantil, also above a git root", "kept/repo/a", "", "kept/.cantil"},
		{"the git root", "repo/a/b", "", "repo/.cantil"},
		{"a worktree's root", "tree/a", "", "tree/.cantil"},
		{"the folder itself", "plain/a", "", "plain/a/.cantil"},
		{"a named one", "repo/a", filepath.Join(top, "x"), "x"},
		{"a relative one", "repo/a", "../runs", "repo/runs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "the folder itself" && runtime.GOOS != "windows" {
				if _, err := os.Stat("/tmp/.git"); err == nil {
					t.Skip("the folder for temporary files is in a git repository")
				}
			}
			s, err := store.Locate(filepath.Join(top, c.dir), func(string) string { return c.env })
			if want := filepath.Join(top, c.want); err != nil || s.Dir != want {
				t.Errorf("got %s, %v, want %s", s.Dir, err, want)
			}
			if _, err := os.Stat(s.Dir); (err == nil) != (c.want == "kept/.cantil") {
				t.Errorf("looking for the store made it: %v", err)
			}
		})
	}
}

func TestNewRunMakesTheFolderOnFirstUse(t *testing.T) {
	s := store.Store{Dir: filepath.Join(t.TempDir(), "not", "yet", ".cantil")}
	for _, want := range []string{"2026-11-22_14-03-07_train", "2026-11-22_14-03-07_train-2", "2026-11-22_14-03-07_train-3"} {
		run, err := s.NewRun("train", start)
		must(t, err)
		if run.ID != want || run.Dir != filepath.Join(s.Dir, "runs", want) {
			t.Errorf("got %s in %s, want %s", run.ID, run.Dir, want)
		}
		if info, err := os.Stat(run.Parts()); err != nil || !info.IsDir() {
			t.Errorf("parts: %v", err)
		}
	}
	ignore, err := os.ReadFile(filepath.Join(s.Dir, ".gitignore"))
	if err != nil || string(ignore) != "*\n" {
		t.Errorf(".gitignore is %q, %v", ignore, err)
	}
}

func TestNewRunLeavesAFolderThatWasThere(t *testing.T) {
	dir := t.TempDir()
	_, err := store.Store{Dir: dir}.NewRun("x", start)
	must(t, err)
	if _, err := os.Stat(filepath.Join(dir, ".gitignore")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that CANTIL_DIR names got a .gitignore: %v", err)
	}
}

func TestOnlyTheOwnerMayRead(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes")
	}
	s := store.Store{Dir: filepath.Join(t.TempDir(), ".cantil")}
	run, err := s.NewRun("x", start)
	must(t, err)
	must(t, run.WriteJSON("run.json", 1))
	must(t, run.WriteFile("kept/x.pkl", func(io.Writer) error { return nil }))
	must(t, filepath.WalkDir(s.Dir, func(path string, entry fs.DirEntry, err error) error {
		must(t, err)
		info, err := entry.Info()
		must(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %o", path, info.Mode().Perm())
		}
		return nil
	}))
}

func TestWriteFileIsWholeOrAbsent(t *testing.T) {
	run := newRun(t)
	must(t, run.WriteFile("a", func(w io.Writer) error { _, err := io.WriteString(w, "old"); return err }))
	broken := errors.New("no more")
	err := run.WriteFile("a", func(w io.Writer) error {
		_, _ = io.WriteString(w, strings.Repeat("new", 100_000))
		return broken
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "writing a of run 2026-11-22_14-03-07_x") {
		t.Errorf("error %v", err)
	}
	if content, err := os.ReadFile(run.Path("a")); err != nil || string(content) != "old" {
		t.Errorf("content %.20q, %v", content, err)
	}
	entries, err := os.ReadDir(run.Dir)
	must(t, err)
	if len(entries) != 2 { // a, parts
		t.Errorf("left in the folder: %v", entries)
	}
}

func TestWriteFileStaysInsideTheRun(t *testing.T) {
	run := newRun(t)
	for _, name := range []string{"../x", "/x", "", "a/../../x"} {
		if err := run.WriteJSON(name, 1); err == nil {
			t.Errorf("%q was written", name)
		}
	}
}

func TestAnUnwritablePlaceIsAClearErrorAndTempGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	places := []string{filepath.Join(file, ".cantil")}
	if runtime.GOOS == "linux" {
		places = append(places, "/proc/.cantil", "/sys/.cantil")
	}
	for _, dir := range places {
		run, err := store.Store{Dir: dir}.NewRun("x", start)
		if err == nil || run != nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "CANTIL_DIR") {
			t.Errorf("%s: %v, %v", dir, run, err)
		}
	}
	t.Setenv("TMPDIR", t.TempDir())
	s, err := store.Temp()
	must(t, err)
	run, err := s.NewRun("x", start)
	must(t, err)
	must(t, run.WriteJSON("run.json", 1))
}

// The test binary is its own second program: with these variables it makes runs and
// prints their ids, or prints when it started, or writes until it is killed.
const (
	makerVariable  = "CANTIL_TEST_MAKE_RUNS_IN"
	startVariable  = "CANTIL_TEST_PRINT_START"
	writerVariable = "CANTIL_TEST_WRITE_IN"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerVariable); dir != "" {
		writeForEver(dir)
	}
	if os.Getenv(startVariable) != "" {
		fmt.Println(store.NewAsked(os.Getpid(), nil, ".", nil, start).ProcessStart)
		os.Exit(0)
	}
	if dir := os.Getenv(indexerVariable); dir != "" {
		keepAndIndex(dir)
		os.Exit(0)
	}
	if dir := os.Getenv(makerVariable); dir != "" {
		for range 8 {
			run, err := store.Store{Dir: dir}.NewRun("same", start)
			if err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			fmt.Println(run.ID)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestRunsMadeAtOnceByGoroutinesAndProcessesAreAllThere(t *testing.T) {
	s := store.Store{Dir: filepath.Join(t.TempDir(), ".cantil")}
	ids := make(chan string, 64+8*8)
	var wait sync.WaitGroup
	for range 64 {
		wait.Go(func() {
			run, err := s.NewRun("same", start)
			if err != nil {
				t.Error(err)
				return
			}
			ids <- run.ID
		})
	}
	for range 8 {
		wait.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), makerVariable+"="+s.Dir)
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("%v: %s", err, out)
			}
			for id := range strings.FieldsSeq(string(out)) {
				ids <- id
			}
		})
	}
	wait.Wait()
	close(ids)
	seen := map[string]bool{}
	for id := range ids {
		if seen[id] {
			t.Errorf("%s was given twice", id)
		}
		seen[id] = true
	}
	entries, err := os.ReadDir(filepath.Join(s.Dir, "runs"))
	must(t, err)
	if len(seen) != 128 || len(entries) != 128 {
		t.Errorf("%d runs were told, %d folders are there, want 128", len(seen), len(entries))
	}
}

func BenchmarkNewRunAndRecord(b *testing.B) {
	s := store.Store{Dir: filepath.Join(b.TempDir(), ".cantil")}
	for i := range b.N {
		run, err := s.NewRun("x", start.Add(time.Duration(i)*time.Second))
		if err != nil {
			b.Fatal(err)
		}
		if err := run.WriteJSON(store.AskedFile, store.NewAsked(os.Getpid(), os.Args, ".", os.Environ(), start)); err != nil {
			b.Fatal(err)
		}
	}
}

func newRun(t *testing.T) *store.Run {
	t.Helper()
	run, err := store.Store{Dir: filepath.Join(t.TempDir(), ".cantil")}.NewRun("x", start)
	must(t, err)
	return run
}

func mkdir(t *testing.T, top string, names ...string) {
	t.Helper()
	for _, name := range names {
		must(t, os.MkdirAll(filepath.Join(top, name), 0o755))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
