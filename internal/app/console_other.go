//go:build !windows

package app

import "os/exec"

// newConsole is for Windows alone.
func newConsole(argv []string) *exec.Cmd { return exec.Command(argv[0], argv[1:]...) }
