package argspec

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/cantil-py/cantil/internal/testpy"
	"github.com/cantil-py/cantil/python/boot"
)

// write makes a file of a program.
func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestCache: a description is given back while the script and the modules beside it are the same, and no longer.
func TestCache(t *testing.T) {
	py, folder, ctx := testpy.Newest(t), t.TempDir(), context.Background()
	script, options := filepath.Join(folder, "script.py"), filepath.Join(folder, "options.py")
	write(t, script, "import argparse, options\np = argparse.ArgumentParser()\np.add_argument(options.name)\np.parse_args()\n")
	write(t, options, "name = '--first'\n")
	cache := Cache{Dir: filepath.Join(folder, "cache")}
	p := Program{Program: boot.Program{Python: py.Path, Name: script}}
	read := func(wantKnown bool, wantOption string) *Spec {
		t.Helper()
		s, known, err := cache.Read(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		if last := s.Parser.Options[len(s.Parser.Options)-1].String; known != wantKnown || last != wantOption {
			t.Errorf("known %t with %s, want %t with %s", known, last, wantKnown, wantOption)
		}
		return s
	}
	first := read(false, "--first")
	opts := cmpopts.IgnoreUnexported(Parser{})
	if diff := cmp.Diff(first, read(true, "--first"), opts); diff != "" {
		t.Errorf("what the cache gives back differs (-first +second):\n%s", diff)
	}
	past := time.Now().Add(-time.Hour)
	write(t, options, "name = '--other'\n")
	if err := os.Chtimes(options, past, past); err != nil { // the time tells nothing, the content does
		t.Fatal(err)
	}
	read(false, "--other")
	read(true, "--other")
	if err := cache.Forget(p); err != nil {
		t.Fatal(err)
	}
	read(false, "--other")
	if err := os.Remove(options); err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Lookup(p); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a program without one of its modules is still known: %v", err)
	}
}

// TestCacheDamaged: what is no description is none, whatever stands there.
func TestCacheDamaged(t *testing.T) {
	folder := t.TempDir()
	script := filepath.Join(folder, "script.py")
	write(t, script, "")
	sum, _, err := hashOf(script, maxHashed)
	if err != nil {
		t.Fatal(err)
	}
	c := Cache{Dir: folder}
	p := Program{Program: boot.Program{Python: script, Name: script}}
	for _, spec := range []string{`{}`, `7`, `{"format":1,"parser":{"options":[["-x",3]]}}`, `{"format":1,"parser":{"actions":[{"parsers":[{"parser":{"options":[["-x",-1]]}}]}]}}`,
		`{"format":1,"parser":{"exclusive":[{"actions":[0]}]}}`, `{"format":1,"parser":{"groups":[{"actions":[9]}]}}`} {
		write(t, c.path(p), fmt.Sprintf(`{"format":1,"python":%q,"hashes":{%q:%q},"spec":%s}`, stamp(script), script, sum, spec))
		if s, err := c.Lookup(p); err == nil {
			t.Errorf("%s was taken for %+v", spec, s)
		}
	}
	write(t, c.path(p), "no JSON")
	if _, err := c.Lookup(p); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a damaged entry: %v", err)
	}
}

// TestCacheStaysSmall: the oldest descriptions go.
func TestCacheStaysSmall(t *testing.T) {
	c := Cache{Dir: t.TempDir()}
	for i := range maxEntries + 20 {
		path := filepath.Join(c.Dir, fmt.Sprintf("%03d.json", i))
		write(t, path, "{}")
		when := time.Now().Add(time.Duration(i-1000) * time.Second)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.prune(); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(c.Dir, "*.json"))
	if err != nil || len(left) != maxEntries-1 || filepath.Base(left[0]) != "021.json" {
		t.Errorf("%d entries are left, from %s on: %v", len(left), filepath.Base(left[0]), err)
	}
}

// BenchmarkLookup is what completion costs beside the start of cantil.
func BenchmarkLookup(b *testing.B) {
	py := testpy.Newest(b)
	c := Cache{Dir: b.TempDir()}
	p := Program{Program: boot.Program{Python: py.Path, Name: filepath.Join("testdata", "programs", "many.py")}}
	if _, _, err := c.Read(context.Background(), p); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := c.Lookup(p)
		if err != nil {
			b.Fatal(err)
		}
		if list, _ := s.Complete(nil, "--opt"); len(list) != 12 {
			b.Fatalf("%d candidates", len(list))
		}
	}
}
