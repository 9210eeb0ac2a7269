//go:build !windows

package interp

import (
	"os"
	"path/filepath"
)

const (
	exeSuffix    = ""
	homeVariable = "HOME"
	pyenvBin     = "bin"
)

var (
	defaultNames = []string{"python3", "python"}
	plainNames   = []string{"python3", "python", "pypy3", "pypy"}
	inPrefix     = []string{"bin/python3", "bin/python", "bin/pypy3"}
)

// isProgram reports whether path is a file that somebody may execute; a link to nothing is not.
func isProgram(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// uvHome is uv's part of the XDG folder for data, on macOS too.
func (f *finder) uvHome() string {
	if dir := f.env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "uv")
	}
	return filepath.Join(f.home, ".local", "share", "uv")
}

func (f *finder) defaultPyenv() string { return filepath.Join(f.home, ".pyenv") }

// under puts the folders of the system under the root of the search.
func (f *finder) under(dirs ...string) []string {
	for i, dir := range dirs {
		dirs[i] = filepath.Join("/", f.root, dir)
	}
	return dirs
}
