package pstats

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cantil-py/cantil/benchmarks/bigprof"
)

// checkWindow reads data through a window: it may fail where Read does not, but
// what it gives is the same. It reports whether it gave something.
func checkWindow(t *testing.T, data []byte, length int) bool {
	t.Helper()
	got, err := readLarge(bytes.NewReader(data), len(data), length, Source{})
	if err != nil {
		return false
	}
	want, err := Read(data, Source{})
	if err != nil {
		t.Fatalf("a window of %d bytes hides the error %v", length, err)
	}
	if asText(got) != asText(want) {
		t.Fatalf("a window of %d bytes shows\n%.2000s\nwant\n%.2000s", length, asText(got), asText(want))
	}
	return true
}

// TestReadWindow: what cProfile writes is read through any window that a function
// fits in, and to the same as without one.
func TestReadWindow(t *testing.T) {
	for length := 1 << 10; length <= 1<<18; length *= 2 {
		for _, o := range []bigprof.Options{{Functions: 300, Edges: 2000, Seed: 1}, {Functions: 900, Edges: 900, Seed: 2}} {
			var data bytes.Buffer
			if err := bigprof.Write(&data, o); err != nil {
				t.Fatal(err)
			}
			if !checkWindow(t, data.Bytes(), length) {
				t.Errorf("a window of %d bytes is not enough for %d functions", length, o.Functions)
			}
		}
	}
}

// TestReadWindowOdd: other files are read to the same, or not at all.
func TestReadWindowOdd(t *testing.T) {
	for name, data := range bombs(t) {
		for length := 64; length < 1<<20; length *= 64 {
			t.Logf("%s through %d bytes: %v", name, length, checkWindow(t, []byte(data), length))
		}
	}
	data := smallProfile(t)
	for i := 0; i < len(data); i += 5 {
		damaged := bytes.Clone(data)
		damaged[i] ^= 0x80
		checkWindow(t, damaged, 512)
	}
}

// TestOpenLarge: files that are not held whole, the unusual ones read again.
func TestOpenLarge(t *testing.T) {
	var usual bytes.Buffer
	if err := bigprof.Write(&usual, bigprof.Options{Functions: 20_000, Edges: 100_000, Seed: 4}); err != nil {
		t.Fatal(err)
	}
	if usual.Len() < minLarge {
		t.Fatalf("%d bytes are not large", usual.Len())
	}
	if !checkWindow(t, usual.Bytes(), window) {
		t.Error("a usual file cannot be read through a window")
	}
	most := usual.String()[:usual.Len()-1]
	shared := ")\x03z\x04a.pyi\x07\x00\x00\x00z\x01fr\x00\x00\x00\x00"
	for name, c := range map[string]struct{ data, fault string }{
		"usual":     {usual.String(), ""},
		"long name": {most + ")\x03s" + le32(maxName) + strings.Repeat("n", maxName) + "i\x07\x00\x00\x00z\x01f" + pieceRow + "{00", ""},
		"cut":       {most, "the end of the data"},
		"reference": {most + shared, "found a dict"},
	} {
		path := filepath.Join(t.TempDir(), "large.prof")
		if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := Open(path)
		if c.fault != "" {
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: error %v, want %q", name, err, c.fault)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want, err := Read([]byte(c.data), Source{})
		if err != nil || asText(got) != asText(want) {
			t.Errorf("%s: read as something else (%v)", name, err)
		}
	}
}

// TestReadReleases: a profile does not depend on the bytes it was read from.
func TestReadReleases(t *testing.T) {
	data := smallProfile(t)
	s, err := Read(data, Source{})
	if err != nil {
		t.Fatal(err)
	}
	before := asText(s)
	clear(data)
	if asText(s) != before {
		t.Error("names change with the data")
	}
}
