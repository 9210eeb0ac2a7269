package interp

import (
	"os"
	"path/filepath"
	"strings"
)

const (
	exeSuffix    = ".exe"
	homeVariable = "USERPROFILE"
	pyenvBin     = "."
)

var (
	defaultNames = []string{"python", "python3"}
	plainNames   = []string{"python", "python3", "pypy3", "pypy"}
	inPrefix     = []string{`Scripts\python.exe`, "python.exe", `bin\python.exe`, "pypy3.exe"}
)

// isProgram reports whether path is a program, not one of the stubs that open Microsoft's shop.
func isProgram(path string) bool {
	if strings.Contains(strings.ToLower(path), `\microsoft\windowsapps\`) {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (f *finder) uvHome() string { return filepath.Join(f.env("APPDATA"), "uv", "data") }

func (f *finder) defaultPyenv() string { return filepath.Join(f.home, ".pyenv", "pyenv-win") }

// systemFolders are where the installers of python.org put each version, for one user and for all.
func (f *finder) systemFolders() []string {
	var dirs []string
	for _, base := range []string{
		filepath.Join(f.env("LOCALAPPDATA"), "Programs", "Python"), filepath.Join(f.env("LOCALAPPDATA"), "Python"),
		f.env("ProgramFiles"), f.env("ProgramFiles(x86)"), f.env("SystemDrive") + `\`,
	} {
		for _, pattern := range []string{"Python3*", "pythoncore-3*"} {
			matches, _ := filepath.Glob(filepath.Join(base, pattern))
			dirs = append(dirs, matches...)
		}
	}
	return dirs
}
