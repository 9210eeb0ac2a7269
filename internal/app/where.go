package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Where is the folder of a source file, or of a module that Python can import, and the
// file itself. A package without a file of its own may have several folders, and then
// no file. What is neither is a [BadInput].
//
// For a file it is what os.path.dirname(os.path.abspath(__file__)) is in it: links are
// not resolved.
func Where(ctx context.Context, a Asked, name string) (folders []string, file string, err error) {
	info, err := os.Stat(name)
	switch {
	case err == nil && !info.IsDir():
		file, err = filepath.Abs(name)
		return []string{filepath.Dir(file)}, file, err
	case !errors.Is(err, fs.ErrNotExist) && err != nil:
		return nil, "", &BadInput{err}
	case looksLikePath(name) && err != nil:
		return nil, "", &BadInput{err}
	case looksLikePath(name):
		folder, err := filepath.Abs(name)
		return []string{folder}, "", err
	}
	lines, err := a.ask(ctx, askWhere, name)
	if err != nil {
		return nil, "", err
	}
	for _, line := range lines {
		if strings.HasSuffix(line, string(filepath.Separator)) {
			folders = append(folders, filepath.Clean(line))
			continue
		}
		file = line
		folders = append(folders, filepath.Dir(line))
	}
	return folders, file, nil
}

// looksLikePath: a module's name has no separator and does not end in .py.
func looksLikePath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".py") || name == "." || name == ".."
}
