package app

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
)

// TestTwice: the second run reads what the first has read, and what it has left.
func TestTwice(t *testing.T) {
	const text = "one\ntwo\nthree\n"
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	if _, err := write.WriteString(text); err != nil {
		t.Fatal(err)
	}
	write.Close()
	path := t.TempDir() + "/input"
	if err := os.WriteFile(path, []byte("zero\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Seek(5, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	for name, stdin := range map[string]io.Reader{"pipe": read, "file": file, "reader": strings.NewReader(text)} {
		first, second := twice(stdin)
		some := make([]byte, 6)
		if _, err := io.ReadFull(first, some); err != nil || string(some) != text[:6] {
			t.Errorf("%s: the first run reads %q, %v", name, some, err)
		}
		again, err := second()
		if err != nil {
			t.Fatal(err)
		}
		if all, err := io.ReadAll(again); err != nil || string(all) != text {
			t.Errorf("%s: the second run reads %q, %v", name, all, err)
		}
	}
	if first, second := twice(nil); first != nil {
		t.Error("nothing becomes something")
	} else if again, err := second(); again != nil || err != nil {
		t.Errorf("nothing becomes %v, %v", again, err)
	}
}

// TestReplayBound: an input without an end is not kept without an end.
func TestReplayBound(t *testing.T) {
	r := &replay{from: bytes.NewReader([]byte("more")), kept: make([]byte, maxReplay)}
	p := &replayed{source: r, at: maxReplay}
	if _, err := p.Read(make([]byte, 1)); err == nil {
		t.Error("there is no bound")
	}
}
