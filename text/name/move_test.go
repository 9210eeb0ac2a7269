package name_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cantil-py/cantil/text/name"
)

func TestMoveNeverOverwrites(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for _, file := range []string{"a", "b"} {
		must(t, os.WriteFile(path(file), []byte(file), 0o600))
	}
	must(t, os.Mkdir(path("empty"), 0o700))
	for _, there := range []string{"b", "empty"} {
		if err := name.Move(path("a"), path(there)); !errors.Is(err, fs.ErrExist) || !strings.Contains(err.Error(), there) {
			t.Errorf("onto %s: %v", there, err)
		}
	}
	if err := name.Move(path("missing"), path("c")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of a file that is not there: %v", err)
	}
	must(t, name.Move(path("a"), path("c")))
	must(t, name.Move(path("empty"), path("full")))
	for file, want := range map[string]string{"b": "b", "c": "a"} {
		if text, err := os.ReadFile(path(file)); err != nil || string(text) != want {
			t.Errorf("%s holds %q, %v", file, text, err)
		}
	}
}

// TestMoveByManyAtOnce: of many that want one name, one gets it.
func TestMoveByManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	var won atomic.Int32
	var wait sync.WaitGroup
	for i := range 16 {
		from := filepath.Join(dir, "from"+string(rune('a'+i)))
		must(t, os.WriteFile(from, nil, 0o600))
		wait.Go(func() {
			err := name.Move(from, filepath.Join(dir, "to"))
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, fs.ErrExist) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	entries, err := os.ReadDir(dir)
	if err != nil || won.Load() != 1 || len(entries) != 16 {
		t.Errorf("%d won, %d files, %v; want 1 and 16", won.Load(), len(entries), err)
	}
}

// TestSafeNamesAreTaken asks the judge: the file system.
func TestSafeNamesAreTaken(t *testing.T) {
	dir := t.TempDir()
	for _, text := range []string{"..", "con", "a/b", "a\x00b", strings.Repeat("列", 300) + ".txt", "\xff\xfe", "a:b", "nul.txt", "e\u0301"} {
		safe := name.Safe(text)
		must(t, os.WriteFile(filepath.Join(dir, safe), nil, 0o600))
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 || entries[0].Name() != safe {
			t.Errorf("%q: made %q, found %v, %v", text, safe, entries, err)
		}
		must(t, os.Remove(filepath.Join(dir, safe)))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
