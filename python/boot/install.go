package boot

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Install makes sure that the bootstrap stands in a folder below dir and returns that
// folder, which is absolute and named after the content: several versions of cantil
// can share dir. Python keeps its compiled form beside it.
func Install(dir string) (string, error) {
	files, name, err := content()
	if err != nil {
		return "", err
	}
	home, err := filepath.Abs(filepath.Join(dir, name))
	if err != nil {
		return "", fmt.Errorf("installing the bootstrap: %w", err)
	}
	if holds(home, files) {
		return home, nil
	}
	if err := place(home, files); err != nil {
		return "", fmt.Errorf("installing the bootstrap in %s: %w", dir, err)
	}
	return home, nil
}

func content() (files map[string][]byte, name string, err error) {
	files = map[string][]byte{}
	hash := sha256.New()
	err = fs.WalkDir(sources, "py", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := sources.ReadFile(path)
		files[entry.Name()] = data
		fmt.Fprintf(hash, "%s %d\n", entry.Name(), len(data))
		hash.Write(data)
		return err
	})
	return files, hex.EncodeToString(hash.Sum(nil))[:16], err
}

// holds says whether home has the files as they should be: what stands there is run.
func holds(home string, files map[string][]byte) bool {
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(home, name))
		if err != nil || !bytes.Equal(got, want) {
			return false
		}
	}
	return true
}

// place writes the files beside home and renames the whole, so that another run that
// starts at the same time never sees half of it.
func place(home string, files map[string][]byte) error {
	if err := os.MkdirAll(filepath.Dir(home), 0o700); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(home), ".boot-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(temp, name), data, 0o600); err != nil {
			return err
		}
	}
	err = os.Rename(temp, home)
	if err == nil || holds(home, files) { // another run was faster
		return nil
	}
	if err := os.RemoveAll(home); err != nil { // damaged
		return err
	}
	return os.Rename(temp, home)
}
