// Command python314 puts a CPython 3.14 into a folder, for the tests of cantil:
//
//	go run . ../../build/python3.14
//
// It comes through the Go module proxy (go-embed-python carries the builds of
// python-build-standalone, which uv's users run), so that a machine without 3.14
// can test it. This is a module of its own, to keep the product's go.mod clean.
// Running it again does nothing. A folder half unpacked never has the final name.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/kluctl/go-embed-python/python"
)

// stampName is the file, written last, whose content is the version that the folder holds.
const stampName = ".cantil-stamp"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: python314 FOLDER")
		os.Exit(2)
	}
	if err := install(os.Args[1], time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "python314:", err)
		os.Exit(1)
	}
}

// install makes dir hold the Python of the version in go.mod, unless it does already.
func install(dir string, start time.Time) error {
	want := version()
	if stamp(dir) == want {
		fmt.Printf("%s is there already (%s)\n", dir, want)
		return nil
	}
	parent := filepath.Dir(filepath.Clean(dir))
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(parent, ".python314-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	fresh := filepath.Join(temp, "new")
	if _, err := python.NewEmbeddedPythonWithTmpDir(fresh, false); err != nil {
		return fmt.Errorf("unpacking into %s: %w", fresh, err)
	}
	if err := os.WriteFile(filepath.Join(fresh, stampName), []byte(want), 0o644); err != nil {
		return err
	}
	if err := swap(dir, fresh, filepath.Join(temp, "old"), want); err != nil {
		return err
	}
	files, size := measure(dir)
	fmt.Printf("%s: CPython of %s, %d files, %d MB, in %.1fs\n", dir, want, files, size>>20, time.Since(start).Seconds())
	return nil
}

// swap puts fresh in the place of dir, which may be missing or hold another version.
// Where another process was quicker with the same version, its folder stays.
func swap(dir, fresh, old, want string) error {
	if stamp(dir) == want {
		return nil
	}
	if err := os.Rename(dir, old); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("moving the old %s away: %w", dir, err)
	}
	if err := os.Rename(fresh, dir); err != nil && stamp(dir) != want {
		return fmt.Errorf("moving %s into place: %w", dir, err)
	}
	return nil
}

// stamp is the version that dir holds; "" where it holds none or only a part.
func stamp(dir string) string {
	content, err := os.ReadFile(filepath.Join(dir, stampName))
	if err != nil {
		return ""
	}
	return string(content)
}

// version is that of the embedded Python, as go.mod has it: "v0.0.0-3.14.6-20260610-1".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, dep := range info.Deps {
		if dep.Path == "github.com/kluctl/go-embed-python" {
			return dep.Version
		}
	}
	return "unknown"
}

func measure(dir string) (files int, bytes int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			files, bytes = files+1, bytes+info.Size()
		}
		return nil
	})
	return files, bytes
}
