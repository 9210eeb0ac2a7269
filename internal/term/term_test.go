package term

import (
	"bytes"
	"io"
	"os"
	"testing"
)

func TestNoTerminal(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	none := func(string) string { return "" }
	for name, w := range map[string]io.Writer{"buffer": new(bytes.Buffer), "file": file} {
		if IsTerminal(w) {
			t.Errorf("a %s is no terminal", name)
		}
		if got := Width(w); got != DefaultWidth {
			t.Errorf("Width of a %s = %d, want %d", name, got, DefaultWidth)
		}
		if got := StyleOf(w, none).Bad("text"); got != "text" {
			t.Errorf("colour on a %s: %q", name, got)
		}
	}
}

func TestStyle(t *testing.T) {
	on := Style{on: true}
	for got, want := range map[string]string{
		on.Bold("a"): "\x1b[1ma\x1b[0m", on.Dim("a"): "\x1b[2ma\x1b[0m", on.Bad("a"): "\x1b[1;31ma\x1b[0m",
		on.Bold(""): "", Style{}.Bold("a"): "a",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
