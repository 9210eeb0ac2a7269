package app

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cantil-py/cantil/durable"
	"github.com/cantil-py/cantil/text/name"
	"github.com/cantil-py/cantil/value/scan"
)

// maxAlike bounds files of one name, beside which another is numbered.
const maxAlike = 10_000

// keep writes a file, whole or not at all, under a name that is free, or prints it.
func (r *receiver) keep(sent string, write func(io.Writer) (int64, error)) (path string, n int64, err error) {
	if r.Dir == "-" {
		err = r.print(func(w io.Writer) error { n, err = write(w); return err })
		return "", n, err
	}
	// It is written aside, for others may keep one of the same name meanwhile.
	dir := r.Dir
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", 0, err
	}
	aside, err := os.MkdirTemp(dir, ".recv-*")
	if err != nil {
		return "", 0, err
	}
	defer os.RemoveAll(aside)
	part := filepath.Join(aside, "part")
	err = durable.WriteFile(part, func(w io.Writer) error { n, err = write(w); return err })
	if err != nil {
		return "", n, err
	}
	path, err = moveToFree(part, dir, baseName(sent))
	return path, n, err
}

// moveToFree moves a file to a name in dir that nothing has: name.txt, name-2.txt and so on.
func moveToFree(part, dir, base string) (string, error) {
	ext := filepath.Ext(base)
	for i := 1; i <= maxAlike; i++ {
		path := filepath.Join(dir, base)
		if i > 1 {
			path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(base, ext), i, ext))
		}
		if err := name.Move(part, path); !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
	return "", fmt.Errorf("there are %d files like %s in %s already", maxAlike, base, dir)
}

// baseName is the last part of a name that came from elsewhere, safe on every system.
func baseName(sent string) string {
	return name.SafeWithin(sent[strings.LastIndexAny(sent, `/\`)+1:], name.MaxBytes-len("-10000"))
}

// print lets one at a time write to Out.
func (r *receiver) print(write func(io.Writer) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return write(r.Out)
}

// notClean says whether a pickle should be loaded only if its sender is trusted.
func notClean(path string) bool {
	report, err := scan.File(path, scan.Options{})
	return err != nil || !report.Verdict.Clean()
}
