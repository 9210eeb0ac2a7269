package durable_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/cantil-py/cantil/durable"
)

func ExampleWriteFile() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "results", "today.txt")
	err = durable.WriteFile(path, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, "42")
		return err
	})
	text, _ := os.ReadFile(path)
	fmt.Printf("%q %v", text, err)
	// Output: "42\n" <nil>
}

// TestFailureLeavesOld: a writer that fails half-way leaves the file as it was, and nothing beside it.
func TestFailureLeavesOld(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := durable.WriteFile(path, func(w io.Writer) error {
		_, _ = w.Write(make([]byte, 1<<20))
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	if text, _ := os.ReadFile(path); string(text) != "old" {
		t.Errorf("the file holds %d bytes, want what was there before", len(text))
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files in the folder, want 1", len(entries))
	}
}

// TestWriteShared: a new file has the mode of any new file, one that takes another's place has that one's; nothing else is left.
func TestWriteShared(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("NOT TESTED: files have no modes here")
	}
	dir := t.TempDir()
	plain, path := filepath.Join(dir, "plain"), filepath.Join(dir, "x")
	if err := os.WriteFile(plain, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	modeOf := func(path string) os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	for i, want := range []os.FileMode{modeOf(plain), 0o640} {
		if i > 0 {
			if err := os.Chmod(path, want); err != nil {
				t.Fatal(err)
			}
		}
		err := durable.WriteShared(path, func(w io.Writer) error { _, err := io.WriteString(w, "y"); return err })
		if text, _ := os.ReadFile(path); err != nil || string(text) != "y" || modeOf(path) != want {
			t.Errorf("%v: %q, mode %v, want %v", err, text, modeOf(path), want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("left behind: %v", entries)
	}
}
